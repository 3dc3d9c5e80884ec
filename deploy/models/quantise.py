#!/usr/bin/env python3
"""Quantises a StarDist network in ONNX to int8 (static QDQ: uint8 activations, int8 weights per channel).

IMAGES are calibration images: TIFF files of one channel, or folders of them. They should be such as the network will
see, and none that it is evaluated on: of a folder with images/ and masks/ only those are taken that train.py trains on.
By default the first convolution and those that make prob and dist stay in float, which costs a little speed and halves
the error of the distances. The metadata are copied; the error on the calibration windows is printed. Whether the nuclei
are still right, evaluate.py says.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from nuclei_images import NoImages, read, read_plane, split
from stardist_onnx import NotStarDist, StarDistOnnx, pad


class Windows(CalibrationDataReader):
    """Windows of normalised images, one each, as the network takes them."""

    def __init__(self, model, windows):
        self.model, self.windows = model, iter(windows)

    def get_next(self):
        window = next(self.windows, None)
        if window is None:
            return None
        x = window[None, ..., None] if self.model.channels_last else window[None, None]
        return {self.model.input: np.ascontiguousarray(x, np.float32)}


def normalised_images(model, paths):
    """Images in the order of their files, or by size for annotated ones."""
    found = []
    for path in paths:
        if (path / "images").is_dir() and (path / "masks").is_dir():
            found += [i.image for i in split(read(path, model.percentiles))[0]]
            continue
        files = sorted(f for f in path.iterdir() if f.suffix in (".tif", ".tiff")) if path.is_dir() else [path]
        found += [model.normalise(read_plane(f)) for f in files]
    if not found:
        raise NoImages("no calibration images (*.tif, *.tiff) in " + ", ".join(map(str, paths)))
    return found


def windows(images, count, side, multiple, seed):
    """At most `count` windows, of images evenly spread over their order; smaller images are padded."""
    rng = np.random.default_rng(seed)
    side = -(-side // multiple) * multiple
    for i in np.unique(np.linspace(0, len(images) - 1, count).astype(int)):
        y, x = (int(rng.integers(max(0, length - side) + 1)) for length in images[i].shape)
        yield pad(images[i][y : y + side, x : x + side], multiple)


def first_and_last(graph):
    """Names of the convolution that sees the image and of those between which and an output there is no other."""
    producers = {output: node for node in graph.node for output in node.output}
    names, open_tensors = set(), [output.name for output in graph.output]
    while open_tensors:
        node = producers.get(open_tensors.pop())
        if node is None:
            continue
        if node.op_type == "Conv":
            names.add(node.name)
        else:
            open_tensors += node.input
    first = next((node.name for node in graph.node if node.op_type == "Conv"), None)
    return sorted(names | {first} - {None})


def named_nodes(model):
    for i, node in enumerate(model.graph.node):
        node.name = node.name or f"{node.op_type}_{i}"
    return model


def quantise(source, target, reader, excluded, args):
    """Writes `target`."""
    method, _, value = args.calibration.partition(":")
    extra = {"CalibTensorRangeSymmetric": False}
    if method == "percentile":
        extra["CalibPercentile"] = float(value)
    quantize_static(
        source, target, reader, quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=args.reduce_range,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_exclude=excluded, extra_options=extra,
        calibrate_method=CalibrationMethod.Percentile if method == "percentile" else CalibrationMethod.MinMax,
    )


def copy_metadata(source, target, further):
    """ONNX Runtime's quantisation drops them."""
    model = onnx.load(target)
    values = {p.key: p.value for p in onnx.load(source).metadata_props} | further
    onnx.helper.set_model_props(model, values)
    onnx.save(model, target)


def errors(model, quantised, checked):
    """Mean absolute differences: of prob everywhere, of dist (pixels) where the float network has prob above 0.5."""
    prob, dist = [], []
    for window in checked:
        (p, d), (q, e) = model.predict(window), quantised.predict(window)
        prob.append(np.abs(p - q).mean())
        dist.append(np.abs(d - e)[p > 0.5])
    dist = np.concatenate(dist)
    return float(np.mean(prob)), float(dist.mean()) if dist.size else float("nan")


def calibration(text):
    method, _, value = text.partition(":")
    try:
        if text == "minmax" or (method == "percentile" and 50 < float(value) <= 100):
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"'{text}' is neither minmax nor percentile:P with P up to 100")


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  quantise.py nuclei-fluo.onnx nuclei-fluo-int8.onnx dsb2018/train",
    )
    p.add_argument("model", type=Path, metavar="MODEL.onnx")
    p.add_argument("output", type=Path, metavar="OUTPUT.onnx")
    p.add_argument("images", type=Path, nargs="+", metavar="IMAGES")
    p.add_argument("--windows", type=int, default=64, help="largest number of windows (default: %(default)s)")
    p.add_argument("--side", type=int, default=256, help="of a window, pixels (default: %(default)s)")
    p.add_argument(
        "--calibration", type=calibration, default="percentile:99.999", metavar="HOW",
        help="of the activations' ranges: percentile:P or minmax (default: %(default)s)",
    )
    p.add_argument("--all-layers", action="store_true", help="quantise the first and the last convolutions too")
    p.add_argument("--reduce-range", action="store_true", help="7-bit weights, whose sums stay in range on x86 without VNNI too")
    p.add_argument("--seed", type=int, default=0, help="of the windows' places (default: %(default)s)")
    args = p.parse_args(argv)
    if args.windows < 1 or args.side < 16:
        p.error("--windows must be 1 or more, --side 16 or more")
    return args


def run(args):
    model = StarDistOnnx(args.model)
    if model.channels != 1:
        raise NotStarDist(f"{args.model}: it takes {model.channels} channels, the images have one")
    chosen = list(windows(normalised_images(model, args.images), args.windows, args.side, model.multiple, args.seed))
    args.output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = args.output.with_name(args.output.name + ".unfinished")
    try:
        with tempfile.TemporaryDirectory() as folder:
            named = named_nodes(onnx.load(args.model))
            onnx.save(named, Path(folder) / "named.onnx")
            excluded = [] if args.all_layers else first_and_last(named.graph)
            quantise(Path(folder) / "named.onnx", unfinished, Windows(model, chosen), excluded, args)
        weights = "int8 weights of 7 bits" if args.reduce_range else "int8 weights"
        how = f"static QDQ, uint8 activations, {weights} per channel, {args.calibration}, float: {' '.join(excluded)}"
        copy_metadata(args.model, unfinished, {"quantisation": how})
        prob, dist = errors(model, StarDistOnnx(unfinished), chosen)
        unfinished.replace(args.output)
    finally:
        unfinished.unlink(missing_ok=True)
    sizes = " to ".join(f"{path.stat().st_size / 1e6:.1f} MB" for path in (args.model, args.output))
    print(f"{args.output}: {sizes}; in float: {', '.join(excluded) or 'nothing'}")
    print(f"  mean error on {len(chosen)} calibration windows: prob {prob:.4f}, dist {dist:.3f} pixels within nuclei")


def main(argv=None):
    args = parse(argv)
    try:
        run(args)
    except (NotStarDist, NoImages, OSError) as e:
        print(f"quantise.py: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
