"""Which of a model's columns the log keeps, leaves out or keeps as hashes."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Self

import numpy as np
import orjson
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.features import Features, category_text
from {{ cookiecutter.package_name }}.schemas.dataset import Column, DataSchema
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

DROP, HASH, KEY = (
    "PREDICTION_LOG_DROP_COLUMNS",
    "PREDICTION_LOG_HASH_COLUMNS",
    "PREDICTION_LOG_HASH_KEY",
)
_LEAST_KEY = 16
_HASH_BYTES = 16

Texts = list[list[str | None]]


@dataclass(frozen=True)
class Privacy:
    """Names of columns that are not kept as they are; ConfigError where they contradict."""

    drop: tuple[str, ...] = ()
    hashed: tuple[str, ...] = ()
    key: bytes = b""

    def __post_init__(self) -> None:
        if both := sorted(set(self.drop) & set(self.hashed)):
            raise ConfigError(f"'{both[0]}' is named by {DROP} and by {HASH}: name it in one.")
        if self.hashed and len(self.key) < _LEAST_KEY:
            raise ConfigError(
                f"{HASH} needs {KEY}, a secret of at least {_LEAST_KEY} characters: without one, "
                "a hash of a city or an age is soon guessed."
            )

    def check(self, schema: DataSchema) -> None:
        """ConfigError where a name is no column: a mistyped one would be kept as it is."""
        names = [column.name for column in schema.columns]
        for variable, stated in ((DROP, self.drop), (HASH, self.hashed)):
            for name in stated:
                if name not in names:
                    near = get_close_matches(name, names, n=1)
                    hint = f"did you mean '{near[0]}'?" if near else "see /v1/model for its columns"
                    raise ConfigError(
                        f"{variable} names '{name}', which is not a column of this model; {hint}"
                    )


@dataclass(frozen=True)
class Kept:
    """The columns of one model as the log has them: numbers, then categories, then hashes.

    `names` is a JSON array. `numbers` and `categories` are places in the arrays of `Features`,
    None where all are kept. `hashed` has a column and its place each.
    """

    names: str
    numbers: list[int] | None
    categories: list[int]
    hashed: tuple[tuple[Column, int], ...]
    key: bytes

    @classmethod
    def of(cls, schema: DataSchema, privacy: Privacy) -> Self:
        """Those of a model with this schema; ConfigError where the settings do not fit it."""
        privacy.check(schema)
        away = {*privacy.drop, *privacy.hashed}
        numbers = [place for place, name in enumerate(_named(schema.numbers)) if name not in away]
        categories = [
            place for place, name in enumerate(_named(schema.categories)) if name not in away
        ]
        hashed = tuple(
            (column, place)
            for columns in (schema.numbers, schema.categories)
            for place, column in enumerate(columns)
            if column.name in privacy.hashed
        )
        names = [
            *(schema.numbers[place].name for place in numbers),
            *(schema.categories[place].name for place in categories),
            *(column.name for column, _ in hashed),
        ]
        return cls(
            orjson.dumps(names).decode(),
            None if len(numbers) == len(schema.numbers) else numbers,
            categories,
            hashed,
            privacy.key,
        )

    @property
    def only_numbers(self) -> bool:
        """Whether no text is kept, and none hashed."""
        return not self.categories and not self.hashed

    def numbers_of(self, features: Features) -> NDArray[np.float32]:
        """The numbers that are kept as they are, of shape (N, kept)."""
        return features.numeric if self.numbers is None else features.numeric[:, self.numbers]

    def texts_of(self, features: Features) -> Texts:
        """For each row the categories that are kept, then the hashes; None where missing."""
        if self.only_numbers:
            return []
        rows: Texts = [
            [value or None for value in row]
            for row in features.categorical[:, self.categories].tolist()
        ]
        for column, place in self.hashed:
            values = features.numeric if column.kind == "number" else features.categorical
            for row, value in zip(rows, values[:, place], strict=True):
                row.append(self._hash(column.name, category_text(value)))
        return rows

    def _hash(self, name: str, text: str) -> str | None:
        # With the column's name: equal values of two columns should not be seen to be equal.
        message = f"{name}\0{text}".encode()
        return hmac.digest(self.key, message, "sha256")[:_HASH_BYTES].hex() if text else None


def _named(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]
