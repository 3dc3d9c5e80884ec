#!/usr/bin/env python3
"""Trains small StarDist networks of the configurations of StarDist's own four, exports them by deploy/models/export.py,
and writes what Python StarDist finds with them: resources/org/cytolake/nuclei/trained/*.onnx, image.png, rgb.png,
labels.png and labels.json.
usage: trained_variants.py [--output FOLDER]
Needs what deploy/models/export.py needs, and Pillow. A training is never the same twice: weights and labels change
together.

Grid, rays, depth and channels are those of 2D_versatile_fluo, 2D_versatile_he, 2D_paper_dsb2018 and 2D_demo; the
networks are narrower, and see drawn cells only. Labels are those of StarDist2D.predict_instances after csbdeep's
normalize(image, 1, 99.8), and for RGB, where it makes a difference, with axis=(0, 1) (each) and axis=None (together).
labels.png has them one below the other.
"""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from csbdeep.utils import normalize
from PIL import Image
from scipy.ndimage import gaussian_filter
from stardist.models import Config2D, StarDist2D

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "deploy/models"))
import export  # noqa: E402

NARROW = dict(unet_n_filter_base=4, net_conv_after_unet=8, train_patch_size=(96, 96), train_batch_size=4, train_tensorboard=False)
VARIANTS = {  # grid, channels, layout, outputs
    "versatile-fluo": (2, 1, []),
    "versatile-he": (2, 3, ["--layout", "nhwc"]),
    "versatile-he-nchw": (2, 3, ["--single-output"]),
    "paper-dsb2018": (1, 1, ["--layout", "nhwc", "--single-output"]),
    "demo": (2, 1, ["--single-output"]),
    "grid-4": (4, 1, []),
}
SHAPE = 205, 187  # no multiples of 16


def cells(rng, shape):
    """Label image of ellipses, some of which touch."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    labels = np.zeros(shape, int)
    for label in range(1, shape[0] * shape[1] // 420):
        cy, cx = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        a, b, t = rng.uniform(5, 9), rng.uniform(5, 9), rng.uniform(0, np.pi)
        u, v = (x - cx) * np.cos(t) + (y - cy) * np.sin(t), (y - cy) * np.cos(t) - (x - cx) * np.sin(t)
        inside = (u / a) ** 2 + (v / b) ** 2 <= 1
        if not (labels[inside] > 0).any():
            labels[inside] = label
    return labels


def gray(rng, labels):
    brightness = np.r_[0, rng.uniform(60, 190, labels.max())]
    image = gaussian_filter(brightness[labels], 1.0) + 12 + rng.normal(0, 4, labels.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def rgb(rng, labels):
    """As tissue is stained: dark nuclei, a bright background, the range of green far wider than that of blue."""
    depth = gaussian_filter(np.r_[0, rng.uniform(0.5, 1, labels.max())][labels], 1.0)[..., None]
    image = np.array([235, 215, 228]) - depth * np.array([120, 150, 60]) + rng.normal(0, 5, (*labels.shape, 3))
    return np.clip(image, 0, 255).astype(np.uint8)


def train(name, grid, channels, folder, rng):
    keras.utils.set_random_seed(1)
    config = Config2D(n_rays=32, grid=(grid, grid), n_channel_in=channels, **NARROW)
    model = StarDist2D(config, name=name, basedir=folder)
    labels = [cells(rng, (128, 128)) for _ in range(10)]
    images = [normalize(gray(rng, a) if channels == 1 else rgb(rng, a), 1, 99.8) for a in labels]
    model.train(
        images[2:], labels[2:], validation_data=(images[:2], labels[:2]), epochs=12, steps_per_epoch=50,
    )
    return model


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--output", type=Path, default=ROOT / "job/src/test/resources/org/cytolake/nuclei/trained")
    folder = p.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(6)
    drawn = cells(rng, SHAPE)
    images = {1: gray(rng, drawn), 3: rgb(rng, drawn)}
    Image.fromarray(images[1]).save(folder / "image.png")
    Image.fromarray(images[3]).save(folder / "rgb.png")
    golden, stacked = [], []
    with tempfile.TemporaryDirectory() as keras_folder:
        for name, (grid, channels, options) in VARIANTS.items():
            model = train(name, grid, channels, keras_folder, rng)
            args = export.parse([name, "--output", str(folder / f"{name}.onnx"), "--prob", "0.5", "--nms", "0.3", *options])
            export.export(model, folder / f"{name}.onnx", args)
            for how, axis in (("each", (0, 1)), ("together", None)):
                x = normalize(images[channels], 1, 99.8, axis=axis)
                labels, found = model.predict_instances(x, prob_thresh=0.5, nms_thresh=0.3)
                golden.append({"model": name, "channels": channels, "normalize": how, "objects": len(found["prob"])})
                stacked.append(labels.astype(np.uint16))
                print(name, how, len(found["prob"]), "of", len(np.unique(drawn)) - 1, flush=True)
                if channels == 1:
                    break
    Image.fromarray(np.concatenate(stacked)).save(folder / "labels.png", optimize=True)
    lines = ",\n".join(json.dumps(g) for g in golden)
    (folder / "labels.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
