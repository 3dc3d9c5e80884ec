#!/usr/bin/env python3
"""Makes the synthetic two-channel screen of this folder, with its truth.

Writes images/ (12 OME-TIFFs: 3 wells x 2 fields x 2 channels) and truth/ (one label TIFF per
field, and truth.json). The same seed and package versions give the same bytes.

Needs numpy, scipy and tifffile. Licence: Apache-2.0; the pictures it makes: CC0.
"""

import argparse
import hashlib
import json
import re
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import tifffile
from scipy import ndimage

PLATE = "SYN001"
HEIGHT, WIDTH = 328, 360  # neither square nor a multiple of 16: axes and padding are exercised
PIXEL_UM = 0.65
FIELDS = 2
CHANNELS = ("nuclei", "cytoplasm")
PATTERN = re.compile(r"(?P<plate>[^_]+)_(?P<well>[A-P]\d{2})_f(?P<field>\d+)_(?P<channel>[a-z]+)\.tif")
OVER = 2  # the scene is drawn on a grid this much finer, then averaged down
EDGE = 6.0  # px: a nucleus's centre lies this far inside the field, or the nucleus wholly outside
OVERLAP = 0.78  # nuclei come no closer than this share of their reaches towards each other
TAU = 2 * np.pi


@dataclass(frozen=True)
class Well:
    """What one well holds and how its camera was set. Grey levels are those of the stored file."""

    name: str
    density: str
    cells: int  # on average per field
    colonies: int  # cells start from this many places
    touching: float  # share of the cells that are set against a neighbour
    bits: int  # 8, or 12 stored in 16
    psf_sigma_px: float
    unit: float  # grey levels of a nucleus of ordinary brightness
    gain: float  # grey levels per photo-electron
    read_noise: float  # grey levels, standard deviation
    offset: float  # grey levels of the dark camera
    background: float  # grey levels of the medium above the offset
    vignette: float  # light lost in the far corner, share
    gradient: float  # unevenness of the medium, share
    debris: int  # saturated specks per field


WELLS = (
    Well("B02", "sparse", 22, 9, 0.35, 12, 0.9, 1150, 2.0, 5.0, 100, 60, 0.18, 0.30, 0),
    Well("B03", "middle", 62, 6, 0.62, 8, 1.05, 72, 0.13, 0.55, 6, 5, 0.28, 0.45, 2),
    Well("B04", "crowded", 150, 10, 0.75, 12, 0.95, 1300, 2.4, 6.0, 104, 110, 0.22, 0.35, 3),
)


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


def smooth_noise(rng, shape, sigma):
    """Gaussian noise of mean 0, standard deviation 1 and this correlation length."""
    n = ndimage.gaussian_filter(rng.standard_normal(shape), sigma, mode="wrap")
    return (n - n.mean()) / n.std()


def window(cell, reach_px, shape):
    """The part of the fine grid round a cell: slices, and offsets from its centre in px."""
    pad = 16 * OVER  # the canvas is larger than the field by this margin
    cy, cx = cell.y * OVER + pad, cell.x * OVER + pad
    r = reach_px * OVER
    y0, y1 = max(0, int(cy - r)), min(shape[0], int(cy + r) + 2)
    x0, x1 = max(0, int(cx - r)), min(shape[1], int(cx + r) + 2)
    dy = (np.arange(y0, y1) + 0.5 - cy)[:, None] / OVER
    dx = (np.arange(x0, x1) + 0.5 - cx)[None, :] / OVER
    return (slice(y0, y1), slice(x0, x1)), dy, dx


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


def draw_maps(rng, cells, shape):
    """Which nucleus and which cell every fine pixel belongs to (0 = none), and how deep it lies."""
    nucleus, cell_of = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    depth, nearest = np.full(shape, np.inf), np.full(shape, np.inf)
    ragged_y, ragged_x = (smooth_noise(rng, shape, 2.5 * OVER) * 1.1 for _ in range(2))
    for i, cell in enumerate(cells, 1):
        at, dy, dx = window(cell, 1.4 * cell.semi_major, shape)
        d = nuclear_distance(cell, dy, dx)
        mine = (d < 1) & (d < depth[at])
        depth[at][mine], nucleus[at][mine] = d[mine], i
        at, dy, dx = window(cell, float(cell.corners[1].max()) + 4, shape)
        wy, wx = dy + ragged_y[at], dx + ragged_x[at]
        d = np.hypot(wy, wx) / polygon_radius(cell, np.arctan2(wy, wx))
        mine = (d < 1) & (d < nearest[at])
        nearest[at][mine], cell_of[at][mine] = d[mine], i
    cell_of[nucleus > 0] = nucleus[nucleus > 0]
    return nucleus, cell_of


