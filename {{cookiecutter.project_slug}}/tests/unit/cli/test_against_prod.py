import numpy as np
import pytest

from {{ cookiecutter.package_name }}.cli import _against_prod
from {{ cookiecutter.package_name }}.cli._against_prod import against_prod
from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult
from {{ cookiecutter.package_name }}.evaluation.gate_file import Comparison
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import DataError
from {{ cookiecutter.package_name }}.schemas.model import Predictions


class Flat:
    """Answers 1 whatever it is asked."""

    def run(self, outputs, feeds):
        return [np.ones(len(feeds["numeric"]), dtype=np.float32)]


@pytest.fixture
def held_against(prepared, describe_model, monkeypatch):
    """Holds a version of `homes` against a prod of the named data set with this schema."""
    homes = prepared.mixed
    truth = np.linspace(0.0, 9.0, homes.files["test"].rows)
    result = EvaluationResult("test", "ab", truth, Predictions(truth), {"r2": 1.0})

    def hold(data_name, schema):
        info = describe_model(schema).model_copy(update={"data_name": data_name})
        monkeypatch.setattr(_against_prod, "fetch_file", lambda registry, version: None)
        monkeypatch.setattr(Predictor, "open", lambda path: Predictor(Flat(), info))
        present = VersionInfo("pets", "4", None, ("prod",))
        return against_prod(None, present, homes, result, Comparison())

    return hold


def test_one_data_set_gives_two_rules_also_under_another_name(held_against, prepared):
    for name in ("homes", "houses"):
        found = held_against(name, prepared.mixed.data_schema)

        assert [rule.passed for rule in found.rules] == [True, True]
        assert found.why_not == ""


def test_a_prod_of_another_data_set_is_not_compared(held_against, prepared):
    found = held_against("shapes", prepared.images.data_schema)

    assert found.rules == ()
    assert found.why_not == "prod was trained on 'shapes', this version on 'homes'"


def test_a_prod_that_predicts_something_else_is_not_compared(held_against, prepared):
    other = prepared.mixed.data_schema.model_copy(
        update={"target": Target(name="rent", task="regression")}
    )

    found = held_against("homes", other)

    assert found.rules == ()
    assert found.why_not == ("prod predicts 'rent' (regression), this version 'price' (regression)")


def test_other_columns_of_the_same_data_set_are_refused_with_the_way_out(held_against, prepared):
    schema = prepared.mixed.data_schema
    fewer = schema.model_copy(update={"columns": schema.columns[:2]})

    with pytest.raises(DataError) as refused:
        held_against("homes", fewer)

    told = str(refused.value)
    assert told.startswith("Version 4 in prod was trained when 'homes' was otherwise")
    assert "'age'" in told
    assert "promote with --skip-comparison and a --reason" in told
