"""`prepare`: ingest, check, split and write a data set."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from {{ cookiecutter.package_name }}.cli import _entry, _help
from {{ cookiecutter.package_name }}.utils.words import counted

if TYPE_CHECKING:
    from omegaconf import DictConfig
    from pydantic import JsonValue

    from {{ cookiecutter.package_name }}.data.plan import Plan
    from {{ cookiecutter.package_name }}.data.source import Source
    from {{ cookiecutter.package_name }}.schemas.dataset import Manifest

SUMMARY = """\
Read rows, check them against the declared contract, split them, and write them with a manifest
to data/processed/. Nothing is written where the contract does not hold.

  --infer-contract   prepare nothing: draft a contract from all rows, and write it with all that
                     you say here as the new choice config/data/<data.name>.yaml"""
EXAMPLES = (
    "prepare                                       # data=digits: the handwritten digits",
    "prepare data=table data.path=houses.csv data.target=price",
    "prepare data=table data.path=houses.csv data.target=price 'data.drop=[id]'",
    "prepare --infer-contract data=table data.path=houses.csv data.target=price data.name=houses",
)
INFER = "--infer-contract"


def _say(line: str) -> None:
    print(line, flush=True)


def parts_of(node: "DictConfig") -> tuple["Source", "Plan"]:
    """Source and plan of a `data` node; ConfigError where a value is missing or wrong."""
    from hydra.errors import InstantiationException
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    from {{ cookiecutter.package_name }}.data.plan import plan_of
    from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

    # `OmegaConf.missing_keys` stumbles over references to what is missing.
    if missing := [f"data.{key}" for key in map(str, node) if OmegaConf.is_missing(node, key)]:
        given = " ".join(f"{key}=…" for key in missing)
        raise ConfigError(f"{' and '.join(missing)} must be given: {given}")
    plan = plan_of(cast("dict[str, object]", OmegaConf.to_container(node, resolve=True)))
    try:
        return instantiate(node.source, _convert_="all"), plan
    except InstantiationException as error:
        raise ConfigError(f"data.source: {' '.join(str(error).split())}") from error


def run(node: "DictConfig") -> "Manifest":
    """Prepare what a `data` node describes, telling each step on stdout."""
    from {{ cookiecutter.package_name }}.cli._steps import steps
    from {{ cookiecutter.package_name }}.data.drift import former, tell_changes
    from {{ cookiecutter.package_name }}.data.prepare import prepare

    source, plan = parts_of(node)
    before = former(plan.name)
    with steps() as shown:
        manifest = prepare(source, plan, shown.tell, _options(node), progress=shown.hear)
        tell_changes(before, manifest, shown.tell)
    return manifest


def _options(node: "DictConfig") -> dict[str, "JsonValue"]:
    """The node with references resolved, and its path as it is found from any folder."""
    from omegaconf import OmegaConf

    from {{ cookiecutter.package_name }}.data.table import recorded

    options = cast("dict[str, Any]", OmegaConf.to_container(node, resolve=True))
    if "path" in options:
        typed, found = options["path"], recorded(Path(options["path"]).expanduser())
        options["path"] = found
        options["source"] = {k: found if v == typed else v for k, v in options["source"].items()}
    return options


def _summary(manifest: "Manifest") -> list[str]:
    from {{ cookiecutter.package_name }}.utils.paths import processed_dir, shown

    schema, target = manifest.data_schema, manifest.data_schema.target
    numbers, categories = len(schema.numbers), len(schema.categories)
    kinds = f"{counted(numbers, 'number')}, {counted(categories, 'category')}"
    classes = f", {counted(len(target.classes), 'class')}" if target.classes else ""
    rows = ", ".join(f"{name} {file.rows:,}" for name, file in manifest.files.items())
    return [
        f"{'rows':<9}{manifest.rows:,}: {rows}",
        f"{'columns':<9}{len(schema.columns)}: {kinds}",
        f"{'target':<9}{target.name} ({target.task}{classes})",
        f"{'written':<9}{shown(processed_dir(manifest.name))}",
    ]


def draft(node: "DictConfig") -> list[str]:
    """Write a new choice with a drafted contract; returns what to tell of it."""
    from {{ cookiecutter.package_name }}.cli import _draft
    from {{ cookiecutter.package_name }}.cli._steps import steps
    from {{ cookiecutter.package_name }}.data.draft import draft_of
    from {{ cookiecutter.package_name }}.utils.paths import shown

    source, plan = parts_of(node)
    path = _draft.new_choice(plan.name)
    with steps() as told:
        drafted = draft_of(source, plan, told.hear)
    _draft.write(path, node, drafted)
    return [
        *(f"note: {note}" for note in drafted.notes),
        f"{'read':<9}all {drafted.rows:,} rows of {drafted.source}",
        f"{'written':<9}{shown(path)}: read it, and correct what only happens to be so",
        f"{'next':<9}{_entry.typed(f'prepare data={plan.name}')}",
    ]


def _command(arguments: Sequence[str]) -> int:
    if _help.asked_for(arguments):
        return _entry.run(lambda: _help.show("prepare", SUMMARY, EXAMPLES))
    from {{ cookiecutter.package_name }}.cli._compose import compose

    overrides = [item for item in arguments if item != INFER]
    if len(overrides) < len(arguments):
        for line in draft(compose(overrides).data):
            _say(line)
        return 0
    for line in _summary(run(compose(arguments).data)):
        _say(line)
    _say(f"{'next':<9}{_entry.typed(shlex.join(['train', *arguments]))}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the arguments are Hydra overrides."""
    arguments = sys.argv[1:] if argv is None else argv
    return _entry.run(lambda: _command(arguments))


if __name__ == "__main__":
    sys.exit(main())
