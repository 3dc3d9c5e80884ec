"""A StarDist 2D network in ONNX Runtime, read as the job reads it, and its nuclei as the Python package makes them."""

import os
from dataclasses import dataclass

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read when onnxruntime is loaded

import numpy as np
import onnxruntime
from csbdeep.utils import normalize
from stardist.geometry import polygons_to_label
from stardist.nms import non_maximum_suppression

onnxruntime.disable_telemetry_events()  # for whoever had loaded it before

PROBE = 64  # side of the image on which grid and rays are found out


class NotStarDist(ValueError):
    """The file is no StarDist 2D network that the job can run."""


@dataclass(frozen=True)
class Thresholds:
    prob: float
    nms: float


class StarDistOnnx:
    """prob and dist of images; two outputs or one, channels first or last, any grid."""

    def __init__(self, path, threads=2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as e:  # onnxruntime has an exception class for every cause, and no common one
            raise NotStarDist(f"{path}: ONNX Runtime cannot load it: {e}") from e
        inputs = self.session.get_inputs()
        shape = inputs[0].shape
        if len(inputs) != 1 or len(shape) != 4 or inputs[0].type != "tensor(float)":
            raise NotStarDist(f"{path}: the input is not one 4-D tensor of floats")
        self.input = inputs[0].name
        self.channels_last = isinstance(shape[3], int)
        if self.channels_last == isinstance(shape[1], int):
            raise NotStarDist(f"{path}: an input of shape {shape} takes no images of any size")
        self.channels = shape[3 if self.channels_last else 1]
        given = self.session.get_modelmeta().custom_metadata_map
        self.multiple = int(given.get("stardist.pad_multiple", 16))
        side = -(-PROBE // self.multiple) * self.multiple
        prob, dist = self.run(np.zeros((1, side, side, self.channels), np.float32))
        if prob.shape[-1] != 1 or dist.shape[-1] < 3 or prob.shape[1:3] != dist.shape[1:3] or side % prob.shape[1]:
            raise NotStarDist(f"{path}: outputs of the shapes {prob.shape} and {dist.shape} for {side} x {side} pixels")
        self.grid = side // prob.shape[1]
        self.rays = dist.shape[-1]
        self.percentiles = float(given.get("stardist.pmin", 1)), float(given.get("stardist.pmax", 99.8))
        self.thresholds = Thresholds(
            float(given.get("stardist.prob_thresh", 0.5)), float(given.get("stardist.nms_thresh", 0.4))
        )

    def run(self, x):
        """prob (n, h, w, 1) and dist (n, h, w, rays) of x (n, height, width, channels), normalised and padded."""
        x = np.ascontiguousarray(x if self.channels_last else np.moveaxis(x, -1, 1), np.float32)
        out = self.session.run(None, {self.input: x})
        out = [o if self.channels_last else np.moveaxis(o, 1, -1) for o in out]
        if len(out) == 1:
            return out[0][..., :1], out[0][..., 1:]
        prob, dist = sorted(out, key=lambda o: o.shape[-1])
        return prob, dist

    def normalise(self, image):
        return normalize(image, *self.percentiles)

    def predict(self, x):
        """prob (h, w) and dist (h, w, rays) of a normalised image (height, width), padded by reflection."""
        prob, dist = self.run(pad(x, self.multiple)[None, ..., None])
        return prob[0, ..., 0], dist[0]

    def label(self, x, thresholds=None):
        """Label image of a normalised image (height, width)."""
        return label(*self.predict(x), x.shape, self.grid, thresholds or self.thresholds)


def pad(x, multiple):
    return np.pad(x, [(0, -side % multiple) for side in x.shape], mode="reflect")


def label(prob, dist, shape, grid, thresholds):
    """Label image of a padded image's prob and dist: the package's own suppression and painting.

    The package applies its border of two cells to the padded array and then drops what was found in the padding.
    """
    prob = prob.copy()
    rows, columns = (-(-side // grid) for side in shape)
    prob[rows:], prob[:, columns:] = 0, 0
    points, scores, dist = non_maximum_suppression(
        np.maximum(dist, 1e-3), prob, grid=(grid, grid), prob_thresh=thresholds.prob, nms_thresh=thresholds.nms
    )
    return polygons_to_label(dist, points, prob=scores, shape=shape)
