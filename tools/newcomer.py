"""A newcomer's component in a copy of the template, for the tests that plant mistakes in it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from combinations import choices, load_questions
from renderer import Template
from survey import Survey

PROJECT = "{{cookiecutter.project_slug}}"
MODULE = "src/{{cookiecutter.package_name}}/integrations/parrot.py"
TEST = "tests/unit/integrations/test_parrot.py"
PAGE = "docs/how-to/parrot.md"
WORKFLOW = ".github/workflows/parrot.yml"
FEATURES = {
    "use_parrot": [MODULE, TEST, PAGE],
    "use_parrot and ci_provider=github": [WORKFLOW],
}
FILES = {
    MODULE: '''"""Repeats what a model says."""

from parrot_client import Parrot


def repeat(text: str) -> str:
    """The same text, said by a bird."""
    return Parrot().say(text)
''',
    TEST: """from {{ cookiecutter.package_name }}.integrations.parrot import repeat


def test_a_parrot_repeats() -> None:
    assert repeat("hello") == "hello"
""",
    PAGE: """# Let a parrot repeat predictions

Install the extra `parrot`, then:

```python
from {{ cookiecutter.package_name }}.integrations.parrot import repeat
```
""",
    WORKFLOW: """{% raw %}name: parrot
on: push
permissions: {}
jobs:
  repeat:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$COMMIT"
        env:
          COMMIT: ${{ github.sha }}
{% endraw %}
""",
}
EXTRA = """{% if cookiecutter.use_parrot %}
parrot = ["parrot-client>=1"]
{% endif %}
"""
ROW = """{% if cookiecutter.use_parrot %}

A parrot can repeat predictions: [how](docs/how-to/parrot.md).
{% endif %}
"""


@dataclass(frozen=True)
class Newcomer:
    """A copy of the template with a component more, and what the machinery says about it."""

    folder: Path
    unwanted_paths: Callable[..., Any]

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces the first occurrence in a file of the project; `old` may be empty."""
        file = self.folder / PROJECT / path
        text = file.read_bytes().decode("utf-8") if file.exists() else ""
        assert old in text
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((text.replace(old, new, 1) if old else text + new).encode("utf-8"))

    def edit_questions(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Changes cookiecutter.json."""
        questions = load_questions(self.folder)
        edit(questions)
        (self.folder / "cookiecutter.json").write_text(json.dumps(questions), "utf-8")

    def faults(self) -> list[str]:
        """What is wrong with the projects with and without the component that names it."""
        template = Template(self.folder)
        survey = Survey(template, self.unwanted_paths)
        axes = choices(template.questions)
        first = {question: offered[0] for question, offered in axes.items()}
        for wanted in ("yes", "no"):
            for provider in axes["ci_provider"]:
                survey.visit({**first, "use_parrot": wanted, "ci_provider": provider})
        faults = survey.judge(self.folder / "judged")
        return [fault.replace("-parrot/", "/") for fault in faults]  # folders are named by answers


def new_component(template: Path, folder: Path, unwanted_paths: Callable[..., Any]) -> Newcomer:
    """A copy of the template with the component, in which there is no mistake yet."""
    for part in ("templates", PROJECT):
        shutil.copytree(
            template / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(template / "cookiecutter.json", folder)
    made = Newcomer(folder, unwanted_paths)
    made.edit_questions(lambda questions: add_component(questions, folder / PROJECT))
    for path, text in FILES.items():
        made.edit(path, "", text)
    made.edit("pyproject.toml", "\n[project.scripts]", f"{EXTRA}\n[project.scripts]")
    made.edit("README.md", "", ROW)
    return made


def add_component(questions: dict[str, Any], project: Path) -> None:
    """One question, and its lines in the manifest, where folders make room for files of its own."""
    questions["use_parrot"] = False
    questions["__features"] = {
        feature: [file for path in owned for file in files_below(project, path)]
        for feature, owned in questions["__features"].items()
    } | FEATURES


def files_below(project: Path, path: str) -> list[str]:
    """The path itself, or the files of a folder that other components may have a share in."""
    if path not in (".github", ".github/workflows"):
        return [path]
    files = [file for file in (project / path).rglob("*") if file.is_file()]
    return sorted(file.relative_to(project).as_posix() for file in files)
