"""Golden values for org.cytolake.secondary: what CellProfiler's steps make of images.

usage: python secondary_golden.py ../../../../sample-data /path/to/bbbc008 > ../resources/org/cytolake/secondary/secondary_golden.json
needs: pip install numpy==2.4.6 scipy==1.17.1 scikit-image==0.26.0 centrosome==1.3.4 tifffile

The steps are those of cellprofiler/modules/identifysecondaryobjects.py (`run`) and threshold.py (`get_threshold`,
`get_global_threshold`, `get_threshold_robust_background`, `apply_threshold`) of CellProfiler 4.2.8, without its
pipelines, done by the same functions of centrosome, scikit-image and scipy. Images are 32-bit floating point, divided
by the largest value of their type, as CellProfiler reads them.

Of label images it keeps the CRC-32 of int32, little-endian, row by row. Cases:
  lcg_...   random images that the test draws itself, with the generator of lcg.py
  SYN...    the sample screen's cytoplasm, with the truth's nuclei
  AS_...    the lesson's fields (BBBC008): channel 3, with the connected parts of channel 1 above Otsu's threshold
"""
import json
import sys
import zlib
from pathlib import Path

import centrosome._propagate
import centrosome.cpmorphology
import centrosome.propagate
import centrosome.smooth
import centrosome.threshold
import numpy as np
import scipy.ndimage
import skimage.filters
import skimage.segmentation
import tifffile

from lcg import Lcg


def crc(labels):
    return zlib.crc32(np.ascontiguousarray(labels, "<i4").tobytes())


def scaled(pixels):
    return pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)


# ---- threshold.py ----------------------------------------------------------------------------


def global_threshold(image, method):
    if np.all(image == image.flat[0]):
        return image.flat[0]
    if method == "li":
        tolerance = max(np.min(np.diff(np.unique(image))) / 2, 0.5 / 65536)
        return skimage.filters.threshold_li(image, tolerance=tolerance)
    if method == "otsu":
        return skimage.filters.threshold_otsu(image)
    if method.startswith("otsu3"):
        return skimage.filters.threshold_multiotsu(image, nbins=128)[int(method.endswith("high"))]
    _, lower, upper, average, deviation, deviations = method.split("_")
    flat = np.sort(image.ravel())
    low = int(round(flat.size * float(lower)))
    high = flat.size - int(round(flat.size * float(upper)))
    kept = flat if low == 0 else flat[low:high]
    average = {"mean": np.mean, "median": np.median, "mode": centrosome.threshold.binned_mode}[average]
    deviation = {"sd": np.std, "mad": centrosome.threshold.mad}[deviation]
    return average(kept) + deviation(kept) * float(deviations)


def threshold(image, method, log=False, correction=1.0, bounds=(0.0, 1.0)):
    if log:
        logs, how = centrosome.threshold.log_transform(image)
        found = centrosome.threshold.inverse_log_transform(global_threshold(logs, method), how)
    else:
        found = global_threshold(image, method)
    return min(max(found * correction, bounds[0]), bounds[1])


def foreground(image, level, smoothing):
    if smoothing == 0:
        return image >= level
    sigma = smoothing / 0.6744 / 2.0
    blurred = centrosome.smooth.smooth_with_function_and_mask(
        image, lambda x: scipy.ndimage.gaussian_filter(x, sigma, mode="constant", cval=0), np.ones(image.shape, bool)
    )
    return blurred >= level


# ---- identifysecondaryobjects.py -----------------------------------------------------------------


def limited(image, nuclei, mask, weight, limit):
    """centrosome.propagate.propagate with its seeds in the order that its heap is meant for, cut at a cost.

    The original hands them over row by row, and its heap takes them as they lie: of two labels that reach a pixel at
    one cost, which gets it depends on all other seeds.
    """
    labels, distances = np.zeros(nuclei.shape, np.int32), np.where(nuclei > 0, 0.0, -1.0)
    y, x = np.nonzero((nuclei > 0) & mask)
    seeds = np.column_stack((np.zeros((len(y), 2), int), nuclei[y, x], y, x))
    seeds = seeds[np.lexsort(seeds.T[::-1])]
    centrosome._propagate.propagate(
        np.ascontiguousarray(image, np.float64), np.ascontiguousarray(seeds, np.int32),
        np.ascontiguousarray(mask, np.int8), labels, distances, float(weight),
    )
    labels[distances > limit] = 0
    labels[nuclei > 0] = nuclei[nuclei > 0]
    return labels


