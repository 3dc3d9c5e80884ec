"""Training patches of annotated images: where they are cut, how they are varied, and what the network is to answer."""

import cv2
import numpy as np
from scipy.ndimage import distance_transform_edt, find_objects
from stardist.geometry import star_dist

from stardist_layers import GRID, RAYS

SIDE = 256
SCALES = 0.45, 2.0  # of images, by which they are varied
DIAMETERS = 7, 90  # pixels; median diameters of nuclei stay within
PLAIN = 0.45  # share of the patches that are windows as they are
VARIED = 0.55  # share whose intensities are varied
SMALL_AREA = 300  # pixels; nuclei below weigh more, as sqrt(SMALL_AREA / area)
HEAVIEST = 3.0  # weight of a small nucleus
CUT = 3.0  # by how much more than others nuclei weigh that the border cuts
MARGIN = 2  # cells at the border where StarDist takes no candidates
NO_LOSS = -1


class PatchSampler:
    """Draws patch number `index` of a seed: the same however many processes draw, and after a resumption."""

    def __init__(self, images, seed):
        self.images, self.seed = images, seed
        self.at_border = [at_border(i.labels) for i in images]
        heaviness = np.ones(len(images))
        self.centres, self.chances = [], []
        for number, image in enumerate(images):
            centres, weights = centres_and_weights(image.labels)
            heaviness[number] = weights.mean() if len(centres) else 1
            self.chances.append(weights / weights.sum())
            self.centres.append(centres)
        weights = np.sqrt([float(i.image.size) for i in images]) * heaviness
        self.weights = weights / weights.sum()

    def draw(self, index):
        """image (1, 256, 256), prob (1, 128, 128) with -1 where no loss counts, dist (32, 128, 128), weight as prob."""
        rng = np.random.default_rng([self.seed, index])
        which = int(rng.choice(len(self.images), p=self.weights))
        image, labels, ignored = self._cut(which, rng)
        if rng.random() < VARIED:
            image = vary_intensity(image, labels, rng)
        grid = slice(None, None, GRID)
        cells = np.ascontiguousarray(labels[grid, grid])
        prob = prob_within_borders(cells)
        prob[ignored[grid, grid]] = NO_LOSS
        dist = np.moveaxis(star_dist(labels, RAYS, mode="cpp", grid=(GRID, GRID)), -1, 0)
        weight = weight_of(np.bincount(labels.ravel()))
        weight[at_border(labels)] *= CUT
        weight[0] = 1
        parts = image[None], prob[None], dist, weight[cells][None]
        return tuple(np.ascontiguousarray(part, np.float32) for part in parts)

    def _cut(self, which, rng):
        """A plain window or a rotated and scaled one, flipped and turned: image, labels, ignored."""
        source = self.images[which]
        height, width = source.image.shape
        y, x = self._centre(which, rng)
        plain = rng.random() < PLAIN and min(height, width) >= SIDE
        scale = 1.0 if plain else draw_scale(source.diameter, rng)
        half = SIDE / 2 / scale
        y = np.clip(y, half, height - half) if height >= 2 * half else height / 2
        x = np.clip(x, half, width - half) if width >= 2 * half else width / 2
        if plain:
            window = np.s_[int(y - half):int(y - half) + SIDE, int(x - half):int(x - half) + SIDE]
            parts = source.image[window], source.labels[window], np.zeros((SIDE, SIDE), bool)
        else:
            parts = self._warp(which, draw_matrix(y, x, scale, rng))
        turns, flipped = int(rng.integers(4)), bool(rng.integers(2))
        return [np.ascontiguousarray(np.rot90(p[:, ::-1] if flipped else p, turns)) for p in parts]

    def _centre(self, which, rng):
        """The middle of a nucleus, heavy ones more often (90 %), or any pixel."""
        centres = self.centres[which]
        if len(centres) and rng.random() < 0.9:
            return centres[rng.choice(len(centres), p=self.chances[which])]
        return [int(rng.integers(side)) for side in self.images[which].image.shape]

    def _warp(self, which, matrix):
        """Outside the image it is mirrored; there, and on nuclei that its border cuts, no loss counts."""
        source = self.images[which]
        labels = source.labels.astype(np.float32)  # exact below 2^24; OpenCV warps no 32-bit integers

        def warp(values, interpolation, border):
            flags = interpolation | cv2.WARP_INVERSE_MAP
            return cv2.warpAffine(values, matrix, (SIDE, SIDE), flags=flags, borderMode=border)

        image = warp(source.image, cv2.INTER_LINEAR, cv2.BORDER_REFLECT_101)
        labels = warp(labels, cv2.INTER_NEAREST, cv2.BORDER_CONSTANT).astype(source.labels.dtype)
        inside = warp(np.ones(source.image.shape, np.uint8), cv2.INTER_NEAREST, cv2.BORDER_CONSTANT)
        ignored = inside == 0
        if ignored.any():
            cut = self.at_border[which]
            ignored |= np.isin(labels, cut[cut > 0])
        return image, labels, ignored


