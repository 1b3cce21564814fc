"""The limit for `train`: the same net, data, optimizer and schedule in plain PyTorch.

Run by training.py with the baked project's interpreter: bare_loop.py FOLDER EPOCHS [OPTIONS]
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import torch
from torch import nn


def read(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Pixels (N, 64) float32 and classes (N,) int64 of a prepared split."""
    table = pq.read_table(path)
    pixels = np.stack([table.column(i).to_numpy() for i in range(64)], axis=1)
    classes = np.array(table.column("digit").to_pylist()).astype(np.int64)
    return torch.tensor(pixels, dtype=torch.float32), torch.tensor(classes)


def main(folder: Path, epochs: int, device: str, *, export: bool) -> None:
    """Train, validate each epoch, keep the weights; export as ONNX where asked.

    All rows lie on the device from the start: on a GPU, too, this is the limit.
    """
    torch.set_num_threads(1)
    torch.manual_seed(7)
    inputs, targets = (tensor.to(device) for tensor in read(folder / "train.parquet"))
    val_inputs, val_targets = (tensor.to(device) for tensor in read(folder / "val.parquet"))
    mean, std = inputs.mean(0), inputs.std(0)
    std[std == 0] = 1
    inputs, val_inputs = (inputs - mean) / std, (val_inputs - mean) / std
    net = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Dropout(0.1), nn.Linear(256, 10))
    net.to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.002, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    for epoch in range(epochs):
        net.train()
        for rows in torch.randperm(len(targets), device=device).split(64):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(inputs[rows]), targets[rows])
            loss.backward()
            optimizer.step()
        scheduler.step()
        net.eval()
        with torch.no_grad():
            accuracy = (net(val_inputs).argmax(1) == val_targets).float().mean().item()
        print(f"epoch {epoch + 1}/{epochs}  val/accuracy {accuracy:.4f}")
    torch.save(net.state_dict(), "/dev/null" if sys.platform != "win32" else "NUL")
    if export:
        torch.onnx.export(net.cpu(), (inputs[:2].cpu(),), "/dev/null", dynamo=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("epochs", type=int)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--export", action="store_true")
    asked = parser.parse_args()
    main(asked.folder, asked.epochs, asked.device, export=asked.export)
