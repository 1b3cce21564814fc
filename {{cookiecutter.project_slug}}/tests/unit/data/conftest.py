"""Fixtures of the tests about data."""

from collections.abc import Callable
from contextlib import nullcontext

import numpy as np
import pyarrow as pa
import pytest

from {{ cookiecutter.package_name }}.data.plan import Plan, plan_of
from {{ cookiecutter.package_name }}.data.source import Held


@pytest.fixture
def plan_with() -> Callable[..., Plan]:
    """Makes a plan for the target `y`, with the given keys changed."""

    def plan(*, columns=(), classes=None, **changed) -> Plan:
        return plan_of(
            {
                "name": "rows",
                "target": "y",
                "task": None,
                "key": None,
                "drop": [],
                "max_categories": 50,
                "image_shape": None,
                "split": {"salt": "1", "train": 0.7, "val": 0.15, "test": 0.15},
                "contract": {"columns": dict(columns), "classes": classes},
                **changed,
            }
        )

    return plan


@pytest.fixture
def table_of() -> Callable[..., Held]:
    """Makes 60 rows: a number x, a category c and the classes of y; or others."""

    def table(columns=None, **changed) -> Held:
        random = np.random.default_rng(5)
        usual = {
            "x": random.random(60).round(3),
            "c": random.choice(["red", "green", "blue"], 60).tolist(),
            "y": random.choice(["no", "yes"], 60).tolist(),
        }
        content = pa.table((usual if columns is None else columns) | changed)
        return Held(content, source="rows", version="1")

    return table


@pytest.fixture
def source_of(table_of):
    """Makes a source of what `table_of` makes."""

    class Rows:
        def __init__(self, *arguments, **keywords) -> None:
            self.rows = table_of(*arguments, **keywords)

        def open(self):
            return nullcontext(self.rows)

    return Rows
