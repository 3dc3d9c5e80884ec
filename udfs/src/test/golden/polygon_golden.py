"""Intersection areas of star polygons by Clipper 6.4.2 (pyclipper), which `stardist` uses.
usage: polygon_golden.py > ../resources/org/cytolake/stardist/intersections.csv
One line a pair: the number of rays, x and y of each vertex of both polygons in turn, the area."""
import numpy as np
import pyclipper


def star(rng, rays, radius, cy, cx):
    angle = 2 * np.pi * np.arange(rays) / rays
    oval = 1 + rng.uniform(0, 0.35) * np.cos(2 * (angle - rng.uniform(0, np.pi)))
    dist = (radius * oval * rng.uniform(0.93, 1.07, rays)).astype(np.float32)
    angles = np.float32(2 * np.pi / rays) * np.arange(rays, dtype=np.float32)
    x = (cx + dist * np.cos(angles)).astype(np.int64)  # truncated, as in C
    y = (cy + dist * np.sin(angles)).astype(np.int64)
    return [(int(a), int(b)) for a, b in zip(x, y)]


def area(a, b):
    clipper = pyclipper.Pyclipper()
    for path, kind in ((a, pyclipper.PT_CLIP), (b, pyclipper.PT_SUBJECT)):
        try:
            clipper.AddPath(path, kind, True)
        except pyclipper.ClipperException:  # of no extent
            return 0.0
    paths = clipper.Execute(
        pyclipper.CT_INTERSECTION, pyclipper.PFT_NONZERO, pyclipper.PFT_NONZERO)
    return sum(pyclipper.Area(path) for path in paths)


rng = np.random.default_rng(5)
for _ in range(400):
    rays = int(rng.choice([32, 32, 32, 8]))
    radius = rng.uniform(4, 25)
    a = star(rng, rays, radius, 40, 40)
    shift = rng.uniform(-1.5, 1.5, 2) * radius
    b = star(rng, rays, radius * rng.uniform(0.6, 1.2), int(40 + shift[0]), int(40 + shift[1]))
    print(*[v for p in a + b for v in p], area(a, b), sep=",")
