"""What a prepared data set is: columns, target, files and where it came from."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, JsonValue, model_validator

from {{ cookiecutter.package_name }}.utils.words import counted

Task = Literal["classification", "regression"]
SplitName = Literal["train", "val", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "val", "test")


class Record(BaseModel):
    """Base of the records that cross rooms or are stored as JSON: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Record):
    """One feature column.

    A `number` is stored as float64 (NaN where missing), with the range seen in the training
    split. A `category` is stored as a string ("" where missing), with the values seen in the
    training split, sorted.

    What was seen binds nobody; what the data's contract declares does: a number from `lowest` to
    `highest`, a category that is one of `allowed` (any, where that is empty), and a value in every
    row where one is `required`.
    """

    name: str
    kind: Literal["number", "category"]
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    required: bool = False
    allowed: tuple[str, ...] = ()


class Target(Record):
    """The column to predict. `classes` are sorted labels; empty for regression."""

    name: str
    task: Task
    classes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _classes_match_task(self) -> Self:
        if (self.task == "classification") != bool(self.classes):
            classes = counted(len(self.classes), "class")
            raise ValueError(f"target '{self.name}': {self.task} with {classes}")
        return self


class DataSchema(Record):
    """Feature columns in the order every table, request and graph keeps, and the target.

    `image_shape` is (channels, height, width) where the number columns, in order, are pixels.
    """

    columns: tuple[Column, ...]
    target: Target
    image_shape: tuple[int, int, int] | None = None

    @property
    def numbers(self) -> tuple[Column, ...]:
        """The number columns, in order."""
        return tuple(column for column in self.columns if column.kind == "number")

    @property
    def categories(self) -> tuple[Column, ...]:
        """The category columns, in order."""
        return tuple(column for column in self.columns if column.kind == "category")


class DataFile(Record):
    """One Parquet file of a prepared data set; `sha256` is of its bytes."""

    path: str
    rows: int
    sha256: str


class Manifest(Record):
    """`manifest.json` beside the Parquet files: what they hold and where it came from.

    `digest` is the SHA-256 over the schema and the files' digests: two data sets with one
    digest are the same data. `source` says where rows were read, `version` what identifies
    that source's content (a file's SHA-256, a library's release). `plan_digest` is the SHA-256
    of the data options that were asked for; empty where they are not known. `options` are these
    options and those of the source, to prepare the same again.
    """

    name: str
    source: str
    version: str
    rows: int
    data_schema: DataSchema
    files: dict[SplitName, DataFile]
    digest: str
    plan_digest: str = ""
    options: dict[str, JsonValue] = {}
