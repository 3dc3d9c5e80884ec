"""What scikit-image, OpenCV, numpy, scipy and seaborn give for the intensities of images, pixel by pixel.

usage: python explore_golden.py PART FOLDER
  PART    intensity, colocalization, density (the sample data and generated images) or bbbc
  FOLDER  the sample data's images, or the 12 fields of BBBC008 for bbbc
e.g.   python explore_golden.py density ../../../../sample-data/images > ../resources/org/cytolake/density/density_golden.json
needs: pip install numpy==2.4.6 scipy==1.17.1 scikit-image==0.26.0 opencv-python-headless==5.0.0.93 seaborn==0.13.2
       tifffile==2026.3.3 pillow==13.0.0

A value is named CASE.QUANTITY. Tables that rise in steps are stored by the values at which they change; long arrays by
every so many elements and their sum. Generated images come from the linear congruential generator of `generated`.
"""
import json
import math
import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
from scipy import stats
from skimage import exposure, filters, measure

OFFSETS = [1, 0.5, 2.3]
SLOTS = {1: (0,), 2: (0, 2), 3: (0, 1, 2)}
golden = {}


def put(name, value):
    golden[name] = [float(v) if isinstance(v, (float, np.floating)) else int(v) for v in np.atleast_1d(value).ravel()]


# images ---------------------------------------------------------------------------------------------------------------


def draws(n, seed):
    """The upper 16 bits of s = 1664525 s + 1013904223 modulo 2^32."""
    out, s = np.empty(n, np.int64), seed
    for i in range(n):
        s = (1664525 * s + 1013904223) % (1 << 32)
        out[i] = s >> 16
    return out


