"""What numpy and scikit-image give for small arrays of every kind of sample.

usage: python histogram_golden.py > ../resources/org/cytolake/histogram/histogram_golden.json
needs: pip install numpy==2.4.6 scikit-image==0.26.0
Every case is named KIND_NAME and has: values, counts (the array as a histogram), percentiles at `q`,
moments (mean, population stddev; of the values in 64 bits), otsu, and edges and counts of 7 and 100 bins.
"""
import json
import sys

import numpy as np
from skimage.filters import threshold_otsu

Q = [0, 1, 12.5, 25, 50, 63, 75, 99, 99.8, 100]
rng = np.random.default_rng(20261124)
cases = {
    "integer_uint8": np.clip(rng.gamma(2, 9, 4001), 0, 255).astype(np.uint8),
    "integer_uint16_two_populations": np.concatenate([rng.normal(900, 120, 600), rng.normal(5200, 900, 150)]).astype(np.uint16),
    "integer_int16_negative": rng.integers(-300, 200, 999).astype(np.int16),
    "integer_gap": np.array([3] * 5 + [40000] * 5, np.uint16),
    "integer_constant": np.full(9, 17, np.uint8),
    "integer_single": np.array([200], np.uint8),
    "integer_every_value": np.arange(0, 300, dtype=np.uint16),
    "float_gamma": rng.gamma(2, 0.3, 150).astype(np.float32),
    "float_negative": np.concatenate([rng.normal(-3, 1, 100), rng.normal(4, 0.5, 50)]).astype(np.float32),
    "float_tenths": (rng.integers(0, 30, 400) / np.float32(10)).astype(np.float32),
    "double_gamma": rng.gamma(2, 0.3, 150),
    "double_tenths": rng.integers(0, 30, 400) / 10.0,
    "double_large": 1e12 + rng.normal(0, 1, 60),
    "double_constant": np.full(5, 0.25),
}
golden = {"q": Q}
for name, a in cases.items():
    values, counts = np.unique(a, return_counts=True)
    wide = a.astype(np.float64)
    golden[name + ".values"] = values.astype(np.float64).tolist()
    golden[name + ".counts"] = counts.tolist()
    golden[name + ".percentiles"] = np.percentile(wide, Q).tolist()
    golden[name + ".moments"] = [float(wide.mean()), float(wide.std())]
    golden[name + ".otsu"] = [float(threshold_otsu(a))]
    for bins in (7, 100):
        n, edges = np.histogram(a, bins)
        golden[f"{name}.edges{bins}"] = edges.astype(np.float64).tolist()
        golden[f"{name}.bins{bins}"] = n.tolist()
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
