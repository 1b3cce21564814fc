"""What the `data` node of the configuration says besides its source: checked, with no defaults."""

import difflib
import hashlib
import math
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.schemas.dataset import Record, Task
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

Kind = Literal["number", "category"]
Text = Annotated[str, BeforeValidator(category_text)]
"""A name or label; YAML and Hydra read an unquoted 1 as a number and true as a boolean."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class ColumnRule(Record):
    """What must hold in one column; what is not said is not checked."""

    kind: Kind | None = None
    min: float | None = Field(default=None, allow_inf_nan=False)
    max: float | None = Field(default=None, allow_inf_nan=False)
    nullable: bool = True
    values: tuple[Text, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ranged = self.min is not None or self.max is not None
        if ranged and (self.kind == "category" or self.values is not None):
            raise ValueError("min and max are for numbers")
        if self.values is not None and self.kind == "number":
            raise ValueError("values are for categories; say min and max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self

    @property
    def stated_kind(self) -> Kind | None:
        """The kind as said, or as the other rules imply."""
        if self.kind is None and (self.min is not None or self.max is not None):
            return "number"
        return "category" if self.kind is None and self.values is not None else self.kind


class Contract(Record):
    """What the data must look like. Keys of `columns` are names or patterns such as `pixel_*`."""

    columns: dict[Text, ColumnRule]
    classes: tuple[Text, ...] | None = Field(min_length=1)

    def rule(self, column: str) -> ColumnRule:
        """The rule of that name; else the first pattern that fits; else none."""
        if column in self.columns:
            return self.columns[column]
        fitting = (rule for name, rule in self.columns.items() if fnmatchcase(column, name))
        return next(fitting, ColumnRule())


class SplitPlan(Record):
    """Shares of the rows, by a hash that `salt` changes."""

    salt: Text
    train: float = Field(gt=0, lt=1)
    val: float = Field(gt=0, lt=1)
    test: float = Field(gt=0, lt=1)

    @model_validator(mode="after")
    def _is_everything(self) -> Self:
        if abs(self.train + self.val + self.test - 1) > 1e-6:
            total = self.train + self.val + self.test
            raise ValueError(f"train, val and test add up to {total:g}, expected 1")
        return self


class Plan(Record):
    """How raw rows become a prepared data set; `config/data/table.yaml` explains each key."""

    name: Text
    target: Text
    task: Task | None
    key: Text | None
    drop: Annotated[tuple[Text, ...], BeforeValidator(_listed)]
    max_categories: int = Field(ge=1)
    image_shape: tuple[int, int, int] | None
    split: SplitPlan
    contract: Contract

    @model_validator(mode="after")
    def _has_one_task(self) -> Self:
        if self.task == "regression" and self.contract.classes is not None:
            raise ValueError(
                "task is regression, but contract.classes lists labels: leave one of the two out"
            )
        if self.task == "regression" and self._target_kind == "category":
            raise ValueError(
                f"task is regression, but the rule of contract.columns for '{self.target}' is for "
                "categories: leave one of the two out"
            )
        return self

    @model_validator(mode="after")
    def _has_classes_that_fit(self) -> Self:
        words = [name for name in self.contract.classes or () if not _is_number(name)]
        if words and self._target_kind == "number":
            raise ValueError(
                f"contract.classes lists '{words[0]}', but the rule of contract.columns for "
                f"'{self.target}' is for numbers: leave one of the two out"
            )
        return self

    @property
    def _target_kind(self) -> Kind | None:
        return self.contract.rule(self.target).stated_kind

    @property
    def known_task(self) -> Task | None:
        """The task as said, or as declared classes or a rule for the target's categories imply.

        None: by the target's values.
        """
        labels = self.contract.classes is not None or self._target_kind == "category"
        return "classification" if labels else self.task


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def digest_of_plan(plan: Plan) -> str:
    """SHA-256 of every option, to tell whether two preparations were asked for alike."""
    return hashlib.sha256(plan.model_dump_json().encode()).hexdigest()


def plan_of(node: Mapping[str, object]) -> Plan:
    """The plan in a `data` node; ConfigError with one line a wrong, missing or unknown key.

    A key that is no part of a plan is for the source, which then refers to it.
    """
    used = {*Plan.model_fields, "source", *_given_to(node)}
    unknown = [
        f"There is no key 'data.{key}'.{_near(key, used)}" for key in node if key not in used
    ]
    if unknown:
        raise ConfigError("\n".join(unknown))
    try:
        return Plan.model_validate({key: node[key] for key in Plan.model_fields if key in node})
    except ValidationError as error:
        raise ConfigError("\n".join(map(_told, error.errors()))) from error


def _given_to(node: Mapping[str, object]) -> set[str]:
    """Keys of the source's own node: `path: ${data.path}` means that `data.path` is used."""
    if "source" not in node:
        return set()
    source = node["source"]
    return set(source) if isinstance(source, Mapping) else set()


def _near(key: str, known: set[str]) -> str:
    close = difflib.get_close_matches(key, sorted(known), n=1)
    return f" Did you mean 'data.{close[0]}'?" if close else ""


def _told(detail: Mapping[str, object]) -> str:
    place = detail["loc"]
    key = ".".join(map(str, ("data", *(place if isinstance(place, tuple) else ()))))
    message = str(detail["msg"]).removeprefix("Value error, ")
    shown = "" if isinstance(detail["input"], dict) else f" (it is {detail['input']!r})"
    return f"{key}: {message[:1].lower()}{message[1:]}{shown}."