def generated(kind, width, height, seed):
    u = draws(4 * width * height, seed).reshape(-1, 4).T
    if kind == "bytes":
        a = u[0] * u[1] >> 24
        chs = [a, np.minimum(255, (3 * a + (u[2] >> 10)) // 4 + (u[3] & 3)), 5 + (u[2] * u[3] >> 25)]
        dtype = np.uint8
    else:
        a = 100 + (u[0] * u[1] >> 17)
        chs = [a, (3 * a + u[2]) // 4, 65535 - (u[2] * u[3] >> 16)]
        dtype = np.uint16
    return [c.astype(dtype).reshape(height, width) for c in chs]


def cases(folder):
    import tifffile

    for nuclei in sorted(Path(folder).glob("*_nuclei.tif")):
        name = nuclei.name[: -len("_nuclei.tif")]
        yield name, [tifffile.imread(nuclei), tifffile.imread(nuclei.with_name(name + "_cytoplasm.tif"))]
    yield "bytes", generated("bytes", 97, 61, 12345)
    yield "words", generated("words", 83, 59, 54321)


def composite(chs):
    im = np.zeros(chs[0].shape + (3,), chs[0].dtype)
    for slot, a in zip(SLOTS[len(chs)], chs):
        im[..., slot] = a
    return im


def table(before, after):
    """Every distinct value with its new value."""
    values, at = np.unique(before, return_index=True)
    return values, after.ravel()[at]


def cells(counts):
    """Number of cells that are not empty, and the sum over index * count."""
    return [np.count_nonzero(counts), int((counts.ravel() * np.arange(counts.size)).sum())]


def put_steps(name, before, after):
    values, results = table(before, after)
    change = np.concatenate([[True], results[1:] != results[:-1]])
    put(name + ".values", values[change].astype(float))
    put(name + ".results", results[change].astype(float))


def put_sampled(name, before, after, every):
    values, results = table(before, after)
    put(name + ".values", values[::every].astype(float))
    put(name + ".results", results[::every].astype(float))
    put(name + ".sum", math.fsum(results.astype(float)))


# intensity ------------------------------------------------------------------------------------------------------------


def normalise(im, reference, offset):
    mean, std = cv2.meanStdDev(reference)
    clipped = np.clip(im, mean - offset * std, mean + offset * std)
    if im.dtype == np.uint8:
        return cv2.normalize(clipped.astype(np.uint8), None, 0, 255, norm_type=cv2.NORM_MINMAX)
    stretched = np.rint(cv2.normalize(clipped.reshape(-1, 1), None, 0, 255, norm_type=cv2.NORM_MINMAX))
    return stretched.reshape(im.shape).astype(np.uint8)


def intensity(folder):
    for name, chs in cases(folder):
        im = composite(chs)
        every = 3 if im.dtype == np.uint8 else 127
        put_sampled(name + ".equalized", im, exposure.equalize_hist(im), every)
        for c, a in enumerate(chs):
            put_sampled(f"{name}.equalized{c}", a, exposure.equalize_hist(a), every)
            threshold = filters.threshold_otsu(a)
            full = np.iinfo(a.dtype).max if a.dtype == np.uint8 else 4095
            put(f"{name}.stain{c}", [threshold, (a > threshold).mean(), a[a > threshold].mean(), (a >= full).mean()])
            t75 = np.percentile(a, 75)
            put(f"{name}.stain75_{c}", [t75, (a > t75).mean(), a[a > t75].mean(), (a >= full).mean()])
            for offset in OFFSETS:
                put_steps(f"{name}.normalized{c}_{offset}", im, normalise(im, a, offset))
        n = normalise(im, chs[0], 1)
        first, last = (n[..., SLOTS[len(chs)][i]] for i in (0, -1))
        put(name + ".difference", np.bincount((last - first).ravel(), minlength=256))
        counts, _, _ = np.histogram2d(first.ravel(), last.ravel(), 50)
        put(name + ".hist2d50", cells(counts))
        put(name + ".hist2d", np.histogram2d(first.ravel(), last.ravel(), 15)[0].astype(int))
        counts, x, y = np.histogram2d(chs[0].ravel(), chs[-1].ravel(), (17, 9))
        put(name + ".hist2d_raw.counts", counts.astype(int))
        put(name + ".hist2d_raw.xedges", x)
        put(name + ".hist2d_raw.yedges", y)
    for name, a in floats().items():
        put_sampled(name + ".equalized", a, exposure.equalize_hist(a), 1 if a.size < 100 else 11)
        b = a[::-1].copy()
        counts, x, y = np.histogram2d(a.ravel(), b.ravel(), (7, 5))
        put(name + ".hist2d.counts", counts.astype(int))
        put(name + ".hist2d.xedges", x)
        put(name + ".hist2d.yedges", y)
    stretch_all()


def floats():
    """Floating-point images made of the generated integers; the last are signed integers and a constant."""
    a, b = generated("words", 83, 59, 54321)[:2]
    return {
        "float": a.ravel().astype(np.float32) / np.float32(7),
        "double": a.ravel() / 7.0 - 100,
        "integer": (b.astype(np.int32) - 20000).astype(np.int16).ravel(),
        "float_constant": np.full(20, 0.25, np.float32),
        "integer_constant": np.full(20, 7, np.uint8),
    }


def stretch_all():
    """cv2.normalize of bytes for every minimum and maximum; per minimum a weighted sum over the tables."""
    sums = []
    for low in range(256):
        total = 0
        for high in range(low, 256):
            a = np.arange(low, high + 1, dtype=np.uint8).reshape(1, -1)
            r = cv2.normalize(a, None, 0, 255, norm_type=cv2.NORM_MINMAX).ravel().astype(np.int64)
            total += (high + 1) * int((r * (np.arange(r.size) + 1)).sum())
        sums.append(total)
    put("stretch", sums)


# co-localisation ------------------------------------------------------------------------------------------------------


def costes(x, y):
    """CellProfiler's 'Accurate' rule in grey levels: orthogonal regression over the pixels that are not zero in both;
    from one above the maximum the threshold descends by one level along the line until the pixels below it in either
    channel are no longer correlated."""
    p, q = x[(x > 0) | (y > 0)], y[(x > 0) | (y > 0)]
    (vx, cov), (_, vy) = np.cov(p, q)
    slope = (vy - vx + np.sqrt((vy - vx) ** 2 + 4 * cov**2)) / (2 * cov)
    line = lambda t: slope * t + (q.mean() - slope * p.mean())
    level = math.floor(max(x.max(), y.max())) + 1
    while level > x.max() and line(level) > y.max():
        level -= 1
    reached, below_before, r = level, -1, 1.0
    while level > 1:
        reached = level
        below = (x < level) | (y < line(level))
        if below.sum() < 2:
            break
        if below.sum() != below_before:
            below_before = below.sum()
            r = stats.pearsonr(x[below], y[below])[0]
        if r <= 0:
            break
        level -= 1
    return reached, line(reached)


def colocalize(name, a, b):
    x, y = a.ravel().astype(float), b.ravel().astype(float)
    put(name + ".pearson", measure.pearson_corr_coeff(x, y)[0])
    put(name + ".spearman", stats.spearmanr(x, y)[0])
    put(name + ".slope", stats.linregress(x, y)[0])
    put(name + ".overlap", measure.manders_overlap_coeff(x, y))
    put(name + ".k", [(x * y).sum() / (x * x).sum(), (x * y).sum() / (y * y).sum()])
    put(name + ".icq", (((x - x.mean()) * (y - y.mean())) > 0).mean() - 0.5)
    tx, ty = costes(x, y)
    for rule, t, u in [("all", 0, 0), ("otsu", filters.threshold_otsu(a), filters.threshold_otsu(b)), ("costes", tx, ty)]:
        m = [measure.manders_coloc_coeff(x, y > u), measure.manders_coloc_coeff(y, x > t)]
        put(f"{name}.manders_{rule}", [float(t), float(u)] + m)
    both = (x > tx) & (y > ty)
    put(name + ".above_both", [x[both].sum() / x[x > tx].sum(), y[both].sum() / y[y > ty].sum()])


def colocalization(folder):
    for name, chs in cases(folder):
        colocalize(name, chs[0], chs[-1])
        if len(chs) == 3:
            colocalize(name + "_01", chs[0], chs[1])
        colocalize(name + "_self", chs[0][:20], chs[0][:20] // 2)


# density --------------------------------------------------------------------------------------------------------------


def kde(name, x, y, every=997):
    """Stores what seaborn.kdeplot computes and draws."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import seaborn
    from seaborn._statistics import KDE

    seen = {}

    class Watched(KDE):
        def __call__(self, *args, **kw):
            seen["density"], seen["support"] = super().__call__(*args, **kw)
            return seen["density"], seen["support"]

    seaborn.distributions.KDE = Watched
    fig, ax = plt.subplots()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        seaborn.kdeplot(x=x.ravel(), y=y.ravel(), ax=ax)
    if any("KDE cannot be estimated" in str(w.message) for w in caught):
        put(name + ".drawn", 0)
    else:
        d, (gx, gy) = seen["density"], seen["support"]
        put(name + ".drawn", 1)
        put(name + ".grid", [gx[0], gx[1], gx[-1], gy[0], gy[1], gy[-1]])
        put(name + ".max", d.max())
        put(name + ".sum", math.fsum(d.ravel()))
        put(name + ".samples", d.ravel()[::every])
        put(name + ".levels", [float(v) for v in ax.collections[0].levels])
    plt.close(fig)


def density(folder):
    for name, chs in cases(folder):
        n = normalise(composite(chs), chs[0], 1)
        first, last = (n[..., SLOTS[len(chs)][i]] for i in (0, -1))
        if name == "SYN001_B03_f1":
            kde(name, first, last)
        part = np.s_[:61, :83] if chs[0].dtype == np.uint8 else np.s_[7:47, 3:66]
        kde(name + "_part", first[part], last[part])
        kde(name + "_raw", chs[0][part], chs[-1][part])
    a, b = generated("bytes", 97, 61, 12345)[:2]
    kde("constant", a[:5], np.full_like(a[:5], 3))
    kde("single", a[:1, :1], b[:1, :1])
    kde("two", np.array([1, 1, 1, 4, 9]), np.array([2, 2, 2, 3, 1]))


# BBBC008 --------------------------------------------------------------------------------------------------------------


def bbbc(folder):
    """A few numbers for each of the lesson's 12 fields; the density of one whole field and of a part of each."""
    from PIL import Image

    for i, nuclei in enumerate(sorted(Path(folder).glob("*_channel1.tif"))):
        name = nuclei.name[: -len("_channel1.tif")]
        chs = [np.asarray(Image.open(f)) for f in (nuclei, nuclei.with_name(name + "_channel3.tif"))]
        im = composite(chs)
        eq = exposure.equalize_hist(im)
        put(name + ".equalized", [math.fsum(eq[..., 0].ravel()), math.fsum(eq[..., 2].ravel())])
        for c, a in enumerate(chs):
            put_steps(f"{name}.normalized{c}_1", im, normalise(im, a, 1))
        n = normalise(im, chs[0], 1)
        put(name + ".difference", np.bincount((n[..., 2] - n[..., 0]).ravel(), minlength=256))
        counts, _, _ = np.histogram2d(n[..., 0].ravel(), n[..., 2].ravel(), 50)
        put(name + ".hist2d50", cells(counts))
        colocalize(name, *chs)
        kde(name + ".part", n[192:320, 192:320, 0], n[192:320, 192:320, 2], every=4001)
        if i == 0:
            kde(name + ".whole", n[..., 0], n[..., 2], every=4001)


{"intensity": intensity, "colocalization": colocalization, "density": density, "bbbc": bbbc}[sys.argv[1]](sys.argv[2])
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
