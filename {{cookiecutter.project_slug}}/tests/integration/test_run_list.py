import socket

import pytest

from {{ cookiecutter.package_name }}.integrations.run_list import (
    learning_curves,
    list_runs,
    page_of,
    parameter_rows,
    run_rows,
)
from {{ cookiecutter.package_name }}.integrations.run_papers import (
    fetch_papers,
    shared_figures,
)
from {{ cookiecutter.package_name }}.schemas.errors import (
    ModelNotFound,
    TrackingUnavailable,
)

# MLflow's own use of SQLAlchemy; nothing here can change it.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")

NAME = "{{ cookiecutter.package_name }}"


@pytest.mark.slow
def test_runs_have_parameters_curves_card_and_figures(store, register, run_folder) -> None:
    (run_folder / "model_card.md").write_text("# A card")
    (run_folder / "figures" / "confusion_matrix.svg").write_text("<svg/>")
    served = register(store)

    (run,) = list_runs(NAME, store)
    curves = learning_curves({"tiny": run.id}, store)
    papers = fetch_papers(run.id, store)

    assert (run.id, run.status, run.link) == (served.run_id, "finished", None)
    assert run_rows([run])[0]["run"] == "tiny-customers"
    assert parameter_rows(run)[1] == {"parameter": "model.layer_10", "value": "x" * 10}
    assert curves == {"loss": {"training": [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]}}
    assert (papers.card, papers.figures) == ("# A card", {"Confusion matrix": "<svg/>"})
    assert shared_figures(papers, papers) == [("Confusion matrix", ["<svg/>"] * 2)]


def test_a_project_without_a_store_says_what_to_run(project) -> None:
    with pytest.raises(ModelNotFound, match="`uv run pipeline` or `uv run train` first"):
        list_runs(NAME)

    assert not (project / "mlflow.db").exists()


@pytest.mark.slow
def test_a_store_that_is_away_is_told(project) -> None:
    with socket.socket() as taken:  # bound but not listening: nobody answers, nobody else can
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(TrackingUnavailable, match="connection refused"):
            list_runs(NAME, f"http://127.0.0.1:{taken.getsockname()[1]}")


def test_only_a_server_has_pages_and_its_password_is_in_no_link() -> None:
    assert page_of("http://host:5000/", "1", "r") == "http://host:5000/#/experiments/1/runs/r"
    assert page_of("https://user:secret@host", "1", "r") is None
    assert page_of("sqlite:///mlflow.db", "1", "r") is None
