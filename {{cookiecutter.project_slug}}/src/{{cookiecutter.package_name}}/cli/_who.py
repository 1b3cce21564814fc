"""Who moves an alias, and in which run of CI."""

import getpass
import os
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.cli._arguments import one_line
from {{ cookiecutter.package_name }}.utils.git import asked
from {{ cookiecutter.package_name }}.utils.paths import project_root

BY, RUN = "PROMOTED_BY", "PROMOTED_IN"
"""Variables that CI sets: who started it, and the address of its page."""


@dataclass(frozen=True)
class Who:
    """A person's name; the address of the CI run, or nothing."""

    by: str
    run: str


def who() -> Who:
    """CI says it in variables; a person is whom git knows, or else who logged in."""
    named = os.environ.get(BY) or asked(project_root(), "config", "user.name") or _login()
    return Who(one_line(named), one_line(os.environ.get(RUN, "")))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "unknown"
