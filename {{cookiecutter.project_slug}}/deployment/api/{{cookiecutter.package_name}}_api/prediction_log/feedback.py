"""True labels as a client sends them, checked against the model's target."""

import math
import re
from collections.abc import Iterator
from time import time
from typing import Any

from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.inference.refusals import shown
from {{ cookiecutter.package_name }}.schemas.dataset import DataSchema, Target
from {{ cookiecutter.package_name }}.schemas.errors import FieldError, InvalidRequest
from {{ cookiecutter.package_name }}_api.prediction_log.entries import LabelEntry
from {{ cookiecutter.package_name }}_api.prediction_log.ids import new_id

Json = dict[str, Any]

FEEDBACK_SCHEMA = "FeedbackRequest"
_REFERENCE: Json = {"$ref": f"#/components/schemas/{FEEDBACK_SCHEMA}"}
_MEDIA: Json = {"schema": _REFERENCE}
REQUEST_BODY: Json = {
    "required": True,
    "content": {"application/json": _MEDIA},
}

_KEYS = {"request_id", "labels", "source"}
_ID = r"[A-Za-z0-9._:/+=-]{1,128}"
_LONGEST_SOURCE = 100
_MOST_TOLD = 100
_MOST_SHOWN = 12


def labels_of(body: object, target: Target, most: int) -> list[LabelEntry]:
    """The labels of one request; InvalidRequest, which names each row, where they cannot be used.

    `most` is the largest number of rows that a request may have.
    """
    if not isinstance(body, dict) or not {"request_id", "labels"} <= body.keys() <= _KEYS:
        got = ", ".join(sorted(body))[:60] if isinstance(body, dict) else shown(body)
        raise _refused(f"expected 'request_id', 'labels' and maybe 'source', got {got or 'no key'}")
    request_id, labels, source = body["request_id"], body["labels"], body.get("source")
    if not isinstance(request_id, str) or not re.fullmatch(_ID, request_id):
        raise _refused(f"expected the answer's id, got {shown(request_id)}", "request_id")
    if source is not None and not _is_source(source):
        words = f"expected a text of 1 to {_LONGEST_SOURCE} characters, got {shown(source)}"
        raise _refused(words, "source")
    if not isinstance(labels, list) or not 1 <= len(labels) <= most:
        got = f"{len(labels)}" if isinstance(labels, list) else shown(labels)
        raise _refused(f"expected an array of 1 to {most} labels, got {got}", "labels")
    reading = _Reading(target, most)
    rows = list(reading.rows(labels))
    if reading.errors:
        raise InvalidRequest(reading.errors)
    now = time()
    return [LabelEntry(new_id(), now, request_id, row, label, source) for row, label in rows]


def _is_source(source: object) -> bool:
    return isinstance(source, str) and 1 <= len(source) <= _LONGEST_SOURCE and source.isprintable()


def _refused(message: str, field: str | None = None) -> InvalidRequest:
    return InvalidRequest([FieldError(None, field, message)])


class _Reading:
    def __init__(self, target: Target, most: int) -> None:
        self.errors: list[FieldError] = []
        self._target, self._most = target, most
        self._seen: set[int] = set()

    def rows(self, labels: list[object]) -> Iterator[tuple[int, str]]:
        """Row and label of each; what is refused becomes one of `errors`."""
        for place, told in enumerate(labels):
            if len(self.errors) >= _MOST_TOLD:
                return
            row, value = place, told
            if isinstance(told, dict):
                found = self._by_row(place, told)
                if found is None:
                    continue
                row, value = found
            if (label := self._label(value)) is None:
                self._refuse(row, f"expected {_expected(self._target)}, got {shown(value)}")
            elif row in self._seen:
                self._refuse(row, "has two labels")
            else:
                self._seen.add(row)
                yield row, label

    def _refuse(self, row: int, message: str) -> None:
        self.errors.append(FieldError(row, self._target.name, message))

    def _by_row(self, place: int, told: dict[str, object]) -> tuple[int, object] | None:
        row = told.get("row")
        if told.keys() != {"row", "label"}:
            self._refuse(place, f"expected 'row' and 'label', got {shown(sorted(told))}")
        elif not isinstance(row, int) or isinstance(row, bool) or not 0 <= row < self._most:
            self._refuse(place, f"expected a row from 0 to {self._most - 1}, got {shown(row)}")
        else:
            return row, told["label"]
        return None

    def _label(self, value: object) -> str | None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if self._target.task == "regression":
            return category_text(value) if number and _finite(value) else None
        if not isinstance(value, str | bool) and not number:
            return None
        text = category_text(value)
        return text if text in self._target.classes else None


def _finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _expected(target: Target) -> str:
    if target.task == "regression":
        return "a finite number"
    more = ["…"] if len(target.classes) > _MOST_SHOWN else []
    return "one of " + ", ".join([*map(repr, target.classes[:_MOST_SHOWN]), *more])


def schemas(schema: DataSchema | None, most: int) -> Json:
    """The components of the OpenAPI document that the operation refers to."""
    label, example = _typed(None if schema is None else schema.target)
    by_row = {
        "type": "object",
        "required": ["row", "label"],
        "additionalProperties": False,
        "properties": {
            "row": {"type": "integer", "minimum": 0, "maximum": most - 1},
            "label": label,
        },
    }
    return {
        FEEDBACK_SCHEMA: {
            "title": FEEDBACK_SCHEMA,
            "type": "object",
            "required": ["request_id", "labels"],
            "additionalProperties": False,
            "properties": {
                "request_id": {
                    "type": "string",
                    "pattern": f"^{_ID}$",
                    "description": "The `request_id` of the answer",
                },
                "labels": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": most,
                    "items": {"anyOf": [label, by_row]},
                    "description": "True labels in the order of the rows, or each with its row",
                },
                "source": {
                    "type": ["string", "null"],
                    "minLength": 1,
                    "maxLength": _LONGEST_SOURCE,
                    "description": "Who or what knows them",
                },
            },
            "examples": [{"request_id": "4f9c2b7de1a84c0f", "labels": [example]}],
        }
    }


def _typed(target: Target | None) -> tuple[Json, object]:
    """The schema of a label, and one."""
    if target is None:
        return {"type": ["string", "number", "boolean"]}, "yes"
    if target.task == "regression":
        return {"type": "number"}, 1.5
    return {"type": "string", "enum": list(target.classes)}, target.classes[0]
