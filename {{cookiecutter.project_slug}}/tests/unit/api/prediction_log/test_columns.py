import json

import pytest

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}_api.prediction_log.columns import Kept, Privacy
from {{ cookiecutter.package_name }}_api.prediction_log.entries import decoded, encoded
from {{ cookiecutter.package_name }}_api.prediction_log.gathering import entry_of
from {{ cookiecutter.package_name }}_api.prediction_log.ids import new_id

KEY = b"sixteen letters!"
ALL = Privacy()


@pytest.fixture
def logged_of(answered_of, mixed_schema):
    def logged(privacy: Privacy = ALL, **rows):
        entry = entry_of([answered_of("r1", **rows)], Kept.of(mixed_schema, privacy), new_id())
        assert decoded(encoded(entry)) == entry
        (found,) = entry.logged()
        return found

    return logged


def _inputs(logged) -> list[dict[str, object]]:
    inputs = json.loads(logged.inputs)
    return [dict(zip(inputs["columns"], row, strict=True)) for row in inputs["rows"]]


def test_every_value_is_kept_with_its_column_and_missing_ones_are_null(logged_of):
    logged = logged_of(
        numeric=((30.0, 1.5), (float("nan"), 0.1)), categorical=(('Os"lo],[',), ("",))
    )

    assert _inputs(logged) == [
        {"age": 30.0, "income": 1.5, "city": 'Os"lo],['},
        {"age": None, "income": 0.1, "city": None},
    ]
    assert logged.rows == 2
    assert json.loads(logged.predictions) == ["no", "no"]
    assert json.loads(logged.probabilities) == [[0.75, 0.25], [0.75, 0.25]]
    assert (logged.request_id, logged.version, logged.at) == ("r1", "7", 1_900_000_000.5)


def test_a_column_that_is_dropped_is_nowhere(logged_of):
    logged = logged_of(Privacy(drop=("income", "city")))

    assert _inputs(logged) == [{"age": 30.0}]
    assert "income" not in logged.inputs
    assert "Oslo" not in logged.inputs


def test_nothing_but_the_number_of_rows_is_left_where_all_columns_are_dropped(logged_of):
    logged = logged_of(
        Privacy(drop=("age", "city", "income")),
        numeric=((30.0, 1.5), (31.0, 1.5)),
        categorical=(("Oslo",), ("Oslo",)),
    )

    assert json.loads(logged.inputs) == {"columns": [], "rows": [[], []]}


def test_a_hash_is_equal_for_equal_values_of_one_column_under_one_key(logged_of):
    rows = {"numeric": ((30.0, 30.0), (30.0, 9.0)), "categorical": (("Oslo",), ("",))}
    hashed = ("age", "income", "city")

    first, second = _inputs(logged_of(Privacy(hashed=hashed, key=KEY), **rows))
    (other, _) = _inputs(logged_of(Privacy(hashed=hashed, key=KEY[::-1]), **rows))

    assert len(first["age"]) == 32
    assert first["age"] == second["age"]
    assert first["age"] != first["income"]
    assert first["income"] != second["income"]
    assert second["city"] is None
    assert {*first.values()}.isdisjoint(other.values())


def test_a_number_is_hashed_as_people_spell_it(logged_of):
    import hmac

    (row,) = _inputs(logged_of(Privacy(hashed=("income",), key=KEY), numeric=((30.0, 0.1),)))

    assert row["income"] == hmac.digest(KEY, b"income\x000.1", "sha256").hex()[:32]


@pytest.mark.parametrize("setting", ["drop", "hashed"])
def test_a_column_that_the_model_lacks_is_refused_with_the_nearest_name(setting, mixed_schema):
    privacy = Privacy(**{setting: ("incone",)}, key=KEY)

    with pytest.raises(ConfigError, match=r"names 'incone'.* did you mean 'income'\?"):
        Kept.of(mixed_schema, privacy)


def test_a_hash_without_a_secret_is_refused():
    with pytest.raises(ConfigError, match=r"PREDICTION_LOG_HASH_KEY.*at least 16"):
        Privacy(hashed=("age",), key=b"short")


def test_a_column_is_either_dropped_or_hashed():
    with pytest.raises(ConfigError, match=r"'age' is named by .*DROP.* and by .*HASH"):
        Privacy(drop=("age",), hashed=("age",), key=KEY)
