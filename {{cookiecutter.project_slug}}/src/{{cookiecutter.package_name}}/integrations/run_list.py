"""The last runs of the experiment, for people to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from {{ cookiecutter.package_name }}.integrations.mlflow_client import (
    answering,
    connect,
    first_words,
)
from {{ cookiecutter.package_name }}.integrations.stores import (
    exists,
    tracking_uri,
    without_password,
)
from {{ cookiecutter.package_name }}.schemas.errors import ModelNotFound

Points = list[tuple[float, float]]
"""(epoch from 1, value), by epoch."""

Charts = dict[str, dict[str, Points]]
"""By quantity, such as "loss", the lines of its chart by name, such as "validation"."""

_MOST = 50
_SPLITS = {"train": "training", "val": "validation"}


@dataclass(frozen=True)
class ListedRun:
    """One run; `seconds` is None while it goes on, `link` where MLflow has no pages."""

    id: str
    name: str
    status: str
    started: datetime
    seconds: float | None
    tags: Mapping[str, str]
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    link: str | None

    @property
    def label(self) -> str:
        """As people choose it from a list."""
        return f"{self.name}, {self.started:%Y-%m-%d %H:%M:%S} UTC ({self.id[:8]})"


def list_runs(experiment: str, configured_uri: str | None = None) -> list[ListedRun]:
    """The newest runs first, at most fifty.

    Raises ModelNotFound where there is none, TrackingUnavailable where the store does not
    answer, ConfigError where its address cannot be used.
    """
    uri = tracking_uri(configured_uri)
    runs = _runs(uri, experiment) if exists(uri) else []
    if not runs:
        raise ModelNotFound(
            f"There is no run of '{experiment}' in '{without_password(uri)}' yet: "
            "run `uv run pipeline` or `uv run train` first."
        )
    return runs


def _runs(uri: str, experiment: str) -> list[ListedRun]:
    client = connect(uri)
    with first_words(uri):
        found = client.get_experiment_by_name(experiment)
    if found is None:
        return []
    with answering(uri):
        runs = client.search_runs(
            [found.experiment_id], max_results=_MOST, order_by=["attributes.start_time DESC"]
        )
    return [_listed(run, uri) for run in runs]


def _listed(run: Any, uri: str) -> ListedRun:
    info, ended = run.info, run.info.end_time
    return ListedRun(
        id=info.run_id,
        name=info.run_name or info.run_id[:12],
        status=str(info.status).lower(),
        started=datetime.fromtimestamp(info.start_time / 1000, UTC),
        seconds=None if ended is None else (ended - info.start_time) / 1000,
        tags=dict(run.data.tags),
        params=dict(run.data.params),
        metrics=dict(run.data.metrics),
        link=page_of(uri, info.experiment_id, info.run_id),
    )


def page_of(uri: str, experiment_id: str, run_id: str) -> str | None:
    """Address of the run in MLflow's own pages; None where the store is no server."""
    if not uri.startswith(("http://", "https://")) or "@" in uri:
        return None
    return f"{uri.rstrip('/')}/#/experiments/{experiment_id}/runs/{run_id}"


def run_rows(runs: list[ListedRun]) -> list[dict[str, object]]:
    """A row a run, with its most telling metric of each split."""
    return [
        {
            "run": run.name,
            "started (UTC)": f"{run.started:%Y-%m-%d %H:%M}",
            "took": "running" if run.seconds is None else f"{run.seconds:,.0f} s",
            "status": run.status,
            "model": run.tags.get("model_name", ""),
            "data": run.tags.get("data_name", ""),
            **{name: run.metrics.get(name) for name in _telling(runs)},
        }
        for run in runs
    ]


def _telling(runs: list[ListedRun]) -> list[str]:
    """At most two metrics of the validation split that any run has."""
    names = {name for run in runs for name in run.metrics if name.startswith("val/")}
    return sorted(names)[:2]


def parameter_rows(run: ListedRun) -> list[dict[str, object]]:
    """What the run was told, a row a key: what models differ in before what data do."""
    rank = {"model": 0, "trainer": 1}
    keys = sorted(run.params, key=lambda key: (rank.get(key.partition(".")[0], 2), key))
    return [{"parameter": key, "value": run.params[key]} for key in keys]


def learning_curves(runs: Mapping[str, str], configured_uri: str | None = None) -> Charts:
    """What was measured at each epoch of these runs, whose ids are given by a name.

    Runs without epochs have no curves; where there are several runs, a line's name begins with
    its run's. Raises TrackingUnavailable where the store does not answer.
    """
    uri = tracking_uri(configured_uri)
    client, charts = connect(uri), Charts()
    with answering(uri):
        for name, run_id in runs.items():
            for key in sorted(client.get_run(run_id).data.metrics):
                split, _, quantity = key.partition("/")
                if split not in _SPLITS:
                    continue
                points = _points(client.get_metric_history(run_id, key))
                if len(points) > 1:
                    line = f"{name}, {_SPLITS[split]}" if len(runs) > 1 else _SPLITS[split]
                    charts.setdefault(quantity, {})[line] = points
    return dict(sorted(charts.items(), key=lambda chart: chart[0] != "loss"))


def _points(history: list[Any]) -> Points:
    """The value that was stored last of each epoch."""
    by_step = {metric.step: float(metric.value) for metric in history}
    return [(step + 1, value) for step, value in sorted(by_step.items())]
