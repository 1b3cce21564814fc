"""The declared contract, checked part by part; every violation is told with rows that break it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from {{ cookiecutter.package_name }}.data.contract_rules import PRESENT, broken, screened
from {{ cookiecutter.package_name }}.data.features import category_text
from {{ cookiecutter.package_name }}.data.layout import TypedColumn, as_kind
from {{ cookiecutter.package_name }}.data.plan import ColumnRule, Contract, Kind
from {{ cookiecutter.package_name }}.data.source import Part
from {{ cookiecutter.package_name }}.schemas.errors import DataContractError
from {{ cookiecutter.package_name }}.utils.words import counted

_EXAMPLES = 3
_SHOWN_LENGTH = 60


@dataclass
class Violation:
    """A rule that a column breaks, in how many rows, and the first of them with their values.

    An example is the file, the number by which people know the row there, and the value.
    """

    column: str
    rule: str
    rows: int = 0
    examples: list[tuple[str, int, object]] = field(default_factory=list)

    def told(self, *, with_files: bool) -> str:
        """One sentence; `with_files` where rows of several files are checked together."""
        missing = self.rule == PRESENT
        examples = []
        for file, row, value in self.examples:
            place = f"row {row} of {file}" if with_files else f"row {row}"
            examples.append(place if missing else f"{place} has {_shown(value)}")
        more = ", …" if self.rows > len(self.examples) else ""
        count = f"in {counted(self.rows, 'row')} is{'' if missing else ' not'}"
        return f"Column '{self.column}' {self.rule}, but {count}: {', '.join(examples)}{more}."


class ContractCheck:
    """One pass over the rows of a source; memory does not grow with them, nor with the wrong ones.

    What is found does not depend on how the rows are cut into parts.
    """

    def __init__(self, contract: Contract, target: str, key: str | None) -> None:
        self._contract, self._target, self._key = contract, target, key
        self._rules: dict[str, ColumnRule] = {}
        self._found: dict[str, dict[tuple[Kind, int], Violation]] = {}
        self._files: set[str] = set()

    def add(self, columns: Sequence[TypedColumn], part: Part) -> None:
        """Check the next rows: features, target and key, of the same kinds in every part."""
        self._files.add(part.file)
        for column in columns:
            rule = self._rule(column.name)
            if column.kind == "category" and rule.stated_kind == "number":
                # A label or a key that is declared as a number: it has to be one of its range.
                numbers = as_kind(column.name, column.raw, "number")
                if not screened(numbers, rule):
                    self._look(numbers, rule, part)
                # Missing values are told of once.
                rule = rule.model_copy(update={"nullable": True})
            if not screened(column, rule):
                self._look(column, rule, part)

    def _look(self, column: TypedColumn, rule: ColumnRule, part: Part) -> None:
        found = self._found.setdefault(column.name, {})
        for one in broken(column, rule, _EXAMPLES):
            place = (column.kind, one.order)
            violation = found.setdefault(place, Violation(column.name, one.rule))
            violation.rows += one.rows
            room = _EXAMPLES - len(violation.examples)
            violation.examples += [
                (part.file, part.first_row + row, value) for row, value in one.first[:room]
            ]

    def _rule(self, name: str) -> ColumnRule:
        if name not in self._rules:
            self._rules[name] = self._rule_of(name)
        return self._rules[name]

    def _rule_of(self, name: str) -> ColumnRule:
        rule = self._contract.rule(name)
        if name == self._key:
            return rule.model_copy(update={"nullable": False})
        if name != self._target:
            return rule
        classes = self._contract.classes
        allowed = {"values": classes} if classes is not None else {}
        return rule.model_copy(update={"nullable": False, **allowed})

    def violations(self) -> tuple[Violation, ...]:
        """Every broken rule so far, in the order of the columns."""
        # `_rules` has the columns in the order in which they were given.
        of_columns = [self._found.get(name, {}) for name in self._rules]
        return tuple(found[order] for found in of_columns for order in sorted(found))

    def require(self) -> None:
        """DataContractError with one line a broken rule; nothing where the contract holds."""
        with_files = len(self._files) > 1
        if lines := [violation.told(with_files=with_files) for violation in self.violations()]:
            raise DataContractError("\n".join(lines))


def _shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) else category_text(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…'"
