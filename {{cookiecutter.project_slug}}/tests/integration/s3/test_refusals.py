"""Every refusal of a real store in one sentence that names the place and the fix."""

import pytest
from s3_server import ADMIN, READER, WRITER

from {{ cookiecutter.package_name }}.cli.upload import main as upload
from {{ cookiecutter.package_name }}.schemas.errors import DataError, DataNotFound

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("project")]
BUCKET = "real-estate"
UNKNOWN = ("unknown", "any")
WRONG = (ADMIN[0], "wrong")


@pytest.fixture
def rows(project):
    """One small file to upload."""
    (project / "rows.csv").write_text("a,b\n1,2\n")


def uploaded(url: str, *others: str) -> int:
    place = [f"--bucket={BUCKET}", "--prefix=refused", f"--endpoint-url={url}"]
    return upload(["rows.csv", "rows", *place, "--region=eu-west-1", *others])


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (WRONG, r"secret key with which s3://real-estate/sets/houses was asked for"),
        (UNKNOWN, r"does not know the access key .* AWS_ACCESS_KEY_ID"),
        (WRITER, r"may not read s3://real-estate/sets/houses: .* s3:ListBucket on bucket 'real-e"),
    ],
    ids=["wrong secret", "unknown key", "no permission"],
)
def test_who_may_not_read_is_told_why(store, version, act_as, keys, words):
    act_as(keys)

    with pytest.raises(DataError, match=words):
        version(store.url, "houses")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (WRONG, "secret key with which s3://real-estate/refused/rows/"),
        (UNKNOWN, "AWS_ACCESS_KEY_ID or AWS_PROFILE."),
        (READER, "may not write to s3://real-estate/refused/rows/_files/"),
        (WRITER, "they need s3:ListBucket and s3:ListBucketMultipartUploads on bucket 'real-estat"),
    ],
    ids=["wrong secret", "unknown key", "may only read", "may only write"],
)
def test_who_may_not_upload_is_told_why(store, rows, boto, act_as, capsys, keys, words):
    act_as(keys)

    assert uploaded(store.url) == 3

    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert "Contents" not in boto.list_objects_v2(Bucket=BUCKET, Prefix="refused/")


def test_who_says_nothing_is_told_how_to(store, version, rows, monkeypatch, capsys):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(DataError, match=r"no usable credentials for s3://.*AWS_PROFILE"):
        version(store.url, "houses")
    assert uploaded(store.url) == 3
    assert "no usable credentials for s3://real-estate/refused/rows" in capsys.readouterr().err


def test_a_bucket_that_is_not_there_is_told(store, version, rows, capsys):
    with pytest.raises(DataNotFound, match=r"no bucket 'not-there' at 'http://127\.0\.0\.1:\d+'"):
        version(store.url, "houses", bucket="not-there")
    assert uploaded(store.url, "--bucket=not-there") == 3
    assert "correct --bucket or --endpoint-url." in capsys.readouterr().err


def test_a_store_that_is_not_there_is_told(version, wire, rows, capsys):
    wire.close()

    with pytest.raises(DataError, match=r"cannot be reached .* \(nothing answers there\)"):
        version(wire.url, "houses")
    assert uploaded(wire.url) == 3
    assert "see that --endpoint-url is right" in capsys.readouterr().err


def test_a_profile_is_as_good_as_keys(store, rows, boto, tmp_path, monkeypatch, capsys):
    path = tmp_path / "profiles"
    path.write_text(f"[me]\naws_access_key_id = {ADMIN[0]}\naws_secret_access_key = {ADMIN[1]}\n")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(path))
    monkeypatch.setenv("AWS_PROFILE", "me")
    assert uploaded(store.url, "--prefix=profile") == 0

    monkeypatch.setenv("AWS_PROFILE", "you")
    assert uploaded(store.url, "--prefix=profile") == 3
    assert "The config profile (you) could not be found" in capsys.readouterr().err
