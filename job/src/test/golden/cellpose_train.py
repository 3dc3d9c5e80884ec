"""Trains a small network of cellpose's own class on the sample screen, for tests: nuclei, with or without
the other channel beside them.
usage: cellpose_train.py WEIGHTS
with cellpose 3.1.1.3, torch 2.15.0; some minutes. Crops, turned and mirrored; the loss is that of cellpose.train.
"""
import sys
from pathlib import Path

import numpy as np
import tifffile
import torch
from cellpose import dynamics, models, resnet_torch, transforms

SAMPLE = Path(__file__).resolve().parents[4] / "sample-data"
NBASE = [2, 4, 8, 16, 32]  # cellpose's own: [2, 32, 64, 128, 256]
DIAMETER = 17.0  # of the screen's nuclei, pixels
STEPS, BATCH, SIDE = 700, 4, 112


def images():
    for well in ("B02", "B03", "B04"):
        for field in (1, 2):
            x = np.stack(
                [tifffile.imread(SAMPLE / "images" / f"SYN001_{well}_f{field}_{c}.tif") for c in ("nuclei", "cytoplasm")],
                -1,
            )[None].astype(np.float32)
            x = transforms.normalize_img(x, **models.normalize_default)[0].transpose(2, 0, 1)
            labels = tifffile.imread(SAMPLE / "truth" / f"labels-{well}-{field}.tif").astype(np.int32)
            flows = dynamics.labels_to_flows([labels], device=torch.device("cpu"))[0]
            yield x.astype(np.float32), flows[1:]


def turned(x, y, rng):
    """One of eight; the flows turn with the image."""
    if rng.integers(2):
        x, y = x[:, :, ::-1], y[:, :, ::-1] * np.array([1, 1, -1], np.float32)[:, None, None]
    if rng.integers(2):
        x, y = x[:, ::-1], y[:, ::-1] * np.array([1, -1, 1], np.float32)[:, None, None]
    if rng.integers(2):
        x, y = x.transpose(0, 2, 1), y.transpose(0, 2, 1)[[0, 2, 1]]
    return x, y


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rng = np.random.default_rng(1)
    net = resnet_torch.CPnet(NBASE, 3, 3, diam_mean=DIAMETER)
    pairs = list(images())
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, STEPS)
    mse, bce = torch.nn.MSELoss(), torch.nn.BCEWithLogitsLoss()
    for step in range(STEPS):
        xs, ys = [], []
        for _ in range(BATCH):
            x, y = pairs[rng.integers(len(pairs))]
            top, left = rng.integers(x.shape[1] - SIDE + 1), rng.integers(x.shape[2] - SIDE + 1)
            x = x * np.float32([1, rng.integers(2)])[:, None, None]
            x, y = turned(x[:, top : top + SIDE, left : left + SIDE], y[:, top : top + SIDE, left : left + SIDE], rng)
            xs.append(np.ascontiguousarray(x)), ys.append(np.ascontiguousarray(y))
        x, y = torch.from_numpy(np.stack(xs)), torch.from_numpy(np.stack(ys))
        out = net(x)[0]
        loss = mse(out[:, :2], 5.0 * y[:, 1:]) / 2 + bce(out[:, 2], y[:, 0])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 99:
            print(step + 1, float(loss.detach()), flush=True)
    net.save_model(sys.argv[1])


main()
