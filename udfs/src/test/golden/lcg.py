"""Reproducible shapes for the golden files; org.cytolake.stardist.clip.Shapes draws the same ones in Java."""
import math

import numpy as np


class Lcg:
    """Linear congruential numbers (D. Knuth's MMIX constants), of which the upper 31 bits are used."""

    def __init__(self, seed):
        self.state = seed
        self.below(1)

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % bound

    def between(self, low, high):
        return low + self.below(high - low + 1)


def distances(lcg, rays, radius, oval, noise):
    """In 1/64 pixel; radius too. An oval of up to `oval` %, with up to `noise` % of noise."""
    phase = lcg.below(2 * rays)
    oval = lcg.below(oval + 1)
    dist = []
    for k in range(rays):
        wave = abs((4 * k + phase) % (2 * rays) - rays)  # 0 to rays, twice around
        mean = radius * (100 * rays + oval * (2 * wave - rays)) // (100 * rays)
        dist.append(mean + mean * lcg.between(-noise, noise) // 100)
    return dist


def star(dist, y, x):
    """Vertices as stardist's C++ code computes them, truncated to integers."""
    step = np.float32(2 * math.pi / len(dist))
    points = []
    for k, d in enumerate(dist):
        angle = float(step * np.float32(k))
        d = np.float32(d / 64)
        points.append((int(np.float32(x) + d * np.float32(math.cos(angle))),
                       int(np.float32(y) + d * np.float32(math.sin(angle)))))
    return points


def polygon(lcg, kind, rays, radius, y, x):
    if kind == "smooth":
        return star(distances(lcg, rays, radius, 35, 6), y, x)
    if kind == "jagged":
        return star(distances(lcg, rays, radius, 30, 90), y, x)
    if kind == "crossed":  # distances below 0 too
        return star(distances(lcg, rays, radius, 30, 250), y, x)
    side = radius // 64 + 1
    points = [(x + lcg.between(-side, side), y + lcg.between(-side, side)) for _ in range(rays)]
    if kind == "level":  # level and upright edges in turn
        for k in range(1, rays, 2):
            points[k] = (points[(k + 1) % rays][0], points[k - 1][1])
    return points


KINDS = ["smooth", "jagged", "smooth", "crossed", "jagged", "random", "smooth", "level"]


def pair(seed):
    """Two polygons that often overlap; some are equal, shifted or share most vertices."""
    lcg = Lcg(seed)
    kind = KINDS[seed % 8]
    rays = (8, 32, 64)[lcg.below(3)]
    radius = lcg.between(2 * 64, (6, 40)[lcg.below(2)] * 64)
    y, x = lcg.between(-5, 90), lcg.between(-5, 90)
    a = polygon(lcg, kind, rays, radius, y, x)
    shift = radius * 3 // 2
    y, x = y + lcg.between(-shift, shift) // 64, x + lcg.between(-shift, shift) // 64
    b = polygon(lcg, kind, rays, radius * lcg.between(60, 120) // 100, y, x)
    relation = lcg.below(12)
    if relation == 0:
        b = list(a)
    elif relation == 1:
        dx, dy = lcg.between(-4, 4), lcg.between(-4, 4)
        b = [(px + dx, py + dy) for px, py in a]
    elif relation == 2:
        b = [p if lcg.below(4) else q for p, q in zip(a, b)]
    return a, b
