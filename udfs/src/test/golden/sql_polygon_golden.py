"""Polygons with the pixels that scikit-image paints and the areas that OpenCV gives.

Vertices are sixteenths of a pixel, so that both compute without rounding.

usage: python sql_polygon_golden.py > ../resources/org/cytolake/sql/polygon_golden.json
"""
import json

import cv2
import numpy as np
from skimage.draw import polygon

SHAPE = (40, 50)
rng = np.random.default_rng(20)
cases = {}


def add(name, ys, xs):
    rows, columns = polygon(ys, xs, SHAPE)
    cases[name + ".ys"] = [float(v) for v in ys]
    cases[name + ".xs"] = [float(v) for v in xs]
    cases[name + ".painted"] = sorted(int(r * SHAPE[1] + c) for r, c in zip(rows, columns))
    sixteenths = (np.stack([xs, ys], 1) * 16).astype(np.int32)
    cases[name + ".area"] = [cv2.contourArea(sixteenths) / 256]


for i in range(4):
    angles = 2 * np.pi * np.arange(32) / 32
    dist = 6 + 8 * rng.random(32)
    ys, xs = 20 + dist * np.sin(angles), 25 + dist * np.cos(angles)
    add("star%d" % i, np.rint(ys * 16) / 16, np.rint(xs * 16) / 16)
    add("grid%d" % i, np.trunc(ys), np.trunc(xs))
    add("crossing%d" % i, rng.integers(0, 40, 7), rng.integers(0, 50, 7))
add("square", np.array([3, 3, 12, 12]), np.array([5, 20, 20, 5]))
print("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in cases.items()) + "\n}")
