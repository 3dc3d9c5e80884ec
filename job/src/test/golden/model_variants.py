#!/usr/bin/env python3
"""Makes small StarDist networks of random weights, some that the job runs and some that it must refuse, and what Keras
says of those that it runs: resources/org/cytolake/network/*.onnx and model_variants.json.
usage: model_variants.py [--output FOLDER]
Needs what deploy/models/export.py needs. The same versions give the same bytes.

Networks that it runs are given the image 64 x 96 (rows, columns) of the values ((31 y + 17 x) mod 101) / 101."""
import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from stardist.models import Config2D, StarDist2D

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "deploy/models"))
import export  # noqa: E402

ROWS, COLUMNS = 64, 96
CELLS = ((0, 0), (0, 5), (7, 3), (15, 23))  # rows and columns of the smallest prediction, grid 4
TINY = dict(unet_n_filter_base=2, unet_n_depth=1, net_conv_after_unet=4)
RUN = {
    "grid1-single-output": (
        dict(grid=(1, 1), n_rays=16, unet_n_filter_base=4, unet_n_depth=2, net_conv_after_unet=8),
        ["--single-output"],
    ),
    "grid2-two-outputs": (
        dict(grid=(2, 2), n_rays=32, unet_n_filter_base=4, unet_n_depth=3, net_conv_after_unet=8), []
    ),
    "grid2-single-output-nhwc": (
        dict(grid=(2, 2), n_rays=7, unet_batch_norm=True, unet_activation="elu", **TINY),
        ["--layout", "nhwc", "--single-output"],
    ),
    "grid4-nhwc": (
        dict(grid=(4, 4), n_rays=12, unet_n_filter_base=4, unet_n_depth=2, net_conv_after_unet=8),
        ["--layout", "nhwc", "--prob", "0.35", "--nms", "0.25"],
    ),
}
REFUSED = {
    "threshold-above-1": (dict(grid=(2, 2)), ["--metadata", "stardist.prob_thresh=1.5"]),
    "halo-no-multiple": (dict(grid=(2, 2)), ["--layout", "nhwc", "--metadata", "stardist.halo=50"]),
    "other-percentiles": (dict(grid=(2, 2)), ["--pmin", "3"]),
    "states-grid-4": (dict(grid=(2, 2)), ["--metadata", "stardist.grid=4"]),
    "states-8-rays": (dict(grid=(2, 2)), ["--metadata", "stardist.n_rays=8"]),
    "multiple-no-number": (dict(grid=(2, 2)), ["--metadata", "stardist.pad_multiple=sixteen"]),
    "multiple-below-grid": (dict(grid=(4, 4)), ["--metadata", "stardist.pad_multiple=6"]),
}


def random_model(name, config, folder, rng):
    model = StarDist2D(Config2D(**{"n_rays": 5, **TINY, **config}), name=name, basedir=folder)
    for layer in model.keras_model.layers:
        layer.set_weights([random_weight(w.shape, rng) for w in layer.get_weights()])
    return model


def random_weight(shape, rng):
    """Kernels that keep the scale of what they are given; vectors above 0, for they may be variances."""
    if len(shape) == 1:
        return rng.uniform(0.2, 0.8, shape)
    return rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1]))


def image():
    y, x = np.mgrid[:ROWS, :COLUMNS]
    return ((31 * y + 17 * x) % 101).astype(np.float32) / np.float32(101)


def expected(model, stated):
    """Keras' prediction of the image."""
    prob, dist = (o[0] for o in model.keras_model.predict(image()[None, ..., None], verbose=0))
    return {
        "grid": stated["stardist.grid"],
        "rays": stated["stardist.n_rays"],
        "multiple": stated["stardist.pad_multiple"],
        "prob_threshold": stated["stardist.prob_thresh"],
        "nms_threshold": stated["stardist.nms_thresh"],
        "prob_mean": float(prob.mean(dtype=np.float64)),
        "dist_mean": float(dist.mean(dtype=np.float64)),
        "dist_largest": float(np.abs(dist).max()),
        "cells": [
            {"y": y, "x": x, "prob": float(prob[y, x, 0]), "dist": [float(v) for v in dist[y, x]]} for y, x in CELLS
        ],
    }


def write(model, name, options, folder):
    """By export.py; metadata that contradict the network are put in afterwards, for export.py would find out."""
    path = folder / f"{name}.onnx"
    args = export.parse([name, "--output", str(path), *options])
    contradictions, args.metadata = args.metadata, []
    stated, _ = export.export(model, path, args)
    if contradictions:
        onnx_model = onnx.load(path)
        helper.set_model_props(onnx_model, {k: str(v) for k, v in (stated | dict(contradictions)).items()})
        onnx.save(onnx_model, path)
    return stated


def image_shape(channels, rows="height", columns="width"):
    return [1, channels, rows, columns]


def write_pooled(name, folder, outputs, inputs=("input",), size=()):
    """A graph that is no StarDist network: every output is the input, its channels repeated and its sides divided."""
    nodes, weights = [], []
    for output, (channels, divisor) in outputs.items():
        kernel = np.ones((channels, 1, divisor, divisor), np.float32) / divisor**2
        weights.append(numpy_helper.from_array(kernel, output + ".weight"))
        nodes.append(
            helper.make_node("Conv", [inputs[0], output + ".weight"], [output], name=output, strides=[divisor] * 2)
        )
    given = [helper.make_tensor_value_info(i, TensorProto.FLOAT, image_shape(1, *size)) for i in inputs]
    made = [
        helper.make_tensor_value_info(o, TensorProto.FLOAT, image_shape(c, o + "_rows", o + "_columns"))
        for o, (c, _) in outputs.items()
    ]
    graph = helper.make_graph(nodes, name, given, made, weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / f"{name}.onnx")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--output", type=Path, default=ROOT / "job/src/test/resources/org/cytolake/network")
    folder = p.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    golden = {}
    with tempfile.TemporaryDirectory() as keras:
        for number, (name, (config, options)) in enumerate((RUN | REFUSED).items()):
            model = random_model(name, config, keras, np.random.default_rng([20261125, number]))
            stated = write(model, name, options, folder)
            if name in RUN:
                golden[name] = expected(model, stated)
    write_pooled("only-prob", folder, {"prob": (1, 2)})
    write_pooled("two-distances", folder, {"a": (8, 2), "b": (8, 2)})
    write_pooled("three-outputs", folder, {"prob": (1, 2), "dist": (8, 2), "classes": (3, 2)})
    write_pooled("outputs-of-two-sizes", folder, {"prob": (1, 1), "dist": (8, 2)})
    write_pooled("two-inputs", folder, {"prob": (1, 2), "dist": (8, 2)}, inputs=("input", "second"))
    write_pooled("fixed-size", folder, {"prob": (1, 2), "dist": (8, 2)}, size=(64, 64))
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in golden.items())
    (folder / "model_variants.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
