import os
import signal
import subprocess
import sys
import time

import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.predict import main
from {{ cookiecutter.package_name }}.integrations import backends, model_store
from {{ cookiecutter.package_name }}.integrations.model_store import FetchedModel
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion

CSV = "age,city,income\n60,Oslo,1\n20,Bergen,2\n"


@pytest.fixture
def rows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rows.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def registry(monkeypatch, tiny_model):
    """A registry in which every reference is the tiny model; keeps what it was asked for."""
    asked = []

    def fetch(name, reference, tracking_uri=None):
        asked.append((name, reference, tracking_uri))
        alias = None if reference.isdigit() else reference
        return FetchedModel(tiny_model, ServedVersion(name=name, version="3", alias=alias))

    monkeypatch.setattr(model_store, "fetch_in_child", fetch)
    return asked


def test_a_model_file_scores_a_table(rows, tiny_model, capsys):
    assert main(["rows.csv", "out.csv", "--model-file", str(tiny_model)]) == 0

    out = (rows.parent / "out.csv").read_text().splitlines()
    assert out[0] == "age,city,income,prediction,probability_no,probability_yes"
    assert [line.split(",")[3] for line in out[1:]] == ["yes", "no"]
    said = capsys.readouterr().out
    assert said.startswith("2 rows in ")
    assert said.endswith(f" s with {tiny_model}: out.csv\n")


@pytest.mark.parametrize(
    ("arguments", "reference", "named"),
    [
        ([], "prod", "version 3 (prod)"),
        (["--alias", "staging"], "staging", "version 3 (staging)"),
        (["--version", "3"], "3", "version 3"),
    ],
)
def test_a_registered_version_is_fetched_and_named(
    rows, registry, capsys, arguments, reference, named
):
    assert main(["rows.csv", "out.parquet", *arguments]) == 0

    assert capsys.readouterr().out.endswith(f" s with {named}: out.parquet\n")
    assert registry == [(PROJECT, reference, None)]
    assert (rows.parent / "out.parquet").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["gone.csv", "out.csv"], 3, "error: There is no data file 'gone.csv'."),
        (["rows.csv", "out.csv", "--model-file", "gone.onnx"], 4, "error: There is no model file"),
        (
            ["rows.csv", "out.csv", "--model-file", "rows.csv"],
            4,
            "error: 'rows.csv' cannot be read",
        ),
        (["rows.csv", "out.xlsx"], 2, "error: 'out.xlsx' has the extension '.xlsx'"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_an_exit_code(
    rows, registry, capsys, arguments, code, told
):
    assert main(arguments) == code

    assert capsys.readouterr().err.startswith(told)
    assert [path.name for path in rows.parent.glob("*out*")] == []


@pytest.mark.parametrize(
    "arguments", [["--chunk-rows", "0"], ["--version", "x"], ["--version", "1", "--alias", "dev"]]
)
def test_a_wrong_option_is_refused(rows, capsys, arguments):
    with pytest.raises(SystemExit) as raised:
        main(["rows.csv", "out.csv", *arguments])

    assert raised.value.code == 2
    assert "usage: predict" in capsys.readouterr().err


def test_scoring_imports_neither_pandas_nor_torch_nor_hydra(rows, tiny_model):
    code = (
        "import sys; from {{ cookiecutter.package_name }}.cli.predict import main;"
        f"assert main(['rows.csv', 'out.parquet', '--model-file', {str(tiny_model)!r}]) == 0;"
        "heavy = set(('pandas', 'pandera', 'torch', 'hydra', 'sklearn', 'mlflow'));"
        "print(heavy & set(sys.modules))"
    )

    child = [sys.executable, "-c", code]
    done = subprocess.run(child, capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_it_within_moments_and_leaves_no_file(rows, tiny_model):
    folder = rows.parent
    rows.write_text("age,city,income\n" + "60,Oslo,1\n20,Bergen,2\n" * 1_000_000)
    command = [sys.executable, "-m", main.__module__, "rows.csv", "out.csv"]
    command += ["--model-file", str(tiny_model)]

    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as child:
        while child.poll() is None and not any(p.stat().st_size for p in folder.glob(".out.csv.*")):
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        told = child.communicate(timeout=60)[1]

    assert child.returncode == 130, told
    assert "Traceback" not in told
    assert sorted(path.name for path in folder.iterdir()) == ["model.onnx", "rows.csv"]


def test_the_backend_that_the_environment_names_runs_the_version(
    rows, registry, monkeypatch, fake_predictor
):
    opened = []

    class Backend:
        def predictor(self, path, version):
            opened.append((path.name, version.version))
            return fake_predictor

    monkeypatch.setenv("INFERENCE_BACKEND", "elsewhere")
    monkeypatch.setattr(backends, "named", {"elsewhere": Backend()}.get)

    assert main(["rows.csv", "out.csv"]) == 0

    assert opened == [("model.onnx", "3")]
    out = (rows.parent / "out.csv").read_text().splitlines()
    assert [line.split(",")[3] for line in out[1:]] == ["yes", "no"]


def test_a_backend_that_is_not_there_is_told_before_anything_is_fetched(
    rows, registry, monkeypatch, capsys
):
    monkeypatch.setenv("INFERENCE_BACKEND", "abacus")

    assert main(["rows.csv", "out.csv"]) == 2

    assert registry == []
    assert "INFERENCE_BACKEND is 'abacus': expected " in capsys.readouterr().err
