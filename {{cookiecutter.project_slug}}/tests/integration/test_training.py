"""`train` as people run it: configured by Hydra, in a project of its own."""

import json
import subprocess
import time

import numpy as np
import pytest

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli.prepare import main as prepare
from {{ cookiecutter.package_name }}.cli.train import main
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.mlflow_client import connect
from {{ cookiecutter.package_name }}.training.provenance import of_project
from {{ cookiecutter.package_name }}.training.runs import read_record
from {{ cookiecutter.package_name }}.utils.paths import config_dir

EXPERIMENTS = sorted(path.stem for path in (config_dir() / "experiment").glob("*.yaml"))
ANY_TARGET = "data.target=???"  # `prepared` is not what config/data/digits.yaml speaks of
SMALL = ["data.name=shapes", ANY_TARGET, "trainer.max_epochs=2"]
UNTRACKED = [*SMALL, "mlflow.enabled=false"]

# MLflow 3.17 on SQLAlchemy 2.1, where a test asks the store itself.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.usefixtures("training_in_process"),
]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_experiment_trains_a_model_that_answers(prepared, runs, experiment):
    code = main([f"experiment={experiment}", *UNTRACKED])

    assert code == 0
    (folder,) = runs()
    predictor = Predictor.open(folder / "model.onnx")
    assert predictor.info.data_digest == prepared.images.digest
    assert read_record(folder).status == "FINISHED"


def test_a_run_folder_has_everything_that_the_guide_names(prepared, runs, capsys):
    main(UNTRACKED)

    (folder,) = runs()
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert made == {
        "config.yaml",
        "metrics.json",
        "model.onnx",
        "model_card.md",
        "classes.json",
        "dataset.json",
        "golden.json",
        "reference.parquet",
        "run.json",
        "run.lock",
        "checkpoints/best.ckpt",
        "checkpoints/last.ckpt",
        "figures/loss.svg",
        "figures/confusion_matrix.svg",
    }
    told = json.loads((folder / "metrics.json").read_text())
    assert told["metrics"]["val/accuracy"] > 0.3
    assert len(told["history"]) == 2
    printed = capsys.readouterr()
    assert "serve --model-file" in printed.out
    assert "epoch 2/2" in printed.err


def test_without_mlflow_there_is_no_trace_of_it(prepared, project):
    main(UNTRACKED)

    names = {path.name for path in project.rglob("*")}
    assert not names & {"mlflow.db", "mlartifacts", "mlruns"}


@pytest.mark.usefixtures("prepared")
def test_the_baseline_runs_with_fast_dev_run_as_the_guide_says(runs):
    assert main(["model=baseline", "trainer.fast_dev_run=true", *UNTRACKED]) == 0

    (folder,) = runs()
    assert Predictor.open(folder / "model.onnx").info.model_name == "baseline"


@pytest.mark.usefixtures("prepared")
def test_a_sweep_makes_a_run_for_each_choice(runs):
    assert main(["-m", "model=mlp,baseline", *UNTRACKED]) == 0

    named = {Predictor.open(folder / "model.onnx").info.model_name for folder in runs()}
    assert named == {"mlp", "baseline"}


@pytest.mark.usefixtures("prepared")
def test_a_sweep_goes_on_after_a_run_that_fails_and_says_why(runs, capsys):
    code = main(["-m", "data.name=homes,shapes", "model=cnn", *UNTRACKED[1:]])

    assert code == 2
    assert "model=cnn needs a data set whose columns are pixels" in capsys.readouterr().err
    assert [read_record(folder).status for folder in runs()] == ["FAILED", "FINISHED"]


@pytest.mark.usefixtures("prepared")
def test_two_runs_with_one_seed_give_the_same_weights(runs, weights_of):
    for _ in range(2):
        main([*UNTRACKED, "resume=never"])
    main([*UNTRACKED, "resume=never", "seed=8"])

    first, second, other = map(weights_of, runs())
    assert first == second
    assert first != other


