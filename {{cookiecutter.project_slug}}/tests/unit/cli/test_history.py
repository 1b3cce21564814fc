from datetime import UTC, datetime

from registry_memory import Memory

from {{ cookiecutter.package_name }}.cli._history import show
from {{ cookiecutter.package_name }}.schemas.history import Move


def kept(memory, version, **changes):
    values = {
        "id": "1",
        "verb": "promote",
        "version": version,
        "source": "staging",
        "to": "prod",
        "at": datetime(2030, 1, int(version), tzinfo=UTC),
        "by": "ada",
    }
    move = Move(**values | changes)
    memory.tags[version][move.tag] = move.model_dump_json()


def test_a_record_cannot_forge_a_line(project, capsys):
    memory = Memory({}, {"1": "prod"})
    forged = "fine\n  2030-01-02 00:00:00  promote  9\x1b[2J"
    kept(memory, "1", reason=forged, run=forged, by="ada\r")

    assert show(memory.snapshot()) == 0

    said = capsys.readouterr().out
    rows = [line for line in said.splitlines() if line.strip().startswith("2030-")]
    assert len(rows) == 1
    assert rows[0].endswith("fine 2030-01-02 00:00:00 promote 9 [2J")
    assert said.isascii()
    assert not {"\x1b", "\r"} & set(said)


def test_a_version_that_was_deleted_is_told(project, capsys):
    memory = Memory({}, {"3": "prod"})
    kept(memory, "3", former="2")

    assert show(memory.snapshot()) == 0

    assert "version 2 was deleted, and the record of its own moves with it" in (
        capsys.readouterr().out
    )
