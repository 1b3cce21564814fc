"""A path that is missing from the manifest leaves something behind, and that is told.

Words give most of it away; what has a neutral name is known by its users, all of which are gone.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import combinations
import pytest
from own_modules import faults_of_modules
from renderer import File, Template
from survey import Survey

pytestmark = pytest.mark.render

PYPROJECT = """[project]
name = "x"
scripts = {go = "x.cli.go:main"}
[tool.hatch.build.targets.wheel]
packages = ["src/x"]
[tool.pytest.ini_options]
pythonpath = ["tests/fixtures"]
[tool.coverage.run]
omit = ["x.utils.serving"]
"""
SERVING = "src/x/utils/serving.py"
HELPER = "tests/fixtures/transport.py"
PAD = "src/x/utils/pad.js"


class Forgetful(Template):
    """The template, but one path of its manifest is forgotten."""

    def __init__(self, whole: Template, feature: str, number: int) -> None:
        self.__dict__.update(vars(whole))
        self._forgotten = (feature, number)
        self.questions = self._without(whole.questions)

    def answers(self, given: Mapping[str, str]) -> dict[str, Any]:
        return self._without(super().answers(given))

    def _without(self, questions: Mapping[str, Any]) -> dict[str, Any]:
        feature, number = self._forgotten
        features = dict(questions["__features"])
        features[feature] = [*features[feature][:number], *features[feature][number + 1 :]]
        return {**questions, "__features": features}


def off(questions: dict[str, Any], feature: str) -> Iterator[dict[str, str]]:
    """Combinations in which the feature is off and all that it does not ask about is on."""
    axes = combinations.choices(questions)
    on = {q: next(c for c in offered if c not in combinations.OFF) for q, offered in axes.items()}
    asked = {question: axes[question] for question, _ in combinations.conditions(feature)}
    for row in combinations.full_product(asked):
        if not combinations.is_on(feature, row):
            yield {**on, **row}


def test_every_path_of_the_manifest_is_missed(template: Path, post_gen: ModuleType) -> None:
    whole = Template(template)
    features = whole.questions["__features"]
    full = whole.answers({})["__features"]
    unseen = []
    for feature in features:
        for number, path in enumerate(full[feature]):
            survey = Survey(Forgetful(whole, feature, number), post_gen.unwanted_paths)
            for row in off(whole.questions, feature):
                survey.visit(row)
            if not any(fault.startswith(path) for fault in survey.faults):
                unseen.append(f"{path} of {feature}: {list(survey.faults)}")

    assert unseen == []
    assert sum(map(len, features.values())) > 50


def faults(files: Mapping[str, str]) -> list[str]:
    """What is told of a project with these files, one of each kind that may be left behind."""
    left = {SERVING: "ADDRESS = 1\n", HELPER: "def call(): ...\n", PAD: "draw()\n"}
    texts = {"pyproject.toml": PYPROJECT, "src/x/cli/go.py": "", **left, **files}
    return list(faults_of_modules([File(path, text.encode()) for path, text in texts.items()]))


ALL = [
    f"{SERVING} is used by nothing",
    f"{HELPER} is used by nothing",
    f"{PAD} is mentioned by nothing",
]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/x/cli/go.py", '"""serving, transport; see x.utils.serving."""\nserving = 1\n'),
        ("tests/test_go.py", "from x.utils import serving\nassert 'transport'\n"),
        ("config/go.yaml", "serving: transport  # _target_: x.utils.serving.Serving\n"),
        ("docs/go.md", "Serving is x.utils.serving, the transport, the pad\n"),
        ("src/x/cli/other_pad.js.py", "import y.utils.serving\n"),
    ],
)
def test_words_alike_are_no_use(path: str, text: str) -> None:
    told = faults({path: text})

    assert [fault for fault in told if fault in ALL] == ALL


@pytest.mark.parametrize(
    ("path", "text", "used"),
    [
        ("src/x/cli/go.py", "import x.utils.serving\n", SERVING),
        ("src/x/cli/go.py", "from x.utils import serving\n", SERVING),
        ("src/x/cli/go.py", "from x.utils.serving import ADDRESS\n", SERVING),
        ("src/x/cli/go.py", "from ..utils import serving\n", SERVING),
        ("src/x/cli/go.py", "from ..utils.serving import *\n", SERVING),
        ("src/x/cli/go.py", "import_module('x.utils.serving')\n", SERVING),
        ("src/x/cli/go.py", "run(python, '-m', 'x.utils.serving')\n", SERVING),
        ("config/go.yaml", "go: {_target_: x.utils.serving.Address.of}\n", SERVING),
        ("tools/just/go.just", "go:\n    uv run python -m x.utils.serving\n", SERVING),
        ("api.Dockerfile", 'CMD ["uvicorn", "x.utils.serving:app"]\n', SERVING),
        ("pyproject.toml", PYPROJECT.replace("x.cli.go", "x.utils.serving"), SERVING),
        ("docs/go.md", "from x.utils.serving import ADDRESS\n", SERVING),
        ("tests/test_go.py", "from transport import call\n", HELPER),
        ("tests/conftest.py", 'pytest_plugins = ["transport"]\n', HELPER),
        ("src/x/cli/go.py", "files(__package__).joinpath('pad.js')\n", PAD),
    ],
)
def test_each_way_of_use_counts(path: str, text: str, used: str) -> None:
    told = faults({path: text})

    assert [fault for fault in ALL if fault not in told] == [f for f in ALL if used in f]


def test_fixtures_for_no_test_are_told() -> None:
    conftest, test = "tests/unit/pages/conftest.py", "tests/unit/pages/deep/test_a.py"

    assert f"{conftest} serves no test" in faults({conftest: ""})
    assert f"{conftest} serves no test" not in faults({conftest: "", test: ""})


def test_an_import_of_what_is_pruned_is_told_however_it_is_written() -> None:
    for text in ("from ..utils import gone", "import x.utils.gone", "from x.utils.gone import a"):
        told = faults({"src/x/cli/go.py": f"{text}\n"})
        assert [fault for fault in told if "go.py imports x.utils.gone" in fault], text
