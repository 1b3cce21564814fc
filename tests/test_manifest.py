"""Claims of the manifest, and the words by which components go."""

import functools
from typing import Any

import mentions
import pytest
from manifest import faults_of_arithmetic, faults_of_manifest


@pytest.mark.parametrize(
    ("features", "fault"),
    [
        ({"a": ["gone.txt"]}, "gives gone.txt to a, but the template has no such path"),
        ({"a": ["x.txt"], "b": ["x.txt"]}, "gives x.txt twice: to a and to b"),
        ({"a": ["d/x.txt"], "b": ["d"]}, "gives d/x.txt to a, but it lies below d of b"),
        ({"a": ["d", "d/e/y.txt", "d-f.txt"]}, "gives d/e/y.txt to a, but it lies below d of a"),
    ],
)
def test_a_manifest_that_claims_wrongly_is_seen(features: dict[str, Any], fault: str) -> None:
    paths = {"x.txt", "d/x.txt", "d/e/y.txt", "d-f.txt"}

    (found,) = faults_of_manifest(features, paths)

    assert found == f"the manifest {fault}"


def test_files_too_few_and_too_many_are_seen() -> None:
    judge = functools.partial(faults_of_arithmetic, {"a": ["d"]}, ["a"], {"x", "y", "d/z"})

    assert list(judge({"x", "y"})) == []
    assert list(judge({"x"})) == ["y is missing, though it belongs to no component that is off"]
    assert list(judge({"x", "y", "d/z"})) == [
        "d/z is there, though it belongs to a component that is off"
    ]


@pytest.mark.parametrize(
    ("path", "text", "features"),
    [
        ("a.md", "Data lie in S3.", {"dataset_storage=s3"}),
        ("a.py", "class LocalS3Source:", {"dataset_storage=s3"}),
        ("a.py", "import boto3", {"dataset_storage=s3"}),
        ("a.py", "as3d = 1", set()),
        ("a.yaml", "use_dvc: x", {"use_dvc"}),
        ("docs/dvc.md", "", {"use_dvc"}),
        ("a.md", "Deploy to Cloud Run or cloud-run", {"cloud=cloud_run"}),
        ("a.md", "import cloudpickle", set()),
        ("a.md", "the codecs of seconds", set()),
        ("a.md", "https://github.com/a/b", set()),
        ("a.md", "GitHub shows it", {"ci_provider=github"}),
        (".github/CODEOWNERS", "", {"ci_provider=github"}),
        ("a.md", "Grafana dashboard", set()),
        ("a.md", "Start the dashboard", {"dashboard=streamlit|nicegui"}),
        ("a.md", "tritonserver", {"use_triton"}),
    ],
)
def test_words_of_components_are_found(path: str, text: str, features: set[str]) -> None:
    manifest = [
        *("use_dvc", "use_triton", "dataset_storage=s3", "dashboard=streamlit|nicegui"),
        *("ci_provider=github", "cloud=cloud_run", "cloud=ecs"),
    ]

    found = mentions.mentions(mentions.words(manifest), path, text)

    assert {feature for word in found for feature in word.features} == features


def test_a_word_of_two_components_is_explained_by_either() -> None:
    words = mentions.words(["cloud=ecs", "dataset_storage=s3"])
    (word,) = mentions.mentions(words, "a.md", "an AWS region")

    explained = [
        word.is_explained({"cloud": cloud, "dataset_storage": storage})
        for cloud, storage in (("ecs", "none"), ("none", "s3"), ("none", "none"))
    ]

    assert explained == [True, True, False]
