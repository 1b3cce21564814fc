"""Which combinations of answers are rendered, checked and run.

Everything is read from cookiecutter.json, so that a new question joins by itself.
`python tools/combinations.py` prints the names of the suites as JSON, the matrix of the workflow;
`python tools/combinations.py presets` those of the presets.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import combinations, cycle, islice, product
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).resolve().parent.parent
# Questions whose choices do not multiply the suites, but take turns in them: what they bring has
# few tests, which do not depend on the other components.
TAKING_TURNS = ("ci_provider", "cloud")
OFF = ("no", "none")
# Which suite's combination each preset is.
PRESET_SUITES = {
    "full": "dvc-nicegui-triton-s3",
    "minimal": "bare",
    "standard": "dvc-streamlit",
}

# Rooms that know nothing of components, by their folders of unit tests. Folders in them where
# components join in, such as kinds of stores, are tested everywhere.
CORE_ROOMS = (
    "api",
    "data",
    "evaluation",
    "inference",
    "integrations",
    "logging",
    "models",
    "schemas",
    "tools",
    "training",
    "utils",
)
UNIT_TESTS = "tests/unit/"

Questions = dict[str, Any]
Answers = dict[str, str]
Axes = dict[str, list[str]]
Condition = tuple[str, tuple[str, ...]]
Pair = tuple[tuple[str, str], tuple[str, str]]


def load_questions(template: Path = TEMPLATE) -> Questions:
    """cookiecutter.json as it stands."""
    questions: Questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    return questions


def choices(questions: Questions) -> Axes:
    """The questions that offer a list, or yes and no."""
    return {
        question: default if isinstance(default, list) else ["yes", "no"]
        for question, default in questions.items()
        if not question.startswith("_") and isinstance(default, list | bool)
    }


def conditions(feature: str) -> tuple[Condition, ...]:
    """What must be answered for a feature of the manifest; yes to a bare question.

    >>> conditions("use_dvc and cloud=ecs|cloud_run")
    (('use_dvc', ('yes',)), ('cloud', ('ecs', 'cloud_run')))
    """
    parts = (condition.partition("=") for condition in feature.split(" and "))
    return tuple(
        (question, tuple(wanted.split("|")) if wanted else ("yes",))
        for question, _, wanted in parts
    )


def is_on(feature: str, answers: Answers) -> bool:
    """Whether these answers keep the feature's files."""
    return all(answers[question] in wanted for question, wanted in conditions(feature))


def structural(questions: Questions) -> list[str]:
    """The questions that decide which files a project has, in the order they are asked."""
    named = {name for feature in questions["__features"] for name, _ in conditions(feature)}
    return [question for question in choices(questions) if question in named]


def suites(questions: Questions) -> dict[str, Answers]:
    """Every combination of the components that suites can run, by a name that says what is on.

    The questions that take turns add their combinations, one after the other, to the suites.
    """
    axes = choices(questions)
    deciding = structural(questions)
    components = [name for name in deciding if name not in TAKING_TURNS]
    rows = full_product({question: axes[question] for question in components})
    turns = full_product({name: axes[name] for name in deciding if name in TAKING_TURNS})
    return {label(row): {**row, **turn} for row, turn in zip(rows, cycle(turns), strict=False)}


def repeated_tests(unit_tests: Path, template: Path = TEMPLATE) -> list[str]:
    """Files and folders of unit tests that are the same in every combination of components.

    They are those of the core's rooms, but what the manifest gives to a component, and but a
    folder in which components join the core. Paths are told from `unit_tests`, a project's folder.
    """
    features = load_questions(template)["__features"]
    owned = [path.removeprefix(UNIT_TESTS) for paths in features.values() for path in paths]
    return [
        inner
        for room in CORE_ROOMS
        for path in sorted((unit_tests / room).iterdir())
        if path.name.startswith("test_") or (path.is_dir() and path.name != "__pycache__")
        for inner in [path.relative_to(unit_tests).as_posix()]
        if not any(one == inner or one.startswith(f"{inner}/") for one in owned)
    ]


def presets(template: Path = TEMPLATE) -> list[str]:
    """The names of the presets."""
    return sorted(path.stem for path in (template / "presets").glob("*.yaml"))


def label(answers: Answers) -> str:
    """What is on, for people: `dvc-streamlit-s3`; `bare` when nothing is."""
    on = [
        question.removeprefix("use_") if answer == "yes" else answer
        for question, answer in answers.items()
        if answer not in OFF
    ]
    return "-".join(on) or "bare"


def full_product(axes: Axes) -> list[Answers]:
    """Every combination of every choice."""
    return [dict(zip(axes, row, strict=True)) for row in product(*axes.values())]


def all_pairs(axes: Axes) -> list[Answers]:
    """Few combinations in which any two choices of different questions meet at least once."""
    missing = every_pair(axes)
    return list(meeting(missing, axes))


def every_structure(axes: Axes, deciding: Sequence[str]) -> list[Answers]:
    """The full product of the deciding questions, in which any two choices of all axes meet."""
    structures = full_product({question: axes[question] for question in deciding})
    missing = every_pair(axes)
    rows = [completed(structure, missing, axes) for structure in structures]
    return [*rows, *meeting(missing, axes)]


def meeting(missing: set[Pair], axes: Axes) -> Iterator[Answers]:
    """Yields combinations until nothing is missing; each begins with a pair that is."""
    while missing:
        yield completed(dict(min(missing)), missing, axes)


def completed(begun: Answers, missing: set[Pair], axes: Axes) -> Answers:
    """The combination with answers to the other questions that bring the most missing pairs.

    The pairs of the result are taken out of `missing`.
    """
    row = dict(begun)
    for number, (question, offered) in enumerate(axes.items()):
        if question not in row:
            turned = islice(cycle(offered), number, number + len(offered))
            row[question] = max(turned, key=lambda choice: gain(row, question, choice, missing))
    row = {question: row[question] for question in axes}
    missing -= pairs(row)
    return row


def gain(row: Answers, question: str, choice: str, missing: set[Pair]) -> int:
    """How many missing pairs this answer would make with those given so far."""
    return sum(pair(item, (question, choice)) in missing for item in row.items())


def every_pair(axes: Axes) -> set[Pair]:
    """Any two choices of different questions."""
    items = [[(question, choice) for choice in offered] for question, offered in axes.items()]
    return {pair(a, b) for left, right in combinations(items, 2) for a in left for b in right}


def pairs(row: Answers) -> set[Pair]:
    """Every two answers of a combination."""
    return {pair(a, b) for a, b in combinations(row.items(), 2)}


def pair(a: tuple[str, str], b: tuple[str, str]) -> Pair:
    """Two answers in the order that all pairs are written in."""
    return (a, b) if a < b else (b, a)


def main() -> None:
    """Prints names as a JSON list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["suites", "presets"], default="suites")
    wanted = parser.parse_args().what
    names = presets() if wanted == "presets" else list(suites(load_questions()))
    print(json.dumps(names))


if __name__ == "__main__":
    main()
