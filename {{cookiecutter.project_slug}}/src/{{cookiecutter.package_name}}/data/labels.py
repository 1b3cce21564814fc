"""How the labels of a target are spelled: one class has one text, however files write it."""

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from {{ cookiecutter.package_name }}.data.arrays import joined, texts_of
from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.layout import TypedColumn, as_kind
from {{ cookiecutter.package_name }}.data.tabular import is_text
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

_WHOLE = re.compile(r"[+-]?\d{1,4000}", re.ASCII)
_REAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_PADDED = r"^\s*[+-]?0[0-9]"


def labels_of(
    name: str, raw: pa.ChunkedArray, declared: tuple[str, ...] | None, *, kept: bool
) -> TypedColumn:
    """A target as labels; text that is a number in the spelling of that number (1.0 and 1 are 1).

    Text stays as it is where it is among the `declared` labels, or where all of it is `kept`.
    DataContractError where a number is not finite.
    """
    column = as_kind(name, raw, "category")
    if is_text(column.raw.type):
        return column if kept else _with_one_spelling(column, frozenset(declared or ()))
    if pa.types.is_floating(column.raw.type):
        endless = pc.filter(column.raw, pc.is_inf(column.raw))
        if len(endless):
            raise DataContractError(
                f"Column '{name}' has {endless[0]} as a label: expected finite numbers, or text."
            )
    return column


def padded(raw: pa.ChunkedArray) -> bool:
    """Whether a text begins with a zero before other digits: a code such as 007, not a number."""
    return is_text(raw.type) and bool(
        pc.any(pc.match_substring_regex(raw, _PADDED), min_count=0).as_py()
    )


def _with_one_spelling(column: TypedColumn, declared: frozenset[str]) -> TypedColumn:
    encoded = joined(column.values).dictionary_encode()
    texts = [_spelled(text, declared) for text in encoded.dictionary.to_pylist()]
    values = texts_of(texts).take(encoded.indices)
    return replace(column, values=pa.chunked_array([values]))


def _spelled(text: str, declared: frozenset[str]) -> str:
    number = _number_text(text)
    # One that is not declared at all is shown as the file has it.
    return text if text in declared or (declared and number not in declared) else number


def _number_text(text: str) -> str:
    plain = text.strip()
    if _WHOLE.fullmatch(plain):
        return str(int(plain))  # exact, where a real number would round
    return category_text(float(plain)) if _REAL.fullmatch(plain) else text
