from datetime import UTC, datetime

import pytest
from registry_memory import Memory

from {{ cookiecutter.package_name }}.cli import _moves, _return
from {{ cookiecutter.package_name }}.cli.rollback import main
from {{ cookiecutter.package_name }}.schemas.errors import ModelError, ModelNotFound
from {{ cookiecutter.package_name }}.schemas.history import Move


@pytest.mark.parametrize("arguments", [[], ["--to-version", "3"], ["--dry-run"]])
def test_without_a_store_there_is_nothing_to_go_back_to(arguments, project, capsys):
    code = main(arguments)

    assert code == ModelNotFound.exit_code
    assert "run `uv run pipeline` first" in capsys.readouterr().err
    assert not (project / "mlflow.db").exists()


@pytest.mark.parametrize("arguments", [["--to-version", "x"], ["--to-version", "0"], ["3"]])
def test_arguments_that_cannot_be_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: rollback" in capsys.readouterr().err


class Killed(BaseException):
    """Ends a command where kill -9 would."""


@pytest.fixture
def memory(monkeypatch, project):
    """Three versions that served, the third in `prod`; files are no matter."""
    made = Memory({"prod": "3", "archived": "2"}, {"1": "archived", "2": "archived", "3": "prod"})
    for place, version in enumerate(("1", "2", "3")):
        move = Move(
            id=version,
            verb="promote",
            version=version,
            source="staging",
            to="prod",
            at=datetime(2030, 1, 1 + place, tzinfo=UTC),
            by="ada",
            former=str(place) if place else None,
        )
        made.tags[version][move.tag] = move.model_dump_json()
    for module in (_return, _moves):
        monkeypatch.setattr(module, "RegistryWriter", lambda registry: registry)
    monkeypatch.setattr(_return, "Registry", lambda name: made)
    for name in ("fetch_file", "check_stored", "tell_differences"):
        monkeypatch.setattr(_return, name, lambda *words: None)
    monkeypatch.delenv("PROMOTED_IN", raising=False)
    return made


def interrupt(memory, arguments=()):
    """Kill a rollback once the alias has moved."""

    def kill(name, *words):
        if name == "set_alias" and words[0] == "archived":
            raise Killed

    memory.before = kill
    with pytest.raises(Killed):
        main([*arguments])
    memory.before = lambda name, *words: None


@pytest.mark.parametrize("arguments", [[], ["--to-version", "2"]])
def test_an_interrupted_rollback_that_is_repeated_goes_one_version_back(arguments, memory, capsys):
    interrupt(memory, arguments)

    code = main(arguments)

    said = capsys.readouterr().out
    assert code == 0
    assert memory.aliases == {"prod": "2", "archived": "3"}
    assert said == ("finished an interrupted move: version 2 to prod\nprod names version 2 again\n")
    assert (main([]), memory.aliases["prod"]) == (0, "1")


def test_a_dry_run_tells_what_is_unfinished_and_writes_nothing(memory, capsys):
    interrupt(memory)
    before = memory.snapshot()
    memory.before = pytest.fail

    code = main(["--dry-run"])

    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith("interrupted, to be finished first: version 2 to prod\n")
    assert memory.snapshot() == before


def test_a_run_of_ci_that_is_started_again_rolls_back_once(memory, monkeypatch, capsys):
    monkeypatch.setenv("PROMOTED_IN", "https://ci.example/7")
    codes = [main([]), main([])]
    once = dict(memory.aliases)
    monkeypatch.setenv("PROMOTED_IN", "https://ci.example/8")

    assert (codes, once["prod"]) == ([0, 0], "2")
    assert "since this run's first rollback; nothing changed" in capsys.readouterr().out
    assert (main([]), memory.aliases["prod"]) == (0, "1")


def test_without_ci_twice_goes_two_versions_back(memory):
    assert [main([]), main([]), memory.aliases["prod"]] == [0, 0, "1"]


def test_a_record_that_cannot_be_read_does_not_hold_up_who_names_a_version(memory, capsys):
    memory.tags["3"]["move.x"] = "yes"

    unknown = main([])
    named = main(["--to-version", "1"])

    said = capsys.readouterr().err
    assert (unknown, named) == (ModelError.exit_code, 0)
    assert said.count("Tag 'move.x' of version 3 is no record of a move") == 2
    assert "warning: Tag 'move.x'" in said
    assert memory.aliases["prod"] == "1"


def test_where_the_version_in_prod_was_deleted_what_served_last_comes_back(memory):
    del memory.tags["3"], memory.aliases["prod"]

    assert (main([]), memory.aliases) == (0, {"prod": "2"})


def test_a_reason_is_one_line_and_not_too_long(memory, capsys):
    with pytest.raises(SystemExit):
        main(["--reason", "x" * 1001])
    assert "--reason: a reason has at most 1,000 characters" in capsys.readouterr().err

    assert main(["--reason", "slow\n\x1b[1mfast", "--by", "ada\nbob"]) == 0

    (record,) = [one for key, one in memory.tags["2"].items() if '"rollback"' in one]
    kept = Move.model_validate_json(record)
    assert (kept.reason, kept.by) == ("slow [1mfast", "ada bob")
