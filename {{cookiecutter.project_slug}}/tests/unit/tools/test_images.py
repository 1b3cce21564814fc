"""Images are built where a container engine answers, and only there."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAME = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]

FAKE = """#!{python}
import os, sys
if sys.argv[1] == "info":
    sys.exit(int(os.environ.get("NO_SERVICE", "0")))
print(*sys.argv[1:])
sys.exit(3 if "api" in os.environ.get("BROKEN", "") else 0)
"""


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the tool with an engine that only says what it was told."""
    engine = tmp_path / "engine"
    engine.write_text(FAKE.format(python=sys.executable))
    engine.chmod(0o755)
    monkeypatch.setenv("CONTAINER_ENGINE", str(engine))

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "tools" / "images.py")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


posix = pytest.mark.skipif(sys.platform == "win32", reason="the engine is a script with a shebang")


@posix
def test_every_dockerfile_is_built_under_its_name(build) -> None:
    files = sorted(path.stem for path in (ROOT / "deployment" / "docker").glob("*.Dockerfile"))

    done = build()
    built = [line for line in done.stdout.splitlines() if line.startswith("build ")]

    assert done.returncode == 0
    assert "api" in files
    assert [line.split(" --tag ")[1].split()[0] for line in built] == [
        f"{NAME}-{name}" for name in files
    ]


@posix
def test_a_build_that_fails_fails_the_recipe(build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKEN", "api")

    assert build().returncode == 3


@pytest.mark.parametrize(
    ("name", "value"), [("CONTAINER_ENGINE", "none-such"), ("NO_SERVICE", "1")]
)
def test_without_an_engine_it_says_so_and_goes_on(
    build, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    done = build()

    assert done.returncode == 0
    assert done.stdout.startswith("No image was built: no container engine answers here as ")
