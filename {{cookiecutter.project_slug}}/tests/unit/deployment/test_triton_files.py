"""What starts Triton agrees with what the tests run and with what `export-triton` writes."""

from pathlib import Path
from typing import Any

import yaml

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.integrations.triton_config import ENGINES
from {{ cookiecutter.package_name }}.utils.paths import project_root

TRITON = project_root() / "deployment" / "triton"
IMAGE = "nvcr.io/nvidia/tritonserver"


def read(name: str) -> Any:
    return yaml.safe_load((TRITON / name).read_text(encoding="utf-8"))


def test_containers_and_pods_run_the_same_pinned_release():
    service = read("compose.yaml")["services"]["triton"]
    (image,) = read("k8s/base/kustomization.yaml")["images"]

    assert service["image"] == f"{image['name']}:{image['newTag']}"
    assert image["name"] == IMAGE
    assert image["newTag"] not in ("", "latest")


def test_a_server_is_ready_when_the_model_is_whatever_became_of_a_newer_version():
    ready = f"/v2/models/{PROJECT}/ready"
    (container,) = pod()["containers"]

    assert container["readinessProbe"]["httpGet"]["path"] == ready
    assert container["livenessProbe"]["httpGet"]["path"] == "/v2/health/live"
    assert read("compose.yaml")["services"]["triton"]["healthcheck"]["test"][-1].endswith(ready)


def test_a_pod_may_do_nothing_but_serve():
    spec = pod()
    (container,) = spec["containers"]

    assert spec["securityContext"]["runAsNonRoot"]
    assert not spec["automountServiceAccountToken"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert not container["securityContext"]["allowPrivilegeEscalation"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_a_pod_has_time_to_finish_its_requests():
    spec = pod()
    (container,) = spec["containers"]
    told = dict(option.split("=", 1) for option in container["args"] if "=" in option)
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][-1])

    assert int(told["--exit-timeout-secs"]) + pause < spec["terminationGracePeriodSeconds"]


def test_what_tensorrt_compiled_is_kept_where_the_configuration_says():
    compose = read("compose.gpu.yaml")["services"]["triton"]["volumes"]
    mounted = read("k8s/on-gpu/gpu.yaml")["spec"]["template"]["spec"]["containers"][0]

    assert compose == [f"engines:{ENGINES}"]
    assert [volume["mountPath"] for volume in mounted["volumeMounts"]] == [ENGINES]


def test_the_policy_is_about_triton_and_no_other_pod():
    policy = read("k8s/base/network-policy.yaml")["spec"]
    (labels,) = read("k8s/base/kustomization.yaml")["labels"]

    assert policy["podSelector"]["matchLabels"] == labels["pairs"]


def test_every_folder_of_manifests_is_used():
    folders = sorted(path.parent.name for path in (TRITON / "k8s").glob("*/kustomization.yaml"))
    named = {Path(other).name for folder in folders for other in others(folder)}

    applied = {
        folder
        for folder in folders
        if read(f"k8s/{folder}/kustomization.yaml")["kind"] != "Component"
    }
    assert {"cpu", "gpu"} <= applied
    assert set(folders) == named | (applied - {"base"})


def others(folder: str) -> list[str]:
    content = read(f"k8s/{folder}/kustomization.yaml")
    found = [*content.get("resources", []), *content.get("components", [])]
    return [one for one in found if one.startswith("..")]


def pod() -> Any:
    return read("k8s/base/deployment.yaml")["spec"]["template"]["spec"]
