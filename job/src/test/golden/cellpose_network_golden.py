"""Objects that Python's cellpose finds in the sample screen with the network of cellpose_train.py.
usage: OPENCV_IPP=disabled cellpose_network_golden.py WEIGHTS [mosaic]
with cellpose 3.1.1.3 (torch 2.15.0, opencv-python-headless 5.0.0.93) and the changes of
deploy/bench/cellpose_reference.py, without which the labels differ in the pixels that are printed. Writes into
../resources/org/cytolake/nuclei/cellpose/: nuclei-tiny.onnx (the weights as export_cellpose.py exports them), labels.png
(the label images, one below the other) and cases.csv (well, field, diameter, channels, and rows of the label image); or,
with mosaic, mosaic.png alone: the objects of an image of 4096 x 4096 pixels, see mosaic.
"""
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import tifffile
import torch
from cellpose import models, resnet_torch

ROOT = Path(__file__).resolve().parents[4]
sys.path.append(str(ROOT / "deploy" / "bench"))
import cellpose_reference

SAMPLE = ROOT / "sample-data" / "images"
TO = ROOT / "job/src/test/resources/org/cytolake/nuclei/cellpose"
NBASE = [2, 4, 8, 16, 32]
SIDE = 4096
CASES = (
    *((well, field, 0, "nuclei") for well in ("B02", "B03", "B04") for field in (1, 2)),
    ("B04", 1, 12, "nuclei"), ("B03", 2, 25.5, "nuclei"), ("B02", 2, 34, "nuclei"), ("B03", 1, 8.5, "nuclei"),
    ("B04", 2, 0, "nuclei,cytoplasm"), ("B03", 1, 20, "nuclei,cytoplasm"),
)


class Network(resnet_torch.CPnet):
    """Whose style, which this one has shorter, fits the place that cellpose keeps for it."""

    def forward(self, data):
        y, style, scales = super().forward(data)
        return y, torch.nn.functional.pad(style, (0, 256 - style.shape[1])), scales


def model(weights):
    found = models.CellposeModel.__new__(models.CellposeModel)
    found.net = Network(NBASE, 3, 3)
    found.net.load_state_dict(torch.load(weights, weights_only=True))
    found.net.eval()
    found.device, found.nchan, found.net_ortho = torch.device("cpu"), 2, None
    found.diam_mean = found.net.diam_mean.data.cpu().numpy()[0]
    found.diam_labels = found.net.diam_labels.data.cpu().numpy()[0]
    return found


def labels(network, image, diameter):
    channels = [1, 2] if image.ndim == 3 else [0, 0]
    axis = 0 if image.ndim == 3 else None
    return network.eval(image, channels=channels, channel_axis=axis, diameter=diameter or None)[0]


def mosaic():
    """The fields of the screen side by side, each as it is or turned upside down, and brighter or darker."""
    fields = [
        tifffile.imread(SAMPLE / f"SYN001_{well}_f{field}_nuclei.tif").astype(np.uint16)
        for well in ("B02", "B03", "B04") for field in (1, 2)
    ]
    height, width = fields[0].shape
    image = np.zeros((SIDE, SIDE), np.uint16)
    for i, top in enumerate(range(0, SIDE, height)):
        for j, left in enumerate(range(0, SIDE, width)):
            field = fields[(5 * i + j) % 6][:: 1 - 2 * (i % 2)] * np.uint16(4 + (3 * i + j) % 4) // np.uint16(4)
            part = image[top : top + height, left : left + width]
            part[:] = field[: part.shape[0], : part.shape[1]]
    return image


def of_mosaic(weights):
    with cellpose_reference.definite():
        found = labels(model(weights), mosaic(), 0)
    print("mosaic", found.max(), (found > 0).mean())
    cv2.imwrite(str(TO / "mosaic.png"), found.astype(np.uint16), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def main(weights):
    TO.mkdir(parents=True, exist_ok=True)
    script = ROOT / "deploy/models/export_cellpose.py"
    subprocess.run([sys.executable, script, weights, "--output", TO / "nuclei-tiny.onnx", "--metadata",
                    "licence=CC0-1.0"], check=True)
    network, rows, images, top = model(weights), [], [], 0
    for well, field, diameter, channels in CASES:
        planes = [tifffile.imread(SAMPLE / f"SYN001_{well}_f{field}_{c}.tif") for c in channels.split(",")]
        image = planes[0] if len(planes) == 1 else np.stack(planes)
        released = labels(network, image, diameter)
        with cellpose_reference.definite():
            found = labels(network, image, diameter)
        print(well, field, diameter, channels, found.max(), (found != released).sum())
        rows.append(f"{well};{field};{diameter};{channels};{found.shape[0]}\n")
        images.append(found)
    (TO / "cases.csv").write_text("".join(rows))
    cv2.imwrite(str(TO / "labels.png"), np.concatenate(images).astype(np.uint16), [cv2.IMWRITE_PNG_COMPRESSION, 9])


of_mosaic(sys.argv[1]) if sys.argv[2:] == ["mosaic"] else main(sys.argv[1])
