"""What scipy and numpy make of a small image of three channels, by Pixie's steps.

usage: python profile_golden.py (in this folder)
writes ../resources/org/cytolake/intensity/profile_golden.json
needs: pip install numpy==2.4.6 scipy==1.17.1
PixelProfileTest draws the same image. Values are of every 17th pixel, channel by channel.
"""
import json
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter

from lcg import Lcg

OUT = Path(__file__).resolve().parent.parent / "resources/org/cytolake/intensity/profile_golden.json"
HEIGHT, WIDTH, CHANNELS, STEP = 23, 31, 3, 17


def image():
    draw = Lcg(22)
    return np.array([draw.below(900) if draw.below(3) else 0 for _ in range(CHANNELS * HEIGHT * WIDTH)], np.float32).reshape(
        CHANNELS, HEIGHT, WIDTH
    )


def divided(x, percentile):
    if percentile == 0:
        return x
    return np.stack([c / np.quantile(c[c > 0].astype(float), percentile / 100) for c in x]).astype(np.float32)


def profile(sigma, share, percentile):
    x = divided(image(), percentile)
    if sigma > 0:
        x = np.stack([gaussian_filter(c, sigma=sigma) for c in x])
    if share:
        total = x.sum(0, dtype=float)
        x = np.where(total == 0, 0, x / np.where(total == 0, 1, total)).astype(np.float32)
        x = divided(x, percentile)
    return x.reshape(CHANNELS, -1)[:, ::STEP].ravel().astype(float).tolist()


golden = {}
for sigma in (0, 0.6, 2, 9):
    for share in (False, True):
        for percentile in (0, 99.9, 50):
            golden[f"{sigma} {str(share).lower()} {percentile}"] = profile(sigma, share, percentile)
OUT.write_text(json.dumps(golden) + "\n")
