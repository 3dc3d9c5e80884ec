"""What scikit-learn, scipy and plain numpy give for pixels of sample-data/, one by one.

usage: python partition_golden.py SAMPLE_IMAGES (a folder; run in this one)
writes ../resources/org/cytolake/cluster/partition_golden.json
needs: pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pillow
`crop` has values (channel by channel) and counts of tuples in lexicographic order. Clusters ascend by the
mean of the first channel, labels are per tuple, from 1.
"""
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import BisectingKMeans, KMeans, estimate_bandwidth

OUT = Path(__file__).resolve().parent.parent / "resources/org/cytolake/cluster"
SEED = 12345


def by_mean(x, clusters):
    """Labels by the mean of the clusters' pixels."""
    n = clusters.max() + 1
    order = sorted(range(n), key=lambda j: tuple(x[clusters == j].mean(0)))
    labels = np.empty(n, int)
    labels[order] = np.arange(1, n + 1)
    return labels[clusters]


def power_iteration(x, width, iterations):
    """Lin and Cohen's, of pixels, with no similarity of a pixel to itself; where it stops as MLlib has it."""
    a = np.exp(-((x[:, None] - x[None]) ** 2).sum(2) / (2 * width**2))
    np.fill_diagonal(a, 0)
    degrees = a.sum(1)
    v = degrees / degrees.sum()
    change = np.inf
    for _ in range(iterations):
        n = a @ v / degrees
        n /= np.abs(n).sum()
        before, change, v = change, np.abs(n - v).sum(), n
        if abs(before - change) < max(1e-5 / len(x), 1e-8):
            break
    return v * len(x)


def main(sample):
    channels = [np.asarray(Image.open(Path(sample) / f"SYN001_B03_f1_{c}.tif")) for c in ("nuclei", "cytoplasm")]
    x = np.stack([c[150:195, 150:195].ravel() for c in channels], 1).astype(float)
    tuples, at, counts = np.unique(x, axis=0, return_index=True, return_counts=True)
    r = {"crop.channels": [2], "crop.values": tuples.T.ravel().tolist(), "crop.counts": counts.tolist()}
    for k in (2, 3, 5):
        b = BisectingKMeans(k, n_init=50, random_state=SEED, tol=0).fit(x)
        r[f"bisecting{k}"] = [b.inertia_]
        r[f"bisecting{k}.labels"] = by_mean(x, b.labels_)[at].tolist()
    quantiles = [0.3, 0.1, 0.013, 1.0]
    r["bandwidth"] = np.ravel([(q, estimate_bandwidth(x, quantile=q)) for q in quantiles]).tolist()
    moved = tuples + np.random.default_rng(SEED).uniform(-0.3, 0.3, tuples.shape)
    tree = linkage(np.repeat(moved, counts, 0), "ward")
    first = np.cumsum(counts) - counts
    r["ward.moved"] = moved.T.ravel().tolist()
    r["ward.distances"] = [60.0, 300.0]
    for j, distance in enumerate(r["ward.distances"]):
        labels = by_mean(np.repeat(moved, counts, 0), fcluster(tree, distance, "distance") - 1)
        r[f"ward{j}.labels"] = labels[first].tolist()
    for j, (width, iterations) in enumerate([(8.0, 100), (25.0, 20)]):
        v = power_iteration(x, width, iterations)
        r[f"power{j}"] = [width, iterations]
        r[f"power{j}.line"] = v[at[::7]].tolist()
        for k in (2, 3):
            found = KMeans(k, n_init=50, random_state=SEED, tol=0).fit(v[:, None])
            r[f"power{j}.labels{k}"] = by_mean(x, found.labels_)[at].tolist()
    rows = [f"{json.dumps(k)}: {json.dumps([int(n) if float(n).is_integer() else float(n) for n in v], separators=(',', ':'))}" for k, v in r.items()]
    (OUT / "partition_golden.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


main(*sys.argv[1:])
