import pytest

from {{ cookiecutter.package_name }}.cli import restore
from {{ cookiecutter.package_name }}.integrations import lineage
from {{ cookiecutter.package_name }}.integrations.lineage import Lineage
from {{ cookiecutter.package_name }}.utils.files import sha256_of


@pytest.mark.parametrize("arguments", [[], ["--version", "3", "--alias", "prod"]])
def test_one_version_must_be_named(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        restore.main(arguments)

    assert "--version" in capsys.readouterr().err


def test_a_version_of_unknown_code_cannot_be_restored(monkeypatch, capsys, project):
    monkeypatch.setattr(lineage, "lineage_of", lambda *_: Lineage("3", {}, {}))

    assert restore.main(["--version", "3"]) == 8
    assert "trained where there was no git, or no commit yet" in capsys.readouterr().err


def test_the_lock_file_is_compared_where_one_was_recorded(tmp_path):
    (tmp_path / "uv.lock").write_text("version = 1\n")
    same = {"git_sha": "abc", "lock_sha256": sha256_of(tmp_path / "uv.lock")}

    assert "uv.lock: as it was" in list(restore._code(tmp_path, Lineage("3", same, {})))[-1]
    other = {**same, "lock_sha256": "0"}
    assert "uv.lock: NOT as it was" in list(restore._code(tmp_path, Lineage("3", other, {})))[-1]


@pytest.mark.parametrize(
    ("uv", "expected"),
    [("/bin/uv", ["uv sync", "uv run train model=cnn"]), ("", ["train model=cnn"])],
)
def test_what_to_type_next_is_what_the_version_was_trained_by(tmp_path, monkeypatch, uv, expected):
    monkeypatch.delenv("UV", raising=False)
    if uv:
        monkeypatch.setenv("UV", uv)

    lines = [
        line.strip()
        for line in restore._next(tmp_path, Lineage("3", {"arguments": "model=cnn"}, {}))
    ]

    assert lines[-len(expected) :] == expected
    assert lines[0].endswith(f"cd {tmp_path}")
