"""Keeps the two guides in step: `python tools/guide.py`.

The project's guide is the source. Chapters that this repository's guide needs as well stand there
between markers, and are copied from it.
"""

import re
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
ROOT_GUIDE = TEMPLATE / "TEMPLATE_GUIDE.md"
PROJECT_GUIDE = TEMPLATE / "{{cookiecutter.project_slug}}" / "TEMPLATE_GUIDE.md"
MARKED = re.compile(
    r"(?P<begin><!-- chapter: (?P<title>[^\n]+) -->\n).*?(?P<end><!-- end of chapter -->)",
    re.DOTALL,
)
ANSWERS = {
    "{{ cookiecutter.package_name }}": "<package>",
    "{{ cookiecutter.project_slug }}": "<slug>",
    "{{ cookiecutter.project_name }}": "<name>",
}


def in_step(root_guide: str, project_guide: str) -> str:
    """The root's guide with each marked chapter as the project's guide has it now.

    Raises KeyError for a chapter that the project's guide lacks.
    """
    chapters = chapters_of(project_guide)

    def copied(found: re.Match[str]) -> str:
        return f"{found['begin']}{chapters[found['title']]}\n{found['end']}"

    return MARKED.sub(copied, root_guide)


def chapters_of(guide: str) -> dict[str, str]:
    """Chapters by title, headings included; names that answers decide are shown as `<package>`."""
    for expression, shown in ANSWERS.items():
        guide = guide.replace(expression, shown)
    parts = re.split(r"^## ", guide, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: f"## {part.strip()}" for part in parts}


def main() -> None:
    """Rewrites the root's guide where it fell behind."""
    text = ROOT_GUIDE.read_text(encoding="utf-8")
    ROOT_GUIDE.write_text(in_step(text, PROJECT_GUIDE.read_text(encoding="utf-8")), "utf-8")


if __name__ == "__main__":
    main()
