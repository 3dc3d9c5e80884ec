#!/usr/bin/env python3
"""Makes golden.json: what the reference implementations say about the images of sample-data/.

Statistics by numpy, Otsu's threshold and region properties by scikit-image, nuclei by the network
in ONNX Runtime and the post-processing of the Python package stardist.

Needs numpy, scikit-image, tifffile, onnxruntime, stardist (and with it csbdeep and tensorflow).
"""

import argparse
import hashlib
import json
import math
import os
import zlib
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnxruntime
import tifffile
from csbdeep.utils import normalize
from skimage.filters import threshold_otsu
from skimage.measure import regionprops
from stardist.geometry import polygons_to_label
from stardist.matching import matching
from stardist.nms import non_maximum_suppression_sparse

HERE = Path(__file__).resolve().parent
CHANNELS = ("nuclei", "cytoplasm")
PERCENTILES = (1, 25, 50, 75, 99, 99.8)
PACKAGES = ("numpy", "scipy", "scikit-image", "tifffile", "onnxruntime", "stardist", "csbdeep")
SHAPE = (
    "perimeter", "eccentricity", "solidity", "axis_major_length", "axis_minor_length", "orientation",
    "equivalent_diameter_area",
)
OF_MODEL = {
    "grid": ("stardist.grid", int, "pixels per cell of the network's output"),
    "multiple": ("stardist.pad_multiple", int, "sides are padded to this"),
    "prob": ("stardist.prob_thresh", float, "probability threshold"),
    "nms": ("stardist.nms_thresh", float, "overlap threshold"),
}
MARGIN = 2  # grid cells at the border of the padded array that hold no candidates


def rounded(v):
    """10 significant digits; null for what is not a number."""
    return float(f"{float(v):.10g}") if math.isfinite(v) else None


def channel_numbers(a):
    v = a.ravel()
    otsu = int(threshold_otsu(a))
    stained = v > otsu
    counts, edges = np.histogram(v, 100)
    return {
        "pixel_type": str(a.dtype),
        "pixels": int(v.size),
        "mean": rounded(v.mean()),
        "stddev": rounded(v.std()),
        "min": int(v.min()),
        "max": int(v.max()),
        "percentiles": [rounded(p) for p in np.percentile(v, PERCENTILES)],
        "otsu": otsu,
        "stained_pixels": int(stained.sum()),
        "stained_fraction": rounded(stained.mean()),
        "stained_mean": rounded(v[stained].mean()),
        "saturated_pixels_of_type": int((v == np.iinfo(a.dtype).max).sum()),
        "histogram_counts": counts.tolist(),
        "histogram_edges": [rounded(e) for e in edges],
    }


def joint_numbers(a, b):
    """Distinct (nuclei, cytoplasm) tuples, and sums over them that any order of adding up gives."""
    tuples, counts = np.unique(np.stack([a.ravel(), b.ravel()], 1).astype(np.int64), axis=0, return_counts=True)
    return {
        "distinct_tuples": len(counts),
        "largest_count": int(counts.max()),
        "sum_of_products": int((tuples[:, 0] * tuples[:, 1] * counts).sum()),
        "sum_of_squared_counts": int((counts.astype(np.int64) ** 2).sum()),
        "pearson": rounded(np.corrcoef(a.ravel().astype(float), b.ravel().astype(float))[0, 1]),
    }


def network(session, x, multiple):
    """prob (h, w) and dist (h, w, rays) of a normalised image, padded by reflection at the far sides."""
    h, w = x.shape
    x = np.pad(x, ((0, -h % multiple), (0, -w % multiple)), mode="reflect").astype(np.float32)
    given = session.get_inputs()[0]
    last = len(given.shape) == 4 and given.shape[-1] == 1
    out = session.run(None, {given.name: x[None, ..., None] if last else x[None, None]})
    out = [o[0] if last else np.moveaxis(o[0], 0, -1) for o in out]
    if len(out) == 1:
        return out[0][..., 0], out[0][..., 1:]
    prob, dist = sorted(out, key=lambda o: o.shape[-1])
    return prob[..., 0], dist


def segment(session, a, args):
    """Labels, centres and probabilities, by the package's own suppression and painting."""
    prob, dist = network(session, normalize(a, 1, 99.8, axis=(0, 1)), args.multiple)
    inner = np.zeros(prob.shape, bool)
    inner[MARGIN:-MARGIN, MARGIN:-MARGIN] = True
    at = np.nonzero((prob > args.prob) & inner)
    points = np.stack(at, 1) * args.grid
    inside = (points < a.shape).all(1)
    points, p, d = points[inside], prob[at][inside], np.maximum(dist[at][inside], 1e-3)
    points, p, d, _ = non_maximum_suppression_sparse(d, p, points, nms_thresh=args.nms)
    return polygons_to_label(d, points, prob=p, shape=a.shape).astype(np.int32), points, p


