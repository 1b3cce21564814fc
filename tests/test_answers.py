"""A bad answer is refused with its sentence, a good one is not."""

import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import combinations
import pytest
from renderer import Template

GOOD = {
    "project_name": "Churn Model",
    "project_slug": "churn-model",
    "package_name": "churn_model",
    "description": "Who will leave.",
    "author_name": "Ada",
    "author_email": "ada@example.com",
    "organization": "Acme",
    "s3_bucket": "churn-data",
    "s3_prefix": "datasets",
    "s3_endpoint_url": "",
    "aws_region": "us-east-1",
}
QUOTED = ("project_name", "description", "author_name")


def answered(**changes: str) -> dict[str, str]:
    """Good answers but for these, with the private variables that cookiecutter renders."""
    given = {**GOOD, **changes}
    escaped = {q: given[q].replace("\\", "\\\\").replace('"', '\\"') for q in QUOTED}
    return given | {f"__{question}_q": text for question, text in escaped.items()}


SLUG = (
    "must be at most 50 lower-case letters, digits and single hyphens, starting with a letter, "
    "for example churn-model."
)
PACKAGE = (
    "must be 2 to 30 lower-case letters, digits and underscores, starting with a letter, "
    "for example churn_model."
)
FOLDER = "is a name that projects give to a folder."
CONTROL = "must be one line without control characters."
BUCKET = (
    "must be a bucket's name: 3 to 63 lower-case letters, digits, hyphens and dots, "
    "for example churn-data."
)
PREFIX = (
    "must be words of letters, digits and _.=- with single slashes between, "
    "for example datasets/churn."
)
ENDPOINT = "must be empty or a URL without a path, for example https://s3.example.com:9000."
REGION = "must be a region's name, for example us-east-1."
REFUSED = [
    ("project_slug", "", f"project_slug '' {SLUG}"),
    ("project_slug", "Acme", f"project_slug 'Acme' {SLUG}"),
    ("project_slug", "a b", f"project_slug 'a b' {SLUG}"),
    ("project_slug", "../x", f"project_slug '../x' {SLUG}"),
    ("project_slug", "/abs", f"project_slug '/abs' {SLUG}"),
    ("project_slug", "a\n", f"project_slug 'a\\n' {SLUG}"),
    ("project_slug", "a--b", f"project_slug 'a--b' {SLUG}"),
    ("project_slug", "a-", f"project_slug 'a-' {SLUG}"),
    ("project_slug", "1a", f"project_slug '1a' {SLUG}"),
    ("project_slug", "$(touch x)", f"project_slug '$(touch x)' {SLUG}"),
    ("project_slug", "héé", f"project_slug 'h\\xe9\\xe9' {SLUG}"),
    ("project_slug", "a" * 51, f"project_slug '{'a' * 51}' {SLUG}"),
    ("project_slug", "a" * 300, f"project_slug '{'a' * 57}...' {SLUG}"),
    ("project_slug", "nul", "project_slug 'nul' is a device name that Windows reserves."),
    (
        "project_slug",
        "scikit-learn",
        "project_slug 'scikit-learn' is the name of a library, choose another.",
    ),
    ("package_name", "a", f"package_name 'a' {PACKAGE}"),
    ("package_name", "a-b", f"package_name 'a-b' {PACKAGE}"),
    ("package_name", "Acme", f"package_name 'Acme' {PACKAGE}"),
    ("package_name", "_a", f"package_name '_a' {PACKAGE}"),
    ("package_name", "a" * 31, f"package_name '{'a' * 31}' {PACKAGE}"),
    ("package_name", '"; import os', f"package_name '\"; import os' {PACKAGE}"),
    ("package_name", "class", "package_name 'class' is a word of the Python language."),
    ("package_name", "match", "package_name 'match' is a word of the Python language."),
    ("package_name", "json", "package_name 'json' would hide Python's own module of that name."),
    ("package_name", "torch", "package_name 'torch' would hide the library of that name."),
    ("package_name", "test", f"package_name 'test' {FOLDER}"),
    ("package_name", "tests", f"package_name 'tests' {FOLDER}"),
    ("package_name", "src", f"package_name 'src' {FOLDER}"),
    ("package_name", "com1", "package_name 'com1' is a device name that Windows reserves."),
    (
        "package_name",
        "churn_api",
        "package_name 'churn_api' must not end in _api: the service's package is <name>_api.",
    ),
    ("author_email", "ada", "author_email 'ada' must look like name@example.com."),
    ("author_email", "a@b", "author_email 'a@b' must look like name@example.com."),
    ("author_email", 'a"@b.c', "author_email 'a\"@b.c' must look like name@example.com."),
    ("author_email", "a@b.c\n", "author_email 'a@b.c\\n' must look like name@example.com."),
    ("project_name", "  ", "project_name '  ' must not be empty."),
    (
        "project_name",
        "x" * 300,
        f"project_name '{'x' * 57}...' is 300 characters long, at most 80 fit.",
    ),
    ("description", "a\nb", f"description 'a\\nb' {CONTROL}"),
    ("description", "a\x1b[2J", f"description 'a\\x1b[2J' {CONTROL}"),
    ("description", "a\x85b", f"description 'a\\x85b' {CONTROL}"),
    ("author_name", "a\u2028b", f"author_name 'a\\u2028b' {CONTROL}"),
    ("organization", "a\u2029b", f"organization 'a\\u2029b' {CONTROL}"),
    ("organization", "a\udc80", f"organization 'a\\udc80' {CONTROL}"),
    (
        "description",
        "{{ 7*7 }}",
        "description '{{ 7*7 }}' must not contain {{ (template syntax).",
    ),
    (
        "author_name",
        "{% raw %}",
        "author_name '{% raw %}' must not contain {% (template syntax).",
    ),
    ("project_name", "a {# b", "project_name 'a {# b' must not contain {# (template syntax)."),
    ("s3_bucket", "", f"s3_bucket '' {BUCKET}"),
    ("s3_bucket", "ab", f"s3_bucket 'ab' {BUCKET}"),
    ("s3_bucket", "Data", f"s3_bucket 'Data' {BUCKET}"),
    ("s3_bucket", "a_b_c", f"s3_bucket 'a_b_c' {BUCKET}"),
    ("s3_bucket", "a..b", f"s3_bucket 'a..b' {BUCKET}"),
    ("s3_bucket", "-data", f"s3_bucket '-data' {BUCKET}"),
    ("s3_bucket", "192.168.5.4", f"s3_bucket '192.168.5.4' {BUCKET}"),
    ("s3_bucket", "xn--data", f"s3_bucket 'xn--data' {BUCKET}"),
    ("s3_bucket", "s3://data", f"s3_bucket 's3://data' {BUCKET}"),
    ("s3_bucket", "a" * 64, f"s3_bucket '{'a' * 57}...' {BUCKET}"),
    ("s3_prefix", "", f"s3_prefix '' {PREFIX}"),
    ("s3_prefix", "/data", f"s3_prefix '/data' {PREFIX}"),
    ("s3_prefix", "data/", f"s3_prefix 'data/' {PREFIX}"),
    ("s3_prefix", "a//b", f"s3_prefix 'a//b' {PREFIX}"),
    ("s3_prefix", "../x", f"s3_prefix '../x' {PREFIX}"),
    ("s3_prefix", 'a"; x', f"s3_prefix 'a\"; x' {PREFIX}"),
    ("s3_endpoint_url", "s3.example.com", f"s3_endpoint_url 's3.example.com' {ENDPOINT}"),
    ("s3_endpoint_url", "ftp://x.org", f"s3_endpoint_url 'ftp://x.org' {ENDPOINT}"),
    ("s3_endpoint_url", "http://x.org/p", f"s3_endpoint_url 'http://x.org/p' {ENDPOINT}"),
    ("s3_endpoint_url", "http://a:b@x.org", f"s3_endpoint_url 'http://a:b@x.org' {ENDPOINT}"),
    ("s3_endpoint_url", "http://x.org:70000", f"s3_endpoint_url 'http://x.org:70000' {ENDPOINT}"),
    ("s3_endpoint_url", "http://$(touch x)", f"s3_endpoint_url 'http://$(touch x)' {ENDPOINT}"),
    ("aws_region", "", f"aws_region '' {REGION}"),
    ("aws_region", "US East", f"aws_region 'US East' {REGION}"),
    ("aws_region", "us-east-1\n", f"aws_region 'us-east-1\\n' {REGION}"),
]


