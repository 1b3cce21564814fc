import re

import pytest

from {{ cookiecutter.package_name }}.schemas import errors
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest, ProjectError


def kinds(base=ProjectError):
    """Those of the module itself; a component has its own errors beside what raises them."""
    below = [kind for child in base.__subclasses__() for kind in kinds(child)]
    return [base, *below] if base.__module__ == errors.__name__ else below


def test_the_drawing_shows_every_error_with_its_exit_code_and_status():
    lines = re.findall(r"(\w+)\s+exit (\d+)\s+HTTP (\d+)", errors.__doc__)

    assert {(name, int(code), int(status)) for name, code, status in lines} == {
        (kind.__name__, kind.exit_code, kind.http_status) for kind in kinds()
    }


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FieldError(2, "age", "is not a number"), "row 2, column 'age': is not a number"),
        (FieldError(0, None, "is empty"), "row 0: is empty"),
        (FieldError(None, "age", "is missing"), "column 'age': is missing"),
        (FieldError(None, None, "no rows"), "no rows"),
    ],
)
def test_a_refused_value_says_where_it_stands(error, text):
    assert str(error) == text


def test_a_refused_request_tells_every_value():
    refused = [FieldError(0, "age", "bad"), FieldError(1, "age", "worse")]

    error = InvalidRequest(refused)

    assert error.errors == tuple(refused)
    assert str(error) == "row 0, column 'age': bad\nrow 1, column 'age': worse"
