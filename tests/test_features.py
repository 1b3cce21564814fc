"""The machinery behind "every combination", on examples small enough to see through."""

import json
import subprocess
import sys
from itertools import combinations as couples
from math import prod
from pathlib import Path
from types import ModuleType
from typing import Any

import combinations
import pytest
from renderer import Remembering, Template, Witness, pruned

QUESTIONS = {
    "name": "parrots",
    "use_wings": False,
    "nest": ["tree", "cage", "none"],
    "colour": ["green", "red"],
    "__features": {
        "use_wings": ["wings"],
        "nest=tree": ["tree.txt"],
        "nest=tree|cage": ["nest.txt"],
        "use_wings and nest=cage": ["clipped.txt"],
    },
    "_jinja2_env_vars": {"trim_blocks": True},
}
FILES = {
    "{{cookiecutter.name}}.txt": "{{ cookiecutter.colour }}\n",
    "wings/left.txt": "left\n",
    "tree.txt": "tree\n",
    "nest.txt": "{% if cookiecutter.nest == 'tree' %}\n{{ cookiecutter.colour }}\n{% endif %}\n",
    "clipped.txt": "clipped\n",
    "windows.txt": "one\r\ntwo {{ cookiecutter.nest }}\r\n",
    "picture.bin": "\0{{ cookiecutter.name }}\0",
}


@pytest.fixture
def parrots(tmp_path: Path) -> Template:
    """A template of seven files."""
    (tmp_path / "cookiecutter.json").write_text(json.dumps(QUESTIONS))
    for name, text in FILES.items():
        path = tmp_path / "{{cookiecutter.name}}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return Template(tmp_path)


def test_questions_with_choices_are_the_axes() -> None:
    assert combinations.choices(QUESTIONS) == {
        "use_wings": ["yes", "no"],
        "nest": ["tree", "cage", "none"],
        "colour": ["green", "red"],
    }


def test_questions_that_the_manifest_names_decide_about_files() -> None:
    assert combinations.structural(QUESTIONS) == ["use_wings", "nest"]


def test_suites_are_named_by_what_is_on() -> None:
    assert combinations.suites(QUESTIONS) == {
        "wings-tree": {"use_wings": "yes", "nest": "tree"},
        "wings-cage": {"use_wings": "yes", "nest": "cage"},
        "wings": {"use_wings": "yes", "nest": "none"},
        "tree": {"use_wings": "no", "nest": "tree"},
        "cage": {"use_wings": "no", "nest": "cage"},
        "bare": {"use_wings": "no", "nest": "none"},
    }


def test_providers_and_clouds_take_turns_in_the_suites(questions: dict[str, Any]) -> None:
    axes = combinations.choices(questions)
    suites = combinations.suites(questions)

    met = set().union(*map(combinations.pairs, suites.values()))

    own = [
        name for name in combinations.structural(questions) if name not in combinations.TAKING_TURNS
    ]
    assert len(suites) == prod(len(axes[question]) for question in own)
    assert met == combinations.every_pair(
        {question: axes[question] for question in combinations.structural(questions)}
    )
    assert not [name for name in suites if any(c in name for c in ("github", "cloud", "ecs"))]


def test_suites_leave_out_only_unit_tests_that_no_component_reaches(
    default_project: Any,
) -> None:
    unit_tests = default_project.folder / "tests" / "unit"
    features = combinations.load_questions()["__features"]

    repeated = combinations.repeated_tests(unit_tests)

    owned = [path for paths in features.values() for path in paths]
    rooms = {path.partition("/")[0] for path in repeated}
    assert rooms == set(combinations.CORE_ROOMS)
    assert {"training/test_fit.py", "data/test_kinds.py"} <= set(repeated)
    assert "training/origins" not in repeated, "components add origins of their own"
    assert not [path for path in repeated for one in owned if one == f"tests/unit/{path}"]
    assert not [path for path in repeated if not (unit_tests / path).exists()]


