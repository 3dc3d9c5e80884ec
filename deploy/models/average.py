#!/usr/bin/env python3
"""Averages the weights of networks of one kind in ONNX, of runs of train.py that started from the same weights.

Such an average is often better than each of them and costs nothing at run time (Wortsman et al. 2022, Model soups).
Networks that started from different random weights can't be averaged. Metadata are those of the first.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper


class OtherNetworks(ValueError):
    """Files that hold no networks of one kind."""


def layout(model):
    """What must be the same: nodes with their attributes, and the shapes of the weights."""
    nodes = [(n.op_type, list(n.input), list(n.output), [a.SerializeToString() for a in n.attribute]) for n in model.graph.node]
    return nodes, {i.name: (i.data_type, list(i.dims)) for i in model.graph.initializer}


def average(paths):
    models = [onnx.load(path) for path in paths]
    for path, model in zip(paths, models):
        if layout(model) != layout(models[0]):
            raise OtherNetworks(f"{path} is another network than {paths[0]}")
        if any(n.op_type == "DequantizeLinear" for n in model.graph.node):
            raise OtherNetworks(f"{path} is quantised; average the float networks and quantise the result")
    others = [{i.name: i for i in model.graph.initializer} for model in models]
    for initializer in models[0].graph.initializer:
        if initializer.data_type == onnx.TensorProto.FLOAT:
            values = [numpy_helper.to_array(other[initializer.name]) for other in others]
            mean = np.mean(values, axis=0, dtype=np.float64).astype(np.float32)
            initializer.CopyFrom(numpy_helper.from_array(mean, initializer.name))
    return models[0]


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  average.py seed0.onnx seed1.onnx --output mean.onnx",
    )
    p.add_argument("models", type=Path, nargs="+", metavar="MODEL.onnx")
    p.add_argument("--output", type=Path, required=True, metavar="OUTPUT.onnx")
    return p.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    try:
        mean = average(args.models)
        args.output.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(mean, args.output)
    except (OtherNetworks, OSError) as e:
        print(f"average.py: {e}", file=sys.stderr)
        return 1
    print(f"{args.output}: mean of {len(args.models)} networks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