def secondary(image, nuclei, mask, method, fill):
    name, *number = method.split("_")
    if name == "distance":
        distances, (i, j) = scipy.ndimage.distance_transform_edt(nuclei == 0, return_indices=True)
        out = np.zeros(nuclei.shape, int)
        near = distances <= int(number[0])
        out[near] = nuclei[i[near], j[near]]
    elif name == "threshold":
        out = limited(image, nuclei, mask, 1.0, int(number[0]))
    elif name == "propagate" and len(number) > 1:  # cells.max-distance
        out = limited(image, nuclei, mask, float(number[0]), float(number[0]) * int(number[1]))
    elif name == "propagate":
        out, _ = centrosome.propagate.propagate(image, nuclei, mask, float(number[0]))
    else:
        heights = np.abs(scipy.ndimage.sobel(image)) if name == "gradient" else 1 - image
        out = skimage.segmentation.watershed(
            connectivity=np.ones((3, 3), bool), image=heights, markers=nuclei, mask=np.logical_or(mask, nuclei > 0)
        )
    return centrosome.cpmorphology.fill_labeled_holes(out, mask=out == 0) if fill else out


METHODS = ["distance_7", "threshold_9", "propagate_0.05", "propagate_0.0", "propagate_1.0", "propagate_0.02_12", "gradient", "image"]
THRESHOLDS = ["otsu", "otsu3_low", "otsu3_high", "li", "background_0.05_0.05_mean_sd_2", "background_0.1_0.02_median_mad_3",
              "background_0.0_0.2_mode_sd_1.5"]


def masks(image, nuclei):
    level = threshold(image, "otsu")
    return {
        "0": foreground(image, level, 0),
        "2.5": foreground(image, level, 2.5),
    }


def case(image, nuclei, methods=METHODS):
    levels = {name: float(threshold(image, name)) for name in THRESHOLDS}
    levels["otsu_log"] = float(threshold(image, "otsu", log=True))
    levels["li_log"] = float(threshold(image, "li", log=True))
    levels["otsu_1.3"] = float(threshold(image, "otsu", correction=1.3))
    levels["otsu_bounds"] = float(threshold(image, "otsu", bounds=(0.5, 0.6)))
    mask = masks(image, nuclei)
    return {
        "nuclei": crc(nuclei),
        "objects": int(nuclei.max()),
        "thresholds": levels,
        "foreground": {s: crc(m) for s, m in mask.items()},
        "labels": {m: crc(secondary(image, nuclei, mask["0"], m, False)) for m in methods},
        "filled": {m: crc(secondary(image, nuclei, mask["0"], m, True)) for m in methods},
    }


def random_case(seed, height, width, levels, objects, top, noise):
    """Blocks of nuclei on noise with `levels` grey levels of 1/top; `noise` per cent is drawn, the rest is 0."""
    lcg = Lcg(seed)
    pixels = np.zeros((height, width), np.uint8)
    for y in range(height):
        for x in range(width):
            pixels[y, x] = lcg.below(levels) if lcg.below(100) < noise else 0
    nuclei = np.zeros((height, width), np.int32)
    for label in range(1, objects + 1):
        y, x, side = lcg.below(height - 3), lcg.below(width - 3), 1 + lcg.below(3)
        nuclei[y : y + side, x : x + side] = label
    return pixels.astype(np.float32) / np.float32(top), nuclei


def main():
    sample, bbbc = Path(sys.argv[1]), Path(sys.argv[2])
    cases = {}
    for seed, (levels, objects, noise) in enumerate(
        [(2, 9, 60), (3, 12, 90), (6, 5, 100), (40, 20, 100), (255, 8, 80), (255, 40, 100), (4, 2, 70), (2, 4, 55)]
    ):
        image, nuclei = random_case(seed, 41, 53, levels, objects, 255, noise)
        level = np.float32(1) / np.float32(255)
        mask = image >= level
        cases[f"lcg_{seed}_{levels}_{objects}_{noise}"] = {
            "nuclei": crc(nuclei),
            "pixels": crc(np.rint(image * 255)),
            "labels": {m: crc(secondary(image, nuclei, mask, m, False)) for m in METHODS},
            "filled": {m: crc(secondary(image, nuclei, mask, m, True)) for m in METHODS},
        }
    for path in sorted((sample / "images").glob("*_cytoplasm.tif")):
        _, well, field, _ = path.stem.split("_")
        nuclei = tifffile.imread(sample / "truth" / f"labels-{well}-{field[1:]}.tif").astype(np.int32)
        cases[path.stem] = case(scaled(tifffile.imread(path)), nuclei)
    for path in sorted(bbbc.glob("*_channel3.tif")):
        dna = tifffile.imread(str(path).replace("channel3", "channel1"))
        nuclei, _ = scipy.ndimage.label(dna > skimage.filters.threshold_otsu(dna))
        cases[path.stem] = case(scaled(tifffile.imread(path)), nuclei.astype(np.int32))
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
