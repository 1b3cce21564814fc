import pytest
from streamlit_visits import checked, drift, models, runs, words


@pytest.mark.parametrize("page", [models, runs])
def test_an_empty_registry_says_what_to_type(opened, project, no_versions, page) -> None:
    assert "`uv run pipeline`" in words(opened(page))


def test_versions_are_compared_with_the_one_that_serves(opened, two_versions) -> None:
    page = opened(models)

    versions, metrics = (frame.value for frame in page.dataframe)
    assert versions["version"].tolist() == [2, 1]
    assert metrics["difference"].tolist() == [pytest.approx(0.05)]


def test_a_metric_that_a_version_lacks_is_a_dash(opened, two_versions) -> None:
    assert [frame.proto.placeholder for frame in opened(models).dataframe] == ["—", "—"]


def test_what_a_version_was_trained_on_is_told(opened, two_versions) -> None:
    page = opened(models)

    checked(page.button_group[0].set_value("Trained on").run())

    facts = page.dataframe[1].value.set_index("fact")["version 2"]
    assert (facts["rows"], facts["digest"], facts["commit"]) == ("1,797", "d1", "c2")


def test_the_history_of_a_version_tells_what_the_gate_measured(opened, two_versions) -> None:
    page = opened(models)
    page.button_group[0].set_value("History").run()
    assert "never promoted" in words(page)

    checked(page.selectbox[0].select_index(1).run())

    _, moves, gate = (frame.value for frame in page.dataframe)
    assert moves["why"].tolist() == ["first of all"]
    assert gate["result"].tolist() == ["fails", "holds"]
    assert "1 of 2 rules held." in words(page)


def test_figures_curves_and_card_of_versions_are_shown(opened, two_versions, two_runs) -> None:
    page = opened(models)
    checked(page.button_group[0].set_value("Figures").run())
    assert page.subheader[0].value == "Confusion matrix"
    assert "Version 1 (prod) has no such figure." in words(page)

    checked(page.button_group[0].set_value("Learning curves").run())
    assert '"Loss by epoch"' in page.get("vega_lite_chart")[0].proto.spec

    checked(page.button_group[0].set_value("Model card").run())
    assert "Card of r2" in words(page)


def test_runs_are_listed_with_parameters_and_curves(opened, two_runs) -> None:
    page = opened(runs)

    listed, parameters = (frame.value for frame in page.dataframe)
    assert listed["run"].tolist() == ["mlp-digits", "baseline-digits"]
    assert parameters["value"].tolist() == ["mlp"]
    assert page.get("link_button")[0].proto.url.endswith("/runs/r2")

    checked(page.selectbox[0].select_index(1).run())
    assert "not trained in epochs" in words(page)


def test_drift_says_that_nothing_measures_it_until_there_is_a_report(opened, project) -> None:
    said = words(opened(drift))
    assert "There is no report on drift" in said
    assert "No prediction log is kept" in said

    (project / "reports" / "drift").mkdir(parents=True)
    (project / "reports" / "drift" / "this_week.md").write_text("All is **well**.")

    assert "All is **well**." in words(opened(drift))
