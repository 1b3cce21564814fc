"""Every way this project can fail, drawn once.

ProjectError                 exit 1   HTTP 500
├── ConfigError              exit 2   HTTP 400   an option, key or argument that cannot be used
├── DataError                exit 3   HTTP 422   something is wrong with the data
│   ├── DataNotFound         exit 3   HTTP 404   a file, or the prepared data set, is missing
│   ├── DataContractError    exit 3   HTTP 422   data breaks the declared contract
│   └── InvalidRequest       exit 3   HTTP 422   rows do not fit the model's signature
├── ModelError               exit 4   HTTP 503   no usable model
│   ├── ModelNotFound        exit 4   HTTP 503   no such version, alias or file
│   ├── ArtifactMismatch     exit 4   HTTP 503   the file is not the model it should be
│   └── VersionGone          exit 4   HTTP 503   a server of models changed over to another version
├── TrackingUnavailable      exit 5   HTTP 503   the MLflow server or store does not answer
├── GateRefused              exit 6   HTTP 409   a version does not meet the declared floors
├── ServiceError             exit 7   HTTP 503   the service cannot start (a port in use, say)
├── RestoreError             exit 8   HTTP 409   what a version was made of cannot be had any more
├── MoveRefused              exit 9   HTTP 409   a version cannot go there, or not now
└── StoreUnavailable         exit 10  HTTP 503   the prediction log's store cannot be used

A message is one sentence (or one a line) that names the thing, its value and what was expected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class ProjectError(Exception):
    """Base of all errors that are told to a person as a sentence instead of a trace."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class ConfigError(ProjectError):
    """An option, configuration key or argument that cannot be used."""

    exit_code = 2
    http_status = 400


class DataError(ProjectError):
    """Something is wrong with the data."""

    exit_code = 3
    http_status = 422


class DataNotFound(DataError):
    """A data file, or the prepared data set, is missing."""

    http_status = 404


class DataContractError(DataError):
    """Data breaks the declared contract; nothing was written."""


@dataclass(frozen=True)
class FieldError:
    """One refused value: where it stands and why.

    `row` counts from 0; `None` speaks of the request as a whole. `field` is a column name.
    """

    row: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row is not None else []
        place += [f"column '{self.field}'"] if self.field is not None else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


class InvalidRequest(DataError):
    """Rows that do not fit the model's signature; `errors` has one entry a refused value."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


class ModelError(ProjectError):
    """No usable model."""

    exit_code = 4
    http_status = 503


class ModelNotFound(ModelError):
    """No such registered model, version, alias or file."""


class ArtifactMismatch(ModelError):
    """A file is not the model that it should be: corrupt, or of another kind."""


class VersionGone(ModelError):
    """The server that ran this version has it no more; it may have another one."""


class TrackingUnavailable(ProjectError):
    """The MLflow server or store does not answer."""

    exit_code = 5
    http_status = 503


class GateRefused(ProjectError):
    """A model version does not meet the declared floors; no alias was moved."""

    exit_code = 6
    http_status = 409


class ServiceError(ProjectError):
    """The service cannot start: a port in use, an address that is not this machine's."""

    exit_code = 7
    http_status = 503


class RestoreError(ProjectError):
    """What a version was made of is not here any more: its commit, or what says which data."""

    exit_code = 8
    http_status = 409


class MoveRefused(ProjectError):
    """The lifecycle has no such way, an approval is missing, or another move is going on."""

    exit_code = 9
    http_status = 409


class StoreUnavailable(ProjectError):
    """The store of the prediction log does not answer, or does not hold what it should."""

    exit_code = 10
    http_status = 503
