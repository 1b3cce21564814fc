"""Whether overridden values are of the kind that the configuration files have there.

Without this, `trainer.max_epochs=abc` would be found out by a library, after its import and in
words of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import config_dir


def _kind(value: object) -> str | None:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, ListConfig) else None


def _declared(group: str, choice: str, key: str) -> Any:
    """The value in the chosen file, or in the group's `default` that a choice may build on."""
    for name in (choice, "default"):
        path = config_dir() / group / f"{name}.yaml"
        if path.is_file():
            value = OmegaConf.select(OmegaConf.load(path), key, throw_on_resolution_failure=False)
            if value is not None:
                return value
    return None


def _problems(
    config: DictConfig, overrides: Iterable[str], choices: Mapping[str, str]
) -> Iterator[str]:
    for override in overrides:
        dotted = override.split("=", 1)[0]
        group, _, key = dotted.partition(".")
        if not key or group not in choices:
            continue
        declared, given = _declared(group, choices[group], key), OmegaConf.select(config, dotted)
        expected = _kind(declared)
        if expected and given is not None and _kind(given) != expected:
            yield f"{dotted}={given}: expected {expected}, such as {declared}."


def check(config: DictConfig, overrides: Iterable[str], choices: Mapping[str, str]) -> None:
    """ConfigError with a line for each override whose value is of another kind.

    `choices` says which file of each group was taken. `null` may stand anywhere: whether it can
    be used is for the reader of the key to say.
    """
    if problems := list(_problems(config, overrides, choices)):
        raise ConfigError("\n".join(problems))
