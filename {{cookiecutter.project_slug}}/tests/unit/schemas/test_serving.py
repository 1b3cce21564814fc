import pytest

from {{ cookiecutter.package_name }}.schemas.serving import Answer

BODY = {
    "predictions": ["b"],
    "probabilities": [[0.2, 0.5, 0.3]],
    "classes": ["a", "b", "c"],
    "model": {"name": "m", "version": 3, "alias": None},
}


def test_classes_are_ranked_by_probability() -> None:
    answer = Answer.from_json(BODY, 1.5)

    assert answer.ranked(0, most=2) == [("b", 0.5), ("c", 0.3)]
    assert (answer.version, answer.milliseconds) == ("3", 1.5)


def test_numbers_have_no_ranks() -> None:
    body = {**BODY, "predictions": [2.5], "probabilities": None, "classes": None}

    assert Answer.from_json(body, 1.0).ranked(0) == []


def test_a_body_that_is_no_answer_is_an_error() -> None:
    with pytest.raises(KeyError):
        Answer.from_json({"detail": "no"}, 1.0)
