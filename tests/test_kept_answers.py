"""Answers through cookiecutter itself: kept byte for byte, or refused with nothing left behind."""

import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

KEPT = [
    'say "hi"',
    "back\\slash",
    "ends with \\",
    'both \\" at once \\',
    "it's",
    "'''",
    '"""',
    "\\u0041 \\n",
    "emoji 🐍🔬",
    "עברית and العربية",
    "\u202eright to left\u202c",
    "$(touch x) `touch x`",
    '"; import os; os.abort() #',
    "a: b - [c] & *d !e %f",
    "<b>&amp;</b> | table",
    "{one brace} %s {0}",
    "ünïcödé 名前",
]


@pytest.mark.parametrize("text", KEPT, ids=ascii)
def test_free_text_comes_out_byte_for_byte(bake: Callable[..., Any], text: str) -> None:
    answers = dict.fromkeys(["project_name", "description", "author_name", "organization"], text)
    names = {"project_slug": "churn-model", "package_name": "churn_model"}

    project = bake(git=False, license="MIT", **answers, **names)

    metadata = tomllib.loads(project.text("pyproject.toml"))["project"]
    assert metadata["description"] == text
    assert metadata["authors"][0]["name"] == text
    assert f"Copyright (c) {text}\n" in project.text("LICENSE")


@pytest.mark.parametrize(
    ("name", "slug", "package"),
    [
        ("Überaus Große Namen", "uberaus-grosse-namen", "uberaus_grosse_namen"),
        ("A" * 80, "a" * 50, "a" * 30),
        ("Churn & Retention (2026)", "churn-retention-2026", "churn_retention_2026"),
    ],
)
def test_names_derived_from_a_project_name_are_good(
    bake: Callable[..., Any], name: str, slug: str, package: str
) -> None:
    project = bake(git=False, project_name=name)

    assert project.folder.name == slug
    assert (project.folder / "src" / package).is_dir()


def test_all_complaints_come_at_once_and_nothing_is_left_behind(
    bake: Callable[..., Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = {"package_name": "torch", "author_email": "nobody", "description": " "}

    with pytest.raises(FailedHookException):
        bake(project_slug="churn-model", **bad)

    said = [line for line in capfd.readouterr().err.splitlines() if line.startswith("error: ")]
    assert said == [
        "error: description ' ' must not be empty.",
        "error: package_name 'torch' would hide the library of that name.",
        "error: author_email 'nobody' must look like name@example.com.",
    ]
    assert list(tmp_path.iterdir()) == []


def test_template_syntax_typed_at_the_prompt_is_refused(
    bake: Callable[..., Any], capfd: pytest.CaptureFixture[str]
) -> None:
    typed = "{% raw %}{{ 7*7 }}{% endraw %}"  # as extra context: renders to what a user would type

    with pytest.raises(FailedHookException):
        bake(description=typed)

    assert "description '{{ 7*7 }}' must not contain {{" in capfd.readouterr().err


@pytest.mark.parametrize(
    "question",
    [
        "license",
        "python_version",
        "torch_build",
        "dashboard",
        "dataset_storage",
        "ci_provider",
        "cloud",
    ],
)
def test_an_unknown_choice_is_refused_with_the_known_ones(
    bake: Callable[..., Any], questions: dict[str, Any], question: str
) -> None:
    known = questions[question][-1]

    with pytest.raises(ValueError, match=f"{question}, but the choices are .*{known}"):
        bake(**{question: "nonsense"})


@pytest.fixture
def replay(template: Path, tmp_path: Path, bake_into: Callable[..., Any]) -> Callable[..., Any]:
    """Bakes from a replay file in which some values were changed by hand."""

    def replayed(**changes: Any) -> Path:
        context = tmp_path / "replay"
        bake_into(tmp_path / "first", git=False, project_slug="churn")
        saved = Path(os.environ["COOKIECUTTER_CONFIG"]).parent / f"{template.name}.json"
        document = json.loads(saved.read_text("utf-8"))
        document["cookiecutter"].update(changes)
        context.mkdir()
        (context / "answers.json").write_text(json.dumps(document), "utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ML_TEMPLATE_SKIP", "all")
            return Path(
                cookiecutter(
                    str(template),
                    output_dir=str(tmp_path / "second"),
                    replay=str(context / "answers.json"),
                )
            )

    return replayed


def test_a_replay_gives_the_same_project(replay: Callable[..., Any]) -> None:
    assert (replay() / "pyproject.toml").is_file()


@pytest.mark.parametrize(
    ("question", "value", "sentence"),
    [
        ("license", "WTFPL", "license 'WTFPL' must be one of Apache-2.0, MIT, "),
        ("python_version", "2.7", "python_version '2.7' must be one of 3.11, "),
        ("use_dvc", "perhaps", "use_dvc 'perhaps' must be true or false."),
        ("__description_q", 'x"', "__description_q does not fit description: leave it out"),
        ("__features", {"use_dvc": []}, "__features is not that of this template: leave it out"),
    ],
)
def test_a_replay_file_is_checked_like_answers(
    replay: Callable[..., Any],
    capfd: pytest.CaptureFixture[str],
    question: str,
    value: Any,
    sentence: str,
) -> None:
    with pytest.raises(FailedHookException):
        replay(**{question: value})

    assert f"error: {sentence}" in capfd.readouterr().err
