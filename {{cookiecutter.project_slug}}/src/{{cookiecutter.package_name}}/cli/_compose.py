"""The Hydra tree for commands: composed, and explained when an override is wrong."""

import difflib
import re
from collections.abc import Iterator, Sequence

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import (
    InterpolationToMissingValueError,
    MissingMandatoryValue,
    OmegaConfBaseException,
)

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.utils.paths import config_dir, project_root

CONFIG_NAME = "config"


def register_resolvers() -> None:
    """Make `${root:outputs}` mean a path below the project root, from any working directory."""
    OmegaConf.register_new_resolver(
        "root", lambda relative: str(project_root() / relative), replace=True
    )


def compose(overrides: Sequence[str]) -> DictConfig:
    """The configuration that these command-line overrides make; ConfigError where they cannot."""
    try:
        return _composed(overrides)
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(explain(error, overrides)) from error
    except ValueError as error:  # Hydra's answer to `model=null` and `=3`
        raise ConfigError(f"{' '.join(overrides)}: {error}.") from error


def _composed(overrides: Sequence[str]) -> DictConfig:
    register_resolvers()
    GlobalHydra.instance().clear()  # `hydra.main` leaves its own state behind when it fails
    with initialize_config_dir(version_base="1.3", config_dir=str(config_dir())):
        return hydra_compose(CONFIG_NAME, overrides=list(overrides))


def known_keys(node: DictConfig, prefix: str = "") -> Iterator[str]:
    """Every dotted key of a composed configuration."""
    for key in node:
        dotted = f"{prefix}{key!s}"
        yield dotted
        child = None if OmegaConf.is_missing(node, str(key)) else node._get_node(str(key))
        if isinstance(child, DictConfig) and not child._is_none():
            yield from known_keys(child, f"{dotted}.")


def nearest(word: str, known: Sequence[str], cutoff: float = 0.75) -> str:
    """A closing question that names the nearest known word; empty where none is near.

    `cutoff` is between 0, where all is near, and 1.
    """
    close = difflib.get_close_matches(word, known, n=1, cutoff=cutoff) or _near_by_name(word, known)
    return f" Did you mean '{close[0]}'?" if close else ""


def _near_by_name(word: str, known: Sequence[str]) -> list[str]:
    """Keys of the same group whose own name is near, however deep: model.lrr, optimizer.lr."""
    group, name = word.split(".")[0], word.split(".")[-1]
    by_name = {key.split(".")[-1]: key for key in known if key.split(".")[0] == group}
    return [by_name[found] for found in difflib.get_close_matches(name, by_name, n=1)]


def _choices(group: str) -> list[str]:
    return sorted(path.stem for path in (config_dir() / group).glob("*.yaml"))


def _groups() -> list[str]:
    return sorted(path.name for path in config_dir().iterdir() if path.is_dir())


def _key_of(override: str) -> str:
    return override.split("=", 1)[0].lstrip("+~").split("@", 1)[0]


def _composes(overrides: Sequence[str]) -> DictConfig | None:
    try:
        return _composed(overrides)
    except (HydraException, OmegaConfBaseException):
        return None


def _known_after(overrides: Sequence[str], unknown: str) -> list[str]:
    """Keys of the configuration that the other overrides make."""
    others = [item for item in overrides if _key_of(item) != unknown]
    composed = _composes(others) or _composes([])
    return [*(known_keys(composed) if composed is not None else ()), *_groups()]


def explain(error: Exception, overrides: Sequence[str]) -> str:
    """One sentence for what Hydra says in several: the key, its value and the nearest right one."""
    text = str(error)
    if isinstance(error, OverrideParseException):
        return f"'{error.override}' is not an override: write key=value, such as model=cnn."
    if isinstance(error, MissingConfigException) and (
        missing := re.search(r"Could not find '([^']+)/([^'/]+)'", text)
    ):
        group, choice = missing.groups()
        known = _choices(group)
        return (
            f"{group}={choice}: there is no config/{group}/{choice}.yaml; "
            f"the choices are {', '.join(known)}.{nearest(choice, known, cutoff=0.5)}"
        )
    if unknown := re.search(r"Could not (?:override|append|delete).*?'([^']+)'", text):
        key = unknown.group(1).split("@")[0]
        return f"There is no key '{key}'.{nearest(key, _known_after(overrides, key))}"
    if isinstance(error, MissingMandatoryValue | InterpolationToMissingValueError):
        # An interpolation's own key has a value: the one that it points to has none.
        direct = isinstance(error, MissingMandatoryValue)
        key = re.search(r"full_key: (\S+)" if direct else r"mandatory value: (\S+)", text)
        return f"{key.group(1) if key else 'A key'} has no value yet: give it as key=value."
    said, _, place = text.partition("\n    full_key: ")
    return f"{place.split()[0]}: {said}." if place else " ".join(text.split())


def explain_target(error: Exception) -> str:
    """One sentence for a `_target_` that could not be called: its key, and what it says itself."""
    text = " ".join(str(error).split())
    where = re.search(r"full_key: (\S+)", text)
    unknown = re.search(r"unexpected keyword argument '([^']+)'", text)
    target = re.search(r"target '([^']+)'", text)
    if unknown and target:
        prefix = f"{where.group(1)}." if where else ""
        return f"There is no key '{prefix}{unknown.group(1)}': {target.group(1)} does not take it."
    said = " ".join(str(error.__cause__).split()) if error.__cause__ else ""
    return f"{where.group(1)}: {said}" if where and said else text
