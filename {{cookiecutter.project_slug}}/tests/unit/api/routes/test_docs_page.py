"""`/docs` works on a machine that reaches nothing but the service."""

import re

import pytest


def parts(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]+)"', page)


def test_the_page_and_all_its_parts_come_from_the_service(client):
    page = client.get("/docs")

    assert page.headers["content-type"].startswith("text/html")
    assert len(parts(page.text)) == 5
    assert [name for name in parts(page.text) if ":" in name or name.startswith("/")] == []
    for name in parts(page.text):
        assert client.get(f"/{name}").status_code == 200, name


def test_a_browser_lets_the_page_reach_the_service_alone(client):
    policy = client.get("/docs").headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ["redoc.standalone.js", "..%2fcore.py", "%2e%2e/core.py", "x"])
def test_other_files_of_the_package_are_not_given(client, name):
    assert client.get(f"/docs/{name}").status_code == 404


def test_the_bare_address_leads_to_the_page_below_any_path(client):
    answer = client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (307, "docs")
    assert "/" not in client.app.openapi()["paths"]


def test_the_page_asks_for_a_key_where_the_document_needs_one(client):
    script = client.get("/docs/start.js").text

    assert "answer.status !== 401" in script
    assert 'headers["X-API-Key"] = key' in script
