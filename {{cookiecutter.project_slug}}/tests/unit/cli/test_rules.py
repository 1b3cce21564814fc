from dataclasses import replace

from {{ cookiecutter.package_name }}.cli._rules import MOST_PARTS, table
from {{ cookiecutter.package_name }}.evaluation.rules import at_least

WHOLE = at_least("accuracy", 0.9, 0.8)


def slices(broken, holding):
    values = [0.1] * broken + [0.9] * holding
    rules = [at_least(f"accuracy where city={at}", one, 0.5) for at, one in enumerate(values)]
    return [replace(rule, of_part=True) for rule in rules]


def test_few_slices_are_all_shown():
    shown = table([WHOLE, *slices(3, MOST_PARTS - 3)]).splitlines()

    assert len(shown) == 2 + MOST_PARTS
    assert sum("BROKEN" in line for line in shown) == 3


def test_of_many_slices_the_broken_ones_are_shown_and_the_others_counted():
    shown = table([WHOLE, *slices(3, 1_500)]).splitlines()

    assert [line.split()[0] for line in shown[:3]] == ["rule", "accuracy", "accuracy"]
    assert sum(line.endswith("BROKEN") for line in shown) == 3
    assert shown[5:] == ["  … and 1,500 more rules of classes and slices: 1,500 hold"]


def test_many_broken_slices_are_counted_too():
    shown = table([WHOLE, *slices(248, 150)]).splitlines()

    assert len(shown) == 2 + MOST_PARTS + 1
    assert shown[-1] == "  … and 378 more rules of classes and slices: 228 BROKEN, 150 hold"
