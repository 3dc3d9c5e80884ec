#!/usr/bin/env python3
"""What Python StarDist finds with the same weights: resources/org/cytolake/nuclei/network_golden.json and its label images.
usage: network_golden.py DATA MODELS [--output FOLDER]

DATA holds bbbc008/ and dsb2018/dsb2018-train.tar.xz, MODELS nuclei-fluo/nuclei-fluo.onnx and stardist-dsb2018-grid1.onnx;
the sample data and the built-in model are the repository's. Needs what deploy/models/export.py needs, and Pillow.

Labels are those of StarDist2D.predict_instances after csbdeep's normalize(image, 1, 99.8). The network of nuclei-fluo
is StarDist's own in TensorFlow, its weights those of the ONNX file, with zeros for channels that the file has not. The
other one is not of StarDist's building (it normalises groups of channels), so that ONNX Runtime predicts for it, and all
the rest is the package's.

Each set of images has one PNG with the label images one below the other.
"""
import argparse
import io
import json
import os
import sys
import tarfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import keras
import numpy as np
import onnx
import onnxruntime
import tifffile
from csbdeep.utils import normalize
from PIL import Image
from stardist import __version__ as stardist_version
from stardist.models import Config2D, StarDist2D

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "deploy/models"))
from stardist_layers import float_weights, widened  # noqa: E402

TRAINING_IMAGES = 20


def nuclei_fluo(path):
    """StarDist's own network with the weights of an ONNX file that has its layers' names."""
    keras.backend.clear_session()  # names of layers are counted on otherwise
    weights = float_weights(path)
    features = len(weights["features"][1])
    config = Config2D(n_rays=32, grid=(2, 2), n_channel_in=1, unet_n_depth=3, net_conv_after_unet=features)
    model = StarDist2D(config, name="nuclei-fluo", basedir=None)
    wide = widened(weights, features)
    for layer in model.keras_model.layers:
        if layer.get_weights():
            kernel, bias = wide.pop(layer.name)
            layer.set_weights([kernel.transpose(2, 3, 1, 0), bias])
    assert not wide, sorted(wide)
    stated = {p.key: p.value for p in onnx.load(path).metadata_props}
    return model, float(stated["stardist.prob_thresh"]), float(stated["stardist.nms_thresh"])


class OnnxNetwork:
    """In the place of a Keras network."""

    def __init__(self, path):
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def predict(self, x, **_):
        dist, prob = self.session.run(["dist", "prob"], {"input": np.moveaxis(x, -1, 1).astype(np.float32)})
        return np.moveaxis(prob, 1, -1), np.moveaxis(dist, 1, -1)


def grid1(path):
    model = StarDist2D(Config2D(n_rays=32, grid=(1, 1), unet_n_depth=4), name="grid1", basedir=None)
    model.keras_model = OnnxNetwork(path)
    return model, 0.5, 0.4


def samples(_):
    for path in sorted((ROOT / "sample-data/images").glob("*_nuclei.tif")):
        yield path.name, tifffile.imread(path)


def bbbc008(folder):
    for path in sorted((folder / "bbbc008").glob("*_channel1.tif")):
        image = tifffile.imread(path)
        yield path.name, image if image.ndim == 2 else image[..., 0]


def dsb2018(folder):
    with tarfile.open(folder / "dsb2018/dsb2018-train.tar.xz") as archive:
        names = sorted(n for n in archive.getnames() if "/images/" in n and n.endswith(".tif"))
        chosen = names[:: len(names) // TRAINING_IMAGES][:TRAINING_IMAGES]
        images = {m.name: archive.extractfile(m).read() for m in archive if m.name in set(chosen)}
    for name in chosen:
        yield name, tifffile.imread(io.BytesIO(images[name]))


def segment(model, images, thresholds, target):
    """Writes the label images; what the JSON file says of them."""
    prob, nms = thresholds
    found, labels = [], []
    for name, image in images:
        label, details = model.predict_instances(normalize(image, 1, 99.8), prob_thresh=prob, nms_thresh=nms)
        assert label.shape == image.shape and label.max() < 1 << 16
        found.append({"image": name, "objects": len(details["prob"]), "height": label.shape[0], "width": label.shape[1]})
        labels.append(label.astype(np.uint16))
        print(target.name, name, image.shape, image.dtype, len(details["prob"]), flush=True)
    width = max(label.shape[1] for label in labels)
    stacked = np.concatenate([np.pad(label, [(0, 0), (0, width - label.shape[1])]) for label in labels])
    Image.fromarray(stacked).save(target, optimize=True)
    return {"prob_threshold": prob, "nms_threshold": nms, "images": found}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("data", type=Path)
    p.add_argument("models", type=Path)
    p.add_argument("--output", type=Path, default=ROOT / "job/src/test/resources/org/cytolake/nuclei")
    args = p.parse_args()
    golden = {"stardist": stardist_version}
    runs = {
        "built-in": (nuclei_fluo, ROOT / "deploy/models/nuclei-fluo/nuclei-fluo.onnx", [samples]),
        "nuclei-fluo": (nuclei_fluo, args.models / "nuclei-fluo/nuclei-fluo.onnx", [bbbc008, dsb2018]),
        "grid1": (grid1, args.models / "stardist-dsb2018-grid1.onnx", [samples, bbbc008, dsb2018]),
    }
    for name, (load, path, sets) in runs.items():
        model, *thresholds = load(path)
        for images in sets:
            key = f"{name}-{images.__name__}"
            golden[key] = segment(model, images(args.data), thresholds, args.output / f"{key}.png")
    (args.output / "network_golden.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
