import itertools
import time
from contextlib import closing

import pytest
from logged import NOON, examples, label, request

from {{ cookiecutter.package_name }}.integrations.prediction_log import open_store, sql_reading
from {{ cookiecutter.package_name }}.integrations.prediction_log.reading import rows, summary, totals
from {{ cookiecutter.package_name }}.schemas.logged_rows import Selection

EXAMPLES = examples("keep-predictions.md")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(sql_reading, "_FIRST_REQUESTS", 3)
    monkeypatch.setattr(sql_reading, "_ROWS", 7)


def test_a_row_comes_back_with_its_values_its_answer_and_its_label(url, store):
    store.write([request(1, "yes", "no", rows=[[31, "Oslo"], [None, ""]])], [label(1, "yes", 1)])

    first, second = rows(url)

    assert first.inputs == {"age": 31, "city": "Oslo"}
    assert second.inputs == {"age": None, "city": ""}
    assert (first.prediction, first.label, first.label_source) == ("yes", None, None)
    assert (second.prediction, second.label, second.label_source) == ("no", "yes", "clerk")
    assert (second.row, second.request_id, second.probabilities) == (1, "r1", (0.25, 0.75))
    assert second.at == NOON + 1


def test_all_rows_come_back_in_the_order_of_time_whatever_the_pages(url, store):
    same = [request(n, at=NOON) for n in range(10)]  # the id parts those of one moment
    store.write([*same, *(request(n, *["no"] * (n % 5 + 1)) for n in range(10, 30))], [])

    found = [(row.id, row.row) for row in rows(url)]

    assert found == sorted(found)
    assert len(found) == 10 + sum(n % 5 + 1 for n in range(10, 30))


def test_the_newest_rows_come_first_and_are_no_more_than_asked_for(url, store):
    store.write([request(n, "yes", "no") for n in range(20)], [])

    found = list(rows(url, newest=5))

    assert [(row.request_id, row.row) for row in found] == [
        ("r19", 0),
        ("r19", 1),
        ("r18", 0),
        ("r18", 1),
        ("r17", 0),
    ]


def test_rows_are_chosen_by_time_and_version(url, store):
    store.write([request(n, version=str(n % 2)) for n in range(20)], [])

    asked = Selection(since=NOON + 5, until=NOON + 10, version="1")

    assert [row.request_id for row in rows(url, asked)] == ["r5", "r7", "r9"]


def test_the_label_that_was_told_last_counts(url, store):
    late = label(1, "no", later=90)
    store.write([request(1)], [late, label(1, "yes", later=80), label(2, "x")])

    (row,) = rows(url)

    assert row.label == "no"


@pytest.mark.parametrize(("told", "expected"), [("3.5", 3.5), ("3", 3.0), ("many", "many")])
def test_the_label_of_a_number_is_a_number(url, store, told, expected):
    store.write([request(1, 2.5, probabilities=None)], [label(1, told)])

    (row,) = rows(url)

    assert (row.prediction, row.label, row.probabilities) == (2.5, expected, None)


def test_reading_holds_a_page_and_not_the_log(url, store, monkeypatch):
    store.write([request(n) for n in range(200)], [])
    asked = []
    real = sql_reading._read
    monkeypatch.setattr(sql_reading, "_read", lambda page, c: asked.append(1) or real(page, c))

    list(itertools.islice(rows(url), 10))

    assert len(asked) <= 3


def test_counts_are_given_for_each_stretch_of_time(url, store):
    old = [request(n, "yes", "no") for n in range(10)]
    new = [request(100 + n, "no", version="2", seconds=0.1) for n in range(4)]
    store.write([*old, *new], [label(3, "yes", 0), label(3, "yes", 1)])

    first, second = summary(url, NOON, 60)

    assert (first.start, first.requests, first.rows) == (NOON, 10, 20)
    assert first.by_prediction == {"no": 10, "yes": 10}
    assert first.answers == {("acme", "1"): {"no": 10, "yes": 10}}
    assert (first.labelled, first.right) == (2, 1)
    assert first.latency_ms["p50"] == pytest.approx(2, rel=0.05)
    assert (second.start, second.by_version) == (NOON + 60, {"2": 4})
    assert second.latency_ms["p99"] == pytest.approx(100, rel=0.05)


def test_numbers_are_counted_but_not_as_classes(url, store):
    store.write([request(1, 2.5, 3.5)], [])

    (only,) = summary(url, NOON, 60)

    assert (only.rows, only.by_prediction) == (2, {})


def test_labels_that_belong_to_no_row_are_counted(url, store):
    store.write([request(1, "yes", "no"), request(2)], [label(1, "no", 1), label(1, "no", 2)])
    store.write([], [label(2, "no"), label(7, "no")])

    assert totals(url) == (3, 2)


def test_an_empty_log_has_no_rows_and_no_labels(url, store):
    assert totals(url) == (0, 0)


def test_the_examples_of_the_page_run(project, capsys):
    with closing(open_store("sqlite:///predictions.db")) as log:
        log.open()
        log.write([request(1, "yes", at=time.time() - 3600, version="3")], [label(1, "no")])

    for example in EXAMPLES:
        exec(example, {})

    told = capsys.readouterr().out.splitlines()
    assert told[0] == "{'age': 31.5, 'city': 'Oslo'} yes no"
    assert told[1].endswith("rows: 1, {'yes': 1}, 0 of 1 right")
