from types import SimpleNamespace

import lightning.pytorch as pl
import numpy as np
import onnx
import pytest
import torch
from fits import InterruptAt, made_data, weights_of
from lightning.pytorch.accelerators import CUDAAccelerator

from {{ cookiecutter.package_name }}.inference.runtime import OnnxRuntime
from {{ cookiecutter.package_name }}.schemas.errors import ConfigError
from {{ cookiecutter.package_name }}.training.devices import one_device, place
from {{ cookiecutter.package_name }}.training.fitting import INPUT, OUTPUT, EncodedData, EncodedSplit
from {{ cookiecutter.package_name }}.training.runs import last_checkpoint


@pytest.fixture
def data():
    return made_data()


@pytest.mark.parametrize(("devices", "machines"), [(2, 1), (1, 2)])
def test_work_shared_between_processes_is_refused(devices, machines):
    trainer = SimpleNamespace(
        world_size=devices * machines, num_devices=devices, num_nodes=machines
    )

    wanted = f"devices={devices}, trainer.num_nodes={machines}: expected 1 and 1"
    with pytest.raises(ConfigError, match=wanted):
        one_device(trainer)


def test_a_gpu_is_told_by_its_name(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: f"NVIDIA L4 {device.index}")
    strategy = SimpleNamespace(root_device=torch.device("cuda", 1))

    assert (
        place(SimpleNamespace(strategy=strategy, precision="16-mixed")) == "NVIDIA L4 1, 16-mixed"
    )


@pytest.mark.parametrize("precision", ["bf16-mixed", "bf16-true", "16-true", "64-true"])
def test_a_net_of_any_precision_is_served_in_one(precision, data, context, mlp_fitter, tmp_path):
    fitted = mlp_fitter().fit(data, context(precision=precision))

    onnx.save_model(fitted.core, tmp_path / "core.onnx")
    (scores,) = OnnxRuntime(tmp_path / "core.onnx").run([OUTPUT], {INPUT: data.val.inputs})
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, fitted.reference(data.val.inputs), atol=1e-6)
    assert fitted.computed_on == f"CPU, {precision}"


def test_the_cpu_is_taken_without_a_word_where_there_is_a_gpu(
    data, context, mlp_fitter, monkeypatch, recwarn
):
    monkeypatch.setattr(CUDAAccelerator, "is_available", lambda: True)

    fitted = mlp_fitter().fit(data, context())

    assert fitted.computed_on == "CPU, 32-true"
    assert not [warning for warning in recwarn if "GPU" in str(warning.message)]


def test_a_checkpoint_of_a_gpu_is_gone_on_from_without_one(data, context, mlp_fitter, monkeypatch):
    whole = mlp_fitter().fit(data, context("whole", epochs=4))
    stopped = context("stopped", epochs=4, callbacks=(InterruptAt(2, "on_train_epoch_start"),))
    with pytest.raises(KeyboardInterrupt):
        mlp_fitter().fit(data, stopped)
    last = last_checkpoint(stopped.folder)
    state = torch.load(last, weights_only=True)
    with monkeypatch.context() as patch:
        patch.setattr(torch.serialization, "location_tag", lambda storage: "cuda:0")
        torch.save(state, last)

    resumed = mlp_fitter().fit(data, context("stopped", epochs=4, resume_from=last))

    assert weights_of(resumed) == weights_of(whole)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("precision", ["32-true", "16-mixed"])
def test_a_gpu_repeats_itself_and_its_net_is_served_as_any_other(
    precision, data, context, mlp_fitter, tmp_path
):
    fits = [
        mlp_fitter().fit(data, context(name, accelerator="gpu", precision=precision))
        for name in ("first", "second")
    ]

    assert weights_of(fits[0]) == weights_of(fits[1])
    assert fits[0].computed_on == f"{torch.cuda.get_device_name()}, {precision}"
    onnx.save_model(fits[0].core, tmp_path / "core.onnx")
    (scores,) = OnnxRuntime(tmp_path / "core.onnx").run([OUTPUT], {INPUT: data.val.inputs})
    np.testing.assert_allclose(scores, fits[0].reference(data.val.inputs), atol=1e-6)


def test_two_devices_are_refused_before_a_second_process_starts(data, context, mlp_fitter):
    with pytest.raises(ConfigError, match=r"trainer.devices=2, .*: expected 1 and 1"):
        mlp_fitter().fit(data, context(devices=2))


def test_a_batch_that_does_not_fit_a_gpu_is_one_sentence(data, context, mlp_fitter):
    class Full(pl.Callback):
        def on_train_batch_start(self, *_):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")

    with pytest.raises(ConfigError, match=r"model.batch_size=16: the GPU has too little memory"):
        mlp_fitter().fit(data, context(callbacks=(Full(),)))


@pytest.mark.parametrize(("trained", "validated"), [(1, 8), (16, 128), (1000, 4096), (5000, 5000)])
def test_a_smaller_batch_of_training_makes_that_of_validation_smaller(
    trained, validated, context, mlp_fitter
):
    class Sizes(pl.Callback):
        def on_validation_batch_start(self, trainer, pl_module, batch, *_):
            sizes.append(len(batch[1]))

    sizes: list[int] = []
    draws = np.random.default_rng(0).normal(size=(6000, 2)).astype(np.float32)
    split = EncodedSplit(draws, draws[:, 0])
    few = EncodedSplit(draws[:2], draws[:2, 0])
    run = context(epochs=1, callbacks=(Sizes(),))

    mlp_fitter(batch_size=trained).fit(EncodedData(few, split, "regression", 1, None), run)

    assert sizes[0] == max(sizes) == validated
