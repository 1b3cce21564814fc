"""A limit for the service: FastAPI with the same request and an answer of the same size, no model.

The ten "probabilities" of a row are its first ten numbers.
"""

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Rows(BaseModel):
    """The same request as the service's."""

    inputs: list[list[float]]


class Answers(BaseModel):
    """As much as the service answers."""

    predictions: list[str]
    probabilities: list[list[float]]


@app.post("/v1/predict")
async def echo(rows: Rows) -> Answers:
    """Answer with a part of what was asked."""
    return Answers(
        predictions=["0"] * len(rows.inputs), probabilities=[row[:10] for row in rows.inputs]
    )


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    """Answer that it runs."""
    return {"status": "ready"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False)
