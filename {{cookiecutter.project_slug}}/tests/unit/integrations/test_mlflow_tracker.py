import subprocess
import sys

import pytest

from {{ cookiecutter.package_name }}.integrations.mlflow_tracker import MlflowTracker
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def test_importing_the_tracker_imports_no_framework():
    code = (
        "import sys\n"
        "import {{ cookiecutter.package_name }}.integrations.mlflow_tracker\n"
        "import {{ cookiecutter.package_name }}.integrations.model_store\n"
        "print({'mlflow', 'torch', 'pandas', 'hydra', 'onnx'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_a_tracker_that_was_not_started_can_be_closed(project):
    tracker = MlflowTracker(None)

    tracker.close("FAILED")
    tracker.close("FAILED")

    assert not (project / "mlflow.db").exists()


def test_metrics_need_a_started_run(project):
    with pytest.raises(RuntimeError, match="was not started"):
        MlflowTracker(None).log_metrics({"loss": 1.0}, 0)


def test_an_address_that_cannot_be_is_refused_before_anything_starts(project):
    with pytest.raises(ConfigError, match="'mlruns', which is a folder"):
        MlflowTracker("mlruns")
