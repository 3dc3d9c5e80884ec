"""Annotated images of nuclei: a folder with `images/*.tif` and, under the same names, label images in `masks/`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from csbdeep.utils import normalize
from stardist.utils import fill_label_holes

PERCENTILES = (1, 99.8)
SPLIT_SEED = 42
ONE_OF = 10


class NoImages(ValueError):
    """A folder that is no set of annotated images."""


@dataclass(frozen=True)
class AnnotatedImage:
    """image: normalised, float32, (height, width); labels: uint16 or uint32, 0 = background; diameter: median, pixels; 0 without nuclei."""

    name: str
    image: np.ndarray
    labels: np.ndarray
    diameter: float


def read_plane(path):
    plane = tifffile.imread(path)
    if plane.ndim != 2:
        raise NoImages(f"{path}: shape {plane.shape} is not one plane of one channel")
    return plane


def read(folder, percentiles=PERCENTILES):
    """All images of a folder, by shape and median diameter of the nuclei: the order that `split` needs."""
    folder = Path(folder)
    files = sorted((folder / "images").glob("*.tif"))
    if not files:
        raise NoImages(f"{folder}: no files images/*.tif")
    return sorted((read_one(f, percentiles) for f in files), key=lambda i: (i.image.shape, i.diameter, i.name))


def read_one(path, percentiles):
    masks = path.parent.parent / "masks" / path.name
    if not masks.is_file():
        raise NoImages(f"{path}: no label image {masks}")
    image, labels = read_plane(path), read_plane(masks)
    if image.shape != labels.shape:
        raise NoImages(f"{path}: shape {image.shape}, but its label image {labels.shape}")
    labels = fill_label_holes(labels.astype(np.int32))
    area = np.bincount(labels.ravel())[1:]
    kind = np.uint16 if labels.max() < 1 << 16 else np.uint32
    diameter = 2 * np.sqrt(np.median(area[area > 0]) / np.pi) if area.any() else 0
    return AnnotatedImage(path.name, normalize(image, *percentiles), labels.astype(kind), float(diameter))


def split(images):
    """Training and validation images: one of every ten neighbours in the order of `read` is held out.

    The split is always the same for the same folder, and stratified by the size of images and nuclei.
    """
    rng = np.random.default_rng(SPLIT_SEED)
    held_out = {first + int(rng.integers(ONE_OF)) for first in range(0, len(images), ONE_OF)}
    train = [image for i, image in enumerate(images) if i not in held_out]
    validation = [image for i, image in enumerate(images) if i in held_out]
    if not train or not validation:
        raise NoImages(f"{len(images)} images are too few to be split into training and validation")
    return train, validation
