"""`train` against a bare PyTorch loop: the same net, data and epochs, start-up included."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Command, interleaved, median, paired_ratio, table

BARE = "bare PyTorch loop"
GOALS = {"train, no tracking": "≤ 1.25", "train, MLflow on SQLite": "≤ 1.6"}
DEVICES = {"cpu": "cpu", "gpu": "cuda"}
"""What PyTorch calls each accelerator of Lightning's."""


def commands(project: Path, epochs: int, accelerator: str) -> list[Command]:
    """The bare loop first: ratios are to it."""
    windows = sys.platform == "win32"
    python = str(project / ".venv" / ("Scripts/python.exe" if windows else "bin/python"))
    package = next(path.parent.name for path in (project / "src").glob("*/__init__.py"))
    train = [python, "-m", f"{package}.cli.train", f"trainer.max_epochs={epochs}", "resume=never"]
    train.append(f"trainer.accelerator={accelerator}")
    digits = str(project / "data" / "processed" / "digits")
    # -P: PyTorch would take triton.py, which lies beside the loop, for its compiler.
    loop = [python, "-P", str(Path(__file__).with_name("bare_loop.py")), digits, str(epochs)]
    loop += ["--device", DEVICES[accelerator]]
    store = Path(tempfile.mkdtemp(prefix="bench-mlflow-")) / "mlflow.db"
    return [
        Command(BARE, loop, project),
        Command("the same, ending in ONNX", [*loop, "--export"], project),
        Command("train, no tracking", [*train, "mlflow.enabled=false"], project),
        Command(
            "train, MLflow on SQLite",
            train,
            project,
            {"MLFLOW_TRACKING_URI": f"sqlite:///{store}"},
        ),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="a baked project, set up and prepared")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--accelerator", choices=tuple(DEVICES), default="cpu")
    options = parser.parse_args()
    before = set((options.project / "outputs").glob("train/*"))
    measured = commands(options.project.resolve(), options.epochs, options.accelerator)
    samples = interleaved(measured, options.runs)
    rows = [
        [
            name,
            f"{median(taken, 'wall'):.2f}",
            f"{median(taken, 'cpu'):.2f}",
            f"{median(taken, 'peak'):.0f}",
            f"{paired_ratio(taken, samples[BARE], 'wall'):.2f}",
            GOALS.get(name, ""),
        ]
        for name, taken in samples.items()
    ]
    header = ["training", "wall s", "CPU s", "peak MiB", "wall / bare loop", "goal"]
    print(f"{options.epochs} epochs, medians of {options.runs}, {os.cpu_count()} cores")
    print(f"accelerator: {options.accelerator}\n")
    print(table(header, rows))
    for folder in set((options.project / "outputs").glob("train/*")) - before:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
