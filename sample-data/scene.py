"""The scene of a synthetic field: cells, their places, and how they are stained, before any microscope.

Lengths are in pixels of the field. Licence: Apache-2.0.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import ndimage

HEIGHT, WIDTH = 328, 360  # neither square nor a multiple of 16: axes and padding are exercised
OVER = 2  # the scene is drawn on a grid this much finer, then averaged down
PAD = 16 * OVER  # fine pixels of canvas beyond each side of the field
SHAPE = (HEIGHT * OVER + 2 * PAD, WIDTH * OVER + 2 * PAD)  # of the canvas
EDGE = 6.0  # px: a nucleus's centre lies this far inside the field, or the nucleus wholly outside
OVERLAP = 0.78  # nuclei come no closer than this share of their reaches towards each other
TAU = 2 * np.pi


@dataclass
class Cell:
    """One cell: a nucleus (an ellipse with harmonics) within a polygon. Lengths in px."""

    y: float
    x: float
    semi_major: float
    semi_minor: float
    angle: float
    kind: str
    brightness: float  # of the nucleus, 1 = ordinary
    actin: float  # of the cytoplasm, 1 = ordinary
    harmonics: list = field(default_factory=list)  # (k, amplitude, phase) of the nuclear outline
    corners: tuple = ()  # angles and radii of the cell's polygon

    @property
    def radius(self):
        return float(np.sqrt(self.semi_major * self.semi_minor))


# ---- the scene: cells and their places ------------------------------------------------------


def new_cell(rng, y, x):
    """A cell at a place: kind, size, outline and brightness, drawn from the generator."""
    kind = rng.choice(["interphase", "mitotic", "pyknotic"], p=[0.93, 0.045, 0.025])
    g2 = rng.random() < 0.3  # twice the DNA: larger, and brighter in sum
    radius = rng.normal(7.3, 0.75) * (1.16 if g2 else 1.0)
    aspect = np.clip(rng.lognormal(0.26, 0.16), 1.02, 2.0)
    brightness = rng.lognormal(0.0, 0.36) * (1.25 if g2 else 1.0)
    if kind == "mitotic":
        radius, aspect, brightness = rng.normal(5.8, 0.4), rng.uniform(1.5, 1.9), rng.uniform(2.1, 2.9)
    elif kind == "pyknotic":
        radius, aspect, brightness = rng.normal(4.7, 0.4), rng.uniform(1.0, 1.2), rng.uniform(2.6, 3.8)
    radius = float(np.clip(radius, 4.0, 10.5))
    roughness = 0.075 if kind == "interphase" else 0.02
    harmonics = [(k, rng.normal(0, roughness / (k - 1)), rng.uniform(0, TAU)) for k in (2, 3, 4, 5)]
    angle = rng.uniform(0, np.pi)
    round_cell = kind != "interphase"
    n = 12 if round_cell else int(rng.integers(5, 9))
    angles = (np.arange(n) + rng.uniform(-0.28, 0.28, n)) * TAU / n + rng.uniform(0, TAU)
    reach = rng.uniform(1.45, 1.65) if round_cell else rng.uniform(1.95, 2.75)
    radii = radius * reach * rng.uniform(0.96, 1.04, n) if round_cell else radius * reach * rng.lognormal(0, 0.2, n)
    if not round_cell:  # spread along the nucleus's axis
        stretch = rng.lognormal(0.14, 0.12)
        radii = radii * np.hypot(stretch * np.cos(angles - angle), np.sin(angles - angle) / stretch)
    actin = (0.3 * brightness**0.5 + 0.65) * rng.lognormal(0, 0.28) * (1.3 if round_cell else 1.0)
    return Cell(y, x, radius * np.sqrt(aspect), radius / np.sqrt(aspect), angle, str(kind),
                float(brightness), float(actin), harmonics, (angles, np.maximum(radii, 1.3 * radius)))


def outline(cell, theta):
    """Nuclear radius over the ellipse's, at an angle in the ellipse's own frame."""
    return 1 + sum(a * np.cos(k * theta + p) for k, a, p in cell.harmonics)


def reach(cell, direction):
    """Distance from the centre to the nuclear outline, towards a direction in the image."""
    u = direction - cell.angle
    u = np.arctan2(np.sin(u) / cell.semi_minor, np.cos(u) / cell.semi_major)
    return outline(cell, u) * np.hypot(cell.semi_major * np.cos(u), cell.semi_minor * np.sin(u))


def clear_of(cell, others, slack):
    """Whether this nucleus keeps off all others by a share of their reaches."""
    for other in others:
        d = np.hypot(cell.y - other.y, cell.x - other.x)
        towards = np.arctan2(other.y - cell.y, other.x - cell.x)
        if d < slack * (reach(cell, towards) + reach(other, towards + np.pi)):
            return False
    return True


def seen(cell):
    """Whether the centre is within the field, with the margin EDGE."""
    return EDGE <= cell.y <= HEIGHT - EDGE and EDGE <= cell.x <= WIDTH - EDGE


def straddles(cell):
    """Whether the nucleus shows at the edge although its centre is not well inside."""
    r = 1.25 * cell.semi_major
    return not seen(cell) and -r < cell.y < HEIGHT + r and -r < cell.x < WIDTH + r


def place_cells(rng, well):
    """Colonies grow cell by cell, each against a member or at some distance from one."""
    colonies = [[] for _ in range(well.colonies)]
    cells, inside = [], 0
    wanted = int(rng.integers(round(0.87 * well.cells), round(1.13 * well.cells) + 1))
    for _ in range(200 * well.cells):
        if inside >= wanted:
            break
        colony = colonies[rng.integers(len(colonies))]
        cell = new_cell(rng, 0.0, 0.0)
        if not colony:
            cell.y, cell.x = rng.uniform(-8, HEIGHT + 8), rng.uniform(-8, WIDTH + 8)
        else:
            mate = colony[rng.integers(len(colony))]
            towards = rng.uniform(0, TAU)
            gap = rng.uniform(0.79, 1.04) if rng.random() < well.touching else rng.uniform(1.2, 2.1)
            d = gap * (reach(mate, towards) + reach(cell, towards + np.pi))
            cell.y, cell.x = mate.y + d * np.sin(towards), mate.x + d * np.cos(towards)
        if not (-14 <= cell.y <= HEIGHT + 14 and -14 <= cell.x <= WIDTH + 14):
            continue
        if straddles(cell) or not clear_of(cell, cells, OVERLAP):
            continue
        cells.append(cell)
        colony.append(cell)
        inside += seen(cell)
    return cells


# ---- the scene drawn on the fine grid ------------------------------------------------------------


def smooth_noise(rng, sigma):
    """Gaussian noise of mean 0, standard deviation 1 and this correlation length."""
    n = ndimage.gaussian_filter(rng.standard_normal(SHAPE), sigma, mode="wrap")
    return (n - n.mean()) / n.std()


def window(cell, reach_px):
    """The part of the fine grid round a cell: slices, and offsets from its centre in px."""
    cy, cx = cell.y * OVER + PAD, cell.x * OVER + PAD
    r = reach_px * OVER
    y0, y1 = max(0, int(cy - r)), min(SHAPE[0], int(cy + r) + 2)
    x0, x1 = max(0, int(cx - r)), min(SHAPE[1], int(cx + r) + 2)
    dy = (np.arange(y0, y1) + 0.5 - cy)[:, None] / OVER
    dx = (np.arange(x0, x1) + 0.5 - cx)[None, :] / OVER
    return (slice(y0, y1), slice(x0, x1)), dy, dx


def spot(dy, dx, sigma):
    """A Gaussian of height 1."""
    return np.exp(-(dy**2 + dx**2) / (2 * sigma**2))


def nuclear_distance(cell, dy, dx):
    """0 at the nucleus's centre, 1 on its outline."""
    u = (dx * np.cos(cell.angle) + dy * np.sin(cell.angle)) / cell.semi_major
    v = (-dx * np.sin(cell.angle) + dy * np.cos(cell.angle)) / cell.semi_minor
    return np.hypot(u, v) / outline(cell, np.arctan2(v, u))


