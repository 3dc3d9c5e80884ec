"""What scikit-learn and scipy give for pixels of sample-data/ by methods that take pairs, trees or batches.

usage: python methods_golden.py SAMPLE_IMAGES [BBBC008] (folders; run in this one)
writes ../resources/org/cytolake/cluster/methods_golden.json, and of fields of the Broad Bioimage Benchmark
Collection's set BBBC008 methods_bbbc.json, with the CRC-32 of labels (four bytes each, little-endian)
needs: pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pillow
`crop` has values (channel by channel) and counts of tuples in lexicographic order, moved a little so that no two
distances are the same (those of BBBC008 by their index alone, see `moved`). References see the pixels one by one, each tuple as often as its count says. Clusters ascend
by the mean of the first channel, labels are per tuple, from 1.
"""
import json
import sys
import zlib
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


def mini_batches(x, r, seeds=slice(0, 1)):
    """The lowest inertia of 32 seeds, as many as there are starts on the other side; or those of all seeds."""
    for k in (2, 3, 4, 5, 6):
        fits = [MiniBatchKMeans(k, n_init=1, random_state=SEED + seed).fit(x) for seed in range(32)]
        r[f"batches{k}"] = sorted(f.inertia_ for f in fits)[seeds]


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


def distinct(tuples, r):
    a = AffinityPropagation(damping=0.7, random_state=SEED, max_iter=2000).fit(tuples)
    r["affinity.labels"] = by_exemplar(tuples, a).tolist()


def affinity(tuples, counts, r):
    """Of distinct tuples; of tuples with a similarity per pixel; and what the pixels one by one come to."""
    distinct(tuples, r)
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


def spectral(x, first, r, starts=50):
    """Partitions, and the normalised cut of each."""
    for j, width in enumerate((12.0, 30.0)):
        similar = np.exp(-((x[:, None] - x[None]) ** 2).sum(2) / (2 * width**2))
        np.fill_diagonal(similar, 0)
        r[f"spectral{j}"] = [width]
        for k in (2, 3, 5):
            s = SpectralClustering(k, gamma=1 / (2 * width**2), n_init=starts, random_state=SEED).fit(x)
            if len(np.unique(s.labels_)) < k:  # one in itself: the similarities fall apart
                continue
            inside = np.eye(k)[s.labels_]
            volumes = inside.T @ similar.sum(1)
            r[f"spectral{j}.cut{k}"] = [float(k - (np.diag(inside.T @ similar @ inside) / volumes).sum())]
            r[f"spectral{j}.labels{k}"] = by_mean(x, s.labels_)[first].tolist()


def write(r, name):
    rows = [f"{json.dumps(k)}: {json.dumps([int(n) if float(n).is_integer() else float(n) for n in v], separators=(',', ':'))}" for k, v in r.items()]
    (OUT / name).write_text("{\n" + ",\n".join(rows) + "\n}\n")


def moved(tuples):
    """Each a little, by its index; no two pairs by the same."""
    i, c = np.indices(tuples.shape)
    return tuples + ((i * i * i * 31 + i * 7919 * (c + 1) + c * 104729) % 1000003 / 1000003.0 * 0.6 - 0.3)


def field(folder, name):
    """Every 16th pixel of every 16th row of a field."""
    channels = [np.asarray(Image.open(folder / f"{name}_channel{c}.tif"))[::16, ::16] for c in (1, 3)]
    tuples, counts = np.unique(np.stack([c.ravel() for c in channels], 1).astype(float), axis=0, return_counts=True)
    first, tuples = np.cumsum(counts) - counts, moved(tuples)
    pixels = np.repeat(tuples, counts, 0)
    r = {"tuples": [len(tuples), *(tuples * counts[:, None]).sum(0)]}
    linkages(pixels, first, r)
    mini_batches(pixels, r, slice(None))
    birch(pixels, first, r)
    distinct(tuples, r)
    spectral(pixels, first, r, 300)  # the best of some is found by one start in fifty
    labels = r["affinity.labels"]  # in the order in which they come, as an exemplar of two tuples is either of them
    r["affinity.labels"] = [1 + list(dict.fromkeys(labels)).index(label) for label in labels]
    kept = {k: v for k, v in r.items() if not k.endswith((".nodes", ".heights"))}
    return {f"{name}.{k}": [zlib.crc32(np.array(v, "<i4").tobytes())] if ".labels" in k else v for k, v in kept.items()}


def main(sample, bbbc=None):
    if bbbc:
        fields = sorted(p.name[:-13] for p in Path(bbbc).glob("*_channel1.tif"))
        write({k: v for name in fields for k, v in field(Path(bbbc), name).items()}, "methods_bbbc.json")
    channels = [np.asarray(Image.open(Path(sample) / f"SYN001_B03_f1_{c}.tif")) for c in ("nuclei", "cytoplasm")]
    x = np.stack([c[150:195, 150:195].ravel() for c in channels], 1).astype(float)
    tuples, counts = np.unique(x, axis=0, return_counts=True)
    tuples = np.round(tuples + np.random.default_rng(SEED).uniform(-0.3, 0.3, tuples.shape), 6)
    first = np.cumsum(counts) - counts
    pixels = np.repeat(tuples, counts, 0)
    r = {"crop.values": tuples.T.ravel().tolist(), "crop.counts": counts.tolist()}
    linkages(pixels, first, r)
    mini_batches(pixels, r)
    birch(pixels, first, r)
    affinity(tuples, counts, r)
    spectral(pixels, first, r)
    write(r, "methods_golden.json")


main(*sys.argv[1:])
