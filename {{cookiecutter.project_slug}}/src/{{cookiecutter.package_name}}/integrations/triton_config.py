"""Triton's `config.pbtxt`, made from the model that it is about.

The text is written by protobuf from Triton's own message, so that every name and quote is right.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from {{ cookiecutter.package_name }}.integrations.triton_model import ServedModel, Tensor
from {{ cookiecutter.package_name }}.integrations.triton_options import (
    Precision,
    ServingOptions,
)
from {{ cookiecutter.package_name }}.schemas.dataset import Column
from {{ cookiecutter.package_name }}.schemas.errors import ArtifactMismatch, ConfigError
from {{ cookiecutter.package_name }}.schemas.model import ServedVersion
from {{ cookiecutter.package_name }}.utils.files import sha256_of

LABELS_FILE = "labels.txt"
INFO_PARAMETER = "model_info"
VERSION_PARAMETER = "served_version"
VARIANT_PARAMETER = "variant"
ENGINES = "/var/cache/tensorrt"
"""Where the server keeps what TensorRT compiled; its container has a volume there."""

_LARGEST_HALF = 65_504
_HEADING = "# Written by `export-triton` from the graph of the version that it names; not by hand."
_THREADS = {
    # Each library would otherwise give every instance all cores of the machine.
    "onnxruntime": {"intra_op_thread_count": "1"},
    "pytorch": {"INTRA_OP_THREAD_COUNT": "1", "INTER_OP_THREAD_COUNT": "1"},
}


def config_text(model: ServedModel, served: ServedVersion, options: ServingOptions) -> str:
    """The text of `config.pbtxt`, in which one version of the model is served.

    The version's own description travels in it, so that clients need no model file.
    """
    from google.protobuf import text_format
    from tritonclient.grpc.model_config_pb2 import ModelConfig

    options.check()
    config = ModelConfig(
        name=options.model,
        backend=model.backend,
        default_model_filename=model.file,
        max_batch_size=options.max_batch_size,
        version_policy={"specific": {"versions": [int(served.version)]}},
        input=[_described(tensor) for tensor in model.inputs],
        output=[_described(tensor, served.version) for tensor in model.outputs],
        dynamic_batching={
            "preferred_batch_size": options.preferred_batch_sizes,
            "max_queue_delay_microseconds": options.queue_delay_us,
        },
        instance_group=[
            {"count": options.instances, "kind": f"KIND_{options.device.upper()}"},
        ],
        model_warmup=_warm_up(model.inputs, options.max_batch_size),
        parameters={
            name: {"string_value": text} for name, text in _parameters(model, served).items()
        },
        **_acceleration(model, options.tensorrt),
    )
    text: str = text_format.MessageToString(config, as_utf8=True)
    return f"{_HEADING}\n{text}"


def _parameters(model: ServedModel, served: ServedVersion) -> dict[str, str]:
    return {
        INFO_PARAMETER: model.info.model_dump_json(),
        VERSION_PARAMETER: served.model_dump_json(),
        VARIANT_PARAMETER: model.variant,
        **_THREADS[model.backend],
    }


def _acceleration(model: ServedModel, precision: Precision | None) -> dict[str, Any]:
    """TensorRT, below ONNX Runtime; what it cannot run stays with ONNX Runtime."""
    if precision is None:
        return {}
    if model.variant != "onnx":
        raise ConfigError(
            f"TensorRT ({precision}) accelerates the ONNX graph as it was trained, and this is "
            f"'{model.variant}': leave out --tensorrt, or the other choice."
        )
    if precision == "fp16":
        _require_half(model.info.data_schema.columns)
    tensorrt = {
        "name": "tensorrt",
        "parameters": {
            "precision_mode": precision.upper(),
            # Compiling takes from seconds to minutes; what was compiled is for one kind of GPU.
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": ENGINES,
            # ONNX Runtime finds it by the names in the graph, and not by the weights: a version
            # of the same net would be answered for by the former one.
            "trt_engine_cache_prefix": sha256_of(model.path)[:16],
        },
    }
    return {"optimization": {"execution_accelerators": {"gpu_execution_accelerator": [tensorrt]}}}


def _require_half(columns: Sequence[Column]) -> None:
    """ConfigError where a column holds numbers that half precision makes infinite."""
    for column in columns:
        seen = max(abs(column.minimum or 0), abs(column.maximum or 0))
        if seen > _LARGEST_HALF:
            raise ConfigError(
                f"--tensorrt fp16: column '{column.name}' has values as large as {seen:g}, and "
                f"half precision ends at {_LARGEST_HALF:,}: say --tensorrt fp32."
            )


def _described(tensor: Tensor, version: str = "") -> dict[str, Any]:
    # Triton wants at least one dimension beside the batch: (N,) is told as (N, 1), reshaped.
    shape = {"dims": tensor.dims} if tensor.dims else {"dims": (1,), "reshape": {"shape": ()}}
    labels = {"label_filename": f"{version}/{LABELS_FILE}"} if tensor.labelled else {}
    return {"name": tensor.name, "data_type": tensor.type, **shape, **labels}


def _warm_up(inputs: Sequence[Tensor], most: int) -> list[dict[str, Any]]:
    """Rows of zeros (for strings: empty ones), run before the model counts as ready.

    One row and the largest batch: memory, and whatever is compiled, is for all sizes between.
    """
    rows = {
        tensor.name: {
            "data_type": tensor.type,
            "dims": [max(size, 1) for size in tensor.dims] or [1],
            "zero_data": True,
        }
        for tensor in inputs
    }
    sizes = {1: "one row", most: "the largest batch"}
    return [{"name": sizes[size], "batch_size": size, "inputs": rows} for size in sorted(sizes)]


def labels_text(path: Path, classes: tuple[str, ...]) -> str:
    """The text of the labels file: a class a line, in the order of the columns.

    Raises ArtifactMismatch where the name of a class is not one line.
    """
    broken = [name for name in classes if len(name.splitlines()) > 1]
    if broken:
        raise ArtifactMismatch(
            f"Class {broken[0]!r} of '{path}' has a line break, which a labels file cannot hold."
        )
    return "".join(f"{name}\n" for name in classes)
