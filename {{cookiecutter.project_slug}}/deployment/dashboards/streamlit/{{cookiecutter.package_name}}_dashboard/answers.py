"""An answer of the model, as people read it."""

import streamlit as st

from {{ cookiecutter.package_name }}.schemas.serving import Answer, ServedModel
from {{ cookiecutter.package_name }}_dashboard.shared import plain

# A long name of a class goes on in the next line; Streamlit would cut it off.
_WHOLE = "<style>[data-testid=stMetricValue] * { white-space: normal !important }</style>"


def show_answer(answer: Answer, model: ServedModel) -> None:
    """The answer to one row: the prediction, how sure the model is, by whom and how fast."""
    value = answer.values[0]
    ranked = answer.ranked(0)
    shown = plain(value) if isinstance(value, str) else f"{value:,.4g}"
    sure = f"{ranked[0][1]:.0%} sure" if ranked else None
    st.html(_WHOLE)
    st.metric(plain(model.target), shown, sure, delta_color="off", delta_arrow="off")
    if ranked:
        _probabilities(ranked)
    st.caption(f"Version {answer.version} answered in {answer.milliseconds:.1f} ms.")


def _probabilities(ranked: list[tuple[str, float]]) -> None:
    rows = [{"class": label, "probability": chance} for label, chance in ranked]
    x = {
        "field": "probability",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "title": "probability", "tickCount": 5},
    }
    axis = {"title": "class", "labelLimit": 150}
    y = {"field": "class", "type": "nominal", "sort": None, "axis": axis}
    tooltip = [{"field": "class"}, {"field": "probability", "format": ".2%"}]
    bars = {
        "title": f"Probability of the {len(rows)} likeliest classes",
        "height": {"step": 24},
        "mark": {"type": "bar", "cornerRadiusEnd": 3},
        "encoding": {"x": x, "y": y, "tooltip": tooltip},
    }
    st.vega_lite_chart(rows, bars, width="stretch")
