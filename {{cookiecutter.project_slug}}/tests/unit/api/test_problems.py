"""What a refusal says beside its status."""

from {{ cookiecutter.package_name }}.inference.records import MAX_ERRORS
from {{ cookiecutter.package_name }}.schemas.errors import FieldError
from {{ cookiecutter.package_name }}_api.protocol.refusals import refusal


def test_where_more_is_wrong_than_is_named_the_detail_does_not_count_it_as_all(client):
    answer = client.predict([["x"] * 3] * 5, headers={"X-Request-ID": "few"}).json()

    assert answer["detail"] == "10 values do not fit the model."

    by_name = {f"c{number}": 1 for number in range(30)}
    many = client.predict([by_name]).json()

    assert len(many["errors"]) == MAX_ERRORS
    assert many["detail"] == ("At least 20 values do not fit the model; the first 20 are named.")


def test_what_is_wrong_with_all_of_a_request_is_its_detail(client):
    answer = client.predict([["x"] * 3] * 6).json()

    assert answer["detail"] == "Expected an array of 1 to 5 rows, got 6 rows."
    assert [error["message"] for error in answer["errors"]] == [
        "expected an array of 1 to 5 rows, got 6 rows"
    ]


def test_the_protocols_sentence_counts_no_further_either():
    errors = [FieldError(row, "age", "expected a number") for row in range(MAX_ERRORS)]

    assert b"(and at least 19 more)" in refusal(400, "", errors).body
    assert b"(and 18 more)" in refusal(400, "", errors[1:]).body