def draw_nuclei(rng, cells, cell_of, shape):
    """The nuclear stain: domes with chromatin and nucleoli, and a faint haze over the cytoplasm."""
    image = np.zeros(shape)
    chromatin = 1 + 0.13 * smooth_noise(rng, shape, 0.9 * OVER) + 0.09 * smooth_noise(rng, shape, 2.2 * OVER)
    for cell in cells:
        at, dy, dx = window(cell, 1.4 * cell.semi_major, shape)
        d = nuclear_distance(cell, dy, dx)
        body = np.where(d < 1, np.maximum(1 - d**2, 0) ** 0.30, 0.0)
        if cell.kind == "interphase":
            for _ in range(int(rng.integers(1, 4))):  # nucleoli are dark
                r, t = cell.radius * rng.uniform(0, 0.6), rng.uniform(0, TAU)
                s = rng.uniform(0.9, 1.5)
                body *= 1 - rng.uniform(0.12, 0.3) * np.exp(-((dy - r * np.sin(t)) ** 2 + (dx - r * np.cos(t)) ** 2) / (2 * s * s))
        image[at] += cell.brightness * body * chromatin[at]
    strength = np.array([0.0] + [0.035 * c.brightness for c in cells])
    return image + ndimage.gaussian_filter(strength[cell_of], 1.5 * OVER)


def draw_cytoplasm(rng, cells, nucleus, cell_of, shape):
    """The actin stain: bright cortex, stress fibres, puncta, and a dim interior."""
    border = np.zeros(shape, bool)
    border[:, :-1] |= cell_of[:, :-1] != cell_of[:, 1:]
    border[:-1, :] |= cell_of[:-1, :] != cell_of[1:, :]
    d = ndimage.distance_transform_edt(~border) / OVER
    actin = np.array([0.0] + [c.actin for c in cells])[cell_of]
    rounded = np.array([0.0] + [float(c.kind != "interphase") for c in cells])[cell_of]
    patchy = np.clip(1 + 0.38 * smooth_noise(rng, shape, 3.0 * OVER), 0.25, 2.4)
    cortex = (1.15 + 0.5 * rounded) * np.exp(-((d / 1.15) ** 2)) * patchy
    inside = 0.20 + (0.14 + 0.3 * rounded) * (1 - np.exp(-d / 4.0)) + 0.05 * smooth_noise(rng, shape, 1.2 * OVER)
    inside += 0.07 * ndimage.gaussian_filter((nucleus > 0).astype(float), 1.2 * OVER)  # thickest there
    fibres = np.zeros(shape)
    for i, cell in enumerate(cells, 1):
        at, dy, dx = window(cell, float(cell.corners[1].max()) + 2, shape)
        lines = np.zeros(np.broadcast(dy, dx).shape)
        heading = rng.uniform(0, np.pi)
        for _ in range(0 if cell.kind != "interphase" else int(rng.integers(2, 8))):
            t = heading + rng.normal(0, 0.18)
            off, bend = rng.uniform(-1.7, 1.7) * cell.radius, rng.normal(0, 0.012)
            along, across = dx * np.cos(t) + dy * np.sin(t), -dx * np.sin(t) + dy * np.cos(t)
            mid, half = rng.uniform(-0.8, 0.8) * cell.radius, rng.uniform(0.5, 1.6) * cell.radius
            lines += rng.uniform(0.15, 0.5) * np.exp(-(((across - off - bend * along**2) / 0.65) ** 2)) / (1 + np.exp((np.abs(along - mid) - half) / 0.8))
        for _ in range(int(rng.poisson(0.9))):
            r, t = cell.radius * rng.uniform(0.8, 1.9), rng.uniform(0, TAU)
            lines += rng.uniform(0.4, 2.2) * np.exp(-((dy - r * np.sin(t)) ** 2 + (dx - r * np.cos(t)) ** 2) / (2 * 0.7**2))
        fibres[at] += np.where(cell_of[at] == i, lines, 0.0)
    return actin * (cortex + np.maximum(inside, 0.05) + fibres)


# ---- the microscope and the camera ----------------------------------------------------------


def shrink(a):
    """Means of OVER x OVER blocks, without the margin of the canvas."""
    pad = 16 * OVER
    a = a[pad:-pad, pad:-pad]
    return a.reshape(HEIGHT, OVER, WIDTH, OVER).mean(axis=(1, 3))


