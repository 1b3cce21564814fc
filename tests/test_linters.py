"""Other people's tools are asked about the files that they know, and what they find is told."""

import sys
from pathlib import Path

import pytest
import python_trees
import yaml
from dependencies import faults_of_dependencies
from linters import faults_of_files
from python_trees import faults_of_python, hidden, unseen
from renderer import File

pytestmark = pytest.mark.render

WORKFLOW = """name: x
on: push
permissions: {}
jobs:
  x:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          persist-credentials: false
"""
PINS = 'rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}\n'
PYPROJECT = """[project]
name = "x"
requires-python = ">=3.11"
dependencies = []
[tool.hatch.build.targets.wheel]
packages = ["src/x"]
"""


def file(path: str, text: str) -> File:
    return File(path, text.encode("utf-8"))


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (".github/dependabot.yml", "version: 2\nupdate: []\n", "dependabot: "),
        (".github/actions/x/action.yml", "name: x\nrun: {}\n", "github-actions: "),
        (".github/workflows/x.yml", "name: x\non: pusch\njobs: {}\n", "actionlint: "),
        (".github/workflows/x.yml", WORKFLOW, "unpinned action reference"),
        (".github/ISSUE_TEMPLATE/x.yml", "name: x\nbodi: []\n", "github-issue-forms: "),
        (".gitea/ISSUE_TEMPLATE/config.yml", "blank_issues_enabled: 1\n", "github-issue-config: "),
        ("renovate.json", '{"extends": 1}\n', "renovate: "),
        (".woodpecker/x.yaml", "steps: [{name: x, imagee: y}]\n", "woodpecker-ci: "),
        ("deployment/compose.s3.yaml", "services: {x: {imagee: y}}\n", "compose-spec: "),
        ("config/x.yaml", "x: 1\nx: 2\n", "duplication of key"),
        ("tools/x.sh", "#!/bin/sh\nrm $1\n", "SC2086"),
        ("deployment/x/Dockerfile", "FROM python\n", "DL3006"),
        ("deployment/x.Dockerfile", "FROM python\n", "DL3006"),
    ],
)
def test_a_fault_is_told_with_its_place(path: str, text: str, told: str, tmp_path: Path) -> None:
    lines = list(faults_of_files({"some-answers": [file(path, text)]}, tmp_path))

    assert [line for line in lines if told in line], "\n".join(lines)
    assert any(f"some-answers/{path}" in line for line in lines)


def test_the_projects_own_settings_are_read_and_judged_once(tmp_path: Path) -> None:
    workflow, pins = file(".github/workflows/x.yml", WORKFLOW), file(".github/zizmor.yml", PINS)
    again = file(".github/workflows/y.yml", WORKFLOW)

    lines = list(faults_of_files({"a": [workflow, pins], "b": [again, pins]}, tmp_path))

    assert lines == []


def test_the_templates_own_automation_is_clean(template: Path, tmp_path: Path) -> None:
    paths = sorted(path for path in (template / ".github").rglob("*") if path.is_file())
    own = [File(path.relative_to(template).as_posix(), path.read_bytes()) for path in paths]

    assert ".github/workflows/ci.yml" in [file.path for file in own]
    assert list(faults_of_files({"own": own}, tmp_path)) == []


def test_the_matrices_of_the_workflow_are_read(template: Path) -> None:
    workflow = yaml.safe_load((template / ".github/workflows/ci.yml").read_text("utf-8"))
    jobs = workflow["jobs"]
    printed = {step["id"]: step["run"] for step in jobs["combinations"]["steps"] if "id" in step}

    for name in ("suites", "presets"):
        matrix = f"${{{{ fromJSON(needs.combinations.outputs.{name}) }}}}"
        assert jobs[name]["strategy"]["matrix"] == {"name": matrix}
        assert f"tools/combinations.py {name})" in printed[name]
    assert any("nox -s long-names" in str(step) for step in jobs["long-names"]["steps"])


def test_charts_of_helm_are_no_yaml_yet(tmp_path: Path) -> None:
    chart = file("deployment/k8s/chart/templates/x.yaml", "{{- if .Values.x }}\nx: 1\n{{- end }}\n")

    assert list(faults_of_files({"a": [chart]}, tmp_path)) == []


def test_ruff_sees_a_file_again_when_folders_or_rules_change() -> None:
    pyproject = file("pyproject.toml", PYPROJECT)
    newer = file("pyproject.toml", PYPROJECT.replace("3.11", "3.12"))
    code, more = file("src/x/a.py", "import y\n"), file("src/y/b.py", "")
    seen: set[tuple[File, object]] = set()

    asked = [
        bool(unseen(files, seen))
        for files in ([code, pyproject], [code, pyproject], [code, newer], [code, more, newer])
    ]

    assert asked == [True, False, True, True]


def test_ruff_speaks_of_every_project(tmp_path: Path) -> None:
    pyproject, code = file("pyproject.toml", PYPROJECT), file("src/x/a.py", "import  os\n")

    lines = list(faults_of_python({"a": [code, pyproject], "b": [code, pyproject]}, tmp_path))

    assert [line for line in lines if "ruff check: a/src/x/a.py:1:9: F401" in line]
    assert [line for line in lines if "ruff format: " in line and "b/src/x/a.py" in line]


def test_a_ruff_that_dies_without_a_word_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    monkeypatch.setattr(python_trees, "RUFF", dying)

    lines = list(faults_of_python({"a": [file("pyproject.toml", PYPROJECT)]}, tmp_path))

    assert lines == ["ruff check: failed", "ruff format: failed"]


def test_an_ignored_folder_hides_its_files_and_an_exception_shows_one(tmp_path: Path) -> None:
    rules = file(".gitignore", "data/\n/raw/*\n!/raw/.gitkeep\n")
    files = [rules, file("src/data/a.py", ""), file("raw/.gitkeep", ""), file("raw/b", "")]

    assert hidden(files, tmp_path / "new") == ["src/data/a.py", "raw/b"]


def test_an_extra_may_be_for_tests_alone_but_not_for_nobody(tmp_path: Path) -> None:
    extras = '[project.optional-dependencies]\nload = ["locust[all]>=2"]\nmore = ["ladybird"]\n'
    pyproject = file("pyproject.toml", PYPROJECT.replace("[tool.hatch", f"{extras}[tool.hatch"))
    code, test = file("src/x/a.py", ""), file("tests/load/locustfile.py", "import locust\n")

    (fault,) = faults_of_dependencies([pyproject, code, test], tmp_path)

    assert fault.endswith("DEP002 'ladybird' defined as a dependency but not used in the codebase")


def test_imports_count_wherever_they_stand(tmp_path: Path) -> None:
    pyproject = file("pyproject.toml", PYPROJECT.replace("[]", '["pyyaml", "seaborn"]'))
    code = file("src/x/a.py", "def f():\n    import yaml, x.b\n    from torch.nn import Module\n")
    test = file("tests/test_a.py", "import os\nimport helpers, polars\n")

    faults = faults_of_dependencies([pyproject, code, test, file("tests/helpers.py", "")], tmp_path)

    assert sorted(fault.partition(" DEP")[2] for fault in faults) == [
        "001 'polars' imported but missing from the dependency definitions",
        "001 'torch' imported but missing from the dependency definitions",
        "002 'seaborn' defined as a dependency but not used in the codebase",
    ]
