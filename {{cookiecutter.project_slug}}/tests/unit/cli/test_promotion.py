from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from {{ cookiecutter.package_name }}.cli import _approvals, _promotion
from {{ cookiecutter.package_name }}.cli._gating import Gated
from {{ cookiecutter.package_name }}.cli._history import show
from {{ cookiecutter.package_name }}.cli.promote import main
from {{ cookiecutter.package_name }}.evaluation import figures
from {{ cookiecutter.package_name }}.evaluation.gate import GateDecision
from {{ cookiecutter.package_name }}.evaluation.rules import at_least
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.versions import Snapshot, VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound, MoveRefused
from {{ cookiecutter.package_name }}.schemas.history import Move, RuleRecord

AT = datetime(2030, 1, 2, 17, 28, tzinfo=UTC)
MOVED = Move(
    id="1", verb="promote", version="3", source="staging", to="prod", at=AT, by="ada", former=None
)


@pytest.fixture
def registered(monkeypatch):
    """Lets the registry be this one, as long as nothing is written."""

    def register(snapshot):
        monkeypatch.setattr(_promotion, "settled", lambda *asked, **how: (snapshot, []))

    return register


def snapshot(aliases, *moves):
    tags = {move.tag: move.model_dump_json() for move in moves}
    version = VersionInfo("pets", "3", None, tuple(aliases), tags)
    return Snapshot("pets", aliases, {}, {"3": version})


def test_who_comes_second_hears_who_was_first(project, registered, capsys):
    registered(snapshot({"prod": "3"}, MOVED))

    code = main(["--to", "prod"])

    assert code == MoveRefused.exit_code
    assert (
        "No version is in staging: version 3 was moved from there to prod at 2030-01-02 17:28:00 "
        "UTC by ada; `promote --to staging` puts another one there."
    ) in capsys.readouterr().err


def test_an_empty_alias_that_no_move_explains_is_not_found(project, registered, capsys):
    back = MOVED.model_copy(
        update={"verb": "rollback", "source": "archived", "at": AT + timedelta(hours=1)}
    )
    for known in (snapshot({"prod": "3"}), snapshot({"prod": "3"}, MOVED, back)):
        registered(known)

        assert main(["--to", "prod"]) == ModelNotFound.exit_code
        assert "No version of 'pets' has the alias 'staging'" in capsys.readouterr().err


def test_the_history_says_what_was_not_compared(project, monkeypatch, capsys):
    monkeypatch.setattr(figures, "write_figures", lambda folder, drawn: [folder / "drawn.svg"])
    rule = RuleRecord(rule="accuracy", measured="0.9", sign=">=", limit=0.8, passed=True)
    plain = MOVED.model_copy(update={"gate": (rule,) * 4})
    forced = plain.model_copy(
        update={"not_compared": "--skip-comparison", "at": AT + timedelta(hours=1)}
    )

    assert show(snapshot({"prod": "3"}, plain, forced)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "4 rules hold  " in lines[1]
    assert "4 rules hold, not compared  " in lines[2]


def test_a_second_approval_says_which_one_it_replaces(project, monkeypatch, capsys):
    tags = {}
    monkeypatch.setattr(
        Registry,
        "snapshot",
        lambda self: Snapshot(
            "pets", {}, {}, {"3": VersionInfo("pets", "3", None, (), dict(tags))}
        ),
    )
    monkeypatch.setattr(Registry, "tag", lambda self, version, more: tags.update(more))
    approve = ["--approve", "--version", "3"]

    assert main([*approve, "--by", "ada", "--reason", "looked at errors"]) == 0
    first = capsys.readouterr().out
    assert main([*approve, "--by", "bob", "--reason", "looked again"]) == 0
    second = capsys.readouterr().out.splitlines()

    assert first.endswith("): looked at errors\n")
    assert second[0].startswith("version 3 is approved by bob")
    assert second[1].startswith("this replaces the approval of ")
    assert second[1].endswith(" UTC by ada, who said: looked at errors")
    assert '"by":"bob"' in tags[_approvals.TAG]


def test_what_was_too_small_to_be_measured_is_told(capsys):
    line = "class rare not measured: 3 rows, fewer than 10"
    decision = GateDecision((at_least("accuracy", 0.9, 0.8),), (line,))
    gated = Gated(SimpleNamespace(name="pets"), SimpleNamespace(rows=270), decision)

    _promotion._tell(VersionInfo("pets", "3", None), None, gated)

    assert capsys.readouterr().out.splitlines()[2:] == [
        "  accuracy    0.9000  >=    0.8  holds",
        f"  {line}",
    ]