def polygon_radius(cell, theta):
    """Distance from the centre to the cell's polygon: straight edges, in polar form."""
    angles, radii = cell.corners
    n = len(angles)
    t = np.mod(theta - angles[0], TAU)
    rel = np.mod(angles - angles[0], TAU)
    i = np.clip(np.searchsorted(rel, t, side="right") - 1, 0, n - 1)
    a0, a1 = rel[i], np.where(i + 1 < n, rel[(i + 1) % n], TAU)
    return np.sin(a1 - a0) / (np.sin(a1 - t) / radii[i] + np.sin(t - a0) / radii[(i + 1) % n])


def draw_maps(rng, cells):
    """Which nucleus and which cell every fine pixel belongs to (0 = none), and how deep it lies."""
    nucleus, cell_of = np.zeros(SHAPE, np.int32), np.zeros(SHAPE, np.int32)
    depth, nearest = np.full(SHAPE, np.inf), np.full(SHAPE, np.inf)
    ragged_y, ragged_x = (smooth_noise(rng, 2.5 * OVER) * 1.1 for _ in range(2))
    for i, cell in enumerate(cells, 1):
        at, dy, dx = window(cell, 1.4 * cell.semi_major)
        d = nuclear_distance(cell, dy, dx)
        mine = (d < 1) & (d < depth[at])
        depth[at][mine], nucleus[at][mine] = d[mine], i
        at, dy, dx = window(cell, float(cell.corners[1].max()) + 4)
        wy, wx = dy + ragged_y[at], dx + ragged_x[at]
        d = np.hypot(wy, wx) / polygon_radius(cell, np.arctan2(wy, wx))
        mine = (d < 1) & (d < nearest[at])
        nearest[at][mine], cell_of[at][mine] = d[mine], i
    cell_of[nucleus > 0] = nucleus[nucleus > 0]
    return nucleus, cell_of


