"""How every command ends: an exit code, and one sentence where something went wrong."""

import sys
from collections.abc import Callable

from {{ cookiecutter.package_name }}.schemas.errors import ProjectError


def told(error: Exception) -> str:
    """The message of an error, as it is printed for a person."""
    return f"error: {error}"


def run(command: Callable[[], int]) -> int:
    """Run a command's body; turn the project's own errors into a sentence and an exit code.

    Any other exception is a defect of this project and keeps its trace.
    """
    try:
        return command()
    except ProjectError as error:
        print(told(error), file=sys.stderr)
        return error.exit_code
    except NotADirectoryError as error:  # a PROJECT_ROOT that is no folder
        print(told(error), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped by Ctrl-C", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `command | head` closed our output: not an error of ours
        sys.stderr.close()
        return 141