def at_border(labels):
    return np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))


def weight_of(area):
    return np.clip(np.sqrt(SMALL_AREA / np.maximum(area, 1)), 1, HEAVIEST).astype(np.float32)


def centres_and_weights(labels):
    """Middles of the nuclei's bounding boxes, (n, 2), and their weights."""
    areas = np.bincount(labels.ravel())
    found = [(label, box) for label, box in enumerate(find_objects(labels), 1) if box is not None]
    centres = np.array([[(side.start + side.stop) / 2 for side in box] for _, box in found]).reshape(-1, 2)
    return centres, weight_of(areas[[label for label, _ in found]]).astype(float)


def prob_within_borders(labels):
    """Distance to the nucleus' border over its largest value, as in StarDist, but the patch's border is one too.

    StarDist takes no candidates in the outermost cells. Its own target is largest just there for nuclei that the border
    cuts; this one is largest where candidates are taken.
    """
    prob = np.zeros(labels.shape, np.float32)
    inner = np.zeros(labels.shape, bool)
    inner[MARGIN:-MARGIN, MARGIN:-MARGIN] = True
    for label, box in enumerate(find_objects(labels), 1):
        if box is None:
            continue
        nucleus = labels[box] == label
        distance = distance_transform_edt(np.pad(nucleus, 1))[1:-1, 1:-1]
        taken = nucleus & inner[box]
        largest = distance[taken].max() if taken.any() else distance.max()
        prob[box][nucleus] = np.minimum(distance / largest, 1)[nucleus]
    return prob


def draw_scale(diameter, rng):
    limits = np.array(SCALES)
    if diameter > 0:
        limits = np.clip(limits, DIAMETERS[0] / diameter, DIAMETERS[1] / diameter)
    return float(np.exp(rng.uniform(*np.log(limits))))


def draw_matrix(y, x, scale, rng):
    """From pixels of the patch to those of the image: any rotation (60 %), aspect 0.89 to 1.13, `scale`."""
    angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.6 else 0.0
    aspect = np.exp(rng.uniform(-0.12, 0.12))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([aspect, 1 / aspect]) / scale
    middle = (SIDE - 1) / 2
    return np.c_[linear, np.array([x - 0.5, y - 0.5]) - linear @ [middle, middle]]


def vary_intensity(image, labels, rng):
    """Brightness of single nuclei, gamma, background gradient, blur, gain and offset, noise."""
    if rng.random() < 0.3:
        gain = rng.uniform(0.4, 1.3, int(labels.max()) + 1).astype(np.float32)
        gain[0] = 1
        image = image * cv2.GaussianBlur(gain[labels], (0, 0), 1.0)
    if rng.random() < 0.5:
        image = np.sign(image) * np.abs(image) ** np.float32(np.exp(rng.uniform(-0.5, 0.5)))
    if rng.random() < 0.2:
        corners = rng.uniform(0, 0.25, (3, 3)).astype(np.float32)
        image = image + cv2.resize(corners, image.shape[::-1], interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.8:
        image = image * np.float32(np.exp(rng.uniform(-0.6, 0.6))) + np.float32(rng.uniform(-0.1, 0.1))
    if rng.random() < 0.4:
        image = image + rng.standard_normal(image.shape, np.float32) * np.float32(rng.uniform(0, 0.08))
    return image.astype(np.float32)
