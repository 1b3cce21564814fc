import pytest
from botocore import exceptions as boto
from botocore.stub import Stubber
from s3_memory import PLACE, client_error

from {{ cookiecutter.package_name }}.integrations.s3.client import connect
from {{ cookiecutter.package_name }}.integrations.s3.errors import told
from {{ cookiecutter.package_name }}.integrations.s3.find import find
from {{ cookiecutter.package_name }}.integrations.s3.place import UPLOAD, Place
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError, DataError, DataNotFound

AWS = Place("acme", "sets/houses", None, "eu-west-1")


def sentence(error, place=PLACE):
    """The class and the words into which an error is turned."""
    with pytest.raises((ConfigError, DataError)) as caught, told(place):
        raise error
    assert caught.value.__cause__ is error
    return type(caught.value), str(caught.value)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("NoSuchBucket", DataNotFound, "no bucket 'acme' at 'https://s3.test'"),
        ("404", DataNotFound, "no object s3://acme/sets/houses any more"),
        ("InvalidBucketName", ConfigError, "data.bucket is 'acme'"),
        ("InvalidAccessKeyId", DataError, "AWS_ACCESS_KEY_ID"),
        ("SignatureDoesNotMatch", DataError, "AWS_SECRET_ACCESS_KEY"),
        ("403", DataError, "s3:GetObject"),
        ("ExpiredToken", DataError, "AWS_SESSION_TOKEN"),
        ("RequestTimeTooSkewed", DataError, "clock"),
        ("PermanentRedirect", ConfigError, "data.region (the store says: no)"),
        ("InvalidObjectState", DataError, "archived"),
        ("PreconditionFailed", DataError, "was changed"),
        ("SlowDown", DataError, "(SlowDown: no): run the same command again"),
    ],
)
def test_a_refusal_names_the_place_and_the_fix(code, kind, words):
    told_kind, text = sentence(client_error(code, "no."))

    assert told_kind is kind
    assert words in text
    assert "s3://acme/sets/houses" in text
    assert text.endswith(".")
    assert "\n" not in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (boto.NoCredentialsError(), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"),
        (boto.ProfileNotFound(profile="me"), "(The config profile (me) could not be found)"),
        (boto.EndpointConnectionError(endpoint_url="x"), "reached for s3://acme/sets/houses ("),
        (boto.ReadTimeoutError(endpoint_url="x"), "(no answer in time)"),
        (boto.IncompleteReadError(actual_bytes=1, expected_bytes=2), "(the connection broke)"),
        (boto.InvalidRegionError(region_name="?"), "cannot be asked for"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_keeps_us_from_asking_is_told(error, words):
    kind, text = sentence(error)

    assert kind is DataError
    assert words in text
    assert "s3://acme/sets/houses" in text


def test_the_setting_to_look_at_is_the_one_that_is_used():
    error = boto.ConnectTimeoutError(endpoint_url="x")

    assert "see that data.endpoint_url is right" in sentence(error)[1]
    assert sentence(error, AWS)[1].startswith("AWS (eu-west-1) cannot be reached")
    assert "see that data.region is right" in sentence(error, AWS)[1]


@pytest.mark.parametrize(
    ("code", "status", "kind", "words"),
    [
        ("ExpiredToken", 400, DataError, r"have expired: sign in again, or renew AWS_SESSION_TOK"),
        ("RequestExpired", 400, DataError, r"have expired: sign in again"),
        ("PermanentRedirect", 301, ConfigError, r"in the region 'eu-west-1': correct data\.region"),
        ("AuthorizationHeaderMalformed", 400, ConfigError, r"correct data\.region \(the store sa"),
        ("IllegalLocationConstraintException", 400, ConfigError, r"correct data\.region"),
        ("SlowDown", 503, DataError, r"SlowDown.*what was fetched is kept"),
    ],
)
def test_what_the_store_of_the_other_tests_never_says_is_told_as_well(code, status, kind, words):
    """A stub: SeaweedFS takes any region, gives no keys that expire, and never asks for less."""
    client = connect(AWS, 1)
    with Stubber(client) as stub:
        for _ in range(2):
            stub.add_client_error("list_objects_v2", code, "Says so.", status)
        with pytest.raises(kind, match=words) as caught, told(AWS):
            find(client, AWS)

    assert "s3://acme/sets/houses" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_upload_is_told_in_its_own_words():
    for code, words in (
        ("PermanentRedirect", "correct --region (the store says: no)"),
        ("NoSuchBucket", "correct --bucket or --endpoint-url."),
        ("AccessDenied", "may not write to s3://acme/sets/houses: they need s3:ListBucket and"),
        ("InternalError", "did not take s3://acme/sets/houses (InternalError: no): run the same"),
        ("BadDigest", "because other bytes arrived than were sent: run the same command again"),
    ):
        error = client_error(code)
        with pytest.raises((ConfigError, DataError)) as caught, told(PLACE, UPLOAD):
            raise error
        assert words in str(caught.value)
        assert "fetched" not in str(caught.value)


def test_a_defect_of_ours_keeps_its_trace():
    with pytest.raises(ZeroDivisionError), told(PLACE):
        raise ZeroDivisionError
