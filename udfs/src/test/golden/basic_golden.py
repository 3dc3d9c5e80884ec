"""The flat fields that basicpy finds in small images with uneven light.

usage: python basic_golden.py > ../resources/org/cytolake/shading/basic_golden.json
needs: pip install numpy==2.4.6 torch==2.15.0 torch-dct==0.1.6, and without its dependencies basicpy==2.0.0; runs on a CPU
Each case is named HEIGHTxWIDTH-IMAGES; BasicShadingTest draws the same images. Of the flat field every 37th pixel is
kept, and the number of images.
"""
import json
import sys

import numpy as np
from basicpy import BaSiC

from lcg import Lcg

CASES = ["96x128-6", "64x50-9", "200x150-12", "300x260-20", "128x128-3", "150x200-40"]


def draw(height, width, number):
    """The light falls off from a corner; images differ in brightness, and cells are in other places in each."""
    lcg = Lcg(height * 1000 + width)
    images = np.zeros((number, height, width), np.int64)
    for image in range(number):
        bright = 70 + lcg.below(60)
        for y in range(height):
            for x in range(width):
                light = 20000 - 12000 * (x * x * height * height + y * y * width * width) // (2 * height * height * width * width)
                light += lcg.below(1500)
                if (x + 5 * image) % 37 < 11 and (y + 3 * image) % 29 < 9:
                    light += light // 2
                images[image, y, x] = light * bright // 100
    return images


golden = {}
for case in CASES:
    shape, number = case.split("-")
    height, width = map(int, shape.split("x"))
    basic = BaSiC()
    basic.fit(draw(height, width, int(number)).astype(np.float32), skip_shape_warning=True)
    golden[f"{case}.flat"] = [float(f"{v:.7g}") for v in basic.flatfield.ravel()[::37]]
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
