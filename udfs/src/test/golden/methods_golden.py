"""What scikit-learn and scipy give for pixels of sample-data/ by methods that take pairs, trees or batches.

usage: python methods_golden.py SAMPLE_IMAGES (a folder; run in this one)
writes ../resources/org/cytolake/cluster/methods_golden.json
needs: pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pillow
`crop` has values (channel by channel) and counts of tuples in lexicographic order, moved a little so that no two
distances are the same. References see the pixels one by one, each tuple as often as its count says. Clusters ascend
by the mean of the first channel, labels are per tuple, from 1.
"""
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import AffinityPropagation, AgglomerativeClustering, Birch, MiniBatchKMeans, SpectralClustering

OUT = Path(__file__).resolve().parent.parent / "resources/org/cytolake/cluster"
SEED = 12345


def by_mean(x, clusters):
    """Labels by the mean of the clusters' pixels."""
    n = clusters.max() + 1
    order = sorted(range(n), key=lambda j: tuple(x[clusters == j].mean(0)))
    labels = np.empty(n, int)
    labels[order] = np.arange(1, n + 1)
    return labels[clusters]


def linkages(x, first, r):
    """Trees cut at k and below a distance; scikit-learn must cut as scipy does."""
    for name in ("average", "complete", "single"):
        tree = linkage(x, name)
        merges = tree[tree[:, 2] > 0, 2]
        r[f"{name}.heights"] = merges[::7].tolist()
        for k in (2, 3, 5, 8):
            labels = by_mean(x, fcluster(tree, k, "maxclust") - 1)
            skl = by_mean(x, AgglomerativeClustering(k, linkage=name).fit(x).labels_)
            assert (labels == skl).all()
            r[f"{name}.labels{k}"] = labels[first].tolist()
        distance = float(merges[-12] + merges[-13]) / 2
        r[f"{name}.distance"] = [distance]
        r[f"{name}.labels0"] = by_mean(x, fcluster(tree, distance, "distance") - 1)[first].tolist()


def mini_batches(x, r):
    """The lowest inertia of 32 seeds, as many as there are starts on the other side."""
    for k in (2, 3, 4, 5, 6):
        fits = [MiniBatchKMeans(k, n_init=1, random_state=SEED + seed).fit(x) for seed in range(32)]
        r[f"batches{k}"] = [min(f.inertia_ for f in fits)]


def birch(x, first, r):
    for j, (threshold, branching) in enumerate([(1.37, 50), (1.37, 4), (6.3, 50), (0.05, 7)]):
        r[f"birch{j}"] = [threshold, branching]
        for k in (2, 3, 5):
            b = Birch(threshold=threshold, branching_factor=branching, n_clusters=k).fit(x)
            r[f"birch{j}.nodes"] = sorted(b.subcluster_centers_[:, 0])
            r[f"birch{j}.labels{k}"] = by_mean(x, b.labels_)[first].tolist()


def by_exemplar(tuples, a):
    """Labels by the exemplars, which are the centres."""
    order = np.lexsort(tuples[a.cluster_centers_indices_].T[::-1])
    return np.argsort(order)[a.labels_] + 1


def affinity(tuples, counts, r):
    """Of distinct tuples; of tuples with a similarity per pixel; and what the pixels one by one come to."""
    a = AffinityPropagation(damping=0.7, random_state=SEED, max_iter=400).fit(tuples)
    r["affinity"] = by_exemplar(tuples, a).tolist()
    squares = ((tuples[:, None] - tuples[None]) ** 2).sum(2)
    similarities = -squares * (counts * len(counts) / counts.sum())[:, None]
    for j, factor in enumerate((1, 3)):
        preference = float(np.median(-squares) * factor)
        a = AffinityPropagation(affinity="precomputed", preference=preference, damping=0.7, random_state=SEED,
                                max_iter=400).fit(similarities)
        r[f"weighted{j}"] = [preference]
        r[f"weighted{j}.labels"] = by_exemplar(tuples, a).tolist()
    some = np.minimum(counts, 5)[::9]
    x = np.repeat(tuples[::9], some, 0)
    r["some.values"], r["some.counts"] = tuples[::9].T.ravel().tolist(), some.tolist()
    for j, preference in enumerate((-3000.0, -20000.0)):
        a = AffinityPropagation(preference=preference, damping=0.9, random_state=SEED, max_iter=2000).fit(x)
        net = -((x - a.cluster_centers_[a.labels_]) ** 2).sum() + preference * len(a.cluster_centers_)
        r[f"some.net{j}"] = [preference, float(net)]


def spectral(x, first, r):
    """Partitions, and the normalised cut of each."""
    for j, width in enumerate((12.0, 30.0)):
        similar = np.exp(-((x[:, None] - x[None]) ** 2).sum(2) / (2 * width**2))
        np.fill_diagonal(similar, 0)
        r[f"spectral{j}"] = [width]
        for k in (2, 3, 5):
            s = SpectralClustering(k, gamma=1 / (2 * width**2), n_init=50, random_state=SEED).fit(x)
            inside = np.eye(k)[s.labels_]
            volumes = inside.T @ similar.sum(1)
            r[f"spectral{j}.cut{k}"] = [float(k - (np.diag(inside.T @ similar @ inside) / volumes).sum())]
            r[f"spectral{j}.labels{k}"] = by_mean(x, s.labels_)[first].tolist()


def main(sample):
    channels = [np.asarray(Image.open(Path(sample) / f"SYN001_B03_f1_{c}.tif")) for c in ("nuclei", "cytoplasm")]
    x = np.stack([c[150:195, 150:195].ravel() for c in channels], 1).astype(float)
    tuples, counts = np.unique(x, axis=0, return_counts=True)
    moved = np.round(tuples + np.random.default_rng(SEED).uniform(-0.3, 0.3, tuples.shape), 6)
    first = np.cumsum(counts) - counts
    pixels = np.repeat(moved, counts, 0)
    r = {"crop.values": moved.T.ravel().tolist(), "crop.counts": counts.tolist()}
    linkages(pixels, first, r)
    mini_batches(pixels, r)
    birch(pixels, first, r)
    affinity(moved, counts, r)
    spectral(pixels, first, r)
    rows = [f"{json.dumps(k)}: {json.dumps([int(n) if float(n).is_integer() else float(n) for n in v], separators=(',', ':'))}" for k, v in r.items()]
    (OUT / "methods_golden.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


main(*sys.argv[1:])