def draw_nuclei(rng, cells, cell_of):
    """The nuclear stain: domes with chromatin and nucleoli, and a faint haze over the cytoplasm."""
    image = np.zeros(SHAPE)
    chromatin = 1 + 0.13 * smooth_noise(rng, 0.9 * OVER) + 0.09 * smooth_noise(rng, 2.2 * OVER)
    for cell in cells:
        at, dy, dx = window(cell, 1.4 * cell.semi_major)
        d = nuclear_distance(cell, dy, dx)
        body = np.where(d < 1, np.maximum(1 - d**2, 0) ** 0.30, 0.0)
        if cell.kind == "interphase":
            for _ in range(int(rng.integers(1, 4))):  # nucleoli are dark
                r, t = cell.radius * rng.uniform(0, 0.6), rng.uniform(0, TAU)
                s = rng.uniform(0.9, 1.5)
                body *= 1 - rng.uniform(0.12, 0.3) * spot(dy - r * np.sin(t), dx - r * np.cos(t), s)
        image[at] += cell.brightness * body * chromatin[at]
    strength = np.array([0.0] + [0.035 * c.brightness for c in cells])
    return image + ndimage.gaussian_filter(strength[cell_of], 1.5 * OVER)


def draw_cytoplasm(rng, cells, nucleus, cell_of):
    """The actin stain: bright cortex, stress fibres, puncta, and a dim interior."""
    border = np.zeros(SHAPE, bool)
    border[:, :-1] |= cell_of[:, :-1] != cell_of[:, 1:]
    border[:-1, :] |= cell_of[:-1, :] != cell_of[1:, :]
    d = ndimage.distance_transform_edt(~border) / OVER
    actin = np.array([0.0] + [c.actin for c in cells])[cell_of]
    rounded = np.array([0.0] + [float(c.kind != "interphase") for c in cells])[cell_of]
    patchy = np.clip(1 + 0.38 * smooth_noise(rng, 3.0 * OVER), 0.25, 2.4)
    cortex = (1.15 + 0.5 * rounded) * np.exp(-((d / 1.15) ** 2)) * patchy
    inside = 0.20 + (0.14 + 0.3 * rounded) * (1 - np.exp(-d / 4.0)) + 0.05 * smooth_noise(rng, 1.2 * OVER)
    inside += 0.07 * ndimage.gaussian_filter((nucleus > 0).astype(float), 1.2 * OVER)  # thickest there
    fibres = np.zeros(SHAPE)
    for i, cell in enumerate(cells, 1):
        at, dy, dx = window(cell, float(cell.corners[1].max()) + 2)
        lines = np.zeros(np.broadcast(dy, dx).shape)
        heading = rng.uniform(0, np.pi)
        for _ in range(0 if cell.kind != "interphase" else int(rng.integers(2, 8))):
            t = heading + rng.normal(0, 0.18)
            off, bend = rng.uniform(-1.7, 1.7) * cell.radius, rng.normal(0, 0.012)
            along, across = dx * np.cos(t) + dy * np.sin(t), -dx * np.sin(t) + dy * np.cos(t)
            mid, half = rng.uniform(-0.8, 0.8) * cell.radius, rng.uniform(0.5, 1.6) * cell.radius
            profile = np.exp(-(((across - off - bend * along**2) / 0.65) ** 2))
            lines += rng.uniform(0.15, 0.5) * profile / (1 + np.exp((np.abs(along - mid) - half) / 0.8))
        for _ in range(int(rng.poisson(0.9))):
            r, t = cell.radius * rng.uniform(0.8, 1.9), rng.uniform(0, TAU)
            lines += rng.uniform(0.4, 2.2) * spot(dy - r * np.sin(t), dx - r * np.cos(t), 0.7)
        fibres[at] += np.where(cell_of[at] == i, lines, 0.0)
    return actin * (cortex + np.maximum(inside, 0.05) + fibres)
