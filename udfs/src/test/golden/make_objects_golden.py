"""Golden files for org.cytolake.stardist and org.cytolake.measure.

Needs numpy, scikit-image, stardist (which brings csbdeep) and tensorflow-cpu:
    python make_objects_golden.py ../resources/org/cytolake/golden

Writes stars-N.txt: sparse predictions (cell, probability, distances) with what stardist's own non-maximum suppression
and polygons_to_label make of them; and shapes.txt: label images with what skimage.measure.regionprops says of them.
"""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
from skimage.measure import regionprops
from stardist.geometry import polygons_to_label
from stardist.nms import non_maximum_suppression_sparse


def runs(labels):
    """Run lengths of a label image, row by row: label*length."""
    flat = labels.ravel()
    starts = np.r_[0, np.nonzero(np.diff(flat))[0] + 1, flat.size]
    return " ".join(f"{flat[a]}*{b - a}" for a, b in zip(starts[:-1], starts[1:]))


def number(value):
    return repr(float(value))


def scene(rng, grid, size, objects, rays, per_object, radius, noise, tie):
    """Stars around some centres: each object has several candidates with noisy, sometimes spiky, distances."""
    cells = {}
    for _ in range(objects):
        centre = rng.uniform(0, size // grid, 2)
        mean = rng.uniform(*radius)
        wave = 1 + 0.25 * rng.standard_normal() * np.cos(2 * np.pi * np.arange(rays) * rng.integers(1, 4) / rays)
        for _ in range(per_object):
            cell = tuple(np.round(centre + rng.normal(0, 1.5, 2)).astype(int))
            if min(cell) < 0 or max(cell) >= size // grid:
                continue
            dist = np.maximum(mean * np.abs(wave) * (1 + noise * rng.standard_normal(rays)), -1).astype(np.float32)
            prob = np.float32(round(rng.uniform(0.3, 1), 2) if tie else rng.uniform(0.3, 1))
            cells[cell] = (prob, dist)
    return dict(sorted(cells.items()))


def stars(path, rng, grid, size, shape, thresholds, distinct, **how):
    cells = scene(rng, grid, size, rays=32, tie=False, **how)
    if distinct:  # the reference leaves open which of two equal probabilities comes first
        assert len({float(p) for p, _ in cells.values()}) == len(cells)
    n = size // grid
    prob_threshold, nms_threshold = thresholds
    kept = [
        (c, p, d)
        for c, (p, d) in cells.items()
        if p > np.float32(prob_threshold) and 2 <= c[0] < n - 2 and 2 <= c[1] < n - 2
        and c[0] * grid < shape[0] and c[1] * grid < shape[1]
    ]
    points = np.array([c for c, _, _ in kept]) * grid
    prob = np.array([p for _, p, _ in kept], np.float32)
    dist = np.maximum(np.array([d for _, _, d in kept], np.float32), 1e-3)
    points, prob, dist, _ = non_maximum_suppression_sparse(dist, prob, points, nms_thresh=nms_threshold)
    labels = polygons_to_label(dist, points, prob=prob, shape=shape)
    with open(path, "w") as out:
        print("grid", grid, "cells", n, "height", shape[0], "width", shape[1], file=out)
        print("prob", prob_threshold, "nms", nms_threshold, file=out)
        for c, (p, d) in cells.items():
            print("cell", *c, number(p), *[number(v) for v in d], file=out)
        for point, p in zip(points, prob):
            print("star", *point, number(p), file=out)
        print("labels", runs(labels), file=out)
    print(path, len(cells), "cells,", len(prob), "stars,", len(np.unique(labels)) - 1, "labels")


def blobs(rng, size, n):
    y, x = np.mgrid[:size[0], :size[1]]
    labels = np.zeros(size, int)
    for i in range(n):
        cy, cx = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        a, b, t = rng.uniform(1, 9), rng.uniform(1, 9), rng.uniform(0, np.pi)
        u = (x - cx) * np.cos(t) + (y - cy) * np.sin(t)
        v = -(x - cx) * np.sin(t) + (y - cy) * np.cos(t)
        labels[(u / a) ** 2 + (v / b) ** 2 <= 1 + 0.4 * np.sin(3 * np.arctan2(v, u))] = i + 1
    return labels


def shapes(path, rng):
    images = [blobs(rng, (60, 70), 25), blobs(rng, (33, 90), 12)]
    odd = np.zeros((14, 22), int)  # single pixel, lines, a diagonal, an L, two pieces, a ring, a square
    odd[0, 0] = 1
    odd[2, 1:9] = 2
    odd[4:12, 1] = 3
    for i in range(6):
        odd[5 + i, 4 + i] = 4
    odd[4:9, 12] = odd[8, 12:17] = 5
    odd[0, 14] = odd[2, 17] = 6
    odd[10:14, 13:17] = 7
    odd[11:13, 14:16] = 0
    odd[4:7, 18:21] = 8
    images.append(odd)
    with open(path, "w") as out:
        for labels in images:
            channels = [rng.integers(0, 4096, labels.shape), rng.normal(0, 10, labels.shape).round(3)]
            print("image", *labels.shape, file=out)
            print("labels", runs(labels), file=out)
            print("first", *channels[0].ravel(), file=out)
            print("second", *channels[1].ravel(), file=out)
            for r in regionprops(labels):
                a, b = (c[labels == r.label] for c in channels)
                pearson = np.corrcoef(a, b)[0, 1] if r.area > 1 and a.std() > 0 and b.std() > 0 else np.nan
                values = [r.perimeter, r.eccentricity, r.solidity, r.axis_major_length, r.axis_minor_length,
                          r.orientation, r.equivalent_diameter_area, a.mean(), a.sum(), a.std(), a.min(), a.max(),
                          b.mean(), b.sum(), b.std(), b.min(), b.max(), pearson]
                print("object", r.label, int(r.area), *r.bbox, *map(number, values), file=out)
    print(path)


if __name__ == "__main__":
    folder = sys.argv[1]
    rng = np.random.default_rng(8)
    stars(f"{folder}/stars-1.txt", rng, 2, 160, (153, 147), (0.5, 0.3), True,
          objects=22, per_object=7, radius=(5, 14), noise=0.08)
    stars(f"{folder}/stars-2.txt", rng, 1, 96, (96, 90), (0.4, 0.4), True,
          objects=30, per_object=6, radius=(3, 9), noise=0.3)
    stars(f"{folder}/stars-3.txt", rng, 2, 128, (128, 128), (0.6, 0.1), True,
          objects=40, per_object=4, radius=(2, 20), noise=0.5)
    shapes(f"{folder}/shapes.txt", rng)
