"""The columns that files have in common, each with a type that holds its values in every file."""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa

from {{ cookiecutter.package_name }}.data.layout import is_numeric, plain_type
from {{ cookiecutter.package_name }}.schemas.errors import DataError

_Named = tuple[str, pa.Schema]
"""A file by its name, and its columns."""

_INTEGER_DIGITS = 20
"""What the largest whole number of 64 bits takes."""


def common_schema(files: Sequence[_Named]) -> tuple[pa.Schema, dict[str, str]]:
    """The columns of the first file, without dictionaries, and what is wrong with some of them.

    The second has a sentence for each column whose types have none in common; its type is that
    of the first file. The columns of a single file stay as they are. Raises DataError where files
    have other columns than the first, or one twice.
    """
    first, *others = files
    if not others:
        return first[1], {}
    for file in files:
        _require_alike(first, file)
    types = {field.name: plain_type(field.type) for field in first[1]}
    clashes: dict[str, str] = {}
    for name, schema in others:
        for column in types.keys() - clashes.keys():
            known, here = types[column], plain_type(schema.field(column).type)
            wider = known if known == here else _wider(known, here)
            if wider is None:
                clashes[column] = (
                    f"Column '{column}' holds {known} in '{first[0]}' and {here} in '{name}': "
                    "expected one type in all files."
                )
            else:
                types[column] = wider
    return pa.schema(list(types.items())), clashes


def _require_alike(first: _Named, other: _Named) -> None:
    twice = [name for name, count in Counter(other[1].names).items() if count > 1]
    if twice:
        raise DataError(f"'{other[0]}' has more than one column '{twice[0]}'.")
    lines = []
    for one, two in ((first, other), (other, first)):
        if more := [name for name in one[1].names if name not in two[1].names]:
            shown = ", ".join(f"'{name}'" for name in more[:5]) + (", …" if len(more) > 5 else "")
            lines.append(f"only '{one[0]}' has {shown}")
    if lines:
        told = " and ".join(lines)
        raise DataError(f"'{first[0]}' and '{other[0]}' have different columns: {told}.")


def _wider(one: pa.DataType, two: pa.DataType) -> pa.DataType | None:
    """A type that holds both; None where there is none."""
    numbers = is_numeric(one) and is_numeric(two)
    if numbers and (pa.types.is_floating(one) != pa.types.is_floating(two)):
        return pa.float64()
    if numbers and (_is_decimal(one) or _is_decimal(two) or _sign_is_lost(one, two)):
        return _exact(one, two)
    known, here = pa.schema([("_", one)]), pa.schema([("_", two)])
    try:
        return pa.unify_schemas([known, here], promote_options="permissive").field(0).type
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return None


def _is_decimal(type_: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(type_))


def _sign_is_lost(one: pa.DataType, two: pa.DataType) -> bool:
    """Arrow would take int64 for both, in which the largest of uint64 are negative."""
    signed = [pa.types.is_signed_integer(type_) for type_ in (one, two)]
    return pa.uint64() in (one, two) and any(signed)


def _exact(one: pa.DataType, two: pa.DataType) -> pa.DataType:
    """A decimal that holds both; real numbers where it would be too long."""
    scales = [type_.scale if _is_decimal(type_) else 0 for type_ in (one, two)]
    wholes = [
        type_.precision - type_.scale if _is_decimal(type_) else _INTEGER_DIGITS
        for type_ in (one, two)
    ]
    scale, digits = max(scales), max(wholes) + max(scales)
    if digits > 76:
        return pa.float64()
    return pa.decimal128(digits, scale) if digits <= 38 else pa.decimal256(digits, scale)
