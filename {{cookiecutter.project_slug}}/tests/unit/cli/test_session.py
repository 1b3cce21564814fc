import shlex

from {{ cookiecutter.package_name }}.cli._session import _told


def test_a_run_keeps_what_was_typed_but_for_mlflows_address():
    typed = ["model=cnn", "+mlflow.tracking_uri=http://me:secret@host", "data.drop=[a b]"]

    assert shlex.split(_told(typed)) == ["model=cnn", "data.drop=[a b]"]


def test_what_no_tag_can_hold_is_cut_and_shows_it():
    told = _told([f"data.drop=[{'a,' * 5000}]"])

    assert len(told) == 5000
    assert told.endswith("…")
