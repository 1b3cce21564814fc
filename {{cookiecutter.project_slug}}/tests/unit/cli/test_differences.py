import pytest

from {{ cookiecutter.package_name }}.cli import _differences
from {{ cookiecutter.package_name }}.cli._differences import tell_differences
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.dataset import Target
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch


@pytest.fixture
def files(monkeypatch, mixed_schema, describe_model):
    """What the file of each version says of itself; None where the file is gone."""
    info = describe_model(mixed_schema)
    known = {"1": info, "2": info}

    class Runtime:
        def __init__(self, number):
            self.info = known[number]

    def fetch_file(registry, found):
        if known[found.version] is None:
            raise ArtifactMismatch(f"The file of version {found.version} is gone.")
        return found.version

    monkeypatch.setattr(_differences, "fetch_file", fetch_file)
    monkeypatch.setattr(_differences, "OnnxRuntime", Runtime)
    return known


def tell(aliases):
    versions = {number: VersionInfo("pets", number, None) for number in ("1", "2")}
    tell_differences(None, Snapshot("pets", aliases, {}, versions), versions["1"], "1")


def told(capsys, **aliases):
    tell(aliases or {"prod": "2"})
    return capsys.readouterr().out


@pytest.mark.parametrize("aliases", [{"prod": "2"}, {"dev": "2"}])
def test_a_version_that_is_asked_alike_or_replaces_none_is_no_note(files, capsys, aliases):
    assert told(capsys, **aliases) == ""


def test_another_data_set_target_and_columns_are_told_in_one_line(files, mixed_schema, capsys):
    other = mixed_schema.model_copy(
        update={
            "columns": mixed_schema.columns[:1],
            "target": Target(name="sum", task="regression"),
        }
    )
    files["1"] = files["2"].model_copy(update={"data_name": "sales", "data_schema": other})

    assert told(capsys) == (
        "note: version 1 differs from version 2 in prod: data set 'sales', not 'customers'; target "
        "'sum', not 'bought'; task 'regression', not 'classification'; other columns (0 that prod "
        "does not take, without 2 of prod)\n"
    )


def test_other_classes_are_told(files, mixed_schema, capsys):
    target = mixed_schema.target.model_copy(update={"classes": ("maybe", "no", "yes")})
    schema = mixed_schema.model_copy(update={"target": target})
    files["1"] = files["2"].model_copy(update={"data_schema": schema})

    assert told(capsys).endswith("in prod: other classes\n")


def test_a_prod_whose_file_is_gone_does_not_keep_prod_from_going_back(files, capsys):
    files["2"] = None

    assert told(capsys) == (
        "note: version 2 in prod cannot be looked at: The file of version 2 is gone.\n"
    )
