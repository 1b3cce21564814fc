"""Refuses bad answers before a file is written: all of them at once, a sentence each."""

from __future__ import annotations

import json
import keyword
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FREE_TEXT = {"project_name": 80, "description": 300, "author_name": 100, "organization": 100}
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PACKAGE = re.compile(r"[a-z][a-z0-9_]{1,29}")
# What paths of the manifest are written with; split, since this file is rendered as well.
PACKAGE_NAME = "{" + "{ cookiecutter.package_name }" + "}"
DELIMITERS = ("{" + "{", "{" + "%", "{" + "#")
LINE_BREAKS = "\u2028\u2029"
BUCKET = re.compile(r"(?!xn--|sthree-)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}(?<!-s3alias)[a-z0-9]")
ADDRESS = re.compile(r"\d+(\.\d+){3}")
PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.=-]*(/[A-Za-z0-9_-][A-Za-z0-9_.=-]*)*")
ENDPOINT = re.compile(r"https?://(?=.{1,253}$)[A-Za-z0-9][A-Za-z0-9.-]*(:([1-9]\d{0,4}))?")
REGION = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(10)]
)
PROJECT_FOLDERS = frozenset(
    """
    build config data deployment dist docs notebooks outputs reports site src test tests tools
    """.split()  # noqa: SIM905
)
# Import names and distribution names (with underscores) that a project of this template may
# install: a package of the same name would hide them, a distribution would be confused with them.
LIBRARIES = frozenset(
    """
    alembic altair anyio attr attrs boto3 botocore click cloudpickle coverage dvc fastapi
    fastapi_offline filelock git google grimp grpc hatchling httptools httpx hydra hydra_core
    hypothesis import_linter importlinter jax jinja2 joblib just keras lightning lightning_utilities
    markdown2 matplotlib mlflow mlflow_skinny msgspec mypy nicegui numpy omegaconf onnx onnxruntime
    onnxscript opentelemetry opentelemetry_exporter_otlp_proto_http opentelemetry_sdk orjson
    packaging pandas pandas_stubs pandera pil pillow pip pkg_resources playwright plotly pre_commit
    prometheus_client protobuf psycopg pyarrow pydantic pydantic_core pydantic_settings pytest
    pytest_cov pytest_xdist pytorch_lightning pyyaml requests rich ruff rust_just s3fs schemathesis
    scikit_learn scipy seaborn setuptools skl2onnx sklearn sqlalchemy starlette streamlit
    tensorboard tensorflow torch torchmetrics torchvision tqdm triton tritonclient types_pyyaml
    typing_extensions uv uvicorn uvloop vl_convert vl_convert_python websockets wheel xdist yaml
    """.split()  # noqa: SIM905
)


def answers() -> dict[str, Any]:
    """What was answered, with cookiecutter's own private keys beside it."""
    given: dict[str, Any] = json.loads(r'''{{ cookiecutter | tojson }}''')  # fmt: skip
    return given


def main() -> None:
    """Ends with exit code 1 and every complaint on stderr; silent when all is well."""
    complaints = list(every_complaint(answers()))
    for complaint in complaints:
        print("error: " + complaint, file=sys.stderr)
    if complaints:
        sys.exit(1)


def every_complaint(given: dict[str, Any]) -> Iterator[str]:
    """Yields one sentence for each answer that cannot be used, in the order of the questions."""
    yield from free_text_complaints(given)
    yield from slug_complaints(given["project_slug"])
    yield from package_complaints(given["package_name"])
    if not EMAIL.fullmatch(given["author_email"]) or len(given["author_email"]) > 254:
        yield refusal("author_email", given["author_email"], "must look like name@example.com")
    yield from storage_complaints(given)
    for question in ("project_name", "description", "author_name"):
        escaped = given[question].replace("\\", "\\\\").replace('"', '\\"')
        if given[f"__{question}_q"] != escaped:  # rendered, unless it comes from a replay file
            yield f"__{question}_q does not fit {question}: leave it out of the replay file."
    if "_repo_dir" in given:  # cruft, which says no such thing, checks choices itself
        for definition in definitions(given):
            yield from replay_complaints(given, json.loads(definition.read_text(encoding="utf-8")))


