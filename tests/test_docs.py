"""The documents say what is there."""

import ast
import importlib.util
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def guide(template: Path) -> ModuleType:
    """The script that keeps the guides in step."""
    spec = importlib.util.spec_from_file_location("guide", template / "tools" / "guide.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages(template: Path) -> list[Path]:
    """Markdown of this repository; that of generated projects is checked by their own tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=template,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = [name for name in listed.stdout.split("\0") if name and not name.startswith("{")]
    return [template / name for name in found if (template / name).is_file()]


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.+)$", without_code(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def broken_links(page: Path) -> Iterator[str]:
    text = page.read_text("utf-8")
    prose = re.sub(r"`[^`\n]*`", "", without_code(text))
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        path, _, anchor = target.partition("#")
        found = page.parent / path if path else page
        if re.match(r"[a-z]+:", target):
            continue
        if not found.exists() or (anchor and anchor not in anchors(found.read_text("utf-8"))):
            yield f"{page.name}: {target}"


def named(pattern: str, *texts: str) -> set[str]:
    return {name for text in texts for name in re.findall(pattern, text)}


def test_the_two_guides_are_in_step(template: Path, guide: ModuleType) -> None:
    root = (template / "TEMPLATE_GUIDE.md").read_text("utf-8")
    project = guide.PROJECT_GUIDE.read_text("utf-8")

    assert guide.in_step(root, project) == root, "run: python tools/guide.py"
    assert root.count("<!-- chapter: ") >= 4


def test_a_chapter_that_changed_in_one_guide_is_copied_to_the_other(guide: ModuleType) -> None:
    root = "# Root\n\n<!-- chapter: One -->\nold\n<!-- end of chapter -->\nrest\n"
    project = "# Project\n\n## One\n\nIn `{{ cookiecutter.package_name }}`.\n\n## Two\n\nno\n"

    copied = guide.in_step(root, project)

    assert "## One\n\nIn `<package>`.\n<!-- end of chapter -->\nrest\n" in copied
    assert "old" not in copied
    assert "Two" not in copied


def test_both_guides_open_with_opinions(template: Path, guide: ModuleType) -> None:
    for path in (template / "TEMPLATE_GUIDE.md", guide.PROJECT_GUIDE):
        headings = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)

        assert headings[0] == "Opinions"


def test_what_holds_an_opinion_exists(guide: ModuleType, default_project: Any) -> None:
    opinions = guide.chapters_of(guide.PROJECT_GUIDE.read_text("utf-8"))["Opinions"]
    files = default_project.files()

    named_files = named(r"`([\w./-]+/[\w.-]*)`", opinions)
    missing = {
        name
        for name in named_files
        if not any(path.endswith(name) or f"/{name}" in f"/{path}" for path in files)
    }

    assert len(named_files) >= 6
    assert missing == set()


def test_links_lead_somewhere(template: Path) -> None:
    broken = [link for page in pages(template) for link in broken_links(page)]

    assert broken == []


def test_commands_of_the_readme_are_understood_by_the_entry_script(
    template: Path, dev: ModuleType
) -> None:
    text = (template / "README.md").read_text("utf-8")

    commands = named(r"python3 dev\.py (\w+)", text)

    assert commands == {"demo", "test", "nox"}
    for command in commands:
        assert dev.nox_arguments(command, ["-l"] if command == "nox" else [])


def test_sessions_that_are_documented_exist(template: Path) -> None:
    tree = ast.parse((template / "noxfile.py").read_text("utf-8"))
    sessions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    contributing = (template / "CONTRIBUTING.md").read_text("utf-8")
    root = (template / "TEMPLATE_GUIDE.md").read_text("utf-8")

    documented = named(r'nox -s "?(\w+)', contributing)
    table = root.partition("| session | checks |")[2].partition("\n\n")[0]
    documented |= {n.replace("-", "_") for n in named(r"(?m)^\| `([\w-]+)", table)}

    assert documented >= {"lint", "tests", "render", "suites", "demo", "bench"}
    assert documented - sessions == set()


def test_the_tree_of_the_readme_is_that_of_a_project(template: Path, default_project: Any) -> None:
    text = (template / "README.md").read_text("utf-8")
    tree = text.partition("```text\n")[2].partition("```")[0]
    shown = named(r"(?m)^([\w./<>]+)", tree)
    scripts = default_project.text("pyproject.toml").partition("[project.scripts]")[2]
    commands = named(r"(?m)^([\w-]+) = ", scripts.partition("\n\n")[0])

    files = default_project.files()
    package = next(path.split("/")[1] for path in files if path.startswith("src/"))
    wanted = {name.replace("<package>", package) for name in shown}

    assert {name for name in wanted if not any(p.startswith(name) for p in files)} == set()
    assert commands - named(r"`([\w-]+)`", text) == set()
