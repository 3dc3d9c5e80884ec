#!/usr/bin/env python3
"""Exports StarDist 2D models to ONNX, for `--model` of Cytolake.

MODEL is the folder of a model as the Python package stardist saves it (config.json, thresholds.json and weights), or
the name of one of StarDist's own: 2D_versatile_fluo, 2D_versatile_he, 2D_paper_dsb2018, 2D_demo. Only for such a name
is the network used: stardist downloads that model from its project's releases into Keras's cache (~/.keras).

What the job must know is written into the file as metadata: grid, rays, thresholds, percentiles of the normalisation
and the multiple to which images are padded. Every file is run on random images and compared with Keras before it gets
its name.
"""

import argparse
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnx

from onnx_graph import UnsupportedLayer, to_onnx
from stardist_onnx import NotStarDist, StarDistOnnx

OFFICIAL = ("2D_versatile_fluo", "2D_versatile_he", "2D_paper_dsb2018", "2D_demo")
TOLERANCE = 1e-5  # of prob, and of dist relative to its largest value: float32, summed in another order
JOB_PERCENTILES = (1.0, 99.8)


class ExportError(Exception):
    """What is wrong with a model, for the user."""


def load(model):
    """A folder, or the name of an official model."""
    folder = Path(model)
    if (folder / "config.json").is_file():
        return load_folder(folder)
    if model not in OFFICIAL:
        reason = "has no config.json" if folder.is_dir() else "does not exist"
        raise ExportError(f"The folder {reason}. Give a StarDist model's folder, or one of {', '.join(OFFICIAL)}.")
    from stardist.models import StarDist2D

    try:
        return StarDist2D.from_pretrained(model)
    except Exception as e:  # Keras raises plain Exception where a download fails
        raise ExportError(
            f"It could not be downloaded ({e}). Without access to github.com, unpack the model's zip file from the "
            "releases of stardist/stardist-models and give that folder."
        ) from e


