"""Whole suppressions and label images by Python's stardist on drawn predictions.
usage: suppression_golden.py > ../resources/org/cytolake/stardist/suppression.csv
A line: what the scene is drawn from (see scene), then candidates, stars, labels that are left, the CRC-32 of the stars'
centres and that of the labels (32-bit little-endian).

Of equal probabilities numpy's default argsort, which stardist uses, leaves the order open: with AVX2 or AVX-512 it is
not stable for any number of candidates, without only for up to 16. So these are switched off here, and scenes with
ties of more candidates are sorted by a stable argsort before stardist's suppression.
"""
import os
import zlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
import lcg
import numpy as np
from stardist.geometry import polygons_to_label
from stardist.nms import non_maximum_suppression_inds, non_maximum_suppression_sparse

FIELDS = ("seed layout grid height width rays objects each least most oval noise levels prob nms").split()


def scene(seed, layout, grid, height, width, rays, objects, each, least, most, oval, noise, levels):
    """Probabilities and distances: `each` candidates for every object, with radii from least to most in 1/64 pixel;
    `levels` different probabilities, or 0 for all different."""
    draw = lcg.Lcg(seed)
    h, w = (-(-side // 16) * 16 // grid for side in (height, width))
    prob, dist = np.zeros((h, w), np.float32), np.zeros((h, w, rays), np.float32)
    for i in range(objects):
        if layout == "lattice":  # 6 cells apart
            columns = (w - 8) // 6
            row, column = 4 + i // columns * 6, 4 + i % columns * 6
        elif layout == "border":
            row, column = draw.below(h), draw.below(w)
            if draw.below(2):
                row = draw.below(2) * (-(-height // grid) - 1)
            else:
                column = draw.below(2) * (-(-width // grid) - 1)
        else:
            row, column = draw.below(h), draw.below(w)
        radius = draw.between(least, most)
        for k in range(each):
            y, x = (row, column) if layout == "lattice" else (row + draw.between(-2, 2), column + draw.between(-2, 2))
            p = draw.below(1024)
            d = lcg.distances(draw, rays, radius, oval, noise)
            if 0 <= y < h and 0 <= x < w:
                prob[y, x] = (1 + p % levels) / levels if levels else (p * 4096 + i * each + k) / 2**22
                dist[y, x] = np.array(d) / 64
    return prob, dist


def instances(prob, dist, shape, grid, prob_threshold, nms_threshold, ties):
    inside = np.zeros(prob.shape, bool)
    inside[2:-2, 2:-2] = True
    cells = np.nonzero((prob > np.float32(prob_threshold)) & inside)
    points = np.stack(cells, 1) * grid
    kept = (points < np.array(shape)).all(1)
    points, p, d = points[kept], prob[cells][kept], np.maximum(dist[cells][kept], np.float32(1e-3))
    candidates = len(p)
    if candidates and ties and candidates > 16:
        order = np.argsort(p, kind="stable")[::-1]
        points, p, d = points[order], p[order], d[order]
        kept = non_maximum_suppression_inds(d, points, p, thresh=nms_threshold, verbose=0)
        points, p, d = points[kept], p[kept], d[kept]
    elif candidates:
        points, p, d, _ = non_maximum_suppression_sparse(d, p, points, nms_thresh=nms_threshold)
    return candidates, points, polygons_to_label(d, points, prob=p, shape=shape)


def scenes():
    seed = 0
    for layout in ("free", "border"):
        for grid in (1, 2):
            for rays in (8, 32, 64):
                for height, width in ((97, 131), (160, 113), (64, 64)):
                    for least, most, noise in ((150, 900, 8), (100, 300, 25), (200, 1200, 80), (40, 2500, 150)):
                        for nms in (0.1, 0.3, 0.4, 0.5):
                            seed += 1
                            levels = (0, 0, 16)[seed % 3]
                            yield (seed, layout, grid, height, width, rays, 40, 6, least, most, 35, noise, levels,
                                   (0.5, 0.479071, 0.25)[seed % 3], nms)
    for levels in (2, 3):  # ties of a few candidates, in stardist's own order
        for grid in (1, 2):
            for k in range(10):
                seed += 1
                yield seed, "free", grid, 50, 45, 32, 4, 4, 300, 700, 30, 10, levels, 0.1, 0.4
    for objects in (1, 254, 255, 256, 257):
        yield seed + objects, "lattice", 1, 131, 123, 32, objects, 1, 64, 180, 20, 5, 0, 0.0, 0.4
        yield seed + objects, "lattice", 2, 260, 250, 32, objects, 1, 128, 360, 20, 5, 0, 0.0, 0.4
    for objects in (65535, 65536):  # 252 of them lie in the padding
        yield seed + objects, "lattice", 1, 1549, 1557, 8, objects, 1, 64, 180, 20, 5, 0, 0.0, 0.4
    for layout in ("free", "border"):
        for height, width in ((97, 131), (160, 113)):
            for least, most, noise in ((300, 1800, 8), (100, 900, 80)):
                seed += 1
                yield seed + 100000, layout, 4, height, width, 32, 25, 5, least, most, 35, noise, 0, 0.3, 0.3
    for nms in (0.0, 1.0):
        yield 7, "free", 1, 97, 101, 32, 60, 5, 200, 600, 30, 10, 0, 0.5, nms
    yield 8, "free", 1, 97, 101, 32, 10, 5, 200, 600, 30, 10, 0, 1.0, 0.4  # no candidate
    yield 9, "free", 1, 400, 397, 32, 600, 6, 300, 900, 30, 10, 0, 0.2, 0.4


for parameters in scenes():
    drawn, (prob_threshold, nms_threshold) = parameters[:-2], parameters[-2:]
    prob, dist = scene(*drawn)
    shape = drawn[3:5]
    ties = drawn[-1] > 0 or drawn[6] * drawn[7] > 4096
    n, points, labels = instances(prob, dist, shape, drawn[2], prob_threshold, nms_threshold, ties)
    centres = "".join(f"{y},{x};" for y, x in points)
    print(*parameters, n, len(points), len(np.unique(labels[labels > 0])), f"{zlib.crc32(centres.encode()):08x}",
          f"{zlib.crc32(labels.astype('<i4').tobytes()):08x}", sep=",")
