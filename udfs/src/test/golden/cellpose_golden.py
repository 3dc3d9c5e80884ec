"""Objects by Python's cellpose from flows that it made of labels.
usage: cellpose_golden.py > ../resources/org/cytolake/cellpose/cellpose.csv
with cellpose 3.1.1.3 (torch 2.15.0, numba 0.68.1, numpy 2.0.2, scipy 1.17.1, fastremap 1.21.0, fill-voids 2.1.2)

A line: what the labels are and how their flows are disturbed (see scene), CRC-32 of the flows (labels_to_flows, down
then to the right, 32-bit little-endian), then number and CRC-32 (32-bit little-endian) of the objects of compute_masks
and of those of resize_and_compute_masks with min_size 15, both with the changes of deploy/bench/cellpose_reference.py,
and in how many pixels the latter differ from what cellpose gives without them.
"""
import logging
import sys
import zlib
from pathlib import Path

import lcg
import numpy as np
import tifffile
import torch
from cellpose import dynamics

ROOT = Path(__file__).resolve().parents[4]
sys.path.append(str(ROOT / "deploy" / "bench"))
import cellpose_reference

logging.disable(logging.WARNING)
TRUTH = ROOT / "sample-data" / "truth"
CPU = torch.device("cpu")
FIELDS = "seed layout height width objects least most noise turned prob steps"


def labels(draw, layout, height, width, objects, least, most):
    """Ellipses, the later over the earlier ones, those of `rings` with a hole; or a part of the sample screen's truth,
    from a corner that is drawn."""
    if layout.startswith("labels-"):
        truth = tifffile.imread(TRUTH / (layout + ".tif"))
        top, left = draw.below(truth.shape[0] - height + 1), draw.below(truth.shape[1] - width + 1)
        return truth[top : top + height, left : left + width].astype(np.int32)
    image = np.zeros((height, width), np.int32)
    y, x = np.mgrid[:height, :width]
    for i in range(objects):
        row, column = draw.below(height), draw.below(width)
        a, b = draw.between(least, most), draw.between(least, most)
        distance = ((y - row) * b) ** 2 + ((x - column) * a) ** 2
        inside = distance <= (a * b) ** 2
        if layout == "rings":
            inside &= distance * 9 > (a * b) ** 2
        image[inside] = i + 1
    return image


def scene(seed, layout, height, width, objects, least, most, noise, turned):
    """Labels, and five times their flows with noise of up to `noise` / 256; the flows of every `turned`-th object point
    outwards. Logits are 4 in objects and -4 elsewhere, with twice as much noise."""
    draw = lcg.Lcg(seed)
    image = labels(draw, layout, height, width, objects, least, most)
    flow = dynamics.labels_to_flows([image], device=CPU)[0]
    image = flow[0].astype(np.int32)
    noises = np.array([draw.between(-noise, noise) for _ in range(3 * height * width)], np.float32)
    noises = noises.reshape(height, width, 3) / np.float32(256)
    sign = np.where((image > 0) & (image % turned == 0), np.float32(-5), np.float32(5)) if turned else np.float32(5)
    dp = np.stack([flow[2] * sign + noises[..., 0], flow[3] * sign + noises[..., 1]])
    prob = np.where(image > 0, np.float32(4), np.float32(-4)) + noises[..., 2] * np.float32(2)
    return flow[2:], dp, prob


def scenes():
    for k, well in enumerate(("B02-1", "B03-1", "B04-1", "B04-2")):
        yield k + 1, "labels-" + well, 128, 120, 0, 0, 0, 0, 0, 0.0, 200
        yield k + 11, "labels-" + well, 97, 131, 0, 0, 0, 300, 5, 0.0, 200
    yield 21, "ellipses", 120, 128, 90, 3, 9, 0, 0, 0.0, 200  # crowded
    yield 22, "ellipses", 110, 90, 120, 4, 8, 500, 3, 0.5, 200
    yield 23, "ellipses", 64, 64, 60, 1, 3, 0, 0, 0.0, 200  # tiny
    yield 24, "ellipses", 60, 70, 60, 1, 4, 200, 0, -1.0, 77
    yield 25, "ellipses", 40, 50, 0, 1, 4, 0, 0, 0.0, 200  # empty
    yield 26, "ellipses", 40, 50, 0, 1, 4, 300, 0, 0.0, 200  # nothing but noise
    yield 27, "ellipses", 96, 80, 1, 60, 70, 0, 0, 0.0, 200  # one object, most of the image
    yield 28, "ellipses", 200, 150, 8, 15, 40, 200, 0, 0.0, 466
    yield 29, "rings", 120, 120, 12, 8, 20, 50, 0, 0.0, 200
    yield 30, "ellipses", 1, 60, 3, 2, 9, 20, 0, 0.0, 200
    yield 31, "ellipses", 60, 1, 3, 2, 9, 0, 0, 0.0, 200
    yield 32, "ellipses", 130, 110, 60, 4, 14, 400, 4, 2.0, 133
    yield 33, "ellipses", 130, 110, 60, 4, 14, 40, 2, 0.0, 12


def objects(dp, prob, threshold, steps):
    given = {"niter": steps, "cellprob_threshold": threshold, "device": CPU}
    with cellpose_reference.definite():
        first = dynamics.compute_masks(dp.copy(), prob, **given)
        whole = dynamics.resize_and_compute_masks(dp.copy(), prob, **given)
    return first, whole, dynamics.resize_and_compute_masks(dp.copy(), prob, **given)


def checksum(values, kind):
    return f"{zlib.crc32(np.ascontiguousarray(values, kind).tobytes()):08x}"


for parameters in scenes():
    flow, dp, prob = scene(*parameters[:-2])
    first, whole, released = objects(dp, prob, *parameters[-2:])
    print(*parameters, checksum(flow, "<f4"), len(np.unique(first[first > 0])), checksum(first, "<i4"),
          len(np.unique(whole[whole > 0])), checksum(whole, "<i4"), (whole != released).sum(), sep=",")
