"""The inputs of whole_job.py: made from seeds once, then kept.

Large fields are mosaics of small ones, turned and mirrored, with noise. The small ones are somebody's (a folder), else
synthetic: sample-data/make_screen.py draws them.
"""

import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample-data" / "images"
SCREEN = r"(?<plate>[^_]+)_(?<well>[A-P]\d{2})_f(?<field>\d+)_(?<channel>[a-z]+)\.tif"
LESSON = r"(?<plate>.+)_(?<well>[A-P]\d{2})f\d+d\d_slice(?<field>\d+)_channel(?<channel>\d)\.tif"
SEED = 20261129
LEVELS = {8: np.uint8, 12: np.uint16}  # bits that are used -> type


class NoFields(Exception):
    """The folder of fields has none."""


@dataclass(frozen=True)
class Images:
    """Files that make an input, and how Cytolake is told about them."""

    folder: Path
    pattern: str
    channels: str
    nuclei: list  # files of the channel with the nuclei, one a field

    def arguments(self):
        return ["--input", str(self.folder), "--pattern", self.pattern, "--channels", self.channels]


def lesson(folder):
    """Fields with channel 1 and channel 3 in files of their own, as BBBC008 has them."""
    first = sorted(Path(folder).glob("*_channel1.tif"))
    pairs = [(f, f.with_name(f.name.replace("_channel1", "_channel3"))) for f in first]
    pairs = [p for p in pairs if p[1].exists()]
    if not pairs:
        raise NoFields(f"{folder} has no files *_channel1.tif with *_channel3.tif beside them")
    return pairs


class Inputs:
    """Makes inputs below a folder, each once for given parameters."""

    def __init__(self, cache, fields=None, quick=False):
        self.cache = Path(cache)
        self.fields = fields
        self.quick = quick
        self.pairs = None

    def large24(self):
        return self.mosaics("large24", 2 if self.quick else 24, 1100 if self.quick else 2048, 12)

    def small240(self):
        return self.mosaics("small240", 3 if self.quick else 240, 256 if self.quick else 512, 8)

    def lesson12(self):
        """The twelve fields themselves."""
        pairs = lesson(self.fields)[: 2 if self.quick else 12]

        def write(folder):
            for pair in pairs:
                for file in pair:
                    shutil.copyfile(file, folder / file.name)

        folder = self.once("lesson12", [[f.name for f in p] for p in pairs], write)
        return Images(folder, LESSON, "1=nuclei,3=cytoplasm", [folder / p[0].name for p in pairs])

    def screens(self, times):
        """The sample screen this many times under other names; 0 is its first image alone."""

        def write(folder):
            for file in sorted(SAMPLE.glob("SYN001_B02_f1_*.tif" if times == 0 else "*.tif")):
                for copy in range(max(1, times)):
                    shutil.copyfile(file, folder / file.name.replace("SYN001", f"SYN{copy + 1:03d}"))

        folder = self.once("image1" if times == 0 else f"screen{times}", [], write)
        return Images(folder, SCREEN, "nuclei=nuclei,cytoplasm=cytoplasm", sorted(folder.glob("*_nuclei.tif")))

    def mosaics(self, name, count, side, bits):
        def write(folder):
            pairs = self.small_fields()
            for field in range(count):
                rng = np.random.default_rng([SEED, bits, side, field])
                for channel, pixels in zip(("nuclei", "cytoplasm"), mosaic(rng, pairs, side, bits)):
                    file = f"BENCH_{chr(65 + field // 24)}{field % 24 + 1:02d}_f1_{channel}.tif"
                    tifffile.imwrite(folder / file, pixels, photometric="minisblack")

        folder = self.once(name, [count, side, bits, SEED, self.fields and str(Path(self.fields).resolve())], write)
        return Images(folder, SCREEN, "nuclei=nuclei,cytoplasm=cytoplasm", sorted(folder.glob("*_nuclei.tif")))

    def once(self, name, parameters, write):
        """The folder of an input; written where it is not there as a whole."""
        key = hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:10]
        folder = self.cache / f"{name}-{key}"
        if not folder.exists():
            print(f"whole-job: making {name}", file=sys.stderr)
            begun = self.cache / f".{name}-{key}"
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir(parents=True)
            write(begun)
            begun.rename(folder)
        return folder

    def small_fields(self):
        """Pairs of planes, 0 to 1."""
        if self.pairs is None:
            planes = [map(tifffile.imread, p) for p in lesson(self.fields)] if self.fields else synthetic()
            self.pairs = [tuple(scaled(p) for p in pair) for pair in planes]
        return self.pairs


def synthetic():
    """Twelve fields of the sample's two denser wells, with other cells than the sample has."""
    sys.path.insert(0, str(ROOT / "sample-data"))
    import make_screen

    for well in make_screen.WELLS[1:]:
        for number in range(6):
            rng = np.random.default_rng([SEED, make_screen.WELLS.index(well), number])
            pictures = make_screen.make_field(rng, well)[0]
            yield tuple(pictures[c][1] for c in make_screen.CHANNELS)


def scaled(plane):
    """Intensities over the most that the camera gives: 8 bits, or 12 in 16."""
    top = 255 if plane.dtype == np.uint8 else max(4095, int(plane.max()))
    return plane.astype(np.float32) / top


def mosaic(rng, pairs, side, bits):
    """Two square planes laid out with fields, each turned and mirrored at random, with noise."""
    sheet = np.zeros((2, side, side), np.float32)
    step = min(min(p[0].shape) for p in pairs)
    for y in range(0, side, step):
        for x in range(0, side, step):
            pair, turns, mirrored = pairs[rng.integers(len(pairs))], rng.integers(4), rng.integers(2)
            for c in (0, 1):
                tile = np.rot90(pair[c][:step, :step], turns)
                tile = tile[:, ::-1] if mirrored else tile
                sheet[c, y : y + step, x : x + step] = tile[: side - y, : side - x]
    top = 2**bits - 1
    grey = sheet * top
    grey += rng.normal(0, 1, grey.shape).astype(np.float32) * np.sqrt(0.01 * top + 0.5 * grey) * (0.2 if bits == 8 else 1)
    return np.clip(np.rint(grey), 0, top).astype(LEVELS[bits])