def expose(rng, well, scene, share):
    """The expected grey levels of a scene (before noise), and the noisy picture of them."""
    blurred = 0.90 * ndimage.gaussian_filter(scene, well.psf_sigma_px * OVER)
    blurred += 0.10 * ndimage.gaussian_filter(scene, 7.0 * OVER)  # light from out of focus
    signal = well.unit * share * shrink(blurred)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    y, x = y / HEIGHT - rng.uniform(0.35, 0.65), x / WIDTH - rng.uniform(0.35, 0.65)
    lit = 1 - well.vignette * (y * y + x * x) / 0.6
    t = rng.uniform(0, TAU)
    medium = well.background * (1 + well.gradient * (x * np.cos(t) + y * np.sin(t)))
    light = (signal + medium) * lit
    expected = light + well.offset
    noisy = rng.poisson(light / well.gain) * well.gain + rng.normal(well.offset, well.read_noise, light.shape)
    top = 2**well.bits - 1
    pixels = np.clip(np.rint(noisy), 0, top).astype(np.uint8 if well.bits == 8 else np.uint16)
    return expected, pixels


def make_field(seed, well, number):
    """One field: expected and noisy pictures by channel, truth labels, and the cells by label."""
    rng = np.random.default_rng([seed, WELLS.index(well), number])
    cells = place_cells(rng, well)
    shape = (HEIGHT * OVER + 32 * OVER, WIDTH * OVER + 32 * OVER)
    nucleus, cell_of = draw_maps(rng, cells, shape)
    scenes = {
        "nuclei": draw_nuclei(rng, cells, cell_of, shape),
        "cytoplasm": draw_cytoplasm(rng, cells, nucleus, cell_of, shape),
    }
    for _ in range(well.debris):  # specks of dye, far brighter than the range
        cell = Cell(rng.uniform(8, HEIGHT - 8), rng.uniform(8, WIDTH - 8), 1, 1, 0, "debris", 0, 0)
        at, dy, dx = window(cell, 6, shape)
        scenes["cytoplasm"][at] += rng.uniform(9, 14) * np.exp(-(dy**2 + dx**2) / (2 * rng.uniform(0.8, 1.1) ** 2))
    shares = {"nuclei": 1.0, "cytoplasm": 0.8}
    pictures = {c: expose(rng, well, scenes[c], shares[c]) for c in CHANNELS}
    raw = fine_to_labels(nucleus)
    kept = [i for i in range(1, len(cells) + 1) if (raw == i).any()]
    labels = np.zeros(raw.shape, np.uint16)
    for new, old in enumerate(kept, 1):
        labels[raw == old] = new
    return pictures, labels, [cells[i - 1] for i in kept], shrink((cell_of > 0).astype(float)) >= 0.5


def fine_to_labels(nucleus):
    """A pixel belongs to the nucleus that holds most of its fine pixels, if it holds half of them."""
    pad = 16 * OVER
    n = nucleus[pad:-pad, pad:-pad].reshape(HEIGHT, OVER, WIDTH, OVER).transpose(0, 2, 1, 3).reshape(HEIGHT, WIDTH, -1)
    votes = (n[..., :, None] == n[..., None, :]).sum(-1) * (n > 0)
    best = votes.argmax(-1)[..., None]
    enough = np.take_along_axis(votes, best, -1)[..., 0] * 2 >= OVER * OVER
    return np.where(enough, np.take_along_axis(n, best, -1)[..., 0], 0)


# ---- files -----------------------------------------------------------------------------------


def ome_xml(name, channel, well, pixels, identity):
    """The description of a self-contained OME-TIFF: one image, one plane, its own UUID.

    The unit of the physical size is the schema's default, micrometre: a TIFF description is ASCII,
    and Bio-Formats 8 takes "&#" out of it before parsing, so the sign itself cannot be written.
    """
    colour = {"nuclei": 65535, "cytoplasm": 16711935}[channel]  # RGBA as a signed integer: blue, green
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.openmicroscopy.org/Schemas/OME/2016-06'
        ' http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd"'
        f' UUID="urn:uuid:{identity}" Creator="make_screen.py">'
        f'<Image ID="Image:0" Name="{name}">'
        f'<Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="{pixels.dtype}" SignificantBits="{well.bits}"'
        f' BigEndian="false" SizeX="{WIDTH}" SizeY="{HEIGHT}" SizeC="1" SizeZ="1" SizeT="1"'
        f' PhysicalSizeX="{PIXEL_UM}" PhysicalSizeY="{PIXEL_UM}">'
        f'<Channel ID="Channel:0:0" Name="{channel}" SamplesPerPixel="1" Color="{colour}"/>'
        '<TiffData IFD="0" FirstC="0" FirstZ="0" FirstT="0" PlaneCount="1"/>'
        "</Pixels></Image></OME>"
    )


