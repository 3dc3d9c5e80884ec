#!/usr/bin/env python3
"""What scikit-image, numpy and scipy say of the nuclei that Python stardist finds with the built-in network.
usage: nuclei_golden.py [FOLDER_OF_BBBC008] > ../resources/org/cytolake/nuclei/nuclei_golden.json
Needs what sample-data/golden/make_golden.py needs.

For every image of the sample data, and every field of BBBC008 where a folder is given: the number of nuclei, the sum of
every column over all nuclei, the columns of every EVERY-th nucleus, and the figures of the whole image. Rings are
skimage.segmentation.expand_labels without the nuclei. Of the orientation the sines of the double are summed up: at the
end of its range, where the axis is a column, rounding alone says whether it is pi / 2 or -pi / 2."""
import json
import math
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import tifffile
from scipy.spatial import cKDTree
from skimage.measure import regionprops
from skimage.segmentation import expand_labels

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "sample-data/golden"))
import make_golden  # noqa: E402

RING = 5
EVERY = 8
CHANNELS = ("nuclei", "cytoplasm")
SHAPE = ("perimeter", "eccentricity", "solidity", "axis_major_length", "axis_minor_length", "orientation",
         "equivalent_diameter_area")
NAMES = ("perimeter_px", "eccentricity", "solidity", "major_axis_px", "minor_axis_px", "orientation_rad",
         "equivalent_diameter_px")
BBBC = re.compile(r"(.+_([A-P]\d\d)f\d+d\d_slice(\d))_channel1\.tif")


def rounded(v):
    return None if v is None or not math.isfinite(v) else float(f"{float(v):.9g}")


def intensities(prefix, planes, at):
    row = {}
    for c, plane in planes.items():
        v = plane[at].astype(np.int64)
        if v.size:
            row |= {f"{prefix}mean_{c}": v.mean(), f"{prefix}sum_{c}": v.sum(), f"{prefix}stddev_{c}": v.std(),
                    f"{prefix}min_{c}": v.min(), f"{prefix}max_{c}": v.max()}
    x, y = (planes[c][at].astype(float) for c in CHANNELS)
    if x.size and x.std() > 0 and y.std() > 0:
        row[f"{prefix}pearson_nuclei_cytoplasm"] = np.corrcoef(x, y)[0, 1]
    return row


def rows(labels, prob, planes):
    rings = np.where(labels == 0, expand_labels(labels, distance=RING), 0)
    for r in regionprops(labels):
        row = {"nucleus": r.label, "prob": prob[r.label - 1], "area_px": r.area}
        row |= dict(zip(("bbox_y0", "bbox_x0", "bbox_y1", "bbox_x1"), r.bbox))
        row |= dict(zip(("centroid_y", "centroid_x"), r.centroid))
        row |= {name: getattr(r, of) for name, of in zip(NAMES, SHAPE)}
        row |= intensities("", planes, labels == r.label)
        ring = rings == r.label
        yield row | {"ring_area_px": ring.sum()} | intensities("ring_", planes, ring)


def summand(nucleus, column):
    value = float(nucleus.get(column, 0))
    return math.sin(2 * value) if column == "orientation_rad" else value


def image(session, args, name, planes):
    labels, _, prob = make_golden.segment(session, planes["nuclei"], args)
    nuclei = list(rows(labels, prob, planes))
    areas = np.array([n["area_px"] for n in nuclei])
    centroids = np.array([(n["centroid_y"], n["centroid_x"]) for n in nuclei])
    figures = {f"nucleus_area_p{p}_px": np.quantile(areas, p / 100) for p in (5, 25, 50, 75, 95)}
    figures["nearest_nucleus_px"] = cKDTree(centroids).query(centroids, k=2)[0][:, 1].mean()
    figures["nuclei_per_megapixel"] = len(nuclei) / labels.size * 1e6
    columns = sorted({c for n in nuclei for c in n})
    return {
        "image": name, "count": len(nuclei), "figures": {k: rounded(v) for k, v in figures.items()},
        "columns": columns, "sums": [rounded(sum(summand(n, c) for n in nuclei)) for c in columns],
        "nuclei": [[rounded(n.get(c)) for c in columns] for n in nuclei[::EVERY]],
    }


def sources(bbbc):
    folder = ROOT / "sample-data/images"
    for file in sorted(folder.glob("*_nuclei.tif")):
        name = file.name[: -len("_nuclei.tif")]
        yield "samples", name.replace("_f", "_"), {c: tifffile.imread(folder / f"{name}_{c}.tif") for c in CHANNELS}
    for file in sorted(bbbc.glob("*channel1.tif")) if bbbc else []:
        m = BBBC.fullmatch(file.name)
        other = file.with_name(f"{m[1]}_channel3.tif")
        yield "bbbc008", f"{m[2]}_{m[3]}", dict(zip(CHANNELS, (tifffile.imread(file), tifffile.imread(other))))


def main():
    args = make_golden.parse([])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    document = {"samples": [], "bbbc008": []}
    for of, name, planes in sources(Path(sys.argv[1]) if len(sys.argv) > 1 else None):
        document[of].append(image(session, args, name, planes))
    print(json.dumps(document, separators=(",", ":")).replace('{"image"', '\n{"image"').replace(",[", ",\n["))


if __name__ == "__main__":
    main()
