"""What CellProfiler says of the focus, texture and thresholds of small arrays of many shapes.

usage: python focus_golden.py > ../resources/org/cytolake/focus/focus_golden.json
needs: what image_quality.py needs
Each case is named by its shape and kind: HEIGHTxWIDTH-KIND; FocusGoldenTest draws the same ones.
"""
import json
import sys

import numpy as np

from image_quality import measures
from lcg import Lcg

SCALES = [3, 10, 20, 50]
CASES = ["64x96-blobs", "61x131-blobs", "100x90-blobs", "134x127-blobs", "47x33-blobs", "24x40-blobs", "20x20-blobs",
         "72x80-dark", "70x66-steps", "40x50-constant", "63x64-signed", "128x256-holes"]


def draw(case):
    shape, kind = case.split("-")
    height, width = map(int, shape.split("x"))
    lcg = Lcg(height * 1000 + width)
    pixels = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            dy, dx = y % 29 - 14, (x + 3 * (y // 29)) % 37 - 18
            value = 100 + lcg.below(40) + (max(0, 9000 - 50 * (dy * dy + dx * dx)) + lcg.below(300)) // 9
            if kind == "dark":
                value = max(0, value - 130)
            elif kind == "steps":
                value = 32 * (value // 128)
            elif kind == "constant":
                value = 7
            elif kind == "signed":
                value -= 160
            elif kind == "holes" and (x * 7 + y * 13) % 31 == 0:
                value = np.nan
            pixels[y, x] = value
    return pixels


golden = {}
for case in CASES:
    for name, value in measures(draw(case), SCALES).items():
        golden[f"{case}.{name}"] = [value if np.isfinite(value) else 0.0]
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
