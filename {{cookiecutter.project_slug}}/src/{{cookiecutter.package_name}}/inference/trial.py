"""A model in a process of its own that has nothing but its two files: `python -m <this> FOLDER`.

Prints one line of JSON: how far the answers are from the golden ones, all rows at once and one by
one, and the median time of one row.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from {{ cookiecutter.package_name }}.data.features import Features
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.schemas.errors import ProjectError
from {{ cookiecutter.package_name }}.schemas.model import GOLDEN_FILE, MODEL_FILE

_CALLS = 100


def trial(folder: Path) -> dict[str, float]:
    """`together` and `one_by_one` are differences, `p50_ms` is the median of a row's time."""
    predictor, golden = Predictor.open(folder / MODEL_FILE), Golden.read(folder / GOLDEN_FILE)
    features = golden.features(predictor.info.data_schema)
    answers = predictor.predict(features)
    singly = [predictor.predict(features[row : row + 1]) for row in range(len(features))]
    return {
        "together": golden.difference(answers),
        "one_by_one": max(golden.row(row).difference(answer) for row, answer in enumerate(singly)),
        "p50_ms": 1000 * statistics.median(_seconds(predictor, features)),
    }


def _seconds(predictor: Predictor, features: Features) -> list[float]:
    taken = []
    for call in range(_CALLS):
        place = call % len(features)
        began = time.perf_counter()
        predictor.predict(features[place : place + 1])
        taken.append(time.perf_counter() - began)
    return taken


def main(arguments: list[str]) -> int:
    """Print the numbers, or on standard error the sentence that says why there are none."""
    try:
        print(json.dumps(trial(Path(arguments[0]))))
    except ProjectError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
