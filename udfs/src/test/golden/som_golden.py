"""What pyFlowSOM, Pixie's own map, makes of the pixels of channels_golden.py.

usage: python som_golden.py (in this folder)
writes ../resources/org/cytolake/cluster/som_golden.json
needs: pip install numpy==1.26.4 pyFlowSOM==0.1.16
N.error is the mean distance to the nearest node of a map of 10 x 10 that it trained; N.nodes a map and N.nearest
the nodes, from 0, that it gives to every 30th pixel.
"""
import json
from pathlib import Path

import numpy as np
import pyFlowSOM

from lcg import Lcg

OUT = Path(__file__).resolve().parent.parent / "resources/org/cytolake/cluster/som_golden.json"
PIXELS = 60_000
SHARES = [55, 75, 88, 96, 100]
MEANS = [
    [200, 220, 260, 240, 210],
    [1500, 400, 300, 900, 260],
    [600, 1800, 700, 300, 500],
    [900, 1500, 2200, 1200, 1400],
    [2600, 700, 1200, 2000, 900],
]
SPREADS = [40, 140, 180, 220, 260]


def pixels(channels):
    draw = Lcg(channels)
    x = np.empty((PIXELS, channels))
    for i in range(PIXELS):
        at = draw.below(100)
        p = next(j for j, share in enumerate(SHARES) if at < share)
        common = draw.below(SPREADS[p])
        for c in range(channels):
            noise = common + sum(draw.below(SPREADS[p]) for _ in range(4))
            x[i, c] = max(1, MEANS[p][c] + noise - 2 * SPREADS[p])
    return x


golden = {}
for channels in (3, 5):
    x = pixels(channels)
    errors = []
    for seed in (1, 2, 3):
        nodes = pyFlowSOM.som(x, xdim=10, ydim=10, rlen=10, seed=seed)
        _, distances = pyFlowSOM.map_data_to_nodes(nodes, x)
        errors.append(float(np.mean(distances)))
    golden[f"{channels}.error"] = [min(errors)]
    nodes = np.round(np.ascontiguousarray(nodes), 2)
    labels, _ = pyFlowSOM.map_data_to_nodes(nodes, x[::30].copy())
    golden[f"{channels}.nodes"] = nodes.ravel().tolist()
    golden[f"{channels}.nearest"] = (np.asarray(labels).astype(int) - 1).tolist()
OUT.write_text(json.dumps(golden) + "\n")
