"""The pages say what the code does: a name that no page mentions fails here."""

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
CONFIG = ROOT / "config"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMMANDS = sorted(PYPROJECT["project"]["scripts"])
GROUPS = sorted(path.name for path in CONFIG.iterdir() if path.is_dir())
CHOICES = sorted(path.relative_to(CONFIG).with_suffix("") for path in CONFIG.glob("*/*.yaml"))
SHIPPED = [choice for choice in CHOICES if choice.parent.name != "data"]
SOURCES = sorted(
    {
        yaml.safe_load(path.read_text(encoding="utf-8"))["source"]["_target_"]
        for path in CONFIG.glob("data/*.yaml")
    }
)


def page(name: str) -> str:
    """The core's page and those that components add to it: `commands.md`, `commands-*.md`."""
    stem = Path(name).stem
    pages = [REFERENCE / name, *sorted(REFERENCE.glob(f"{stem}-*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def section(text: str, heading: str) -> str:
    """From this heading to the next of its level."""
    level = heading.partition(" ")[0]
    _, found, rest = text.partition(f"\n{heading}")
    assert found, f"there is no heading '{heading}'"
    return re.split(rf"\n{level} ", rest, maxsplit=1)[0]


def errors(kind: type[ProjectError] = ProjectError) -> Iterator[type[ProjectError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from errors(below)


def keys_of(file: Path) -> set[str]:
    """The file's own first-level keys; not those that are Hydra's, or say what is built."""
    tree = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return {key for key in tree if key not in ("defaults", "hydra") and not key.startswith("_")}


@pytest.mark.parametrize("kind", list(errors()), ids=lambda kind: kind.__name__)
def test_every_error_is_explained_with_its_codes(kind: type[ProjectError]) -> None:
    row = f"| `{kind.__name__}` | {kind.exit_code} | {kind.http_status} |"

    assert row in page("errors.md")


@pytest.mark.parametrize("group", GROUPS)
def test_every_config_group_has_a_section(group: str) -> None:
    assert f"\n## `{group}`" in page("configuration.md")


@pytest.mark.parametrize("choice", SHIPPED, ids=str)
def test_every_config_choice_has_a_line(choice: Path) -> None:
    line = f"| `{choice.parent}={choice.name}` |"

    assert line in page("configuration.md"), f"say in configuration.md what {choice} is"


@pytest.mark.parametrize("source", SOURCES)
def test_every_kind_of_source_has_a_choice_with_a_line(source: str) -> None:
    """A data set of your own needs none: many choices may read from one kind of source."""
    documented = re.findall(r"^\| `data=(\w+)` \|", page("configuration.md"), re.MULTILINE)
    files = [(CONFIG / "data" / f"{name}.yaml").read_text(encoding="utf-8") for name in documented]

    assert source in [yaml.safe_load(text)["source"]["_target_"] for text in files]


def test_every_config_choice_that_is_documented_exists() -> None:
    documented = re.findall(r"^\| `(\w+)=(\w+)` \|", page("configuration.md"), re.MULTILINE)

    gone = {Path(group, name) for group, name in documented} - set(CHOICES)

    assert gone == set()


def test_every_experiment_says_what_it_is_for() -> None:
    silent = [
        file.name
        for file in (CONFIG / "experiment").glob("*.yaml")
        if not file.read_text(encoding="utf-8").partition("\n")[2].startswith("# ")
    ]

    assert silent == []


def test_every_config_key_has_a_line() -> None:
    text = page("configuration.md")
    files = [file for file in CONFIG.glob("*/*.yaml") if file.parent.name != "experiment"]

    top = keys_of(CONFIG / "config.yaml")
    keys = {f"{file.parent.name}.{key}" for file in files for key in keys_of(file)}

    assert sorted(key for key in top | keys if f"| `{key}` |" not in text) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_and_a_row_in_the_readme(command: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"\n## `{command}`\n" in page("commands.md")
    assert f"| `{command}` |" in readme


def test_every_command_module_has_a_console_script() -> None:
    folder = ROOT / "src" / "{{ cookiecutter.package_name }}" / "cli"
    verbs = [path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")]

    assert sorted(verb.replace("_", "-") for verb in verbs) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_in_its_section(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module(
        f"{{ cookiecutter.package_name }}.cli.{command.replace('-', '_')}",
    )
    with pytest.raises(SystemExit) as stopped:
        raise SystemExit(module.main(["--help"]))

    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", capsys.readouterr().out)) - {"--help"}
    text = section(page("commands.md"), f"## `{command}`")

    assert stopped.value.code == 0
    assert sorted(option for option in options if option not in text) == []


def test_every_route_is_described_with_its_refusals() -> None:
    from {{ cookiecutter.package_name }}_api.app import create_app

    paths = create_app().openapi()["paths"]

    missing = []
    for path, operations in paths.items():
        for method, operation in operations.items():
            text = section(page("api.md"), f"## `{method.upper()} {path}`\n")
            refusals = [status for status in operation["responses"] if status != "200"]
            missing += [(path, status) for status in refusals if status not in text]

    assert missing == []


def test_every_route_that_is_described_exists() -> None:
    from {{ cookiecutter.package_name }}_api.app import create_app

    paths = create_app().openapi()["paths"]
    described = re.findall(r"^## `([A-Z]+) (/[^`]*)`$", page("api.md"), re.MULTILINE)

    assert sorted(described) == sorted(
        (method.upper(), path) for path, operations in paths.items() for method in operations
    )


def test_every_variable_of_the_service_is_explained_with_its_default() -> None:
    from {{ cookiecutter.package_name }}_api.settings import Settings

    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    text = page("environment.md")
    wrong = []
    for field, about in Settings.model_fields.items():
        shown = f"`{about.default}`" if about.default is not None else ""
        row = re.search(rf"^\| `{field.upper()}` \| (.*?) \|", text, re.MULTILINE)
        if row is None or shown not in row[1] or f"# {field.upper()}=" not in example:
            wrong.append(field)

    assert wrong == []


def test_the_example_environment_and_the_page_name_the_same_variables() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^# ?([A-Z][A-Z_]+)=", example, re.MULTILINE)

    assert [name for name in named if f"| `{name}` |" not in page("environment.md")] == []


def test_what_the_examples_of_the_guide_import_exists() -> None:
    guide = (ROOT / "TEMPLATE_GUIDE.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    modules = [ast.parse(block) for block in blocks]
    imports = [node for module in modules for node in ast.walk(module)]

    missing = [
        f"{node.module}.{name.name}"
        for node in imports
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
        if not hasattr(importlib.import_module(node.module), name.name)
    ]

    assert len(modules) >= 4
    assert missing == []
