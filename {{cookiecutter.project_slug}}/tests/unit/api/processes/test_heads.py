"""Monitors that ask for headers alone."""

import pytest


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/v1/model", "/v2"])
def test_head_has_the_status_and_the_headers_of_get(client, path):
    told, asked = client.get(path), client.request("HEAD", path)

    assert asked.status_code == told.status_code == 200
    assert asked.headers["content-type"] == told.headers["content-type"]
    assert asked.headers["content-length"] == told.headers["content-length"]


def test_what_takes_no_get_takes_no_head(client):
    refused = client.request("HEAD", "/v1/predict")

    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_they_are_counted_by_their_own_method_and_route(client):
    client.request("HEAD", "/health")

    counted = 'http_requests_total{method="HEAD",route="/health",status="200"} 1.0'
    assert counted in client.get("/metrics").text


def test_the_document_has_no_operations_of_their_own(client):
    paths = client.get("/openapi.json").json()["paths"]

    assert not any("head" in operations for operations in paths.values())
