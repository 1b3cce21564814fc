"""The file that `export-triton` puts into a repository: the registered one, or one made of it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from {{ cookiecutter.package_name }}.cli._gating import check_same_data, held
from {{ cookiecutter.package_name }}.cli._rules import table
from {{ cookiecutter.package_name }}.data.processed import load_manifest, load_split
from {{ cookiecutter.package_name }}.evaluation.comparison import compare
from {{ cookiecutter.package_name }}.evaluation.evaluate import evaluate
from {{ cookiecutter.package_name }}.evaluation.gate_file import gate_path, read_promotion
from {{ cookiecutter.package_name }}.evaluation.rules import RuleResult, listed
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.model_store import (
    fetch_file,
    fetch_run_file,
)
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.triton_model import ServedModel
from {{ cookiecutter.package_name }}.integrations.versions import VersionInfo
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, GateRefused
from {{ cookiecutter.package_name }}.schemas.model import GOLDEN_FILE
from {{ cookiecutter.package_name }}.utils.words import counted

_CHECKPOINT = "checkpoints/best.ckpt"


@contextmanager
def served_file(
    registry: Registry,
    found: VersionInfo,
    *,
    kind: Literal["onnx", "torchscript"],
    quantize: Literal["int8"] | None,
) -> Iterator[ServedModel]:
    """The version in the format that was asked for; what is made of it lives for the block."""
    model = fetch_file(registry, found)
    with tempfile.TemporaryDirectory() as scratch:
        if kind == "torchscript":
            yield _torchscript(registry, found, model, Path(scratch))
        elif quantize:
            yield _int8(found, model, Path(scratch))
        else:
            yield ServedModel.onnx(model)


def _int8(found: VersionInfo, model: Path, scratch: Path) -> ServedModel:
    """Quantised, and held against the same limits as a version that is promoted."""
    from {{ cookiecutter.package_name }}.integrations.triton_int8 import quantised

    predictor = Predictor.open(model)
    manifest = load_manifest(predictor.info.data_name)
    check_same_data(found, predictor, manifest)
    rows = load_split(manifest, "train").features
    small = quantised(model, rows, scratch / "model.onnx")
    before, after = evaluate(predictor, manifest), evaluate(Predictor.open(small), manifest)
    how = read_promotion(gate_path()).compare
    target = manifest.data_schema.target
    against = compare(target, after.truth, after.predictions, before.predictions, how)
    decision = held(manifest, after)
    rules = (*decision.rules, *map(_against_fp32, against))
    print(
        f"version {found.version} with 8 bits, {counted(after.rows, 'test row')} of {manifest.name}"
    )
    print(table(rules))
    for line in decision.left_out:
        print(f"  {line}")
    print(f"bytes: {model.stat().st_size:,} as trained, {small.stat().st_size:,} with 8 bits")
    if broken := [rule for rule in rules if not rule.passed]:
        raise GateRefused(
            f"Version {found.version} with 8 bits does not pass the gate, and nothing was "
            f"exported: {listed(broken)}."
        )
    return ServedModel.onnx(small, "onnx-int8")


def _against_fp32(rule: RuleResult) -> RuleResult:
    return replace(rule, metric=rule.metric.replace("against prod", "against 32 bits"))


def _torchscript(registry: Registry, found: VersionInfo, model: Path, scratch: Path) -> ServedModel:
    """Traced from the net of the run's checkpoint, and compared with the golden rows."""
    from {{ cookiecutter.package_name }}.integrations.triton_torchscript import (
        require_numbers,
        torchscript,
    )

    info = Predictor.open(model).info
    require_numbers(info.data_schema)
    net = _net(fetch_file(registry, found, "config.yaml"), found, info.data_schema)
    golden = Golden.read(fetch_file(registry, found, GOLDEN_FILE))
    checkpoint = fetch_run_file(registry, found, _CHECKPOINT, scratch)
    return torchscript(model, net, checkpoint, golden, scratch / "model.pt")


def _net(config: Path, found: VersionInfo, schema: Any) -> Any:
    """The net as the run's configuration describes it, with weights of no training."""
    from omegaconf import OmegaConf

    from {{ cookiecutter.package_name }}.cli._training import build

    chosen = OmegaConf.select(OmegaConf.load(config), "model")
    if chosen is None or "net" not in chosen:
        name = "unknown" if chosen is None else chosen.get("name")
        raise ConfigError(
            f"Version {found.version} is a model '{name}', which is no net of PyTorch: use "
            "--format onnx."
        )
    builder = build(chosen.net)
    return builder(
        inputs=len(schema.numbers),
        outputs=len(schema.target.classes) or 1,
        image_shape=schema.image_shape,
    )
