"""The composed Hydra tree, checked: every key of it has a place here or in a `_target_`."""

from typing import Any, Literal, Self

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError, OmegaConfBaseException
from pydantic import ValidationError

from {{ cookiecutter.package_name }}.cli._compose import explain
from {{ cookiecutter.package_name }}.schemas.dataset import Record
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


class LoggingSettings(Record):
    """Group `logging`."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    format: Literal["text", "json"]


class MlflowSettings(Record):
    """Group `mlflow`."""

    enabled: bool
    tracking_uri: str | None


class TrainSettings(Record):
    """`config.yaml` with its groups; `data`, `model` and `trainer` go on to what they name."""

    env: str
    lifecycle_intent: str
    debug: bool
    seed: int
    resume: str
    data: dict[str, Any]
    model: dict[str, Any]
    trainer: dict[str, Any]
    logging: LoggingSettings
    mlflow: MlflowSettings

    @classmethod
    def of(cls, config: DictConfig) -> Self:
        """Check a composed configuration; ConfigError names each key that does not fit."""
        try:
            return cls.model_validate(_plain(config))
        except ValidationError as error:
            raise ConfigError(_sentences(error)) from error
        except OmegaConfBaseException as error:
            raise ConfigError(explain(error, ())) from error

    def as_yaml(self) -> str:
        """What the run was, every value resolved."""
        return str(OmegaConf.to_yaml(OmegaConf.create(self.model_dump(mode="json"))))

    @property
    def data_name(self) -> str:
        """Folder of the prepared data below `data/processed/`."""
        return str(self.data["name"])


def _plain(config: DictConfig) -> dict[str, Any]:
    """Every value resolved, but for those of `data` that only `prepare` must be given."""
    tree: dict[str, Any] = {}
    for key in config:
        name = str(key)
        node = config._get_node(name)
        if not isinstance(node, DictConfig):
            tree[name] = config[name]
            continue
        needed = name != "data"
        try:
            tree[name] = OmegaConf.to_container(node, resolve=True, throw_on_missing=needed)
        except InterpolationToMissingValueError:
            if needed:
                raise
            tree[name] = OmegaConf.to_container(node, resolve=False)
    return tree


def _sentences(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(map(str, problem["loc"]))
        if problem["type"] == "extra_forbidden":
            lines.append(f"There is no key '{key}': nothing reads it.")
        elif problem["type"] == "missing":
            lines.append(f"The key '{key}' is missing.")
        else:
            lines.append(f"{key}={problem['input']!r}: {problem['msg']}.")
    return "\n".join(lines)


def flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Dotted keys and their values as text: the parameters of a run."""
    items: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            items |= flat(value, f"{prefix}{key}.")
        else:
            items[f"{prefix}{key}"] = str(value)
    return items
