"""`prepare --infer-contract`: a new `config/data/<name>.yaml` with a drafted contract."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any, cast

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from {{ cookiecutter.package_name }}.data.draft import ColumnDraft, Draft

_HEAD = """\
# Drafted by `prepare --infer-contract` from all {rows:,} rows of {source}.
# Read the contract below, and correct what only happens to be so in these rows.
# config/data/table.yaml explains each key.
"""
_CONTRACT = """\
# What must hold: checked here by `prepare`, and of every row by `predict` and the service. Limits
# are rounded outward from what was seen; values that are not listed are refused.
contract:
"""
_NO_CHOICES = ("null", "true", "false", "nan", "inf")


def new_choice(name: str) -> Path:
    """The file for the choice `data=<name>`; ConfigError where it cannot be one, or exists."""
    from {{ cookiecutter.package_name }}.utils.paths import config_dir, shown

    # Hydra reads anything else in `data=<name>` as syntax, a number or a boolean.
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) or name.lower() in _NO_CHOICES:
        raise ConfigError(
            f"data.name is '{name}': expected a name for the new file in config/data/, of letters, "
            "digits, '-' and '_', such as data.name=houses."
        )
    path = config_dir() / "data" / f"{name}.yaml"
    if path.exists():
        raise ConfigError(
            f"'{shown(path)}' is there already and is not overwritten: give the new choice another "
            "name (data.name=…), or remove the file first."
        )
    return path


def write(path: Path, node: "DictConfig", draft: "Draft") -> None:
    """Write the choice: the `data` node as it was said, with the drafted contract."""
    text = "".join(_pieces(node, draft))
    with path.open("x", encoding="utf-8") as stream:
        stream.write(text)


def _pieces(node: "DictConfig", draft: "Draft") -> Iterator[str]:
    from omegaconf import OmegaConf

    said = cast("dict[str, Any]", OmegaConf.to_container(node, resolve=False))
    given = said.pop("contract")
    if "path" in said:
        said["path"] = _from_anywhere(Path(str(node.path)))
    yield _HEAD.format(rows=draft.rows, source=_in_comment(draft.source))
    yield _yaml(said)
    yield _CONTRACT
    yield indent("".join(_columns(given["columns"], draft.columns)), "  ")
    yield indent(_yaml({"classes": given["classes"] or _plain(draft.classes)}), "  ")


def _columns(given: dict[str, Any], drafts: tuple["ColumnDraft", ...]) -> Iterator[str]:
    if not given and not any(draft.rule for draft in drafts):
        yield "columns: {}\n"
        return
    yield "columns:\n"
    if given:
        yield indent(_yaml(given), "  ")
    for draft in drafts:
        yield f"  # {_in_comment(draft.told)}\n"
        if draft.rule is not None:
            rule = draft.rule.model_dump(exclude_defaults=True)
            yield indent(_yaml({draft.name: _plain(rule)}), "  ")


def _yaml(tree: object) -> str:
    from omegaconf import OmegaConf

    return OmegaConf.to_yaml(OmegaConf.create(cast("dict[str, Any]", tree)))


def _plain(value: object) -> Any:
    """The value as YAML writes it: whole numbers without a point, text that refers to nothing."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return _escaped(value) if isinstance(value, str) else value


def _escaped(text: str) -> str:
    """Text in which OmegaConf sees no reference: a backslash before each dollar that opens one."""
    return re.sub(r"(\\*)\$\{", lambda found: found[1] * 2 + "\\${", text)


def _from_anywhere(path: Path) -> str:
    """The path so that it is found from any working directory, and in any checkout if inside."""
    from {{ cookiecutter.package_name }}.utils.paths import project_root

    resolved, root = path.expanduser().resolve(), project_root()
    if not resolved.is_relative_to(root):
        return _escaped(str(resolved))
    inside = _escaped(resolved.relative_to(root).as_posix())
    quoted = inside if re.fullmatch(r"[\w./-]+", inside, re.ASCII) else _quoted(inside)
    return "${root:" + quoted + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _in_comment(text: str) -> str:
    return text if text.isprintable() else ascii(text)
