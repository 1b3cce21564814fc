"""What a net is trained on."""

import lightning.pytorch as pl
import torch

from {{ cookiecutter.package_name }}.schemas.errors import ConfigError


def one_device(trainer: pl.Trainer) -> None:
    """ConfigError where the trainer would share its work between processes.

    Each of them would be this command once more, with a run, a folder and a version of its own.
    """
    if trainer.world_size > 1:
        raise ConfigError(
            f"trainer.devices={trainer.num_devices}, trainer.num_nodes={trainer.num_nodes}: "
            "expected 1 and 1, since a training uses one device. CUDA_VISIBLE_DEVICES says which."
        )


def place(trainer: pl.Trainer) -> str:
    """Where the trainer computed, and in which precision: `CPU, 32-true`."""
    device = trainer.strategy.root_device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()
    return f"{name}, {trainer.precision}"
