"""How every command ends: an exit code, and one sentence where something went wrong."""

import gc
import os
import sys
from collections.abc import Callable

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError

TRAINING_LIBRARIES = frozenset(
    (
        "filelock",
        "hydra",
        "lightning",
        "omegaconf",
        "onnx",
        "pandas",
        "pandera",
        "skl2onnx",
        "sklearn",
        "torch",
        "vl_convert",
    )
)
"""What an installation without the `train` extra lacks: it scores and serves, no more."""


def told(error: Exception) -> str:
    """The message of an error, as it is printed for a person."""
    return f"error: {error}"


def typed(command: str) -> str:
    """A command the way it was typed here: `uv run` tells its children where uv is."""
    return f"uv run {command}" if "UV" in os.environ else command


def run(command: Callable[[], int]) -> int:
    """Run a command's body; turn the project's own errors into a sentence and an exit code.

    Any other exception is a defect of this project and keeps its trace.
    """
    # A framework is a million objects that stay. With Python's defaults the collector looks
    # through them again and again while they load, and once more at the end: together a third
    # of the time of `import lightning`.
    gc.set_threshold(100_000, 50, 100)
    try:
        return command()
    except ProjectError as error:
        print(told(error), file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in TRAINING_LIBRARIES:
            raise
        needs = f"This command needs '{error.name}', which is not installed: run `uv sync`, or"
        print(f'error: {needs} `pip install -e ".[train]"`.', file=sys.stderr)
        return 2
    except NotADirectoryError as error:  # a PROJECT_ROOT that is no folder
        print(told(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped by Ctrl-C", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `command | head` closed our output: not an error of ours
        sys.stderr.close()
        return 141
    finally:
        gc.freeze()
