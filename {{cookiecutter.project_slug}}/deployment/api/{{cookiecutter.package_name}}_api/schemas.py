"""What the service answers, and the shape of what it is asked."""

from datetime import datetime

from pydantic import BaseModel, Field

from {{ cookiecutter.package_name }}.schemas.dataset import Column, Task

Value = float | str | bool | None


class PredictionRequest(BaseModel):
    """One row or many."""

    inputs: list[list[Value] | dict[str, Value]] = Field(
        min_length=1, description="Rows: arrays in the order of the columns, or objects by name"
    )


class AnsweringModel(BaseModel):
    """The version that answered."""

    name: str
    version: str = Field(description="Registered version; 'local': a file without a registry")
    alias: str | None


class PredictionResponse(BaseModel):
    """Answers in the order of the rows."""

    predictions: list[str] | list[float] = Field(description="Class labels, or numbers")
    probabilities: list[list[float]] | None = Field(
        description="For each row, one probability a class; null for regression"
    )
    classes: list[str] | None = Field(description="The order of the probabilities")
    model: AnsweringModel
    request_id: str


class ModelDescription(AnsweringModel):
    """The model that answers: what it takes, what it gives and where it came from."""

    run_id: str | None
    loaded_at: datetime
    project: str
    model_name: str = Field(description="The configuration that it was trained with")
    task: Task
    target: str
    classes: list[str] | None
    columns: list[Column] = Field(description="With what training saw in them, and what they take")
    image_shape: tuple[int, int, int] | None = Field(
        description="(channels, height, width) where the columns are pixels"
    )
    data_name: str
    data_digest: str
    metrics: dict[str, float] = Field(description="Of the validation split, at training")
    git_sha: str | None
    template_version: str | None
