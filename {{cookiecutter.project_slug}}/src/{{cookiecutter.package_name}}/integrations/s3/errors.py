"""What is said when a store refuses, is away, or gives something else than it should."""

from collections.abc import Iterator
from contextlib import contextmanager

from {{ cookiecutter.package_name }}.integrations.s3.place import FETCH, Place, Purpose
from {{ cookiecutter.package_name }}.schemas.errors import (
    ConfigError,
    DataError,
    DataNotFound,
    ProjectError,
)

_NO_ACCESS = "The credentials may not {verb} {place}: they need {rights}."
_EXPIRED = (
    "The credentials for {place} have expired: sign in again, or renew AWS_SESSION_TOKEN and the "
    "two keys that belong to it."
)
_REGION = (
    "{place} is not in the region '{region}': correct {region_setting} (the store says: {message})."
)
_CHANGED = "{place} was changed by somebody else meanwhile: run the same command again."
_ALTERED = (
    "{store} did not take {place}, because other bytes arrived than were sent: {again}; if it "
    "stays so, look for what alters them on the way."
)
_REFUSALS: dict[str, tuple[type[ProjectError], str]] = {
    "NoSuchBucket": (
        DataNotFound,
        "There is no bucket '{bucket}' at {store}, where {place} should be: correct "
        "{bucket_setting} or {endpoint_url_setting}.",
    ),
    "NoSuchKey": (DataNotFound, "There is no object {place} any more: run the command again."),
    "InvalidBucketName": (
        ConfigError,
        "{bucket_setting} is '{bucket}', which is no name of a bucket: {place} cannot be asked "
        "for.",
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
        "{store} does not {answered} {place} because this machine's clock is wrong: set it.",
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
    "ConditionalRequestConflict": (DataError, _CHANGED),
    "OperationAborted": (DataError, _CHANGED),
    "BadDigest": (DataError, _ALTERED),
    "XAmzContentSHA256Mismatch": (DataError, _ALTERED),
    "NoSuchUpload": (
        DataError,
        "The unfinished upload of {place} was ended by somebody else: run the same command again.",
    ),
}
_SETTINGS = ("bucket", "endpoint_url", "region")
_BY_STATUS = {"403": "AccessDenied", "404": "NoSuchKey", "412": "PreconditionFailed"}
"""Answers without a body, such as those to HEAD, have a status for a code."""


def refusal(place: Place, code: str, message: str, purpose: Purpose = FETCH) -> ProjectError:
    """The error for a code that a store answered with."""
    code = _BY_STATUS.get(code, code)
    if code not in _REFUSALS:
        return DataError(
            f"{place.store} did not {purpose.answered} {place} ({code}: {message}): "
            f"{purpose.again}."
        )
    kind, words = _REFUSALS[code]
    settings = {f"{name}_setting": purpose.setting(name) for name in _SETTINGS}
    return kind(
        words.format(
            place=place,
            bucket=place.bucket,
            store=place.store,
            region=place.region,
            message=message.rstrip("."),
            verb=purpose.verb,
            answered=purpose.answered,
            rights=purpose.rights.format(bucket=place.bucket),
            again=purpose.again,
            **settings,
        )
    )


def _credentials_error(place: Place, error: Exception) -> ProjectError:
    return DataError(
        f"There are no usable credentials for {place} ({_short(error)}): set AWS_ACCESS_KEY_ID "
        "and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role."
    )


def _connection_error(place: Place, error: Exception, purpose: Purpose) -> ProjectError:
    from botocore import exceptions as boto

    why = {
        boto.EndpointConnectionError: "nothing answers there",
        boto.ConnectTimeoutError: "no answer in time",
        boto.ReadTimeoutError: "no answer in time",
        boto.ProxyConnectionError: "the proxy does not answer",
        boto.SSLError: "its certificate is not accepted",
    }.get(type(error), "the connection broke")
    setting = purpose.setting("endpoint_url" if place.endpoint_url else "region")
    return DataError(
        f"{place.store} cannot be reached for {place} ({why}): see that {setting} is right and "
        f"the network is up, then {purpose.again}."
    )


def _short(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200]


def code_of(error: Exception) -> str:
    """The code with which a store refused; "" for any other error."""
    answer = getattr(error, "response", {})
    return str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""


def translated(place: Place, error: Exception, purpose: Purpose = FETCH) -> ProjectError | None:
    """The project's error for one of botocore's; None for what is no trouble with the store."""
    from botocore import exceptions as boto

    if isinstance(error, boto.ClientError):
        message = _short(Exception(error.response.get("Error", {}).get("Message")))
        return refusal(place, code_of(error), message, purpose)
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
        return _connection_error(place, error, purpose)
    if isinstance(error, boto.ParamValidationError) and "bucket name" in str(error).lower():
        return refusal(place, "InvalidBucketName", "", purpose)
    if isinstance(error, boto.BotoCoreError):
        return DataError(f"{place} cannot be asked for from {place.store} ({_short(error)}).")
    return None


@contextmanager
def told(place: Place, purpose: Purpose = FETCH) -> Iterator[None]:
    """Within the block, botocore's errors become sentences about this place."""
    try:
        yield
    except Exception as error:
        known = translated(place, error, purpose)
        if known is None:
            raise
        raise known from error
