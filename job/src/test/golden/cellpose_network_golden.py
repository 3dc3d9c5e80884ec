"""Objects that Python's cellpose finds in the sample screen with the network of cellpose_train.py.
usage: OPENCV_IPP=disabled cellpose_network_golden.py WEIGHTS
with cellpose 3.1.1.3 (torch 2.15.0, opencv-python-headless 5.0.0.93); writes ../resources/org/cytolake/nuclei/cellpose/:
nuclei-tiny.onnx (the weights as export_cellpose.py exports them), labels.png (the label images, one below the other) and
cases.csv (well, field, diameter, channels, and rows of the label image).

fill_holes_and_remove_small_masks is that of udfs/src/test/golden/cellpose_golden.py: what 4.2.1.1 has. Without it the
labels differ in the pixels that are printed.
"""
import subprocess
import sys
from pathlib import Path

import cv2
import fastremap
import fill_voids
import numpy as np
import tifffile
import torch
from cellpose import models, resnet_torch, utils
from scipy.ndimage import find_objects

ROOT = Path(__file__).resolve().parents[4]
SAMPLE = ROOT / "sample-data" / "images"
TO = ROOT / "job/src/test/resources/org/cytolake/nuclei/cellpose"
NBASE = [2, 4, 8, 16, 32]
CASES = (
    *((well, field, 0, "nuclei") for well in ("B02", "B03", "B04") for field in (1, 2)),
    ("B04", 1, 12, "nuclei"), ("B03", 2, 25.5, "nuclei"), ("B02", 2, 34, "nuclei"), ("B03", 1, 8.5, "nuclei"),
    ("B04", 2, 0, "nuclei,cytoplasm"), ("B03", 1, 20, "nuclei,cytoplasm"),
)


def remove_small(masks, min_size):
    labels, counts = np.unique(masks[masks > 0], return_counts=True)
    masks = fastremap.mask(masks, labels[counts < min_size])
    fastremap.renumber(masks, in_place=True)
    return masks


def fill_holes_and_remove_small_masks(masks, min_size=15):
    masks = remove_small(masks, min_size)
    for label, place in enumerate(find_objects(masks), 1):
        if place is not None:
            masks[place][fill_voids.fill(masks[place] == label)] = label
    return remove_small(masks, min_size)


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


def main(weights):
    as_released = utils.fill_holes_and_remove_small_masks
    TO.mkdir(parents=True, exist_ok=True)
    script = ROOT / "deploy/models/export_cellpose.py"
    subprocess.run([sys.executable, script, weights, "--output", TO / "nuclei-tiny.onnx", "--metadata",
                    "licence=CC0-1.0"], check=True)
    network, rows, images, top = model(weights), [], [], 0
    for well, field, diameter, channels in CASES:
        planes = [tifffile.imread(SAMPLE / f"SYN001_{well}_f{field}_{c}.tif") for c in channels.split(",")]
        image = planes[0] if len(planes) == 1 else np.stack(planes)
        utils.fill_holes_and_remove_small_masks = as_released
        released = labels(network, image, diameter)
        utils.fill_holes_and_remove_small_masks = fill_holes_and_remove_small_masks
        found = labels(network, image, diameter)
        print(well, field, diameter, channels, found.max(), (found != released).sum())
        rows.append(f"{well};{field};{diameter};{channels};{found.shape[0]}\n")
        images.append(found)
    (TO / "cases.csv").write_text("".join(rows))
    cv2.imwrite(str(TO / "labels.png"), np.concatenate(images).astype(np.uint16), [cv2.IMWRITE_PNG_COMPRESSION, 9])


main(sys.argv[1])
