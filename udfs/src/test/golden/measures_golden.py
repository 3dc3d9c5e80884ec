#!/usr/bin/env python3
"""What scikit-image and scipy say of generated label images and points.
usage: measures_golden.py > ../resources/org/cytolake/measure/measures_golden.json

Rings: skimage.segmentation.expand_labels without the objects. Objects: skimage.measure.regionprops, also with a
spacing of the pixels (height 0.5, width 0.325). Points: scipy.spatial.cKDTree. Samples: numpy.quantile."""
import json

import numpy as np
import scipy
import skimage
from scipy.spatial import cKDTree
from skimage.measure import regionprops
from skimage.segmentation import expand_labels

SPACING = (0.5, 0.325)
SHARES = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)
LENGTHS = ("axis_major_length", "axis_minor_length", "equivalent_diameter_area")


def runs(labels):
    """Run lengths of a label image, row by row: label*length."""
    flat = labels.ravel()
    starts = np.r_[0, np.nonzero(np.diff(flat))[0] + 1, flat.size]
    return " ".join(f"{flat[a]}*{b - a}" for a, b in zip(starts[:-1], starts[1:]))


def ellipses(rng, size, n, radius):
    y, x = np.mgrid[: size[0], : size[1]]
    labels = np.zeros(size, int)
    for i in range(n):
        cy, cx = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        a, b, t = *rng.uniform(*radius, 2), rng.uniform(0, np.pi)
        u, v = (x - cx) * np.cos(t) + (y - cy) * np.sin(t), (y - cy) * np.cos(t) - (x - cx) * np.sin(t)
        labels[(u / a) ** 2 + (v / b) ** 2 <= 1] = i + 1
    return labels


def lattice(size, step):
    """Single pixels at equal distances: every pixel between them is as near to two or four."""
    labels = np.zeros(size, int)
    rows, columns = np.arange(1, size[0], step), np.arange(2, size[1], step)
    numbers = np.random.default_rng(3).permutation(len(rows) * len(columns)) + 1
    labels[np.ix_(rows, columns)] = numbers.reshape(len(rows), -1)
    return labels


def sparse(rng, size, share, labels):
    """Random pixels with random labels: many ties, in every direction."""
    return np.where(rng.random(size) < share, rng.integers(1, labels + 1, size), 0)


def images():
    rng = np.random.default_rng(6)
    yield "ellipses", ellipses(rng, (90, 120), 20, (2, 12))
    yield "crowded", ellipses(rng, (70, 60), 60, (3, 9))
    yield "lattice 4", lattice((30, 37), 4)
    yield "lattice 7", lattice((33, 41), 7)
    yield "sparse", sparse(rng, (60, 70), 0.02, 40)
    yield "dense", sparse(rng, (40, 50), 0.2, 9)
    yield "line", sparse(rng, (1, 80), 0.1, 9)
    yield "column", sparse(rng, (80, 1), 0.1, 9)
    full = np.ones((6, 7), int)
    yield "full", full
    yield "empty", np.zeros((5, 8), int)


def objects(labels):
    scaled = {r.label: r for r in regionprops(labels, spacing=SPACING)}
    return [
        {
            "label": int(r.label), "centroid": list(r.centroid),
            "area_scaled": scaled[r.label].area, **{f"{n}_scaled": getattr(scaled[r.label], n) for n in LENGTHS},
        }
        for r in regionprops(labels)
    ]


def points():
    rng = np.random.default_rng(9)
    yield "two", rng.uniform(0, 10, (2, 2))
    yield "uniform", rng.uniform(0, 512, (400, 2))
    yield "clumps", np.concatenate([rng.normal(c, 3, (90, 2)) for c in ((10, 10), (900, 40), (300, 2000))])
    yield "far ones", np.concatenate([rng.normal(0, 1, (150, 2)), [[1e5, 2], [5, -3e4]]])
    yield "lattice", np.stack(np.meshgrid(np.arange(13) * 2.5, np.arange(17) * 3.0), -1).reshape(-1, 2)
    yield "row", np.stack([np.full(40, 7.0), rng.uniform(0, 100, 40)], 1)
    yield "same", np.full((5, 2), 3.25)
    yield "pairs", np.repeat(rng.uniform(0, 50, (20, 2)), 2, 0)


def samples():
    rng = np.random.default_rng(4)
    yield [7.0]
    yield [3.0, 1.0]
    yield rng.integers(10, 400, 37).astype(float).tolist()
    yield rng.normal(0, 1e-3, 100).tolist()


def main():
    document = {
        "packages": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-image": skimage.__version__},
        "spacing": SPACING,
        "images": [
            {
                "name": name, "height": labels.shape[0], "width": labels.shape[1], "labels": runs(labels),
                "rings": {
                    str(d): runs(np.where(labels == 0, expand_labels(labels, distance=d), 0))
                    for d in (1, 2, 5, 13, 100) if d < 100 or labels.size < 2000
                } if labels.any() else {"3": runs(labels)},
                "objects": objects(labels) if name in ("ellipses", "crowded") else [],
            }
            for name, labels in images()
        ],
        "points": [
            {
                "name": name, "ys": p[:, 0].tolist(), "xs": p[:, 1].tolist(),
                "mean": float(cKDTree(p).query(p, k=2)[0][:, 1].mean()),
            }
            for name, p in points()
        ],
        "shares": SHARES,
        "samples": [{"values": v, "quantiles": np.quantile(v, SHARES).tolist()} for v in samples()],
    }
    print(json.dumps(document, separators=(",", ":")).replace(',{"name"', ',\n{"name"'))


if __name__ == "__main__":
    main()
