import pytest

from {{ cookiecutter.package_name }}.cli._who import who
from {{ cookiecutter.package_name }}.cli.promote import main
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ModelNotFound


@pytest.mark.parametrize("to", ["staging", "prod"])
def test_without_a_store_there_is_nothing_to_promote(to, project, capsys):
    code = main(["--to", to])

    assert code == ModelNotFound.exit_code
    assert "run `uv run pipeline` first" in capsys.readouterr().err
    assert not (project / "mlflow.db").exists()


def test_a_gate_that_cannot_be_read_is_told_before_the_registry_is_asked(project, capsys):
    (project / "config" / "gate.yaml").write_text("promotion: {approval: true}")

    assert main(["--to", "prod"]) == ConfigError.exit_code
    assert "promotion.approval is True" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--to", "moon"],
        ["--to", "archived"],
        ["--to", "prod", "--version", "1", "--from", "dev"],
        ["--to", "prod", "--version", "x"],
        ["--to", "prod", "--version", "0"],
        ["--approve"],
        ["--approve", "--from", "staging"],
        ["--approve", "--version", "1", "--dry-run"],
        ["--approve", "--version", "1", "--skip-comparison", "--reason", "x"],
        ["--history", "--dry-run"],
        ["--history", "--from", "dev"],
        ["--history", "--skip-comparison", "--reason", "x"],
        ["--to", "prod", "--skip-comparison", "--reason", "\n"],
        ["--to", "prod", "--reason", "x" * 1001],
        ["--history", "--version", "1"],
        ["--to", "prod", "--history"],
        ["--to", "prod", "--skip-comparison"],
    ],
)
def test_arguments_that_cannot_be_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: promote" in capsys.readouterr().err


def test_ci_says_who_and_where(project, monkeypatch):
    monkeypatch.setenv("PROMOTED_BY", "ada\n\x1b[2J")
    monkeypatch.setenv("PROMOTED_IN", "https://ci.example/7")

    known = who()

    assert (known.by, known.run) == ("ada [2J", "https://ci.example/7")


def test_a_person_is_whom_git_knows_or_who_logged_in(project, monkeypatch):
    monkeypatch.delenv("PROMOTED_BY", raising=False)
    monkeypatch.setattr("{{ cookiecutter.package_name }}.cli._who.asked", lambda *words: "Ada")
    assert who().by == "Ada"

    monkeypatch.setattr("{{ cookiecutter.package_name }}.cli._who.asked", lambda *words: None)
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    assert who().by == "ada"
