"""Keys of a store come from the environment, a profile or a role: nothing here may hold one."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
_MADE = {".git", ".venv", ".cache", "data", "outputs", "multirun", "mlartifacts", "__pycache__"}
"""Made by commands, and never part of the repository."""
_KINDS = {".cfg", ".ini", ".ipynb", ".json", ".just", ".md", ".py", ".sh", ".toml", ".yaml", ".yml"}
_NAMES = r"(access_?key(_?id)?|secret(_?access)?_?key|session_?token)"
_KEY = r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"
_VALUE = r"[\"']?\s*[=:]\s*[\"']?[A-Za-z0-9/+]{16,}"
HELD = re.compile(f"{_KEY}|{_NAMES}{_VALUE}", re.IGNORECASE)


def texts():
    """Every text file that belongs to the repository, but for a lock's many digests."""
    for folder in [ROOT, *(path for path in ROOT.iterdir() if path.is_dir())]:
        if folder.name in _MADE:
            continue
        found = ROOT.iterdir() if folder == ROOT else folder.rglob("*")
        for path in found:
            known = path.suffix in _KINDS or not path.suffix or path.name == ".env.example"
            if known and path.is_file() and not _MADE & set(path.relative_to(ROOT).parts):
                try:
                    yield path, path.read_text(encoding="utf-8")
                except UnicodeDecodeError:
                    continue


def test_no_file_holds_a_key():
    read = list(texts())

    assert len(read) > 100
    assert [str(path.relative_to(ROOT)) for path, text in read if HELD.search(text)] == []


def test_a_key_would_be_found():
    secret = "wJalrXUtnFEMI/K7MDENG" + "bPxRfiCY"
    for line in (
        "id: AKIA" + "IOSFODNN7EXAMPLE",
        f"aws_secret_access_key = {secret}",
        f'"secretKey": "{secret}"',
        f"AWS_SESSION_TOKEN={secret}",
    ):
        assert HELD.search(line)


def test_no_configuration_has_a_place_for_one():
    keys = set()
    for path in (ROOT / "config" / "data").glob("*.yaml"):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        keys |= {*tree, *tree.get("source", {})}

    assert "bucket" in keys
    assert [key for key in keys if re.search(r"secret|token|access|credential", key)] == []