def test_regression_answers_in_the_targets_unit(prepared, runs):
    main(["data.name=homes", ANY_TARGET, "mlflow.enabled=false", "trainer.max_epochs=30"])

    (folder,) = runs()
    told = json.loads((folder / "metrics.json").read_text())["metrics"]
    assert told["val/r2"] > 0.5
    assert (folder / "figures" / "residuals.svg").is_file()


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (["model=mpl"], "model=mpl: there is no config/model/mpl.yaml"),
        (["model.lrr=1"], "There is no key 'model.lrr'. Did you mean 'model.optimizer.lr'?"),
        (["+nothing=1"], "There is no key 'nothing': nothing reads it."),
        (["data.target=color"], "data.target=color: the data set 'shapes' was prepared from"),
        (["data.name=nothing"], "The data set 'nothing' is not prepared"),
        (["model=null"], "model=null: "),
        (["resume=nowhere"], "resume=nowhere: there is no checkpoint"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(runs, capsys, overrides, sentence):
    code = main([*UNTRACKED, *overrides])

    told = capsys.readouterr().err
    assert code in {2, 3}
    assert told.startswith("error: ")
    assert sentence in told
    assert "Traceback" not in told
    assert runs() == []


def test_data_options_that_prepare_did_not_see_are_refused(project, runs, capsys):
    (project / "rows.csv").write_text("size,y\n" + "".join(f"{n},{n % 2}\n" for n in range(60)))
    data = ["data=table", "data.path=rows.csv", "data.target=y"]
    quick = ["model=baseline", "mlflow.enabled=false"]
    assert prepare(data) == 0

    assert main([*data, *quick]) == 0
    assert main([*data, *quick, "data.split.salt='2'"]) == 2

    assert "The data options are not those" in capsys.readouterr().err
    assert len(runs()) == 1


@pytest.mark.usefixtures("prepared")
def test_a_key_that_a_target_does_not_take_fails_the_run_before_it_trains(runs, capsys):
    code = main([*UNTRACKED, "+model.layers=3"])

    assert code == 2
    assert "There is no key 'model.layers': " in capsys.readouterr().err
    (folder,) = runs()
    assert read_record(folder).status == "FAILED"
    assert not (folder / "model.onnx").exists()


def test_a_training_registers_a_version_with_alias_dev(prepared, project, store, runs, capsys):
    began = int(time.time() * 1000)
    (project / "uv.lock").write_text("locked")
    for arguments in (["init", "-q"], ["add", "config"], ["commit", "-qm", "First"]):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *who, *arguments], cwd=project, check=True)
    origin = of_project(project)
    assert None not in origin.model_dump().values()

    assert main([*SMALL, "env=ci"]) == 0
    told = capsys.readouterr()
    assert f"note: {origin.note}" in told.err

    (folder,) = runs()
    record = read_record(folder)
    client = connect(store)
    version = client.get_model_version_by_alias(PROJECT, "dev")
    assert (record.version, record.mlflow_run_id) == (str(version.version), version.run_id)
    run = client.get_run(version.run_id)
    assert run.info.status == "FINISHED"
    assert run.info.start_time >= began - 1000
    tags = {
        "project": PROJECT,
        "env": "ci",
        "model_name": "mlp",
        "data_name": "shapes",
        "debug": "false",
        "lifecycle_intent": "dev",
        "git_sha": origin.git_sha,
        "git_dirty": "true",
        "lock_sha256": origin.lock_sha256,
        "template_version": origin.template_version,
    }
    assert tags.items() <= run.data.tags.items()
    assert tags.items() <= version.tags.items()
    kept = {file.path for file in client.list_artifacts(version.run_id)}
    assert {
        "config.yaml",
        "metrics.json",
        "model_card.md",
        "classes.json",
        "dataset.json",
        "reference.parquet",
    } <= kept
    info = Predictor.open(folder / "model.onnx").info
    assert (info.git_sha, info.template_version) == (origin.git_sha, origin.template_version)
    assert run.data.params["model.net.hidden"] == "[256]"
    epochs = client.get_metric_history(version.run_id, "val/loss")
    assert [metric.step for metric in epochs] == [0, 1]
    assert np.isfinite([metric.value for metric in epochs]).all()
    assert f"registered  {PROJECT} version {version.version}" in told.out
