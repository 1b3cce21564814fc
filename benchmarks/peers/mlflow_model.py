"""The same model as `mlflow models serve` takes it: `mlflow_model.py FOLDER MODEL`."""

import sys

import mlflow.onnx
import numpy as np
import onnx
from mlflow.models import ModelSignature
from mlflow.types import Schema, TensorSpec

if __name__ == "__main__":
    rows = Schema([TensorSpec(np.dtype(np.float32), (-1, 64), "numeric")])
    answers = Schema(
        [
            TensorSpec(np.dtype(str), (-1,), "label"),
            TensorSpec(np.dtype(np.float32), (-1, 10), "probabilities"),
        ]
    )
    mlflow.onnx.save_model(
        onnx.load(sys.argv[2]),
        sys.argv[1],
        signature=ModelSignature(inputs=rows, outputs=answers),
        pip_requirements=[],
    )
