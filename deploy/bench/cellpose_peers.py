#!/usr/bin/env python3
"""Times what follows Cellpose's network: from flows to objects, by Python's cellpose on the processor.
usage: cellpose_peers.py ROUNDS FOLDER
Draws a plane of 2048 x 2048 pixels with some 2,000 cells of about 30 pixels, whose flows cellpose makes of their labels;
with noise, as a network's have. Writes flows.f32 (down, to the right, logit of the probability: 2048 x 2048 each, row
by row, little-endian) and labels.i32 into FOLDER, and prints the seconds as JSON: median over the rounds."""
import json
import logging
import statistics
import sys
import time
import warnings
from pathlib import Path

import cellpose_reference
import numpy as np
import torch
from cellpose import dynamics

SIDE, CELLS, NOISE = 2048, 2000, 0.5
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")


def plane(rng):
    labels = np.zeros((SIDE, SIDE), np.int32)
    for label in range(1, CELLS + 1):
        row, column = rng.integers(0, SIDE, 2)
        a, b = rng.uniform(11, 19, 2)
        top, left = max(0, row - 20), max(0, column - 20)
        y, x = np.mgrid[top : min(SIDE, row + 21), left : min(SIDE, column + 21)]
        inside = ((y - row) / a) ** 2 + ((x - column) / b) ** 2 <= 1
        labels[y[inside], x[inside]] = label
    return labels


def main():
    rounds, folder = int(sys.argv[1]), Path(sys.argv[2])
    rng = np.random.default_rng(1)
    cpu = torch.device("cpu")
    flow = dynamics.labels_to_flows([plane(rng)], device=cpu)[0]
    dp = (5 * flow[2:] + rng.normal(0, NOISE, flow[2:].shape)).astype(np.float32)
    prob = (np.where(flow[0] > 0, 4, -4) + rng.normal(0, 1, flow[0].shape)).astype(np.float32)
    np.concatenate([dp, prob[None]]).astype("<f4").tofile(folder / "flows.f32")
    with cellpose_reference.definite():
        objects = dynamics.resize_and_compute_masks(dp.copy(), prob, device=cpu)
    objects.astype("<i4").tofile(folder / "labels.i32")
    seconds = []
    for _ in range(rounds):
        given = dp.copy()
        start = time.perf_counter()
        dynamics.resize_and_compute_masks(given, prob, device=cpu)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"Python cellpose": statistics.median(seconds)}))


main()
