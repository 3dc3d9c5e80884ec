#!/usr/bin/env python3
"""The illumination functions that CellProfiler's own code makes of rows A to D of ExampleSBSImages.
usage: illumination_golden.py DATA > ../resources/org/cytolake/illumination/illumination_golden.json
DATA holds sbs/sbs-rows-a-d.tar.xz. Needs what udfs/src/test/golden/illumination.py needs, and tifffile.

Each function is named CHANNEL-METHOD; block size 60, median filter 20, rescaled. Of its 640 x 640 pixels every 679th is
kept.
"""
import io
import json
import sys
import tarfile
from pathlib import Path

import tifffile

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "udfs/src/test/golden"))
from illumination import function  # noqa: E402

images = {"Channel1": [], "Channel2": []}
with tarfile.open(Path(sys.argv[1]) / "sbs/sbs-rows-a-d.tar.xz") as archive:
    for member in sorted(archive.getmembers(), key=lambda m: m.name):
        name = Path(member.name).name
        if name.endswith(".tif"):
            images[name.split("-")[0]].append(tifffile.imread(io.BytesIO(archive.extractfile(member).read())))
golden = {}
for channel, pixels in images.items():
    for method in ("regular", "background"):
        found = function(pixels, 255, method, 60, "median", 20, True)
        golden[f"{channel}-{method}"] = [float(f"{v:.9g}") for v in found.ravel()[::679]]
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