@pytest.mark.parametrize(("question", "value", "sentence"), REFUSED, ids=lambda v: ascii(v)[:40])
def test_a_bad_answer_is_refused_in_one_sentence(
    pre_gen: ModuleType, question: str, value: str, sentence: str
) -> None:
    complaints = list(pre_gen.every_complaint(answered(**{question: value})))

    assert complaints == [sentence]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"s3_bucket": "a.b-c", "s3_prefix": "year=2026/m.01", "aws_region": "auto"},
        {"s3_endpoint_url": "http://127.0.0.1:9000"},
        {"s3_endpoint_url": "https://s3.example.com"},
    ],
    ids=str,
)
def test_good_answers_are_not_complained_about(
    pre_gen: ModuleType, answers: dict[str, str]
) -> None:
    assert list(pre_gen.every_complaint(answered(**answers))) == []


def test_every_dependency_of_the_project_is_a_name_that_a_package_may_not_take(
    template: Path, questions: dict[str, Any], pre_gen: ModuleType
) -> None:
    names: set[str] = set()
    rendered = Template(template)
    for answers in combinations.suites(questions).values():
        given = rendered.answers({"project_slug": "churn", **answers})
        (text,) = (f.text for f in rendered.files(given) if f.path == "pyproject.toml")
        document = tomllib.loads(text)
        metadata = document["project"]
        groups = [
            metadata["dependencies"],
            *metadata["optional-dependencies"].values(),
            *document["dependency-groups"].values(),
        ]
        listed = [requirement for group in groups for requirement in group]
        names |= {pre_gen.re.split(r"[\[<>=!~; ]", line)[0].replace("-", "_") for line in listed}

    assert names - {"churn"} <= pre_gen.LIBRARIES
