"""What scikit-learn and scipy give for pixels of sample-data/ and of BBBC008, one by one.

usage: python cluster_golden.py SAMPLE_IMAGES [BBBC008] (folders; run in this one)
writes ../resources/org/cytolake/cluster/cluster_golden.json and, given BBBC008, cluster_bbbc.json there
needs: pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 opencv-python-headless pillow
Every case is named and has: values (channel by channel) and counts of its tuples, in lexicographic order,
and results NAME.METHOD... of the tuples' pixels one by one. Clusters ascend by the first channel, labels
are per tuple, from 1; `start` is a start that is given to both sides.
"""
import json
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import DBSCAN, KMeans, MeanShift
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.mixture import GaussianMixture

OUT = Path(__file__).resolve().parent.parent / "resources/org/cytolake/cluster"
SEED = 12345


def normalised(first, last):
    """The first and last channel of the composite, normalised to the first; pixels above 0 in both."""
    im = np.zeros(first.shape + (3,), np.uint8)
    im[..., 0], im[..., 2] = first, last
    mean, std = cv2.meanStdDev(first)
    a = cv2.normalize(np.clip(im, mean - std, mean + std).astype(np.uint8), None, 0, 255, norm_type=cv2.NORM_MINMAX)
    return a[..., [0, 2]].reshape(-1, 2)[((first > 0) & (last > 0)).ravel()]


def image(folder, name):
    return np.asarray(Image.open(Path(folder) / name))


def ordered(centres):
    """Old index by new, and new label by old index."""
    order = sorted(range(len(centres)), key=lambda j: tuple(centres[j]))
    labels = np.empty(len(order), int)
    labels[order] = np.arange(1, len(order) + 1)
    return order, labels


def by_mean(x, clusters):
    """Labels by the mean of the clusters' pixels; -1 becomes 0."""
    n = clusters.max() + 1
    _, labels = ordered([x[clusters == c].mean(0) for c in range(n)])
    return np.where(clusters < 0, 0, labels[clusters])


def quality(x):
    """Log-likelihood per pixel and cost for 2 to 6 clusters, as scikit-learn finds them by default."""
    ks = range(2, 7)
    mixtures = [GaussianMixture(k, random_state=SEED).fit(x) for k in ks]
    return {
        "loglik": [float(max(m.score(x), m.lower_bound_)) for m in mixtures],
        "inertia": [float(KMeans(k, random_state=SEED, n_init="auto").fit(x).inertia_) for k in ks],
    }


