"""DVC's remote in a real store: what one clone pushes, another pulls."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from s3_server import ADMIN, seaweed

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "versions"
DATA = "data/raw/customers.csv"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as store:
        client = boto3.client(
            "s3",
            endpoint_url=store.url,
            region_name="us-east-1",
            aws_access_key_id=ADMIN[0],
            aws_secret_access_key=ADMIN[1],
        )
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield store.url


@pytest.fixture
def run(tmp_path) -> Run:
    """Runs a program in a folder, with the credentials of `ADMIN` unless others are given."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "COV", "DVC_"))}
    own = {
        "AWS_ACCESS_KEY_ID": ADMIN[0],
        "AWS_SECRET_ACCESS_KEY": ADMIN[1],
        "AWS_CONFIG_FILE": str(tmp_path / "no config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "no credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "DVC_NO_ANALYTICS": "1",
        "DVC_GLOBAL_CONFIG_DIR": str(tmp_path / "global"),
        "DVC_SITE_CACHE_DIR": str(tmp_path / "site"),
        "NO_PROXY": "127.0.0.1",
    }

    def execute(folder: Path, *command: str, **others: str) -> subprocess.CompletedProcess[str]:
        environment = {**kept, **own, **others}
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    return execute


@pytest.fixture
def dvc(run) -> Run:
    """Runs DVC the way the recipes do."""
    return lambda folder, *words, **others: run(
        folder, sys.executable, "tools/dvc.py", *words, **others
    )


@pytest.fixture
def git(run) -> Run:
    """Runs git, with a name to commit by; it must succeed."""
    name = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")

    def call(folder: Path, *arguments: str) -> None:
        run(folder, "git", *name, *arguments).check_returncode()

    return call


@pytest.fixture
def repository(tmp_path, dvc, git, server) -> Path:
    """A repository with one file that DVC keeps, and a remote in the store."""
    root = tmp_path / "project"
    (root / "data" / "raw").mkdir(parents=True)
    (root / "tools").mkdir()
    for name in (".gitignore", "pyproject.toml", "tools/dvc.py"):
        shutil.copy(ROOT / name, root / name)
    (root / DATA).write_bytes(b"age,churned\r\n30,no\n" * 1000)
    git(root, "init", "--quiet")
    for words in (
        ["init", "--quiet"],
        ["remote", "add", "--quiet", "--default", "storage", f"s3://{BUCKET}/{tmp_path.name}"],
        ["remote", "modify", "storage", "endpointurl", server],
        ["add", "--quiet", DATA],
    ):
        dvc(root, *words).check_returncode()
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Add customers")
    return root


def test_another_clone_pulls_what_was_pushed(repository, dvc, git, tmp_path):
    pushed = dvc(repository, "push")
    git(tmp_path, "clone", "--quiet", str(repository), "clone")

    pulled = dvc(tmp_path / "clone", "pull")

    assert (pushed.returncode, pulled.returncode) == (0, 0), pushed.stderr + pulled.stderr
    assert (tmp_path / "clone" / DATA).read_bytes() == (repository / DATA).read_bytes()


def test_a_wrong_secret_pushes_nothing(repository, dvc):
    done = dvc(repository, "push", AWS_SECRET_ACCESS_KEY="not-the-secret")

    assert done.returncode != 0
    assert f"new:                {DATA}" in dvc(repository, "status", "--cloud").stdout