def test_the_workflow_reads_the_same_suites_and_presets(
    template: Path, questions: dict[str, Any]
) -> None:
    script = str(template / "tools" / "combinations.py")

    names, suites, presets = (
        json.loads(subprocess.run([sys.executable, script, *what], stdout=-1, check=True).stdout)
        for what in ([], ["suites"], ["presets"])
    )

    assert names == suites == list(combinations.suites(questions))
    assert {"bare", "dvc-streamlit-triton-s3"} <= set(names)
    assert presets == sorted(path.stem for path in (template / "presets").iterdir())


def test_the_machinery_and_the_hook_agree_on_what_is_on(
    questions: dict[str, Any], post_gen: ModuleType
) -> None:
    axes = combinations.choices(questions)
    names = combinations.structural(questions)
    rows = combinations.full_product({question: axes[question] for question in names})
    features = {**questions["__features"], "use_dvc and cloud=ecs|cloud_run": []}
    owning = {feature: [feature] for feature in features}

    for row in rows:
        given = {
            question: {"yes": True, "no": False}.get(row[question], row[question])
            for question in row
        }
        on = {feature for feature in features if combinations.is_on(feature, row)}
        assert on == set(features) - set(post_gen.unwanted_paths(owning, given))
    assert len(rows) == prod(len(axes[question]) for question in names)


def test_any_two_choices_meet_in_few_combinations(questions: dict[str, Any]) -> None:
    axes = combinations.choices(questions)

    rows = combinations.all_pairs(axes)

    met = {pair for row in rows for pair in couples(row.items(), 2)}
    wanted = {pair for row in combinations.full_product(axes) for pair in couples(row.items(), 2)}
    assert met == wanted
    assert len(rows) <= 45


def test_every_structure_comes_with_all_pairs_of_everything(questions: dict[str, Any]) -> None:
    axes = combinations.choices(questions)
    names = combinations.structural(questions)

    rows = combinations.every_structure(axes, names)

    structures = {tuple(row[name] for name in names) for row in rows}
    assert len(structures) == prod(len(axes[question]) for question in names)
    assert set().union(*map(combinations.pairs, rows)) == combinations.every_pair(axes)


def test_files_are_rendered_as_cookiecutter_does(parrots: Template) -> None:
    answers = parrots.answers({"colour": "red", "use_wings": "yes", "nest": "cage"})

    files = {file.path: file.data for file in parrots.files(answers)}

    assert files == {
        "parrots.txt": b"red\n",
        "wings/left.txt": b"left\n",
        "tree.txt": b"tree\n",
        "nest.txt": b"",
        "clipped.txt": b"clipped\n",
        "windows.txt": b"one\r\ntwo cage\r\n",
        "picture.bin": b"\0{{ cookiecutter.name }}\0",
    }


def test_a_file_is_rendered_once_for_what_it_asks(parrots: Template) -> None:
    rows = combinations.full_product(combinations.choices(QUESTIONS))

    files = {file for row in rows for file in parrots.files(parrots.answers(row))}

    times = [sum(file.path == path for file in files) for path in ("nest.txt", "tree.txt")]
    assert len(rows) == 12
    assert times == [3, 1]  # empty, green, red; and once for all


def test_an_answer_that_is_asked_for_only_sometimes_is_not_forgotten() -> None:
    asked: list[dict[str, Any]] = []

    def make(given: Witness) -> str:
        asked.append(dict.fromkeys(given))
        return "none" if given["nest"] == "none" else f"{given['colour']} {given['nest']}"

    remembering = Remembering(make)
    rows = [
        {"nest": nest, "colour": colour, "size": size}
        for nest in ("none", "tree")
        for colour in ("red", "green")
        for size in ("big", "small")
    ]

    assert [remembering(row) for row in rows] == [make(Witness(row)) for row in rows]
    assert len(asked) == 3 + len(rows)


def test_pruning_takes_folders_and_files_but_not_their_namesakes(parrots: Template) -> None:
    files = parrots.files(parrots.answers({}))

    left = {file.path for file in pruned(files, ["wings", "tree.txt", "nest"])}

    assert left == {"parrots.txt", "nest.txt", "clipped.txt", "windows.txt", "picture.bin"}
