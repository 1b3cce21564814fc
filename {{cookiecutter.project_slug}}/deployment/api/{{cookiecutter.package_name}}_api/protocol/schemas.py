"""The protocol's objects, as its specification and the OpenAPI document name them."""

from typing import Any

from pydantic import BaseModel, Field

from {{ cookiecutter.package_name }}_api.protocol.tensors import Datatype

Parameters = dict[str, str | float | bool]


class ProtocolError(BaseModel):
    """Why a request was refused."""

    error: str


class ServerMetadata(BaseModel):
    """What answers here."""

    name: str
    version: str
    extensions: list[str]


class ServerLive(BaseModel):
    """The process answers."""

    live: bool = True


class ServerReady(ServerLive):
    """It can predict."""

    ready: bool = True


class ModelReady(BaseModel):
    """The model can predict."""

    name: str
    ready: bool = True


class TensorMetadata(BaseModel):
    """One end of the model."""

    name: str
    datatype: Datatype
    shape: list[int] = Field(description="-1: any number of rows")


class ModelMetadata(BaseModel):
    """The model that answers: what it takes and gives."""

    name: str
    versions: list[str] = Field(description="The version that is served: one at a time")
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]


class RequestInput(BaseModel):
    """Rows for one of the model's inputs."""

    name: str
    shape: list[int] = Field(description="Rows, and elements a row")
    datatype: Datatype
    parameters: dict[str, Any] | None = Field(
        None, description="binary_data_size: the elements are so many bytes after the JSON"
    )
    data: list[Any] | None = Field(None, description="Elements in one array, or an array a row")


class RequestOutput(BaseModel):
    """An output that is asked for."""

    name: str
    parameters: dict[str, Any] | None = Field(
        None, description="binary_data: whether the elements come as bytes after the JSON"
    )


class InferenceRequest(BaseModel):
    """Tensors of one row or many."""

    id: str | None = Field(None, description="Comes back in the answer")
    parameters: dict[str, Any] | None = Field(
        None, description="binary_data_output: whether all outputs come as bytes after the JSON"
    )
    inputs: list[RequestInput]
    outputs: list[RequestOutput] | None = Field(None, description="All, where it is left out")


class ResponseOutput(BaseModel):
    """One of the model's outputs."""

    name: str
    shape: list[int]
    datatype: Datatype
    parameters: Parameters | None = None
    data: list[float | str | None] | None = None


class InferenceResponse(BaseModel):
    """What the model says of the rows."""

    id: str | None = None
    model_name: str
    model_version: str
    outputs: list[ResponseOutput]
