"""Composition of a training: configuration in, a registered model version out."""

import json
import sys
from typing import TYPE_CHECKING, Any

from hydra.utils import instantiate
from omegaconf import DictConfig

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._compose import explain_target
from {{ cookiecutter.package_name }}.cli._entry import typed
from {{ cookiecutter.package_name }}.cli._session import Session
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, ProjectError
from {{ cookiecutter.package_name }}.schemas.model import ModelInfo, ServedVersion
from {{ cookiecutter.package_name }}.utils.deferred import deferred
from {{ cookiecutter.package_name }}.utils.files import write_text
from {{ cookiecutter.package_name }}.utils.paths import shown
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.training.fit import TrainedModel

OBJECTIVE = {"classification": "val/log_loss", "regression": "val/rmse"}
"""What a sweep compares: smaller is better."""


def train(config: DictConfig) -> float:
    """Train as configured; returns the validation loss, for sweeps to compare."""
    with Session(config) as session:
        return _train(session)


def _train(session: Session) -> float:
    model, data = session.settings.model["name"], session.manifest
    rows = data.files["train"].rows
    print(
        f"training {model} on {counted(rows, 'row')} of {data.name}; loading the framework first",
        file=sys.stderr,
        flush=True,
    )
    if session.registers and (note := session.origin.note):
        print(f"note: {note}", file=sys.stderr, flush=True)
    # MLflow is imported by the tracker's process while this one imports the framework: the
    # order of these lines is a third of the time of a short training.
    with session.phases.phase("imports"):
        # torchmetrics, which Lightning imports, imports scipy.signal to put an old name back
        # into it for a library that is not used here: a fifth of the time of these imports.
        with deferred("scipy.signal", hamming=None):
            fitter = build(session.config.model)
        from {{ cookiecutter.package_name }}.training.card import write_papers
        from {{ cookiecutter.package_name }}.training.fit import fit, save
        from {{ cookiecutter.package_name }}.training.fitting import FitContext

    with session.phases.phase("open run"):
        run_id = session.tracker.confirm()
        session.record("RUNNING", mlflow_run_id=run_id)
    context = FitContext(
        folder=session.folder,
        seed=session.settings.seed,
        fast_dev_run=session.fast_dev_run,
        resume_from=session.checkpoint,
        trainer=lambda **extra: build(session.config.trainer, **extra),
        on_epoch=session.tracker.log_metrics,
    )
    with session.phases.phase("fit and export"):
        trained = fit(fitter, session.manifest, context, _describe(session, {}))
    with session.phases.phase("report"):
        metrics = _report(session, trained)
        info = _describe(session, metrics)
        save(trained.graph, info, session.folder)
        write_papers(session.folder, info, session.manifest, trained.computed_on)
    with session.phases.phase("register"):
        session.tracker.log_metrics(metrics, max(len(trained.history) - 1, 0))
        served = None if session.fast_dev_run else session.tracker.register(session.folder)
    session.record("FINISHED", mlflow_run_id=run_id, version=served.version if served else None)
    _say(session, metrics, served)
    return metrics[OBJECTIVE[session.manifest.data_schema.target.task]]


def build(node: DictConfig, **keywords: object) -> Any:
    """What a node's `_target_` names; an unknown or missing key is a ConfigError sentence."""
    from hydra.errors import InstantiationException

    try:
        return instantiate(node, _convert_="all", **keywords)
    except InstantiationException as error:
        if isinstance(error.__cause__, ProjectError):
            raise error.__cause__ from error
        raise ConfigError(explain_target(error)) from error


def _describe(session: Session, metrics: dict[str, float]) -> ModelInfo:
    return ModelInfo(
        project=PROJECT,
        model_name=str(session.settings.model["name"]),
        data_name=session.manifest.name,
        data_digest=session.manifest.digest,
        data_schema=session.manifest.data_schema,
        metrics=metrics,
        git_sha=session.origin.git_sha,
        template_version=session.origin.template_version,
    )


def _report(session: Session, trained: "TrainedModel") -> dict[str, float]:
    """Score the exported model on the validation split; write its metrics and figures."""
    from {{ cookiecutter.package_name }}.evaluation.figures import training_figures
    from {{ cookiecutter.package_name }}.evaluation.metrics import score

    target = session.manifest.data_schema.target
    answered = (target, trained.validation.target, trained.predictions)
    metrics = {f"val/{name}": value for name, value in score(*answered).items()}
    told = {
        "metrics": metrics,
        "computed_on": trained.computed_on,
        "seconds": session.phases.seconds,
        "history": trained.history,
    }
    write_text(session.folder / "metrics.json", json.dumps(told, indent=2) + "\n")
    if not session.fast_dev_run:
        figures = training_figures(trained.history, *answered)
        session.figures.write(session.folder / "figures", figures)
    return metrics


def _say(session: Session, metrics: dict[str, float], served: ServedVersion | None) -> None:
    shown_metrics = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items())
    print(f"\n{shown_metrics}\n{session.phases}\nrun folder  {shown(session.folder)}")
    if served:
        print(f"registered  {served.name} version {served.version}, alias {served.alias}")
        print(f"next        {typed(f'promote --to staging --version {served.version}')}")
    elif session.fast_dev_run:
        print("registered  nothing: trainer.fast_dev_run=true only shows that everything runs")
    else:
        print(
            "registered  nothing: mlflow.enabled=false; serve it with\n            "
            + typed(f"serve --model-file {shown(session.folder / 'model.onnx')}")
        )
