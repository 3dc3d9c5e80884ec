#!/usr/bin/env python3
"""Times the steps of an exploration of two-channel fields with numpy, scikit-image, OpenCV, seaborn and scikit-learn, on
one core.
usage: peers.py [--rounds N] [--density-fields N] [--cluster-fields N] FIRST.tif SECOND.tif [FIRST.tif SECOND.tif ...]
Prints the seconds a field of every step as JSON: medians over the rounds. Density and clusters are timed once, on the
first fields."""
import argparse
import json
import os
import statistics
import time
import warnings
from collections import defaultdict

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import cv2
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
from seaborn import kdeplot
from skimage import exposure
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore")
cv2.setNumThreads(1)


def normalised(im, reference):
    mean, stddev = cv2.meanStdDev(reference)
    clipped = np.clip(im, mean - stddev, mean + stddev).astype(np.uint8)
    return cv2.normalize(clipped, None, 0, 255, norm_type=cv2.NORM_MINMAX)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--density-fields", type=int, default=1)
    parser.add_argument("--cluster-fields", type=int, default=1000)
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    pairs = list(zip(args.files[::2], args.files[1::2]))
    rounds = []
    for _ in range(args.rounds):
        seconds = defaultdict(float)
        last = time.perf_counter()

        def step(name):
            nonlocal last
            now = time.perf_counter()
            seconds[name] += now - last
            last = now

        for first, second in pairs:
            last = time.perf_counter()
            a, b = np.asarray(Image.open(first)), np.asarray(Image.open(second))
            im = np.zeros(a.shape + (3,), np.uint8)
            im[..., 0], im[..., 2] = a, b
            step("read")
            for c in (a, b):
                np.histogram(c.ravel(), 100)
            step("histograms")
            equalised = exposure.equalize_hist(im)
            for c in (0, 2):
                np.histogram(equalised[..., c].ravel(), 100)
            step("equalise")
            results = [normalised(im, c) for c in (a, b)]
            step("normalise")
            for n in results:
                for v in (n[..., 0], n[..., 2], n[..., 2] - n[..., 0]):
                    np.histogram(v.ravel(), 30)
            step("histograms of normalised")
            for n in results:
                np.histogram2d(n[..., 0].ravel(), n[..., 2].ravel(), 50)
            step("2-D histogram")
        rounds.append({name: value / len(pairs) for name, value in seconds.items()})
    result = {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
    if args.density_fields > 0:
        start = time.perf_counter()
        for first, second in pairs[: args.density_fields]:
            a, b = np.asarray(Image.open(first)), np.asarray(Image.open(second))
            im = np.zeros(a.shape + (3,), np.uint8)
            im[..., 0], im[..., 2] = a, b
            n = normalised(im, a)
            figure, axes = plt.subplots()
            kdeplot(x=n[..., 0].ravel(), y=n[..., 2].ravel(), ax=axes)
            plt.close(figure)
        result["density"] = (time.perf_counter() - start) / min(len(pairs), args.density_fields)
    for name, model in (
        ("Gaussian mixtures, k = 2..6", lambda k: GaussianMixture(k, random_state=12345)),
        ("k-means, k = 2..6", lambda k: KMeans(k, random_state=12345, n_init="auto")),
    ):
        seconds = 0
        for first, second in pairs[: args.cluster_fields]:
            a, b = np.asarray(Image.open(first)), np.asarray(Image.open(second))
            im = np.zeros(a.shape + (3,), np.uint8)
            im[..., 0], im[..., 2] = a, b
            values = normalised(im, a)[..., [0, 2]][(a > 0) & (b > 0)]
            start = time.perf_counter()
            for k in range(2, 7):
                model(k).fit(values).predict(values)
            seconds += time.perf_counter() - start
        if args.cluster_fields > 0:
            result[name] = seconds / min(len(pairs), args.cluster_fields)
    print(json.dumps(result))


main()
