"""How every command ends: an exit code, and one sentence where something went wrong."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

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


class Terminated(KeyboardInterrupt):
    """SIGTERM came: what has begun is cleared away as after Ctrl-C."""


class _Ending:
    """A handler of SIGTERM that raises Terminated, once: cleaning up is not broken off."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self.came:
            self.came = True
            raise Terminated


@contextmanager
def _ending_on_sigterm() -> Iterator[_Ending]:
    """Obey SIGTERM inside the block, where nobody has decided otherwise about it."""
    ending = _Ending()
    main_thread = threading.current_thread() is threading.main_thread()
    if not main_thread or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield ending
        return
    signal.signal(signal.SIGTERM, ending)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def leave_sigterm() -> None:
    """From here on SIGTERM is no longer this module's: a server has its own way to end."""
    if isinstance(signal.getsignal(signal.SIGTERM), _Ending):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def run(command: Callable[[], int], *, serves: bool = False) -> int:
    """Run a command's body; turn the project's own errors into a sentence and an exit code.

    Any other exception is a defect of this project and keeps its trace. SIGTERM ends a command
    as Ctrl-C does; a server (`serves`) has its own way to end.
    """
    with nullcontext(_Ending()) if serves else _ending_on_sigterm() as ending:
        return _run(command, ending)


def _stopped(ending: _Ending) -> int:
    # Asked of the handler: a library may have turned Terminated into an interrupt of its own.
    print(f"stopped by {'SIGTERM' if ending.came else 'Ctrl-C'}", file=sys.stderr)
    return 143 if ending.came else 130


def _run(command: Callable[[], int], ending: _Ending) -> int:
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
        return _stopped(ending)
    except BrokenPipeError:  # `command | head` closed our output: not an error of ours
        sys.stderr.close()
        return 141
    finally:
        gc.freeze()
