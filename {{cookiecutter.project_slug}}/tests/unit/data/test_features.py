import pytest

from {{ cookiecutter.package_name }}.data.features import category_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (True, "true"),
        ("True", "true"),
        ("FALSE", "false"),
        (3.0, "3"),
        (3.5, "3.5"),
        (float("inf"), "inf"),
        (7, "7"),
        ("Öslo", "Öslo"),
    ],
)
def test_a_category_has_one_spelling(value, text):
    assert category_text(value) == text