def nuclei_numbers(labels, points, prob, planes):
    """One entry per nucleus in the order of the labels, also where others have covered it wholly."""
    shapes = {r.label: r for r in regionprops(labels)}
    nuclei = []
    for label, (point, p) in enumerate(zip(points, prob), 1):
        entry = {"label": label, "prob": rounded(p), "centre_y": int(point[0]), "centre_x": int(point[1]), "area": 0}
        if label in shapes:
            r = shapes[label]
            entry["area"] = int(r.area)
            entry["bbox"] = [int(v) for v in r.bbox]
            entry.update({name: rounded(getattr(r, name)) for name in SHAPE})
            at = labels == label
            values = {c: plane[at] for c, plane in planes.items()}
            for c, v in values.items():
                entry[c] = {
                    "mean": rounded(v.mean()), "sum": int(v.sum(dtype=np.int64)), "std": rounded(v.std()),
                    "min": int(v.min()), "max": int(v.max()),
                }
            with np.errstate(invalid="ignore", divide="ignore"):
                x, y = (values[c].astype(float) for c in CHANNELS)
                entry["pearson"] = rounded(np.corrcoef(x, y)[0, 1])
        nuclei.append(entry)
    return nuclei


def image_numbers(session, name, args):
    planes = {c: tifffile.imread(args.data / "images" / f"{name}_{c}.tif") for c in CHANNELS}
    labels, points, prob = segment(session, planes["nuclei"], args)
    _, well, field = name.split("_")
    truth = tifffile.imread(args.data / "truth" / f"labels-{well}-{field[1:]}.tif").astype(np.int32)
    m = matching(truth, labels, thresh=0.5)
    agreement = {
        "truth_count": int(m.n_true), "f1_iou_0.5": rounded(m.f1), "mean_matched_iou": rounded(m.mean_matched_score),
    }
    print(f"{name}: {len(prob)} nuclei, truth {m.n_true}, F1 at IoU 0.5 {m.f1:.3f}")
    return {
        "image": name,
        "size_y": labels.shape[0],
        "size_x": labels.shape[1],
        "channels": {c: channel_numbers(a) for c, a in planes.items()},
        "joint": joint_numbers(*(planes[c] for c in CHANNELS)),
        "stardist_count": len(prob),
        "labels_crc32": zlib.crc32(labels.astype("<i4").tobytes()),
        "agreement_with_truth": agreement,
        "nuclei": nuclei_numbers(labels, points, prob, planes),
    }


def dump(document):
    """JSON with one line per channel, nucleus and the like, so that differences can be read."""
    images = []
    for image in document["images"]:
        lines = []
        for key, value in image.items():
            if key == "channels":
                value = "{\n" + ",\n".join(f"   {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()) + "\n  }"
            elif key == "nuclei":
                value = "[\n" + ",\n".join("   " + json.dumps(v) for v in value) + "\n  ]"
            else:
                value = json.dumps(value)
            lines.append(f"  {json.dumps(key)}: {value}")
        images.append(" {\n" + ",\n".join(lines) + "\n }")
    head = "".join(f"{json.dumps(k)}: {json.dumps(v)},\n" for k, v in document.items() if k != "images")
    return "{\n" + head + '"images": [\n' + ",\n".join(images) + "\n]\n}\n"


def parse(argv=None):
    model = HERE.parents[1] / "deploy/models/nuclei-fluo/nuclei-fluo.onnx"
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=Path, default=HERE.parent, help="folder of images/ and truth/ (default: sample-data)")
    p.add_argument("--model", type=Path, default=model, help="ONNX network (default: the repository's nuclei-fluo)")
    p.add_argument("--output", type=Path, default=HERE / "golden.json", help="file to write (default: %(default)s)")
    for option, (key, kind, about) in OF_MODEL.items():
        p.add_argument(f"--{option}", type=kind, help=f"{about} (default: the network's metadata, {key})")
    args = p.parse_args(argv)
    session = onnxruntime.InferenceSession(args.model, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    for option, (key, kind, _) in OF_MODEL.items():
        if getattr(args, option) is None:
            if key not in metadata:
                p.error(f"{args.model} does not say {key}; give --{option}")
            setattr(args, option, kind(metadata[key]))
    return args


def main(argv=None):
    args = parse(argv)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    names = sorted(f.name[: -len("_nuclei.tif")] for f in (args.data / "images").glob("*_nuclei.tif"))
    document = {
        "script": "make_golden.py",
        "packages": {name: version(name) for name in PACKAGES},
        "model": {
            "file": args.model.name,
            "sha256": hashlib.sha256(args.model.read_bytes()).hexdigest(),
            "grid": args.grid, "multiple": args.multiple, "prob_threshold": args.prob, "nms_threshold": args.nms,
        },
        "percentiles_at": PERCENTILES,
        "images": [image_numbers(session, name, args) for name in names],
    }
    args.output.write_text(dump(document), encoding="utf-8")


if __name__ == "__main__":
    main()
