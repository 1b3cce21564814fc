"""The first reading of a source: check every row, give it a split, and learn about the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from {{ cookiecutter.package_name }}.data.assigned import Assigned
from {{ cookiecutter.package_name }}.data.contract import ContractCheck
from {{ cookiecutter.package_name }}.data.kinds import Kinds
from {{ cookiecutter.package_name }}.data.layout import FEWEST_ROWS, Layout, TypedColumn, lay_out
from {{ cookiecutter.package_name }}.data.plan import Plan
from {{ cookiecutter.package_name }}.data.profiles import NumberProfile, Profile, TextProfile
from {{ cookiecutter.package_name }}.data.reading import Reader
from {{ cookiecutter.package_name }}.data.source import Part, RawRows
from {{ cookiecutter.package_name }}.data.splitting import Coded, assign, coded
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError

_KEY = "key"
"""The name under which a key is hashed, so that renaming its column moves no row."""


@dataclass
class Scanned:
    """What one reading found; `profiles` are of the features and the target by their names."""

    layout: Layout
    plan: Plan
    kinds: Kinds
    splits: Assigned
    check: ContractCheck
    profiles: dict[str, Profile] = field(default_factory=dict)

    @property
    def features(self) -> dict[str, Profile]:
        """Those of the features, in their order."""
        return {name: self.profiles[name] for name in self.layout.features}

    @property
    def target(self) -> Profile:
        """That of the target."""
        return self.profiles[self.layout.target]

    def add(self, columns: Sequence[TypedColumn], part: Part) -> None:
        """Take in the rows of a part: features, target, key."""
        self.check.add(columns, part)
        codes = {c.name: coded(c.values) for c in columns if c.kind == "category"}
        splits = assign(self._keyed(columns, codes), self.plan.split)
        for column in columns[: len(self.layout.features) + 1]:
            self._describe(column, codes, splits == 0)
        self.splits.add(splits)

    def _keyed(
        self, columns: Sequence[TypedColumn], codes: Mapping[str, Coded]
    ) -> dict[str, pa.ChunkedArray | Coded]:
        """The columns whose values decide a row's split."""
        if self.layout.key is None:
            features = columns[: len(self.layout.features)]
            return {c.name: codes.get(c.name, c.values) for c in features}
        return {_KEY: codes[self.layout.key]}

    def _describe(
        self, column: TypedColumn, codes: Mapping[str, Coded], training: NDArray[np.bool_]
    ) -> None:
        fresh = TextProfile() if column.name in codes else NumberProfile()
        profile = self.profiles.setdefault(column.name, fresh)
        if isinstance(profile, TextProfile):
            profile.add(column, codes[column.name], training)
        else:
            profile.add(column, training)

    def require(self) -> None:
        """DataContractError with a line for each column without values, or each broken rule."""
        empty = [name for name, profile in self.profiles.items() if not profile.present]
        if empty:
            raise DataContractError(
                "\n".join(
                    f"Column '{name}' has no values at all: leave it out with data.drop."
                    for name in empty
                )
            )
        self.check.require()


def laid_out(rows: RawRows, plan: Plan) -> Layout:
    """The layout of an open source; see `lay_out`."""
    seen, names = 0, rows.schema.names
    # One column is enough to count by: what is wrong with others, `data.drop` may leave out.
    counted = [plan.target] if names.count(plan.target) == 1 else None
    for part in rows.parts(FEWEST_ROWS, counted):
        seen += part.table.num_rows
        if seen >= FEWEST_ROWS:
            break
    return lay_out(rows.schema, rows.source, seen, plan)


def scan(reader: Reader, layout: Layout, plan: Plan, splits: Assigned) -> Scanned:
    """Read all rows: once, or again where the kind of a column was learned late.

    Raises DataContractError with a line for each column without values or broken rule.
    """
    kinds, step = Kinds(layout, reader.rows.schema, plan), "checking"
    while True:
        splits.clear()
        check = ContractCheck(plan.contract, plan.target, plan.key)
        found = Scanned(layout, plan, kinds, splits, check)
        if _read_all(reader, found, step):
            found.require()
            return found
        step = "checking again"


def _read_all(reader: Reader, found: Scanned, step: str) -> bool:
    """Whether all kinds were right from the first row on; if not, they are known afterwards."""
    kinds, right = found.kinds, True
    for part in reader.parts(step, found.layout.needed):
        known = kinds.changes
        columns = kinds.read(part.table, found.layout)
        right = right and (kinds.changes == known or not found.profiles)
        if right:
            found.add(columns, part)
    return right
