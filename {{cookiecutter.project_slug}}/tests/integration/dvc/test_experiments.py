"""Values tried by `dvc exp run`, and what they changed."""

import json

import pytest

pytestmark = pytest.mark.slow


def test_values_are_set_by_their_keys_and_compared_with_the_last_commit(copy, dvc, ran, tmp_path):
    values = ("model=mlp", "model.net.hidden=[8]", "trainer.max_epochs=2")
    said = [word for value in values for word in ("-S", value)]

    told = dvc(copy, "exp", "run", *said)
    metrics = json.loads(dvc(copy, "metrics", "diff", "--json"))
    dvc(copy, "plots", "diff", "--out", str(tmp_path / "plots"))

    assert ran(told) == ["train", "evaluate", "export"]
    configured = (copy / "outputs/dvc/config.yaml").read_text(encoding="utf-8")
    assert "max_epochs: 2" in configured
    assert "hidden:\n    - 8\n" in configured
    assert metrics["reports/evaluation/local/metrics.json"]["metrics.log_loss"]["diff"] != 0
    page = (tmp_path / "plots" / "index.html").read_text(encoding="utf-8")
    assert "Loss by epoch" in page
    assert "val/loss" in page


def test_an_experiment_in_a_copy_is_compared_and_leaves_the_project_alone(copy, dvc, git, contents):
    before = contents(copy)

    dvc(copy, "exp", "run", "--temp", "--quiet", "--name", "other", "-S", "data.split.salt=2")
    diff = json.loads(dvc(copy, "exp", "diff", "--json", "HEAD", "other"))

    (metrics,) = diff["metrics"].values()
    assert metrics["metrics.log_loss"]["diff"] != 0
    assert metrics["test_digest"]["old"] != metrics["test_digest"]["new"]
    assert contents(copy) == before
    assert git(copy, "status", "--porcelain") == ""
