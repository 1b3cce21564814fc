import json

from streamlit.testing.v1 import AppTest
from streamlit_visits import drift


def charts(page: AppTest) -> list[dict]:
    """What Vega-Lite is told to draw."""
    return [json.loads(one.proto.spec) for one in page.get("vega_lite_chart")]


def test_each_version_has_a_chart_that_names_it_and_its_classes(opened, two_models_logged) -> None:
    drawn = charts(opened(drift))

    assert {chart["title"]: chart["encoding"]["color"]["scale"]["domain"] for chart in drawn} == {
        "Answers by class, version 2": ["no"],
        "Answers by class, version 1": ["cat", "dog"],
    }
    assert all(chart["encoding"]["color"]["legend"] for chart in drawn)
