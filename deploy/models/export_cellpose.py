#!/usr/bin/env python3
"""Exports Cellpose networks (versions 1 to 3) to ONNX, for `--model` of Cytolake.

WEIGHTS is a file of weights as the Python package cellpose saves it: one of its own (cyto3, nuclei, ..., which cellpose
keeps in ~/.cellpose/models once it has downloaded them) or one that it has trained. Nothing is downloaded.

What the job must know is written into the file as metadata: channels, diameter, side of the tiles, percentiles and the
version of Cellpose whose steps the job is to follow. Every file is run on random images and compared with PyTorch
before it gets its name. Networks of Cellpose-SAM (version 4) are refused: other steps follow them.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import numpy as np
import onnx
import onnxruntime
import torch
from cellpose import resnet_torch

from cellpose_graph import UnsupportedNetwork, to_onnx

TOLERANCE = 1e-5  # relative to the largest value: float32, summed in another order
TILE = 224  # side of the images that Cellpose trains with and cuts others into
SHAPES = ((1, 224, 224), (2, 64, 96), (1, 32, 208))


class ExportError(Exception):
    """What is wrong with a file, for the user."""


def load(path):
    """CPnet with the weights of a file; numbers of channels are what the weights say."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as e:  # torch raises whatever its readers do
        raise ExportError(f"PyTorch cannot read it: {e}") from e
    if not isinstance(state, dict) or "output.2.weight" not in state:
        sam = isinstance(state, dict) and "W2" in state
        raise ExportError(
            "It is a network of Cellpose-SAM (version 4), which this script does not export."
            if sam else "It holds no weights of Cellpose's class CPnet (versions 1 to 3)."
        )
    nbase = [state["downsample.down.res_down_0.conv.conv_0.0.weight"].shape[0]]
    while (key := f"downsample.down.res_down_{len(nbase) - 1}.conv.conv_0.2.weight") in state:
        nbase.append(state[key].shape[0])
    side = state["downsample.down.res_down_0.conv.conv_0.2.weight"].shape[-1]
    net = resnet_torch.CPnet(nbase, state["output.2.weight"].shape[0], side)
    missing = net.load_state_dict(state, strict=False).missing_keys
    wanted = [key for key in missing if key not in ("diam_mean", "diam_labels")]
    if wanted:
        raise ExportError(f"It has no weights {', '.join(wanted[:3])}.")
    return net.eval(), state


def diameters(state, args):
    """To which diameter objects are resized, and which they have where nobody says."""
    trained = state["diam_mean"].item() if "diam_mean" in state else args.diameter_mean
    if trained is None:
        raise ExportError("It does not say its diameter: give --diameter-mean, 30 for cyto and 17 for nuclei.")
    trained = trained if args.diameter_mean is None else args.diameter_mean
    labels = state["diam_labels"].item() if "diam_labels" in state else trained
    return trained, labels if args.diameter is None else args.diameter


def metadata(net, state, args):
    """What the job reads from the file."""
    mean, diameter = diameters(state, args)
    return {
        "cellpose.version": 3,
        "cellpose.channels": net.nchan,
        "cellpose.diameter_mean": mean,
        "cellpose.diameter": diameter,
        "cellpose.tile": TILE,
        "cellpose.pmin": 1,
        "cellpose.pmax": 99,
        "cellpose.outputs": "5 x flow down, 5 x flow to the right, logit of the cell probability",
    } | dict(args.metadata)


def difference(net, path, seed):
    """The largest one on random images, relative to the largest value."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(seed)
    worst = 0.0
    for count, height, width in SHAPES:
        x = rng.random((count, net.nchan, height, width), np.float32)
        with torch.no_grad():
            expected = net(torch.from_numpy(x))[0].numpy()
        found = session.run(None, {"input": x})[0]
        worst = max(worst, float(np.abs(found - expected).max() / max(1.0, np.abs(expected).max())))
    return worst


def export(weights, path, args):
    """Writes `path`, after the comparison with PyTorch; returns the metadata and the difference."""
    net, state = load(weights)
    values = metadata(net, state, args)
    try:
        exported = to_onnx(net, values)
    except UnsupportedNetwork as e:
        raise ExportError(f"It is no network of the kind that Cellpose builds: {e}.") from e
    path.parent.mkdir(parents=True, exist_ok=True)
    unproved = path.with_name(path.name + ".unproved")
    try:
        onnx.save(exported, unproved)
        worst = difference(net, unproved, args.seed)
        if not worst <= TOLERANCE:
            raise ExportError(f"The exported network differs from PyTorch by {worst:.2g}.")
        unproved.replace(path)
    finally:
        unproved.unlink(missing_ok=True)
    return values, worst


def pair(text):
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    return key, value


def diameter(text):
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(f"{text} is no diameter above 0")
    return value


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  export_cellpose.py ~/.cellpose/models/cyto3 --output cyto3.onnx",
    )
    p.add_argument("weights", nargs="+", metavar="WEIGHTS", help="file of weights")
    p.add_argument("--output", type=Path, default=Path("."), help="file *.onnx, or folder for WEIGHTS.onnx (default: .)")
    p.add_argument(
        "--diameter-mean", type=diameter, help="diameter in training, pixels (default: what the file says)"
    )
    p.add_argument(
        "--diameter", type=diameter,
        help="diameter of objects where the job is not told, pixels (default: that of the images trained with)",
    )
    p.add_argument(
        "--metadata", type=pair, action="append", default=[], metavar="KEY=VALUE",
        help="further metadata, such as licence=CC0-1.0; may be repeated",
    )
    p.add_argument("--seed", type=int, default=0, help="of the random images (default: %(default)s)")
    args = p.parse_args(argv)
    if len(args.weights) > 1 and args.output.suffix == ".onnx":
        p.error("--output must be a folder for several files of weights")
    return args


def main(argv=None):
    args = parse(argv)
    failed = 0
    for weights in args.weights:
        path = args.output if args.output.suffix == ".onnx" else args.output / (Path(weights).name + ".onnx")
        try:
            values, worst = export(weights, path, args)
        except (ExportError, OSError) as e:
            print(f"{weights}: {e}", file=sys.stderr)
            failed += 1
            continue
        print(
            f"{path}: {values['cellpose.channels']} channels, diameter {values['cellpose.diameter']:g} pixels "
            f"(resized to {values['cellpose.diameter_mean']:g}); differs from PyTorch by {worst:.2g}"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
