"""What scikit-learn gives for pixels of three and five channels, one by one.

usage: python channels_golden.py (in this folder)
writes ../resources/org/cytolake/cluster/channels_golden.json
needs: pip install numpy==2.4.6 scikit-learn==1.9.1
ManyChannelsTest draws the same pixels: five populations of 12 bits, noise as the sum of four uniform numbers.
"""
import json
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from lcg import Lcg

OUT = Path(__file__).resolve().parent.parent / "resources/org/cytolake/cluster/channels_golden.json"
PIXELS = 60_000
SHARES = [55, 75, 88, 96, 100]  # of a hundred, added up
MEANS = [
    [200, 220, 260, 240, 210],
    [1500, 400, 300, 900, 260],
    [600, 1800, 700, 300, 500],
    [900, 1500, 2200, 1200, 1400],
    [2600, 700, 1200, 2000, 900],
]
SPREADS = [40, 140, 180, 220, 260]  # each of the four numbers of a population's noise is below this


def pixels(channels):
    draw = Lcg(channels)
    x = np.empty((PIXELS, channels))
    for i in range(PIXELS):
        at = draw.below(100)
        p = next(j for j, share in enumerate(SHARES) if at < share)
        common = draw.below(SPREADS[p])  # what all channels of a pixel share
        for c in range(channels):
            noise = common + sum(draw.below(SPREADS[p]) for _ in range(4))
            x[i, c] = max(1, MEANS[p][c] + noise - 2 * SPREADS[p])
    return x


golden = {}
for channels in (3, 5):
    x = pixels(channels)
    golden[f"{channels}.sums"] = x.sum(0).tolist()
    mixtures = [GaussianMixture(k, n_init=5, reg_covar=1, tol=1e-6, max_iter=1000, random_state=1).fit(x) for k in range(2, 7)]
    golden[f"{channels}.loglik"] = [float(max(m.score(x), m.lower_bound_)) for m in mixtures]
    golden[f"{channels}.inertia"] = [float(KMeans(k, n_init=20, random_state=1).fit(x).inertia_) for k in range(2, 7)]
OUT.write_text(json.dumps(golden, indent=1) + "\n")
