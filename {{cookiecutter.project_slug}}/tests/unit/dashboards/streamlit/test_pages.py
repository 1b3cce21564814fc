import pytest
from streamlit.testing.v1 import AppTest
from streamlit_visits import checked, health, predict, words

from {{ cookiecutter.package_name }}.inference import forms


def test_the_app_opens_on_predictions(folder, table_service) -> None:
    page = checked(AppTest.from_file(str(folder / "app.py"), default_timeout=30).run())

    assert [title.value for title in page.title] == ["Predict"]


def test_a_form_asks_the_service(opened, table_service) -> None:
    page = opened(predict)
    assert page.number_input[0].value == 54.0

    page.number_input[0].set_value(30.0)
    checked(page.button[0].click().run())

    assert (page.metric[0].label, page.metric[0].value) == ("bought", "no")
    assert "Version 7 answered in" in words(page)


def test_a_form_warns_of_what_training_never_saw(opened, table_service) -> None:
    page = opened(predict)

    page.number_input[0].set_value(99.0)
    checked(page.button[0].click().run())

    assert page.metric[0].value == "yes"
    assert "age is 99; training saw 18 to 90." in words(page)


def test_an_empty_field_is_a_missing_value(opened, table_service) -> None:
    page = opened(predict)

    page.number_input[0].set_value(None)
    page.selectbox[0].set_value(None)
    checked(page.button[0].click().run())

    assert page.number_input[0].value is None
    assert page.metric[0].value == "no"


def test_a_picture_is_answered_and_shown_as_the_model_sees_it(
    opened, picture_service, light_picture
) -> None:
    page = opened(predict)
    page.button_group[0].set_value("Picture").run()
    page.toggle[0].set_value(False)

    page.file_uploader[0].set_value(("spot.png", light_picture, "image/png"))
    checked(page.run())

    assert (page.metric[0].label, page.metric[0].value) == ("shade", "light")
    assert len(page.image) == 1
    assert "Answer to spot.png" in words(page)


def test_a_file_that_is_no_picture_is_refused_in_a_sentence(opened, picture_service) -> None:
    page = opened(predict)
    page.button_group[0].set_value("Picture").run()

    page.file_uploader[0].set_value(("notes.png", b"not a picture", "image/png"))
    checked(page.run())

    assert "cannot be read as a picture" in words(page)


def test_a_file_of_rows_is_answered_and_its_bad_rows_are_named(opened, table_service) -> None:
    page = opened(predict)
    page.button_group[0].set_value("File").run()

    rows = b"age,city,income\n61,Oslo,3\nold,Oslo,3\n"
    page.file_uploader[0].set_value(("new.csv", rows, "text/csv"))
    checked(page.run())

    problems, answers = (frame.value for frame in page.dataframe)
    assert problems.to_dict("list") == {
        "row": [2],
        "problem": ["age: expected a finite number, got 'old'"],
    }
    assert answers["prediction"].iloc[0] == "yes"
    assert "new.csv: 1 of 2 rows cannot be asked." in words(page)
    assert "new.csv: 1 row answered by version 7" in words(page)


def test_a_file_without_the_columns_is_refused_in_a_sentence(opened, table_service) -> None:
    page = opened(predict)
    page.button_group[0].set_value("File").run()

    page.file_uploader[0].set_value(("new.csv", b"age\n61\n", "text/csv"))
    checked(page.run())

    assert "'new.csv' has no column 'city', which the model reads." in words(page)


@pytest.mark.parametrize("page", [predict, health])
def test_a_service_that_is_down_says_what_to_type(opened, no_service, page) -> None:
    assert "`uv run serve`" in words(opened(page))


def test_the_counters_of_the_service_are_shown(opened, table_service) -> None:
    page = opened(predict)
    page.button[0].click().run()

    shown = {metric.label: metric.value for metric in opened(health).metric}

    assert shown == {"version": "7", "requests": "1", "rows": "1", "refused / failed": "0 / 0"}


def test_names_are_shown_as_they_are_not_as_markdown(folder) -> None:
    from {{ cookiecutter.package_name }}_dashboard.shared import plain

    assert plain("a*b [x](y) $z$\n`run`") == "a\\*b \\[x\\](y) \\$z\\$  \n`run`"
    assert plain("a:b `--x http://h_1:8`") == "a\\:b `--x http://h_1:8`"
    assert plain("``[x](y)`") == "``\\[x\\](y)`"


def test_a_field_s_label_and_hint_are_not_markdown(opened, table_service, monkeypatch) -> None:
    bad = "*b* [x](y)"
    named = [forms.Field(bad, True, 1.0, 1.0, (), bad), forms.Field("c", False, "", 1.0, (), bad)]
    monkeypatch.setattr(forms, "fields", lambda schema: named)

    page = opened(predict)

    escaped = r"\*b\* \[x\](y)"
    assert (page.number_input[0].label, page.number_input[0].help) == (escaped, escaped)
    assert page.selectbox[0].help == escaped


def test_streamlit_listens_where_it_is_told_and_reports_to_nobody(folder) -> None:
    from {{ cookiecutter.package_name }}.integrations.dashboard_settings import (
        DashboardSettings,
    )
    from {{ cookiecutter.package_name }}_dashboard.launch import options

    given = options(DashboardSettings(dashboard_port=9999, dashboard_upload_mb=3))

    assert given["server.address"] == "127.0.0.1"
    assert given["server.port"] == 9999
    assert given["server.maxUploadSize"] == 3
    assert given["browser.gatherUsageStats"] is False
    assert given["logger.hideWelcomeMessage"] is True
