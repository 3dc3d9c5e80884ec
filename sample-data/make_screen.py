#!/usr/bin/env python3
"""Makes the synthetic two-channel screen of this folder, with its truth.

Writes images/ (12 OME-TIFFs: 3 wells x 2 fields x 2 channels) and truth/ (two label TIFFs per
field, of nuclei and of cells, and truth.json). The same seed and package versions give the same bytes.

Needs numpy, scipy and tifffile. Licence: Apache-2.0; the pictures it makes: CC0.
"""

import argparse
import hashlib
import json
import re
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import tifffile
from scipy import ndimage

from scene import HEIGHT, OVER, PAD, TAU, WIDTH, Cell
from scene import draw_cytoplasm, draw_maps, draw_nuclei, place_cells, spot, window

PLATE = "SYN001"
PIXEL_UM = 0.65
FIELDS = 2
CHANNELS = ("nuclei", "cytoplasm")
PATTERN = re.compile(r"(?P<plate>[^_]+)_(?P<well>[A-P]\d{2})_f(?P<field>\d+)_(?P<channel>[a-z]+)\.tif")


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
    debris: int  # specks of dye per field, most of them saturated


WELLS = (
    Well("B02", "sparse", 22, 9, 0.35, 12, 0.9, 1150, 2.0, 5.0, 100, 60, 0.18, 0.30, 0),
    Well("B03", "middle", 62, 6, 0.62, 8, 1.05, 72, 0.13, 0.55, 6, 5, 0.28, 0.45, 2),
    Well("B04", "crowded", 150, 10, 0.75, 12, 0.95, 1300, 2.4, 6.0, 104, 110, 0.22, 0.35, 3),
)


# ---- the microscope and the camera ----------------------------------------------------------


def shrink(a):
    """Means of OVER x OVER blocks, without the margin of the canvas."""
    a = a[PAD:-PAD, PAD:-PAD]
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


def make_field(rng, well):
    """One field: expected and noisy pictures by channel, truth labels of nuclei and of cells, and the cells by label."""
    cells = place_cells(rng, well)
    nucleus, cell_of = draw_maps(rng, cells)
    scenes = {
        "nuclei": draw_nuclei(rng, cells, cell_of),
        "cytoplasm": draw_cytoplasm(rng, cells, nucleus, cell_of),
    }
    for _ in range(well.debris):  # specks of dye on the actin channel
        cell = Cell(rng.uniform(8, HEIGHT - 8), rng.uniform(8, WIDTH - 8), 1, 1, 0, "debris", 0, 0)
        at, dy, dx = window(cell, 6)
        scenes["cytoplasm"][at] += rng.uniform(9, 14) * spot(dy, dx, rng.uniform(0.8, 1.1))
    shares = {"nuclei": 1.0, "cytoplasm": 0.8}
    pictures = {c: expose(rng, well, scenes[c], shares[c]) for c in CHANNELS}
    raw, bodies = fine_to_labels(nucleus), fine_to_labels(cell_of)
    kept = [i for i in range(1, len(cells) + 1) if (raw == i).any()]
    numbers = np.zeros(len(cells) + 1, np.uint16)
    numbers[kept] = np.arange(1, len(kept) + 1)
    labels, bodies = numbers[raw], numbers[bodies]
    bodies[labels > 0] = labels[labels > 0]
    return pictures, labels, bodies, [cells[i - 1] for i in kept], shrink((cell_of > 0).astype(float)) >= 0.5


def fine_to_labels(nucleus):
    """A pixel belongs to the nucleus, or cell, that holds most of its fine pixels, if it holds half of them."""
    n = nucleus[PAD:-PAD, PAD:-PAD].reshape(HEIGHT, OVER, WIDTH, OVER)
    n = n.transpose(0, 2, 1, 3).reshape(HEIGHT, WIDTH, -1)
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
    p.add_argument("--seed", type=int, default=20240917, help="of everything drawn at random (default: %(default)s)")
    return p.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    images, truth = args.output / "images", args.output / "truth"
    images.mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    entries = []
    for number_of_well, well in enumerate(WELLS):
        for n in range(1, FIELDS + 1):
            rng = np.random.default_rng([args.seed, number_of_well, n])
            pictures, labels, bodies, cells, covered = make_field(rng, well)
            for channel in CHANNELS:
                pixels = pictures[channel][1]
                name = f"{PLATE}_{well.name}_f{n}_{channel}.tif"
                assert PATTERN.fullmatch(name), name
                identity = uuid.uuid5(uuid.NAMESPACE_OID, name + hashlib.sha256(pixels.tobytes()).hexdigest())
                write_tiff(images / name, pixels, ome_xml(name[:-4], channel, well, pixels, identity))
            entry = truth_of(well, n, pictures, labels, cells, covered)
            assert not PATTERN.search(entry["labels"]), entry["labels"]
            write_tiff(truth / entry["labels"], labels, None)
            write_tiff(truth / entry["labels"].replace("labels", "cells"), bodies, None)
            entries.append(entry)
            covered_percent = 100 * entry["cell_fraction"]
            print(f"{entry['image']}: {len(cells)} nuclei, cells cover {covered_percent:.0f} % of the field")
    document = {
        "generator": "make_screen.py", "seed": args.seed, "numpy": np.__version__, "tifffile": tifffile.__version__,
        "height": HEIGHT, "width": WIDTH, "pixel_size_um": PIXEL_UM,
        "wells": [asdict(w) for w in WELLS], "images": entries,
    }
    (truth / "truth.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
