"""The limit for the service: FastAPI and uvicorn with one route that echoes validated rows."""

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Rows(BaseModel):
    """The same request as the service's."""

    inputs: list[list[float]]


@app.post("/v1/predict")
async def echo(rows: Rows) -> Rows:
    """Answer with what was asked."""
    return rows


@app.get("/health/ready")
async def ready() -> dict[str, str]:
    """Answer that it runs."""
    return {"status": "ready"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False)
