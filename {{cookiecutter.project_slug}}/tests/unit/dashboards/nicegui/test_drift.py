from nicegui import ui
from nicegui.testing import User
from nicegui_visits import sees


def test_each_version_has_a_chart_that_names_it_and_its_classes(visit, two_models_logged) -> None:
    async def story(user: User) -> None:
        await user.open("/drift")
        await sees(user, kind=ui.echart)
        with user:
            drawn = [chart.options for chart in user.find(kind=ui.echart).elements]
        classes = {
            chart["title"]["text"]: [line["name"] for line in chart["series"]] for chart in drawn
        }
        assert classes == {
            "Answers by class, version 2": ["no"],
            "Answers by class, version 1": ["cat", "dog"],
        }
        assert all(chart["legend"].get("show", True) for chart in drawn)

    visit(story)