def storage_complaints(given: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with the answers about S3, which are asked with or without it."""
    bucket, prefix = given["s3_bucket"], given["s3_prefix"]
    endpoint, region = given["s3_endpoint_url"], given["aws_region"]
    if not BUCKET.fullmatch(bucket) or ADDRESS.fullmatch(bucket):
        yield refusal(
            "s3_bucket",
            bucket,
            "must be a bucket's name: 3 to 63 lower-case letters, digits, hyphens and dots, "
            "for example churn-data",
        )
    if len(prefix) > 200 or not PREFIX.fullmatch(prefix):
        yield refusal(
            "s3_prefix",
            prefix,
            "must be words of letters, digits and _.=- with single slashes between, "
            "for example datasets/churn",
        )
    address = ENDPOINT.fullmatch(endpoint)
    if endpoint and (not address or int(address[2] or 0) > 65535):
        yield refusal(
            "s3_endpoint_url",
            endpoint,
            "must be empty or a URL without a path, for example https://s3.example.com:9000",
        )
    if len(region) > 32 or not REGION.fullmatch(region):
        yield refusal("aws_region", region, "must be a region's name, for example us-east-1")


def definitions(given: dict[str, Any]) -> list[Path]:
    """The template's cookiecutter.json, at most one.

    A relative path is meant from where the user stood. A hook is not told: the shell may have said,
    else it is the folder that the project goes to, or one above it.
    """
    output = Path(given["_output_dir"])
    named = Path(given["_repo_dir"], "cookiecutter.json")
    places = (Path(os.environ.get("PWD", output)), output, *output.parents)
    found = (place / named for place in places if (place / named).is_file())
    return [path for path in found if given["__template"] in path.read_text(encoding="utf-8")][:1]


def replay_complaints(given: dict[str, Any], definition: dict[str, Any]) -> Iterator[str]:
    """Yields what cookiecutter lets through with `--replay-file`: it takes every value as it is."""
    for question, offered in definition.items():
        if question.startswith("_"):
            continue
        answer = given[question]
        if isinstance(offered, list) and answer not in offered:
            yield refusal(question, str(answer), f"must be one of {', '.join(offered)}")
        elif isinstance(offered, bool) and not isinstance(answer, bool):
            yield refusal(question, str(answer), "must be true or false")
    features = json.dumps(definition["__features"]).replace(PACKAGE_NAME, given["package_name"])
    if given["__features"] != json.loads(features):
        yield "__features is not that of this template: leave it out of the replay file."


def free_text_complaints(given: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with the answers that may hold any human text."""
    for question, longest in FREE_TEXT.items():
        text = given[question]
        if not text.strip():
            yield refusal(question, text, "must not be empty")
        elif len(text) > longest:
            yield refusal(question, text, f"is {len(text)} characters long, at most {longest} fit")
        if any(unicodedata.category(c) in ("Cc", "Cs") or c in LINE_BREAKS for c in text):
            yield refusal(question, text, "must be one line without control characters")
        for delimiter in DELIMITERS:
            if delimiter in text:
                yield refusal(question, text, f"must not contain {delimiter} (template syntax)")


def slug_complaints(slug: str) -> Iterator[str]:
    """Yields why this name cannot be a folder, a distribution and a URL at once."""
    if len(slug) > 50 or not SLUG.fullmatch(slug):
        yield refusal(
            "project_slug",
            slug,
            "must be at most 50 lower-case letters, digits and single hyphens, "
            "starting with a letter, for example churn-model",
        )
    elif slug in WINDOWS_DEVICES:
        yield refusal("project_slug", slug, "is a device name that Windows reserves")
    elif slug.replace("-", "_") in LIBRARIES:
        yield refusal("project_slug", slug, "is the name of a library, choose another")


def package_complaints(package: str) -> Iterator[str]:
    """Yields why Python could not import a package of this name safely."""
    if not PACKAGE.fullmatch(package):
        yield refusal(
            "package_name",
            package,
            "must be 2 to 30 lower-case letters, digits and underscores, "
            "starting with a letter, for example churn_model",
        )
    elif package in keyword.kwlist or package in getattr(keyword, "softkwlist", ()):
        yield refusal("package_name", package, "is a word of the Python language")
    elif package in WINDOWS_DEVICES:
        yield refusal("package_name", package, "is a device name that Windows reserves")
    elif package in getattr(sys, "stdlib_module_names", ()):
        yield refusal("package_name", package, "would hide Python's own module of that name")
    elif package in LIBRARIES:
        yield refusal("package_name", package, "would hide the library of that name")
    elif package in PROJECT_FOLDERS:
        yield refusal("package_name", package, "is a name that projects give to a folder")
    elif package.endswith("_api"):
        yield refusal(
            "package_name", package, "must not end in _api: the service's package is <name>_api"
        )


def refusal(question: str, value: str, why: str) -> str:
    """The sentence; a long value is shortened and shown without characters that move a cursor."""
    shown = value if len(value) <= 60 else value[:57] + "..."
    return f"{question} {shown!a} {why}."


if __name__ == "__main__":
    main()
