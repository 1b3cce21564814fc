import pytest

from {{ cookiecutter.package_name }}.utils.words import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (12_000, "12,000 rows")]
)
def test_one_is_said_in_the_singular(count: int, said: str) -> None:
    assert counted(count, "row") == said


@pytest.mark.parametrize(
    ("count", "what", "said"),
    [
        (1, "class", "1 class"),
        (3, "class", "3 classes"),
        (2, "category", "2 categories"),
        (1, "test row", "1 test row"),
        (5, "request", "5 requests"),
        (4, "day", "4 days"),
    ],
)
def test_the_plural_is_as_english_has_it(count: int, what: str, said: str) -> None:
    assert counted(count, what) == said
