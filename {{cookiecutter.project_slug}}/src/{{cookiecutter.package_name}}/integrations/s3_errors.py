"""What is said when a store refuses, is away, or gives something else than it should."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from {{ cookiecutter.package_name }}.schemas.errors import (
    ConfigError,
    DataError,
    DataNotFound,
    ProjectError,
)

KEPT = "run the same command again; what was fetched is kept"


@dataclass(frozen=True)
class Place:
    """An object, or a folder of them, and the store that it is in; no `endpoint_url` is AWS."""

    bucket: str
    key: str
    endpoint_url: str | None
    region: str | None

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def store(self) -> str:
        """The store, as messages name it."""
        if self.endpoint_url:
            return f"'{self.endpoint_url}'"
        return f"AWS ({self.region})" if self.region else "AWS"


_NO_ACCESS = (
    "The credentials may not read {place}: they need s3:ListBucket on bucket '{bucket}' and "
    "s3:GetObject on its objects."
)
_EXPIRED = (
    "The credentials for {place} have expired: sign in again, or renew AWS_SESSION_TOKEN and the "
    "two keys that belong to it."
)
_REGION = (
    "{place} is not in the region '{region}': correct data.region (the store says: {message})."
)
_CHANGED = "{place} was changed while it was fetched: run the same command again."
_REFUSALS: dict[str, tuple[type[ProjectError], str]] = {
    "NoSuchBucket": (
        DataNotFound,
        "There is no bucket '{bucket}' at {store}, where {place} should be: correct data.bucket "
        "or data.endpoint_url.",
    ),
    "NoSuchKey": (DataNotFound, "There is no object {place} any more: run the command again."),
    "InvalidBucketName": (
        ConfigError,
        "data.bucket is '{bucket}', which is no name of a bucket: {place} cannot be asked for.",
    ),
    "InvalidAccessKeyId": (
        DataError,
        "{store} does not know the access key with which {place} was asked for: correct "
        "AWS_ACCESS_KEY_ID or AWS_PROFILE.",
    ),
    "SignatureDoesNotMatch": (
        DataError,
        "The secret key with which {place} was asked for does not belong to its access key: "
        "correct AWS_SECRET_ACCESS_KEY or AWS_PROFILE.",
    ),
    "AccessDenied": (DataError, _NO_ACCESS),
    "AllAccessDisabled": (DataError, _NO_ACCESS),
    "ExpiredToken": (DataError, _EXPIRED),
    "RequestExpired": (DataError, _EXPIRED),
    "TokenRefreshRequired": (DataError, _EXPIRED),
    "InvalidToken": (DataError, _EXPIRED),
    "RequestTimeTooSkewed": (
        DataError,
        "{store} refuses to give {place} because this machine's clock is wrong: set it.",
    ),
    "PermanentRedirect": (ConfigError, _REGION),
    "AuthorizationHeaderMalformed": (ConfigError, _REGION),
    "IllegalLocationConstraintException": (ConfigError, _REGION),
    "InvalidObjectState": (
        DataError,
        "{place} is archived: restore it to a storage class that can be read, then run again.",
    ),
    "PreconditionFailed": (DataError, _CHANGED),
    "InvalidRange": (DataError, _CHANGED),
}
_BY_STATUS = {"403": "AccessDenied", "404": "NoSuchKey", "412": "PreconditionFailed"}
"""Answers without a body, such as those to HEAD, have a status for a code."""


def refusal(place: Place, code: str, message: str) -> ProjectError:
    """The error for a code that a store answered with."""
    code = _BY_STATUS.get(code, code)
    if code not in _REFUSALS:
        return DataError(f"{place.store} did not give {place} ({code}: {message}): {KEPT}.")
    kind, words = _REFUSALS[code]
    return kind(
        words.format(
            place=place,
            bucket=place.bucket,
            store=place.store,
            region=place.region,
            message=message.rstrip("."),
        )
    )


def _credentials_error(place: Place, error: Exception) -> ProjectError:
    return DataError(
        f"There are no usable credentials for {place} ({_short(error)}): set AWS_ACCESS_KEY_ID "
        "and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role."
    )


def _connection_error(place: Place, error: Exception) -> ProjectError:
    from botocore import exceptions as boto

    why = {
        boto.EndpointConnectionError: "nothing answers there",
        boto.ConnectTimeoutError: "no answer in time",
        boto.ReadTimeoutError: "no answer in time",
        boto.ProxyConnectionError: "the proxy does not answer",
        boto.SSLError: "its certificate is not accepted",
    }.get(type(error), "the connection broke")
    setting = "data.endpoint_url" if place.endpoint_url else "data.region"
    return DataError(
        f"{place.store} cannot be reached for {place} ({why}): see that {setting} is right and "
        f"the network is up, then {KEPT}."
    )


def _short(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200]


def translated(place: Place, error: Exception) -> ProjectError | None:
    """The project's error for one of botocore's; None for what is no trouble with the store."""
    from botocore import exceptions as boto

    if isinstance(error, boto.ClientError):
        answer = error.response.get("Error", {})
        return refusal(place, str(answer.get("Code", "")), _short(Exception(answer.get("Message"))))
    credentials = (
        boto.NoCredentialsError,
        boto.PartialCredentialsError,
        boto.CredentialRetrievalError,
        boto.ProfileNotFound,
        boto.ConfigParseError,
        boto.NoAuthTokenError,
        boto.SSOError,
        boto.TokenRetrievalError,
    )
    if isinstance(error, credentials):
        return _credentials_error(place, error)
    connection = (boto.ConnectionError, boto.HTTPClientError, boto.IncompleteReadError)
    if isinstance(error, connection):
        return _connection_error(place, error)
    if isinstance(error, boto.ParamValidationError) and "bucket name" in str(error).lower():
        return refusal(place, "InvalidBucketName", "")
    if isinstance(error, boto.BotoCoreError):
        return DataError(f"{place} cannot be asked for from {place.store} ({_short(error)}).")
    return None


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Within the block, botocore's errors become sentences about this place."""
    try:
        yield
    except Exception as error:
        known = translated(place, error)
        if known is None:
            raise
        raise known from error
