"""Every answer is either refused with its sentence or comes out byte for byte."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cookiecutter.exceptions import FailedHookException

GOOD = {
    "project_name": "Churn Model",
    "project_slug": "churn-model",
    "package_name": "churn_model",
    "description": "Who will leave.",
    "author_name": "Ada",
    "author_email": "ada@example.com",
    "organization": "Acme",
}
SLUG = (
    "must be at most 50 lower-case letters, digits and single hyphens, starting with a letter, "
    "for example churn-model."
)
PACKAGE = (
    "must be 2 to 30 lower-case letters, digits and underscores, starting with a letter, "
    "for example churn_model."
)
FOLDER = "is a name that projects give to a folder."
CONTROL = "must be one line without control characters."
REFUSED = [
    ("project_slug", "", f"project_slug '' {SLUG}"),
    ("project_slug", "Acme", f"project_slug 'Acme' {SLUG}"),
    ("project_slug", "a b", f"project_slug 'a b' {SLUG}"),
    ("project_slug", "../x", f"project_slug '../x' {SLUG}"),
    ("project_slug", "/abs", f"project_slug '/abs' {SLUG}"),
    ("project_slug", "a\n", f"project_slug 'a\\n' {SLUG}"),
    ("project_slug", "a--b", f"project_slug 'a--b' {SLUG}"),
    ("project_slug", "a-", f"project_slug 'a-' {SLUG}"),
    ("project_slug", "1a", f"project_slug '1a' {SLUG}"),
    ("project_slug", "$(touch x)", f"project_slug '$(touch x)' {SLUG}"),
    ("project_slug", "héé", f"project_slug 'h\\xe9\\xe9' {SLUG}"),
    ("project_slug", "a" * 51, f"project_slug '{'a' * 51}' {SLUG}"),
    ("project_slug", "a" * 300, f"project_slug '{'a' * 57}...' {SLUG}"),
    ("project_slug", "nul", "project_slug 'nul' is a device name that Windows reserves."),
    (
        "project_slug",
        "scikit-learn",
        "project_slug 'scikit-learn' is the name of a library, choose another.",
    ),
    ("package_name", "a", f"package_name 'a' {PACKAGE}"),
    ("package_name", "a-b", f"package_name 'a-b' {PACKAGE}"),
    ("package_name", "Acme", f"package_name 'Acme' {PACKAGE}"),
    ("package_name", "_a", f"package_name '_a' {PACKAGE}"),
    ("package_name", "a" * 31, f"package_name '{'a' * 31}' {PACKAGE}"),
    ("package_name", '"; import os', f"package_name '\"; import os' {PACKAGE}"),
    ("package_name", "class", "package_name 'class' is a word of the Python language."),
    ("package_name", "match", "package_name 'match' is a word of the Python language."),
    ("package_name", "json", "package_name 'json' would hide Python's own module of that name."),
    ("package_name", "torch", "package_name 'torch' would hide the library of that name."),
    ("package_name", "test", f"package_name 'test' {FOLDER}"),
    ("package_name", "tests", f"package_name 'tests' {FOLDER}"),
    ("package_name", "src", f"package_name 'src' {FOLDER}"),
    ("package_name", "com1", "package_name 'com1' is a device name that Windows reserves."),
    (
        "package_name",
        "churn_api",
        "package_name 'churn_api' must not end in _api: the service's package is <name>_api.",
    ),
    ("author_email", "ada", "author_email 'ada' must look like name@example.com."),
    ("author_email", "a@b", "author_email 'a@b' must look like name@example.com."),
    ("author_email", 'a"@b.c', "author_email 'a\"@b.c' must look like name@example.com."),
    ("author_email", "a@b.c\n", "author_email 'a@b.c\\n' must look like name@example.com."),
    ("project_name", "  ", "project_name '  ' must not be empty."),
    (
        "project_name",
        "x" * 300,
        f"project_name '{'x' * 57}...' is 300 characters long, at most 80 fit.",
    ),
    ("description", "a\nb", f"description 'a\\nb' {CONTROL}"),
    ("description", "a\x1b[2J", f"description 'a\\x1b[2J' {CONTROL}"),
    ("description", "a\x85b", f"description 'a\\x85b' {CONTROL}"),
    ("author_name", "a\u2028b", f"author_name 'a\\u2028b' {CONTROL}"),
    ("organization", "a\u2029b", f"organization 'a\\u2029b' {CONTROL}"),
    ("organization", "a\udc80", f"organization 'a\\udc80' {CONTROL}"),
    (
        "description",
        "{{ 7*7 }}",
        "description '{{ 7*7 }}' must not contain {{ (template syntax).",
    ),
    (
        "author_name",
        "{% raw %}",
        "author_name '{% raw %}' must not contain {% (template syntax).",
    ),
    ("project_name", "a {# b", "project_name 'a {# b' must not contain {# (template syntax)."),
]
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


@pytest.mark.parametrize(("question", "value", "sentence"), REFUSED, ids=lambda v: ascii(v)[:40])
def test_a_bad_answer_is_refused_in_one_sentence(
    pre_gen: ModuleType, question: str, value: str, sentence: str
) -> None:
    complaints = list(pre_gen.every_complaint({**GOOD, question: value}))

    assert complaints == [sentence]


def test_good_answers_are_not_complained_about(pre_gen: ModuleType) -> None:
    assert list(pre_gen.every_complaint(GOOD)) == []


@pytest.mark.parametrize("text", KEPT, ids=ascii)
def test_free_text_comes_out_byte_for_byte(bake: Callable[..., Any], text: str) -> None:
    answers = dict.fromkeys(["project_name", "description", "author_name", "organization"], text)
    names = {"project_slug": "churn-model", "package_name": "churn_model"}

    project = bake(git=False, license="MIT", **answers, **names)

    metadata = tomllib.loads(project.text("pyproject.toml"))["project"]
    assert metadata["description"] == text
    assert metadata["authors"][0]["name"] == text
    assert f"Copyright (c) {text}\n" in project.text("LICENSE")


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


@pytest.mark.parametrize("question", ["license", "python_version", "torch_build"])
def test_an_unknown_choice_is_refused_with_the_known_ones(
    bake: Callable[..., Any], questions: dict[str, Any], question: str
) -> None:
    known = questions[question][-1]

    with pytest.raises(ValueError, match=f"{question}, but the choices are .*{known}"):
        bake(**{question: "nonsense"})


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


def test_every_dependency_of_the_project_is_a_name_that_a_package_may_not_take(
    default_project: Any, pre_gen: ModuleType
) -> None:
    document = tomllib.loads(default_project.text("pyproject.toml"))
    metadata = document["project"]
    groups = [
        metadata["dependencies"],
        *metadata["optional-dependencies"].values(),
        *document["dependency-groups"].values(),
    ]
    listed = [requirement for group in groups for requirement in group]

    names = {pre_gen.re.split(r"[\[<>=!~; ]", line)[0].replace("-", "_") for line in listed}

    assert names - {metadata["name"].replace("-", "_")} <= pre_gen.LIBRARIES
