import asyncio
import threading
from dataclasses import replace

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui_visits import only, sees, table_with, tables

from {{ cookiecutter.package_name }}.integrations import run_papers, version_list


@pytest.mark.parametrize("page", ["/models", "/runs"])
def test_an_empty_registry_says_what_to_type(visit, project, no_versions, page: str) -> None:
    async def story(user: User) -> None:
        await user.open(page)
        await sees(user, "<code>uv run pipeline</code>")

    visit(story)


def test_versions_are_compared_with_the_one_that_serves(visit, two_versions) -> None:
    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "Compare with")
        versions, metrics = tables(user)
        assert [row["version"] for row in versions] == [2, 1]
        assert metrics[0]["difference"] == "0.0500"
        only(user, ui.select, "Compare with").value = None
        await sees(user, "Trained on")
        user.find(kind=ui.tab, content="Trained on").click()
        facts = {row["fact"]: row["version 2"] for row in await table_with(user, "fact")}
        assert (facts["rows"], facts["digest"], facts["commit"]) == ("1,797", "d1", "c2")

    visit(story)


def test_the_history_of_a_version_tells_what_the_gate_measured(visit, two_versions) -> None:
    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "Compare with")
        user.find(kind=ui.tab, content="History").click()
        await sees(user, "never promoted")
        only(user, ui.select, "Version").value = 1
        await sees(user, "1 of 2 rules held.")
        _, moves, gate = tables(user)
        assert [row["why"] for row in moves] == ["first of all"]
        assert [row["result"] for row in gate] == ["fails", "holds"]

    visit(story)


def test_figures_curves_and_card_of_versions_are_shown(visit, two_versions, two_runs) -> None:
    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "Compare with")
        user.find(kind=ui.tab, content="Figures").click()
        await sees(user, "Confusion matrix")
        await sees(user, "Version 1 (prod) has no such figure.")
        user.find(kind=ui.tab, content="Learning curves").click()
        await sees(user, kind=ui.echart)
        chart = only(user, ui.echart)
        assert chart.options["title"]["text"] == "Loss by epoch"
        assert [line["name"] for line in chart.options["series"]] == ["version 2", "version 1"]
        user.find(kind=ui.tab, content="Model card").click()
        await sees(user, "Card of r2")

    visit(story)


def test_html_in_a_card_or_a_report_is_shown_and_does_nothing(
    visit, two_versions, project, monkeypatch
) -> None:
    evil = "# All\n\n<style>*{color:red}</style><form action=x><img src=x onerror=y> `a < b` **b**"
    evil += " [link](javascript:run)"
    monkeypatch.setattr(run_papers, "fetch_papers", lambda *_: run_papers.Papers(evil, {}))
    (project / "reports" / "drift").mkdir(parents=True)
    (project / "reports" / "drift" / "new.md").write_text(evil)

    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "Compare with")
        user.find(kind=ui.tab, content="Model card").click()
        await sees(user, "All", kind=ui.html)
        check(only(user, ui.html).content)
        await user.open("/drift")
        await sees(user, "All", kind=ui.html)
        with user:
            check(next(e.content for e in user.find("All", kind=ui.html).elements))

    def check(html: str) -> None:
        assert "<h1>All</h1>" in html
        assert "<code>a &lt; b</code> <strong>b</strong>" in html
        assert "&lt;style&gt;" in html
        assert not [tag for tag in ("<style", "<form", "<img", "javascript:") if tag in html]

    visit(story)


def test_a_metric_that_a_version_lacks_is_a_dash(visit, two_versions, monkeypatch) -> None:
    new, old = version_list.list_versions("", None)
    lacking = replace(old, metrics={})
    monkeypatch.setattr(version_list, "list_versions", lambda name, uri: [new, lacking])

    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "Compare with")
        assert tables(user)[0][1]["test/accuracy"] == "—"

    visit(story)


def test_a_late_answer_does_not_replace_what_was_chosen_after_it(
    visit, two_versions, two_runs, monkeypatch
) -> None:
    fetched = run_papers.fetch_papers
    gate = threading.Event()

    def late(run_id: str, uri: str | None) -> run_papers.Papers:
        gate.wait(10)
        return fetched(run_id, uri)

    monkeypatch.setattr(run_papers, "fetch_papers", late)

    async def story(user: User) -> None:
        await user.open("/models")
        await sees(user, "Compare with")
        user.find(kind=ui.tab, content="Figures").click()
        await sees(user, kind=ui.spinner)
        user.find(kind=ui.tab, content="Trained on").click()
        await table_with(user, "fact")
        gate.set()
        await asyncio.sleep(0.3)
        await user.should_not_see("Version 2 (dev)", kind=ui.label)
        assert "fact" in tables(user)[1][0]

    visit(story)


def test_runs_are_listed_with_parameters_and_curves(visit, two_runs) -> None:
    async def story(user: User) -> None:
        await user.open("/runs")
        await sees(user, "Open in MLflow")
        await sees(user, kind=ui.echart)
        runs, parameters = tables(user)
        assert [row["run"] for row in runs] == ["mlp-digits", "baseline-digits"]
        assert parameters == [{"parameter": "model.name", "value": "mlp"}]
        only(user, ui.select, "Run").value = 1
        await sees(user, "not trained in epochs")

    visit(story)


def test_drift_says_that_nothing_measures_it_until_there_is_a_report(visit, project) -> None:
    async def story(user: User) -> None:
        await user.open("/drift")
        await sees(user, "There is no report on drift")
        await sees(user, "No prediction log is kept")
        (project / "reports" / "drift").mkdir(parents=True)
        (project / "reports" / "drift" / "this_week.md").write_text("All is **well**.")
        await user.open("/drift")
        await sees(user, "this week")

    visit(story)
