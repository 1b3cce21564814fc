"""Arguments of `export-triton` that say how a server runs the model."""

import argparse
import re
from typing import TYPE_CHECKING

from {{ cookiecutter.package_name }}.cli._arguments import positive

if TYPE_CHECKING:
    from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions

_USUAL_BATCHES = (8, 32)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({positive(part.strip()) for part in text.split(",")}))


def _microseconds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of microseconds, 0 or more")
    return int(text)


def folder_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", text):
        raise argparse.ArgumentTypeError(
            f"'{text}' cannot be a folder's name: expected letters, digits, '_', '-' and '.'"
        )
    return text


def add_serving(parser: argparse.ArgumentParser) -> None:
    """Batches, device and copies."""
    parser.add_argument(
        "--max-batch-size", type=positive, default=64, metavar="N", help="rows in a batch (64)"
    )
    parser.add_argument(
        "--preferred-batch-sizes",
        type=_sizes,
        metavar="N,N",
        help="rows at which a batch is run without more waiting (8,32, up to the maximum)",
    )
    parser.add_argument(
        "--queue-delay-us",
        type=_microseconds,
        default=500,
        metavar="N",
        help="microseconds that a request waits for others to share its batch (500)",
    )
    parser.add_argument(
        "--device", choices=("cpu", "gpu"), default="cpu", help="where the model runs (cpu)"
    )
    parser.add_argument(
        "--instances", type=positive, default=1, metavar="N", help="copies of the model (1)"
    )
    parser.add_argument(
        "--tensorrt",
        choices=("fp16", "fp32"),
        help="with --device gpu: let TensorRT run the ONNX graph, in this precision",
    )


def serving_options(arguments: argparse.Namespace) -> "ServingOptions":
    """What the arguments ask for; ConfigError where Triton would refuse it."""
    from {{ cookiecutter.package_name }}.integrations.triton_options import ServingOptions
    from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

    most = arguments.max_batch_size
    usual = tuple(size for size in _USUAL_BATCHES if size <= most)
    options = ServingOptions(
        model=arguments.model_name,
        max_batch_size=most,
        preferred_batch_sizes=arguments.preferred_batch_sizes or usual,
        queue_delay_us=arguments.queue_delay_us,
        device=arguments.device,
        instances=arguments.instances,
        tensorrt=arguments.tensorrt,
    )
    options.check()
    chosen = [name for name in ("quantize", "tensorrt") if getattr(arguments, name)]
    if arguments.format == "torchscript" and chosen:
        raise ConfigError(f"--{chosen[0]} is for the ONNX graph: leave out --format torchscript.")
    if arguments.quantize and arguments.device == "gpu":
        raise ConfigError(
            "--quantize int8 makes a model for CPUs, where it saves time; on GPUs use "
            "--tensorrt fp16."
        )
    return options
