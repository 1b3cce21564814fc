"""One version, four ways to ask it, one answer.

The Lightning module with the weights of the run's checkpoint, MLflow's own loader, the service on
ONNX Runtime, and Triton over gRPC answer the golden rows that training kept, and each is as near
to what the trained model said then as the registry demands of an export.
"""

import json
import urllib.request

import numpy as np
import pytest
from omegaconf import OmegaConf
from running_service import running_service

from {{ cookiecutter.package_name }} import PROJECT
from {{ cookiecutter.package_name }}.cli._training import build
from {{ cookiecutter.package_name }}.cli.export_triton import main as export_triton
from {{ cookiecutter.package_name }}.cli.train import main as train
from {{ cookiecutter.package_name }}.data.processed import load_split
from {{ cookiecutter.package_name }}.inference.golden import Golden
from {{ cookiecutter.package_name }}.inference.predictor import Predictor
from {{ cookiecutter.package_name }}.integrations.registry import Registry
from {{ cookiecutter.package_name }}.integrations.triton_runtime import TritonRuntime
from {{ cookiecutter.package_name }}.schemas.model import GOLDEN_FILE, Predictions
from {{ cookiecutter.package_name }}.training.encoder import Encoder

pytestmark = [
    pytest.mark.slow,
    # MLflow 3.17 on SQLAlchemy 2.1, and at its import.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*Any type hint is inferred"),
    pytest.mark.usefixtures("training_in_process"),
]


def by_lightning(folder, manifest, golden) -> Predictions:
    """The module that was trained, on rows encoded as training encoded them."""
    # Here: who only collects tests, to leave this one out, should not wait for PyTorch.
    import torch

    from {{ cookiecutter.package_name }}.models.module import Module

    schema, train_rows = manifest.data_schema, load_split(manifest, "train")
    encoder = Encoder.fit(train_rows.features, schema)
    chosen = OmegaConf.load(folder / "config.yaml").model
    classes = len(schema.target.classes)
    net = build(chosen.net)(
        inputs=encoder.width, outputs=classes or 1, image_shape=schema.image_shape
    )
    module = Module(net, schema.target.task, torch.optim.SGD, None)
    stored = torch.load(folder / "checkpoints" / "best.ckpt", weights_only=True)
    module.load_state_dict(stored["state_dict"])
    rows = torch.from_numpy(encoder.encode(golden.features(schema)))
    with torch.inference_mode():
        outputs = module.eval()(rows)
    if classes:
        return Predictions(outputs.argmax(dim=1).numpy(), outputs.softmax(dim=1).numpy())
    targets = train_rows.target.astype(np.float64)
    return Predictions(outputs[:, 0].numpy() * targets.std() + targets.mean())


def by_mlflow(features) -> Predictions:
    """What anybody with MLflow gets."""
    import mlflow.pyfunc

    Registry(PROJECT).aliases()  # points MLflow at the store
    model = mlflow.pyfunc.load_model(f"models:/{PROJECT}@dev")
    feeds = {"numeric": features.numeric, "categorical": features.categorical.astype(str)}
    given = {spec.name: feeds[spec.name] for spec in model.metadata.signature.inputs}
    answers = model.predict(given)
    if "probabilities" in answers:
        return Predictions(answers["label"], np.asarray(answers["probabilities"]))
    return Predictions(np.asarray(answers["value"]))


def by_service(golden) -> Predictions:
    """What the service answers, with ONNX Runtime in its process."""
    body = json.dumps({"inputs": golden.inputs}).encode()
    with running_service(MLFLOW_MODEL_ALIAS="dev") as service:
        request = urllib.request.Request(
            f"{service.url}/v1/predict", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.loads(answer.read())
    scores = told["probabilities"]
    return Predictions(np.array(told["predictions"]), None if scores is None else np.array(scores))


def by_triton(server, model, features) -> Predictions:
    """What Triton answers, with the version as it was exported."""
    assert (
        export_triton(
            ["--alias", "dev", "--repository", str(server.repository), "--model-name", model]
        )
        == 0
    )
    server.wait_for(model, version=1)
    runtime = TritonRuntime(server.url("grpc"), model)
    predictions = Predictor(runtime, runtime.info).predict(features)
    runtime.close()
    return predictions


@pytest.mark.parametrize(("data", "net"), [("images", "cnn"), ("mixed", "mlp")])
def test_four_ways_give_one_answer(data, net, prepared, store, runs, server):
    manifest = getattr(prepared, data)
    code = train(
        [f"data.name={manifest.name}", "data.target=???", f"model={net}", "trainer.max_epochs=2"]
    )
    (folder,) = runs()
    golden = Golden.read(folder / GOLDEN_FILE)
    features = golden.features(manifest.data_schema)

    answers = {
        "lightning": by_lightning(folder, manifest, golden),
        "mlflow": by_mlflow(features),
        "service": by_service(golden),
        "triton": by_triton(server, f"parity-{net}", features),
    }

    differences = {way: golden.difference(answer) for way, answer in answers.items()}
    assert code == 0
    assert len(features) == 20
    assert {way: d for way, d in differences.items() if not d <= golden.tolerance} == {}
    labels = {way: list(answer.values) for way, answer in answers.items() if way != "lightning"}
    if manifest.data_schema.target.classes:
        assert labels["mlflow"] == labels["service"] == labels["triton"]
