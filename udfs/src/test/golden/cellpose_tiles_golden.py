"""Python's cellpose around its network: normalised intensities, and predictions joined from tiles, for a network that is
a little arithmetic.
usage: OPENCV_IPP=disabled cellpose_tiles_golden.py > ../resources/org/cytolake/cellpose/tiles.csv
with cellpose 3.1.1.3 (torch 2.15.0, numpy 2.0.2, opencv-python-headless 5.0.0.93)

A line: what the image is (see image), diameter of the objects, then CRC-32 (32-bit little-endian) of both channels
normalised, and of the three outputs in the size of the image.
"""
import zlib

import numpy as np
import torch
from cellpose import core, models, transforms

DIAMETER = np.float32(30)


def image(height, width, modulus, factor):
    """Two channels; the second one constant where the modulus is 1."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    first = (y * y * 31 + x * 7919 + x * y * factor) % 4093
    second = (y * 523 + x * x * 17 + 9) % modulus + 5
    return np.stack([first, second], -1).astype(np.uint16)


class Arithmetic:
    """Whose outputs depend on the pixel and on its place in the tile."""

    nout = 3
    device = torch.device("cpu")
    mkldnn = False

    def eval(self):
        pass

    def __call__(self, x):
        rows = torch.arange(x.shape[2], dtype=torch.float32)[:, None] / 64
        columns = torch.arange(x.shape[3], dtype=torch.float32) / 32
        y = torch.stack([x[:, 0] * 2 + rows, x[:, 1] - columns, x[:, 0] * x[:, 1]], 1)
        return y, torch.ones((len(x), 256))


def checksum(values):
    return f"{zlib.crc32(np.ascontiguousarray(values, '<f4').tobytes()):08x}"


for height, width, modulus, factor, diameter in (
    (224, 208, 251, 3, 30), (60, 50, 17, 1, 30), (1, 7, 3, 2, 30), (240, 241, 1, 5, 30), (300, 500, 1000, 7, 30),
    (230, 233, 2, 9, 20), (330, 360, 4000, 11, 17), (330, 360, 4000, 11, 41.5), (400, 400, 77, 13, 60),
    (150, 140, 77, 13, 15), (96, 640, 60000, 15, 25), (3400, 3400, 50000, 17, 30),
):
    x = transforms.normalize_img(image(height, width, modulus, factor)[None], **models.normalize_default)
    rescale = DIAMETER / diameter
    y, _ = core.run_net(Arithmetic(), x, rsz=rescale if rescale != 1.0 else None)
    if rescale != 1.0:
        y = transforms.resize_image(y, height, width)
    print(height, width, modulus, factor, diameter, checksum(x[0, ..., 0]), checksum(x[0, ..., 1]),
          *(checksum(y[0, ..., k]) for k in range(3)), sep=",")