def write_tiff(path, pixels, description):
    """One deflated plane with the pixel size in the resolution tags too; no date, no random part."""
    tifffile.imwrite(
        path, pixels, byteorder="<", photometric="minisblack", compression="zlib", compressionargs={"level": 9},
        predictor=2, rowsperstrip=82, metadata=None, description=description, software="make_screen.py",
        resolution=(10000 / PIXEL_UM, 10000 / PIXEL_UM), resolutionunit="CENTIMETER",
    )


def number(v):
    return float(f"{float(v):.8g}")


def summary(expected, pixels, stained):
    """What there is to check of one channel, from the picture before noise unless it says otherwise."""
    top = int(np.iinfo(pixels.dtype).max)
    return {
        "expected_mean": number(expected.mean()),
        "expected_stddev": number(expected.std()),
        "expected_min": number(expected.min()),
        "expected_max": number(expected.max()),
        "expected_mean_on_signal": number(expected[stained].mean()),
        "expected_mean_off_signal": number(expected[~stained].mean()),
        "pixels_sha256": hashlib.sha256(pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()).hexdigest(),
        "stored_max": int(pixels.max()),
        "type_max": top,
    }


def truth_of(well, number_, pictures, labels, cells, covered):
    """The entry of truth.json for one field."""
    expected = {c: pictures[c][0] for c in CHANNELS}
    full = 2**well.bits - 1
    nuclei = []
    for i, cell in enumerate(cells, 1):
        at = labels == i
        ys, xs = np.nonzero(at)
        nuclei.append({
            "label": i, "kind": cell.kind, "centre_y": number(ys.mean()), "centre_x": number(xs.mean()),
            "drawn_y": number(cell.y - 0.5), "drawn_x": number(cell.x - 0.5), "area_px": int(at.sum()),
            "touches_border": bool(ys.min() == 0 or xs.min() == 0 or ys.max() == HEIGHT - 1 or xs.max() == WIDTH - 1),
            "expected_mean": {c: number(expected[c][at].mean()) for c in CHANNELS},
            "stored_mean": {c: number(pictures[c][1][at].mean()) for c in CHANNELS},
        })
    channels = {c: summary(*pictures[c], labels > 0 if c == "nuclei" else covered) for c in CHANNELS}
    for c in CHANNELS:
        channels[c]["range_max"] = full
        channels[c]["pixels_at_range_max"] = int((pictures[c][1] == full).sum())
    flat = [expected[c].ravel() for c in CHANNELS]
    return {
        "image": f"{PLATE}_{well.name}_f{number_}", "labels": f"labels-{well.name}-{number_}.tif",
        "well": well.name, "field": number_, "density": well.density, "nuclei_count": len(cells),
        "nuclei_fraction": number((labels > 0).mean()), "cell_fraction": number(covered.mean()),
        "expected_pearson": number(np.corrcoef(flat[0], flat[1])[0, 1]), "channels": channels, "nuclei": nuclei,
    }


def parse(argv=None):
    here = Path(__file__).resolve().parent
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--output", type=Path, default=here, help="folder for images/ and truth/ (default: this script's)")
    p.add_argument("--seed", type=int, default=20240917, help="seed of everything drawn at random (default: %(default)s)")
    return p.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    images, truth = args.output / "images", args.output / "truth"
    images.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    entries = []
    for well in WELLS:
        for n in range(1, FIELDS + 1):
            pictures, labels, cells, covered = make_field(args.seed, well, n)
            for channel in CHANNELS:
                pixels = pictures[channel][1]
                name = f"{PLATE}_{well.name}_f{n}_{channel}.tif"
                assert PATTERN.fullmatch(name), name
                identity = uuid.uuid5(uuid.NAMESPACE_OID, name + hashlib.sha256(pixels.tobytes()).hexdigest())
                write_tiff(images / name, pixels, ome_xml(name[:-4], channel, well, pixels, identity))
            entry = truth_of(well, n, pictures, labels, cells, covered)
            assert not PATTERN.search(entry["labels"]), entry["labels"]
            write_tiff(truth / entry["labels"], labels, None)
            entries.append(entry)
            print(f"{entry['image']}: {entry['nuclei_count']} nuclei, {100 * entry['cell_fraction']:.0f} % of the field is cells")
    document = {
        "generator": "make_screen.py", "seed": args.seed, "numpy": np.__version__, "tifffile": tifffile.__version__,
        "height": HEIGHT, "width": WIDTH, "pixel_size_um": PIXEL_UM, "wells": [asdict(w) for w in WELLS], "images": entries,
    }
    (truth / "truth.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