def same_start(x, at, k, iterations, tol, regularization=1e-6):
    """Both methods from near k tuples at the middles of k equal parts of the pixels in order of their sum.

    Off the tuples, because scikit-learn leaves it to rounding which of two equally near centres is nearest.
    """
    d = x.shape[1]
    order = np.lexsort(tuple(x.T[::-1]) + (x.sum(1),))
    start = np.unique(x[order[[len(x) * (2 * j + 1) // (2 * k) for j in range(k)]]], axis=0)
    k = len(start)
    start = start + np.random.default_rng(SEED).uniform(-0.3, 0.3, start.shape)
    r = {"start": start.ravel().tolist(), "options": [k, iterations, tol, regularization]}
    km = KMeans(k, init=start, n_init=1, tol=tol, max_iter=iterations).fit(x)
    order, labels = ordered(km.cluster_centers_)
    r["kmeans"] = [km.inertia_, km.n_iter_] + km.cluster_centers_[order].ravel().tolist()
    r["kmeans.labels"] = labels[km.labels_[at]].tolist()
    covariance = np.diag(x.var(0))
    r["covariance"] = covariance.ravel().tolist()
    gm = GaussianMixture(
        k, weights_init=np.full(k, 1 / k), means_init=start, precisions_init=[np.linalg.inv(covariance)] * k,
        tol=tol, max_iter=iterations, reg_covar=regularization).fit(x)
    order, labels = ordered(gm.means_)
    r["mixture"] = [gm.score(x), gm.n_iter_, float(gm.converged_), gm.aic(x), gm.bic(x)]
    r["mixture.weights"] = gm.weights_[order].tolist()
    r["mixture.means"] = gm.means_[order].ravel().tolist()
    r["mixture.covariances"] = gm.covariances_[order].ravel().tolist()
    r["mixture.labels"] = labels[gm.predict(x[at])].tolist()
    r["mixture.responsibilities"] = gm.predict_proba(x[at[::97]])[:, order].ravel().tolist()
    r["rand"] = [adjusted_rand_score(km.labels_, gm.predict(x))]
    return r


def small(x, at, counts):
    """What needs all pairs of pixels."""
    r = {}
    for k in (2, 5):
        labels = by_mean(x, KMeans(k, random_state=SEED, n_init=1).fit(x).labels_)
        r[f"silhouette{k}"] = [silhouette_score(x, labels)]
        r[f"silhouette{k}.labels"] = labels[at].tolist()
    dbscan = [(1.0, 6), (2.0, 12), (3.5, 60)]
    r["dbscan"] = np.ravel(dbscan).tolist()
    for j, (eps, least) in enumerate(dbscan):
        clusters = DBSCAN(eps=eps, min_samples=least).fit(x[at], sample_weight=counts).labels_
        r[f"dbscan{j}.labels"] = by_mean(np.repeat(x[at], counts, 0), np.repeat(clusters, counts))[
            np.cumsum(counts) - counts].tolist()
    r["meanshift"] = [4.0, 15.0, 60.0]
    for j, bandwidth in enumerate(r["meanshift"]):
        ms = MeanShift(bandwidth=bandwidth, seeds=x[at]).fit(x)
        order, labels = ordered(ms.cluster_centers_)
        r[f"meanshift{j}.centres"] = ms.cluster_centers_[order].ravel().tolist()
        r[f"meanshift{j}.labels"] = labels[ms.labels_[at]].tolist()
    return r


def ward(x):
    """Of tuples moved off the integers, where many distances are equal and the choice among them is free."""
    tuples, counts = np.unique(x[::3], axis=0, return_counts=True)
    tuples = tuples + np.random.default_rng(SEED).uniform(-0.3, 0.3, tuples.shape)
    x, at = np.repeat(tuples, counts, 0), np.cumsum(counts) - counts
    tree = linkage(x, "ward")
    r = {"moved": tuples.T.ravel().tolist(), "counts": counts.tolist(), "heights": tree[1 - len(tuples):, 2].tolist()}
    for k in (2, 3, 7, 40):
        r[f"labels{k}"] = by_mean(x, fcluster(tree, k, "maxclust") - 1)[at].tolist()
    return r


def cases(folder):
    b03 = [image(folder, f"SYN001_B03_f1_{c}.tif") for c in ("nuclei", "cytoplasm")]
    b03f2 = [image(folder, f"SYN001_B03_f2_{c}.tif") for c in ("nuclei", "cytoplasm")]
    b02 = [image(folder, f"SYN001_B02_f1_{c}.tif").astype(int) for c in ("nuclei", "cytoplasm")]
    both = np.stack([c.ravel() for c in b03], 1)
    wide = np.stack([c.ravel() for c in b02], 1)
    crop = np.stack([c[150:195, 150:195].ravel() for c in b03], 1)
    return {
        "normalized": normalised(*b03),
        "normalized_f2": normalised(*b03f2),
        "raw": both,
        "coarse": wide >> 6 << 6,
        "one_channel": both[:, :1],
        "three_channels": np.stack([both[:, 0] >> 2, both[:, 1] >> 2, (b03[0].T.ravel() >> 4)], 1)[::5],
        "crop": crop,
    }


def main(sample, bbbc=None):
    golden = {}
    for name, x in cases(sample).items():
        x = x.astype(float)
        tuples, first, counts = np.unique(x, axis=0, return_index=True, return_counts=True)
        r = {"channels": [x.shape[1]], "values": tuples.T.ravel().tolist(), "counts": counts.tolist()}
        r.update({f"same{k}.{key}": v for k in ((5,) if name == "raw" else (3, 5)) for key, v in same_start(x, first, k, 60, 1e-5).items()})
        if name == "raw":
            r.update({f"wide.{key}": v for key, v in same_start(x, first, 3, 300, 1e-9, 1 / 12).items() if "labels" not in key})
        r.update(quality(x))
        if name == "crop":
            r.update(small(x, first, counts))
            golden.update({f"ward.{key}": v for key, v in ward(x).items()})
        golden.update({f"{name}.{key}": v for key, v in r.items()})
    write("cluster_golden.json", golden)
    if bbbc:
        golden = {}
        for path in sorted(Path(bbbc).glob("*_channel1.tif")):
            name = path.name.replace("_channel1.tif", "")
            x = normalised(image(bbbc, path.name), image(bbbc, name + "_channel3.tif")).astype(float)
            tuples = np.unique(x, axis=0)
            r = {"tuples": [len(tuples), len(x), x[:, 0].sum(), x[:, 1].sum()], **quality(x)}
            golden.update({f"{name}.{key}": v for key, v in r.items()})
        write("cluster_bbbc.json", golden)


def short(v):
    return int(v) if float(v).is_integer() and abs(v) < 1e15 else float(v)


def write(name, golden):
    rows = []
    for key, values in golden.items():
        numbers = json.dumps([short(v) for v in values], separators=(",", ":"))
        rows.append(f"{json.dumps(key)}: {numbers}")
    (OUT / name).write_text("{\n" + ",\n".join(rows) + "\n}\n")


main(*sys.argv[1:])
