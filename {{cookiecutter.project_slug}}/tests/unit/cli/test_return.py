import pytest

from {{ cookiecutter.package_name }}.cli import _return
from {{ cookiecutter.package_name }}.cli.rollback import main
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound


def version(number, *aliases, lifecycle="prod"):
    return VersionInfo("pets", number, None, aliases, {"lifecycle": lifecycle})


@pytest.fixture
def registered(project, monkeypatch):
    """Lets the registry have these versions, the last of them in prod."""

    def register(*versions):
        known = {one.version: one for one in versions}
        aliases = {alias: one.version for one in versions for alias in one.aliases}
        found = Snapshot("pets", aliases, {}, known)
        monkeypatch.setattr(_return, "settled", lambda *asked, **how: (found, []))

    return register


def test_where_nothing_is_archived_none_is_offered(registered, capsys):
    registered(version("2", "prod"), version("3", "dev", lifecycle="dev"))

    assert main([]) == ModelNotFound.exit_code
    assert capsys.readouterr().err.endswith("version 2 is the first that served.\n")


def test_archived_versions_are_named_where_none_served_before_this_one(registered, capsys):
    registered(version("10"), version("9"), version("12", "prod"))

    assert main([]) == ModelNotFound.exit_code
    assert "--to-version N names an archived one (9, 10)." in capsys.readouterr().err
