"""A newcomer adds a component, as TEMPLATE_GUIDE says, and makes every mistake once.

Each mistake is planted in a copy of the template, and must be told in a sentence. The one about a
hook that stages files under cruft is planted in test_upgrade_tool.py, where updates are made.
"""

from pathlib import Path
from types import ModuleType

import pytest
from newcomer import FEATURES, MODULE, PAGE, TEST, WORKFLOW, Newcomer, new_component

pytestmark = pytest.mark.render
PACKAGE = "{{ cookiecutter.package_name }}"
SHIPPED = "src/{{cookiecutter.package_name}}"


@pytest.fixture
def newcomer(template: Path, tmp_path: Path, post_gen: ModuleType) -> Newcomer:
    """The component without a mistake."""
    return new_component(template, tmp_path, post_gen.unwanted_paths)


def test_a_component_without_a_mistake_passes(newcomer: Newcomer) -> None:
    assert newcomer.faults() == []


MISTAKES = {
    "named outside a block": (
        ("README.md", "", "\nParrots are supported, see use_parrot.\n"),
        "README.md names use_parrot, which is off, in line ",
    ),
    "imported, not declared": (
        (MODULE, "from parrot_client", "import macaw\nfrom parrot_client"),
        "DEP001 'macaw' imported but missing from the dependency definitions",
    ),
    "imported by a test, not declared": (
        (TEST, "from {{", "import macaw\nfrom {{"),
        "DEP001 'macaw' imported but missing from the dependency definitions",
    ),
    "declared, not imported": (
        ("pyproject.toml", '"parrot-client>=1"', '"parrot-client>=1", "macaw"'),
        "DEP002 'macaw' defined as a dependency but not used in the codebase",
    ),
    "declared whether on or off": (
        ("pyproject.toml", "dependencies = [", 'dependencies = [\n    "parrot-client",'),
        "pyproject.toml names use_parrot, which is off, in line ",
    ),
    "an unrendered brace": (
        (WORKFLOW, "ubuntu-latest", "{{ cookiecutter.project_slug }}"),
        f"{WORKFLOW}: template syntax left: runs-on: {{{{ cookiecutter.project_slug }}}}",
    ),
    "an unrendered brace without spaces": (
        (WORKFLOW, "ubuntu-latest", "{{cookiecutter.project_slug}}"),
        f"{WORKFLOW}: template syntax left: runs-on: {{{{cookiecutter.project_slug}}}}",
    ),
    "an unrendered brace that looks like GitHub's": (
        (WORKFLOW, "github.sha", "cookiecutter.project_slug"),
        f"{WORKFLOW}: template syntax left: COMMIT: ${{{{ cookiecutter.project_slug }}}}",
    ),
    "a workflow with a wrong key": (
        (WORKFLOW, "runs-on:", "run-on:"),
        f"{WORKFLOW}::$.jobs.repeat",
    ),
    "a workflow that anybody can inject into": (
        (WORKFLOW, '"$COMMIT"', '"${{ github.event.head_commit.message }}"'),
        "zizmor: ::error file=",
    ),
    "a shell that loses a variable": (
        (WORKFLOW, '"$COMMIT"', "$COMMIT"),
        "shellcheck reported issue in this script: SC2086",
    ),
    "source that git ignores": (
        (".gitignore", "", "\nintegrations/\n"),
        "integrations/parrot.py is hidden by .gitignore",
    ),
    "code that is not formatted": (
        (MODULE, "Parrot().say(text)", "Parrot( ).say(text)"),
        "parrot.py",
    ),
    "an import that nobody uses": (
        (MODULE, "import Parrot", "import Cage, Parrot"),
        "F401 [*] `parrot_client.Cage` imported but unused",
    ),
    "a module that nobody uses without the component": (
        (f"{SHIPPED}/utils/parrot_words.py", "", '"""Words."""\n'),
        "utils/parrot_words.py is used by nothing",
    ),
    "a module with an ordinary name that only the component uses": (
        (f"{SHIPPED}/schemas/answers.py", "", '"""What a bird may say."""\n'),
        "schemas/answers.py is used by nothing",
    ),
    "a picture that only the component shows": (
        (f"{SHIPPED}/inference/cage.svg", "", "<svg/>\n"),
        "inference/cage.svg is mentioned by nothing",
    ),
    "a helper of tests that only the component's use": (
        ("tests/fixtures/seeds.py", "", '"""What a bird eats."""\n'),
        "tests/fixtures/seeds.py is used by nothing",
    ),
    "an import of what is pruned": (
        (
            f"{SHIPPED}/utils/paths.py",
            "\nimport ",
            f"\nimport {PACKAGE}.integrations.parrot\nimport ",
        ),
        "integrations.parrot, which is not there",
    ),
    "an import of what never was": (
        (MODULE, "from parrot_client", f"from {PACKAGE}.utils import feathers\nfrom parrot_client"),
        "utils.feathers, which is not there",
    ),
    "Python that does not parse": (
        (TEST, "assert repeat", "assert assert repeat"),
        f"{TEST}: does not parse: ",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_file_is_told(newcomer: Newcomer, mistake: str) -> None:
    edit, told = MISTAKES[mistake]
    newcomer.edit(*edit)

    faults = newcomer.faults()

    assert [fault for fault in faults if told in fault], "\n".join(faults)


@pytest.mark.parametrize("path", FEATURES["use_parrot"])
def test_a_path_missing_from_the_manifest_is_told(newcomer: Newcomer, path: str) -> None:
    newcomer.edit_questions(lambda questions: questions["__features"]["use_parrot"].remove(path))

    faults = newcomer.faults()

    name = path.rpartition("/")[2]
    assert [f for f in faults if f"{name} names use_parrot, which is off, in its name" in f]


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (["docs/parrot.md"], "gives docs/parrot.md to use_parrot, but the template has no such"),
        ([PAGE, PAGE], f"gives {PAGE} twice: to use_parrot and to use_parrot"),
        (["docs", PAGE], f"gives {PAGE} to use_parrot, but it lies below docs of use_parrot"),
    ],
)
def test_a_manifest_that_claims_wrongly_is_told(
    newcomer: Newcomer, paths: list[str], told: str
) -> None:
    newcomer.edit_questions(lambda questions: questions["__features"].update(use_parrot=paths))

    assert [fault for fault in newcomer.faults() if told in fault]
