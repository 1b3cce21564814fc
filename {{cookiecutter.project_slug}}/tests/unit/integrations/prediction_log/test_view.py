import json
import sqlite3
from contextlib import closing

from logged import NOON, label, request, statements


def test_the_view_has_a_line_for_each_row_with_its_newest_label(store, ask):
    store.write(
        [request(1, "yes", "no", rows=[[31, "Oslo"], [40.5, None]])],
        [label(1, "no", 1, later=5), label(1, "yes", 1, later=9)],
    )

    found = ask(
        "SELECT answered, row_index, inputs, prediction, label, label_source FROM predicted_rows"
    )

    assert [(when, row, *rest) for when, row, _, *rest in found] == [
        ("2030-01-01 12:00:01.000", 0, "yes", None, None),
        ("2030-01-01 12:00:01.000", 1, "no", "yes", "clerk"),
    ]
    assert [json.loads(line[2]) for line in found] == [
        {"age": 31, "city": "Oslo"},
        {"age": 40.5, "city": None},
    ]


def test_the_view_keeps_what_is_true_or_false_and_what_is_a_number(store, ask):
    store.write([request(1, 2.5, rows=[[True, False]], at=NOON)], [])

    ((inputs, prediction),) = ask("SELECT inputs, prediction FROM predicted_rows")

    assert json.loads(inputs) == {"age": True, "city": False}
    assert prediction == 2.5


def test_the_statements_of_the_page_work(store, ask, file):
    store.write([request(1, "yes", "no")], [label(1, "no", 0), label(1, "no", 1)])

    first, second, third, *deleting = statements()

    assert ask(first) == [("1", 2, 0.5)]
    assert ask(second) == [("2030-01-01", "no", 1), ("2030-01-01", "yes", 1)]
    assert ask(third) == [("Oslo", 1)]
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in deleting:
            connection.execute(statement.replace("the-request-id", "r1"))
    assert ask("SELECT count(*) FROM predicted_rows") == [(0,)]
