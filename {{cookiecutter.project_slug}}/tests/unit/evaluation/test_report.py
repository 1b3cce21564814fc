import re
from html.parser import HTMLParser

import numpy as np
import pytest

from {{ cookiecutter.package_name }}.evaluation.evaluate import EvaluationResult
from {{ cookiecutter.package_name }}.evaluation.metrics import CLASSIFICATION, REGRESSION, score
from {{ cookiecutter.package_name }}.evaluation.report import MEANINGS, render
from {{ cookiecutter.package_name }}.schemas.dataset import DataFile, Manifest
from {{ cookiecutter.package_name }}.schemas.model import Predictions


class Tags(HTMLParser):
    """Which tags open and close, and what is between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def page(mixed_schema, describe_model) -> str:
    target = mixed_schema.target
    truth = np.array([0, 1, 1])
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], dtype=np.float32)
    answers = Predictions(np.array(["no", "yes", "no"], dtype=object), scores)
    manifest = Manifest(
        name="<customers>",
        source="customers.csv",
        version="1",
        rows=30_109,
        data_schema=mixed_schema,
        files={"test": DataFile(path="test.parquet", rows=3, sha256="ab" * 32)},
        digest="cd" * 32,
    )
    result = EvaluationResult("test", "ab" * 32, truth, answers, score(target, truth, answers))
    origin = {"run": "0f1e"}
    info = describe_model(mixed_schema)
    return render("version 3", origin, info, manifest, result, ['<svg id="one"></svg>'])


def test_the_report_says_what_was_measured_of_what_on_what(page):
    text = Tags(page).text

    for fact in ("Evaluation of version 3", "0.6667", "0f1e", "abc123", "3 of 30,109 rows"):
        assert fact in text
    assert "prepared anew since the model was trained" in text
    assert "2 numbers, 1 category" in text


def test_the_report_is_one_well_formed_file_that_loads_nothing(page):
    assert Tags(page).open == []
    assert '<svg id="one">' in page
    assert not re.search(r"(src|href)=|url\(|@import|https?:", page)
    assert "prefers-color-scheme: dark" in page


def test_names_from_the_data_cannot_become_markup(page):
    assert "<customers>" not in page
    assert "&lt;customers&gt;" in page


def test_every_metric_is_explained():
    assert set(MEANINGS) == {*CLASSIFICATION, *REGRESSION}