def load_folder(folder):
    """A model with its weights; stardist itself goes on with random ones where there are none."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except ValueError as e:
        raise ExportError(f"config.json is no JSON: {e}.") from e
    if config.get("n_dim", 2) != 2:
        raise ExportError(f"It is a network of {config['n_dim']} dimensions; the job runs StarDist 2D.")
    if not any(folder.glob("*.h5")) and not any(folder.glob("*.hdf5")):
        raise ExportError("The folder has no weights (*.h5).")
    from stardist.models import StarDist2D

    folder = folder.resolve()
    try:
        return StarDist2D(None, folder.name, basedir=folder.parent)
    except (ValueError, TypeError, KeyError, OSError) as e:
        raise ExportError(f"The Python package stardist cannot load it: {e}") from e


def one_number(values, what):
    if len(set(values)) != 1:
        raise ExportError(f"Its {what} differs between y and x ({values[0]} and {values[1]}); the job has one for both.")
    return int(values[0])


def metadata(model, args):
    """What job and evaluation read from the file."""
    grid = one_number(model.config.grid, "grid")
    values = {
        "stardist.grid": grid,
        "stardist.n_rays": model.config.n_rays,
        "stardist.prob_thresh": model.thresholds.prob if args.prob is None else args.prob,
        "stardist.nms_thresh": model.thresholds.nms if args.nms is None else args.nms,
        "stardist.pmin": args.pmin,
        "stardist.pmax": args.pmax,
        "stardist.pad_multiple": one_number(model._axes_div_by("YX"), "multiple of sides"),
        "stardist.normalisation": "(x - pmin) / (pmax - pmin + 1e-20), percentiles of the whole image, not clipped",
        "stardist.rays": "ray k points to (y, x) = (sin, cos)(2 pi k / n_rays); pixels of the input",
    }
    return values | dict(args.metadata)


def warnings(model, args):
    """What the user must know, though the file is right."""
    if model.config.n_channel_in != 1:
        yield f"it takes {model.config.n_channel_in} channels; name them in its order with the job's --channel"
    if (args.pmin, args.pmax) != JOB_PERCENTILES:
        yield "the job normalises to the percentiles 1 and 99.8 and refuses a model that states others"
    if model.config.n_classes is not None:
        yield f"its head of {model.config.n_classes} classes is left out"


def differences(keras_model, exported, multiple, seed):
    """Largest differences of prob, and of dist relative to its largest value, on two random batches."""
    rng = np.random.default_rng(seed)
    worst = [0.0, 0.0]
    for count, rows, columns in ((1, 256, 320), (2, 48, 96)):
        rows, columns = (-(-side // multiple) * multiple for side in (rows, columns))
        x = rng.random((count, rows, columns, exported.channels), np.float32)
        expected = keras_model.predict(x, verbose=0)[:2]
        for i, (a, b, scale) in enumerate(zip(expected, exported.run(x), (1.0, np.abs(expected[1]).max()))):
            if a.shape != b.shape:
                raise ExportError(f"Keras' output has the shape {a.shape}, the exported one {b.shape}.")
            worst[i] = max(worst[i], float(np.abs(a - b).max()) / max(1.0, float(scale)))
    return worst


def export(model, path, args):
    """Writes `path`, after the comparison with Keras; returns the metadata and the differences."""
    values = metadata(model, args)
    try:
        exported = to_onnx(
            model.keras_model, values["stardist.grid"], values, args.layout == "nhwc", args.single_output
        )
    except UnsupportedLayer as e:
        raise ExportError(f"It is no network of the kind that StarDist 2D builds: {e}.") from e
    path.parent.mkdir(parents=True, exist_ok=True)
    unproved = path.with_name(path.name + ".unproved")
    try:
        onnx.save(exported, unproved)
        found = StarDistOnnx(unproved)
        if (found.grid, found.rays) != (values["stardist.grid"], values["stardist.n_rays"]):
            raise ExportError(f"The exported network has grid {found.grid} and {found.rays} rays.")
        worst = differences(model.keras_model, found, found.multiple, args.seed)
        if not max(worst) <= TOLERANCE:
            raise ExportError(f"The exported network differs from Keras: prob by {worst[0]:.2g}, dist by {worst[1]:.2g}.")
        unproved.replace(path)
    except NotStarDist as e:
        raise ExportError(str(e)) from e
    finally:
        unproved.unlink(missing_ok=True)
    return values, worst


def target(model, args):
    if args.output.suffix == ".onnx":
        return args.output
    return args.output / (Path(model).resolve().name + ".onnx")


def pair(text):
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    return key, value


def share(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 0 and 1")
    return value


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  export.py my-models/nuclei --output nuclei.onnx\n"
        "  export.py 2D_versatile_fluo 2D_paper_dsb2018 --output onnx-models",
    )
    p.add_argument("models", nargs="+", metavar="MODEL", help="model folder, or name of an official model")
    p.add_argument("--output", type=Path, default=Path("."), help="file *.onnx, or folder for MODEL.onnx (default: .)")
    p.add_argument("--layout", choices=("nchw", "nhwc"), default="nchw", help="order of axes (default: %(default)s)")
    p.add_argument("--single-output", action="store_true", help="prob and dist as the channels of one output")
    p.add_argument("--prob", type=share, help="probability threshold (default: the model's)")
    p.add_argument("--nms", type=share, help="overlap threshold (default: the model's)")
    p.add_argument("--pmin", type=float, default=JOB_PERCENTILES[0], help="percentile that is 0 (default: %(default)s)")
    p.add_argument("--pmax", type=float, default=JOB_PERCENTILES[1], help="percentile that is 1 (default: %(default)s)")
    p.add_argument(
        "--metadata", type=pair, action="append", default=[], metavar="KEY=VALUE",
        help="further metadata, such as licence=CC0-1.0; may be repeated",
    )
    p.add_argument("--seed", type=int, default=0, help="of the random images (default: %(default)s)")
    args = p.parse_args(argv)
    if len(args.models) > 1 and args.output.suffix == ".onnx":
        p.error("--output must be a folder for several models")
    if not 0 <= args.pmin < args.pmax <= 100:
        p.error("--pmin and --pmax must be percentiles, the first the smaller")
    return args


def main(argv=None):
    args = parse(argv)
    failed = 0
    for name in args.models:
        path = target(name, args)
        try:
            model = load(name)
            values, worst = export(model, path, args)
        except (ExportError, OSError) as e:
            print(f"{name}: {e}", file=sys.stderr)
            failed += 1
            continue
        print(f"{path}: differs from Keras by {worst[0]:.2g} (prob) and {worst[1]:.2g} (dist, relative)")
        print("  " + ", ".join(f"{k.removeprefix('stardist.')} {v}" for k, v in list(values.items())[:7]))
        for warning in warnings(model, args):
            print(f"  note: {warning}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
