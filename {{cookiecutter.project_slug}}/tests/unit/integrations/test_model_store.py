"""What is asked of the child that fetches a version, and how it steps back for others."""

import io
import json
import os
import sys

import pytest

from {{ cookiecutter.package_name }}.integrations import model_store
from {{ cookiecutter.package_name }}.integrations.model_store import (
    FetchedModel,
    fetch_in_child,
    main,
)
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion


@pytest.mark.parametrize(("gently", "first"), [(False, "digits"), (True, "--gently")])
def test_only_a_service_that_answers_already_asks_gently(monkeypatch, gently, first):
    asked = []

    def ask(_, *arguments, seconds):
        asked.append(arguments)
        return {"error": "ModelNotFound", "message": "There is none."}

    monkeypatch.setattr(model_store, "ask", ask)

    with pytest.raises(ModelNotFound):
        fetch_in_child("digits", "prod", "http://registry", gently=gently)

    assert asked[0][0] == first
    assert asked[0][-3:] == ("digits", "prod", "http://registry")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no nice")
@pytest.mark.parametrize(("before", "nice"), [([], []), (["--gently"], [10])])
def test_a_child_that_is_to_be_gentle_lets_others_go_first(monkeypatch, tmp_path, before, nice):
    asked, steps, told = [], [], io.StringIO()

    def fetch(*what):
        asked.append(what)
        return FetchedModel(tmp_path / "model.onnx", ServedVersion(name="digits", version="3"))

    monkeypatch.setattr(os, "nice", steps.append)
    monkeypatch.setattr(model_store, "fetch", fetch)
    monkeypatch.setattr(model_store.replies, "own_stdout", lambda: told)
    monkeypatch.setattr(model_store.replies, "leave_quickly", lambda: None)

    code = main([*before, "digits", "prod"])

    assert (code, steps, asked) == (0, nice, [("digits", "prod", None)])
    assert json.loads(told.getvalue())["served"]["version"] == "3"
