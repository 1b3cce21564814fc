"""Builds every container image of deployment/docker/, where a container engine answers."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """The exit code of the first build that fails; 0 where there is no engine to build with."""
    wanted = os.environ.get("CONTAINER_ENGINE", "docker")
    engine = shutil.which(wanted)
    if engine is None or not answers(engine):
        print(f"No image was built: no container engine answers here as '{wanted}'.")
        return 0
    name = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    for file in sorted((ROOT / "deployment" / "docker").glob("*.Dockerfile")):
        tag = f"{name}-{file.stem}"
        print(f"Building {tag} ...", flush=True)
        command = [engine, "build", "--file", str(file), "--tag", tag, str(ROOT)]
        if code := subprocess.run(command, check=False).returncode:
            return code
    return 0


def answers(engine: str) -> bool:
    """The program may be there without the service that it speaks to."""
    asked = subprocess.run([engine, "info"], capture_output=True, check=False)
    return asked.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
