"""Intersections of polygons by Clipper 6.4.2 (pyclipper), which `stardist` uses.
usage: polygon_golden.py [FIRST COUNT] > ../resources/org/cytolake/stardist/clip/intersections.csv
One line a pair of lcg.pair: the area as stardist's C++ code sums it, and the CRC-32 of the rings' corners."""
import sys
import zlib

import lcg
import numpy as np
import pyclipper


def rings(a, b):
    clipper = pyclipper.Pyclipper()
    for path, kind in ((a, pyclipper.PT_CLIP), (b, pyclipper.PT_SUBJECT)):
        try:
            clipper.AddPath(path, kind, True)
        except pyclipper.ClipperException:  # of no extent; stardist goes on
            pass
    try:
        return clipper.Execute(pyclipper.CT_INTERSECTION, pyclipper.PFT_NONZERO, pyclipper.PFT_NONZERO)
    except pyclipper.ClipperException:  # the sweep failed; stardist takes what there is: nothing
        return []


def area(paths):
    total = np.float32(0)
    for path in paths:
        ring = np.float32(0)
        for (x0, y0), (x1, y1) in zip(path, path[1:] + path[:1]):
            ring += np.float32(x0 * y1 - y0 * x1)
        total += np.float32(0.5) * abs(ring)
    return total


first, count = (int(v) for v in sys.argv[1:3]) if len(sys.argv) > 2 else (0, 8000)
for seed in range(first, first + count):
    paths = rings(*lcg.pair(seed))
    text = "|".join(",".join(f"{x},{y}" for x, y in path) for path in paths)
    print(f"{float(area(paths)):g},{zlib.crc32(text.encode()):08x}")
