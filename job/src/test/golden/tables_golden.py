#!/usr/bin/env python3
"""What scikit-image, OpenCV, numpy and scipy say of the sample data that the tables of `analyze` must say too.
usage: tables_golden.py > ../resources/org/cytolake/cli/tables_golden.json
Needs what sample-data/golden/make_golden.py needs, and OpenCV.

The region is x 10, y 20, 60 x 50. Images of 8 bits are normalised as the lesson does it; those of more bits without
the truncation to 8 bits: clipped, stretched by cv2.normalize, rounded."""
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import tifffile
from scipy import stats
from skimage import exposure, filters

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "sample-data/golden"))
import make_golden  # noqa: E402

CHANNELS = ("nuclei", "cytoplasm")
REGION = (slice(20, 70), slice(10, 70))
WHOLE = (slice(None), slice(None))


def composite(chs):
    im = np.zeros(chs[0].shape + (3,), chs[0].dtype)
    im[..., 0], im[..., 2] = chs
    return im


def normalised(im, reference):
    mean, stddev = (v.item() for v in cv2.meanStdDev(reference))
    clipped = np.clip(im, mean - stddev, mean + stddev)
    if im.dtype == np.uint8:
        return cv2.normalize(clipped.astype(np.uint8), None, 0, 255, norm_type=cv2.NORM_MINMAX)
    return np.rint(cv2.normalize(clipped, None, 0, 255, norm_type=cv2.NORM_MINMAX)).astype(np.uint8)


def counts(a, bins):
    return np.histogram(a.ravel(), bins)[0].tolist()


def coefficients(x, y, tx, ty):
    x, y = x.ravel().astype(float), y.ravel().astype(float)
    return {
        "pixels": x.size,
        "pearson": np.corrcoef(x, y)[0, 1], "spearman": stats.spearmanr(x, y)[0],
        "slope": stats.linregress(x, y)[0], "overlap": (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()),
        "li_icq": (((x - x.mean()) * (y - y.mean())) > 0).mean() - 0.5,
        "manders_otsu_m1": x[y > ty].sum() / x.sum(), "manders_otsu_m2": y[x > tx].sum() / y.sum(),
    }


def density(n):
    """At a few points of seaborn's grid of 200 x 200: the kernels' sum itself."""
    kde = stats.gaussian_kde(np.stack([n[..., 0].ravel(), n[..., 2].ravel()]).astype(float))
    axes = []
    for values, bw in zip(kde.dataset, np.sqrt(np.diag(kde.covariance))):
        axes.append(np.linspace(values.min() - 3 * bw, values.max() + 3 * bw, 200))
    at = [(row, column) for row in (0, 31, 90, 120, 199) for column in (5, 60, 77, 150)]
    values = kde(np.array([(axes[0][c], axes[1][r]) for r, c in at]).T)
    return [[r, c, axes[0][c], axes[1][r], v] for (r, c), v in zip(at, values)]


def image(name, session, args):
    chs = [tifffile.imread(ROOT / f"sample-data/images/{name}_{c}.tif") for c in CHANNELS]
    im = composite(chs)
    otsu = [int(filters.threshold_otsu(a)) for a in chs]
    flat = exposure.equalize_hist(im)
    own = [exposure.equalize_hist(a) for a in chs]
    out = {"regions": {}}
    for region, at in (("image", WHOLE), ("corner", REGION)):
        r = out["regions"][region] = {"coefficients": coefficients(chs[0][at], chs[1][at], *otsu), "channels": {}}
        for i, c in enumerate(CHANNELS):
            a = chs[i][at]
            t = int(filters.threshold_otsu(a))
            r["channels"][c] = {
                "mean": a.mean(), "stddev": a.std(), "p25": np.percentile(a, 25), "p99_8": np.percentile(a, 99.8),
                "otsu_threshold": t, "stained_fraction": (a > t).mean(), "stained_mean": a[a > t].mean(),
                "raw": counts(a, 100), "composite": counts(flat[..., 2 * i][at], 100), "own": counts(own[i][at], 100),
            }
        for i, reference in enumerate(CHANNELS):
            n = normalised(im, chs[i])[at]
            h = np.histogram2d(n[..., 0].ravel(), n[..., 2].ravel(), 50)[0].astype(int).ravel()
            r[f"normalized_{reference}"] = {
                "nuclei": counts(n[..., 0], 30), "cytoplasm": counts(n[..., 2], 30),
                "difference": counts(n[..., 2] - n[..., 0], 30),
                "cells_2d": int((h > 0).sum()), "checksum_2d": int((h * np.arange(1, 2501)).sum()),
                "sum_of_products": int((n[..., 0].astype(np.int64) * n[..., 2]).sum()),
            }
    if name.startswith("SYN001_B03_f1"):
        out["density"] = density(normalised(im, chs[0]))
        labels, _, _ = make_golden.segment(session, chs[0], args)
        out["nuclei"] = {
            int(i): coefficients(chs[0][labels == i], chs[1][labels == i], *otsu)
            for i in np.unique(labels)[1:] if (labels == i).sum() > 1
        }
    return out


def main():
    args = make_golden.parse([])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    names = sorted(f.name[: -len("_nuclei.tif")] for f in (ROOT / "sample-data/images").glob("*_nuclei.tif"))
    document = {name.replace("_f", "_"): image(name, session, args) for name in names}
    json.dump(document, sys.stdout, default=lambda v: v.item(), separators=(",", ":"))


main()
