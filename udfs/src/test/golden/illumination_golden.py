"""What CellProfiler makes of small images with uneven light.

usage: python illumination_golden.py > ../resources/org.cytolake.shading/illumination_golden.json
needs: what illumination.py needs
Each case is named HEIGHTxWIDTH-IMAGES-LARGEST-METHOD-BLOCK-SMOOTHING-SIZE-RESCALED; ShadingGoldenTest draws the
same images. Of the function every seventh pixel is kept.
"""
import json
import sys

import numpy as np

from illumination import function
from lcg import Lcg

CASES = [
    "40x56-3-255-regular-60-none-auto-yes", "40x56-3-255-regular-60-median-9-yes", "41x57-4-65535-regular-60-median-20-yes",
    "41x57-4-65535-regular-60-median-1-no", "61x43-5-65535-regular-60-gaussian-12-yes", "61x43-5-255-regular-60-gaussian-auto-no",
    "64x96-2-65535-background-16-none-auto-yes", "70x66-3-65535-background-20-median-15-yes",
    "70x66-3-255-background-9-gaussian-15-yes", "30x34-2-65535-background-60-none-auto-no",
    "33x130-3-65535-regular-60-median-auto-yes", "24x20-3-65535-regular-60-median-90-no",
]


def draw(height, width, number, largest):
    """The light falls off from a corner; cells are in places that differ from image to image."""
    lcg = Lcg(height * 1000 + width)
    images = []
    for image in range(number):
        pixels = np.zeros((height, width), np.int64)
        for y in range(height):
            for x in range(width):
                light = 40000 - 6 * (x * x + y * y) + lcg.below(3000)
                if (x + 5 * image) % 17 < 6 and (y + 3 * image) % 13 < 5:
                    light += 15000
                pixels[y, x] = max(0, light) * largest // 65535
        images.append(pixels)
    return images


golden = {}
for case in CASES:
    shape, number, largest, method, block, smoothing, size, rescaled = case.split("-")
    height, width = map(int, shape.split("x"))
    found = function(draw(height, width, int(number), int(largest)), int(largest), method, int(block), smoothing,
                     size if size == "auto" else int(size), rescaled == "yes")
    golden[f"{case}.function"] = [float(f"{v:.9g}") for v in found.ravel()[::7]]
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
