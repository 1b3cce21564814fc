"""An answer of the model, as people read it."""

from nicegui import ui

from {{ cookiecutter.package_name }}.schemas.serving import Answer, ServedModel
from {{ cookiecutter.package_name }}_dashboard.charts import axis, chart
from {{ cookiecutter.package_name }}_dashboard.shared import BLUE


def show_answer(answer: Answer, model: ServedModel) -> None:
    """The answer to one row: the prediction, how sure the model is, by whom and how fast."""
    value = answer.values[0]
    ranked = answer.ranked(0)
    ui.label(model.target).classes("text-sm opacity-70 -mb-4")
    with ui.row().classes("items-center"):
        shown = value if isinstance(value, str) else f"{value:,.4g}"
        size = "text-4xl" if len(shown) <= 20 else "text-2xl"
        ui.label(shown).classes(f"{size} break-words min-w-0 headline").mark("answer")
        if ranked:
            ui.badge(f"{ranked[0][1]:.0%} sure").props("outline")
    if ranked:
        _probabilities(ranked)
    words = f"Version {answer.version} answered in {answer.milliseconds:.1f} ms."
    ui.label(words).classes("text-sm opacity-70")


def _probabilities(ranked: list[tuple[str, float]]) -> None:
    rising = ranked[::-1]
    bars = {
        "type": "bar",
        "data": [round(100 * chance, 2) for _, chance in rising],
        "itemStyle": {"color": BLUE, "borderRadius": [0, 3, 3, 0]},
        "barMaxWidth": 20,
    }
    labels = [label for label, _ in rising]
    y = axis("y", "", type="category", data=labels)
    y["axisLabel"] |= {"width": 150, "overflow": "truncate"}
    options = {
        "grid": {"left": 24, "right": 24, "top": 36, "bottom": 28, "containLabel": True},
        "xAxis": axis("x", "probability in %", min=0, max=100),
        "yAxis": y,
        "tooltip": {"trigger": "item"},
        "series": [bars],
    }
    chart(f"Probability of the {len(ranked)} likeliest classes", options, 96 + 24 * len(ranked))
