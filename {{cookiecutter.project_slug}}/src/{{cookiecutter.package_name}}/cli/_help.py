"""`--help` of the commands that take Hydra overrides; read from files, without importing Hydra."""

from collections.abc import Sequence

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import config_dir

_TEXT = """\
usage: {verb} [KEY=VALUE ...]

{summary}

choices (each a file config/GROUP/CHOICE.yaml; say GROUP=CHOICE):
{groups}

values: every key of those files and of config/config.yaml, as KEY=VALUE. A key that does not
exist is refused. `train --cfg job` prints all keys and values that your overrides make.

examples:
{examples}
"""


def asked_for(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for help."""
    return bool({"-h", "--help"} & set(arguments))


def _group_lines() -> list[str]:
    if not config_dir().is_dir():
        raise ConfigError(
            f"There is no folder '{config_dir()}': run this in a checkout of the project, or "
            "name one by PROJECT_ROOT."
        )
    folders = sorted(path for path in config_dir().iterdir() if path.is_dir())
    choices = {path.name: sorted(file.stem for file in path.glob("*.yaml")) for path in folders}
    return [f"  {group:<11} {', '.join(names)}" for group, names in choices.items() if names]


def text(verb: str, summary: str, examples: Sequence[str]) -> str:
    """What `<verb> --help` prints."""
    return _TEXT.format(
        verb=verb,
        summary=summary,
        groups="\n".join(_group_lines()),
        examples="\n".join(f"  {example}" for example in examples),
    )


def show(verb: str, summary: str, examples: Sequence[str]) -> int:
    """Print it; returns the exit code."""
    print(text(verb, summary, examples))
    return 0
