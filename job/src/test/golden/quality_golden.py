#!/usr/bin/env python3
"""What CellProfiler's own code says of the quality of the sample screen and of row A of ExampleSBSImages.
usage: quality_golden.py DATA > ../resources/org/cytolake/quality/quality_golden.json
DATA holds sbs/sbs-rows-a-d.tar.xz. Needs what udfs/src/test/golden/image_quality.py needs, and tifffile.

Each value is named IMAGE.MEASURE or IMAGE.MEASURE_SCALE; intensities are raw ones, in 64 bits.
"""
import io
import json
import sys
import tarfile
from pathlib import Path

import tifffile

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "udfs/src/test/golden"))
import image_quality  # noqa: E402

SCALES = [10, 20, 50]

golden = {}


def add(name, pixels):
    for measure, value in image_quality.measures(pixels, SCALES).items():
        golden[f"{name}.{measure}"] = [value]


for file in sorted((ROOT / "sample-data/images").glob("*.tif")):
    add(file.stem, tifffile.imread(file))
with tarfile.open(Path(sys.argv[1]) / "sbs/sbs-rows-a-d.tar.xz") as archive:
    for member in sorted(archive.getmembers(), key=lambda m: m.name):
        if "-A-" in member.name and member.name.endswith(".tif"):
            add(Path(member.name).stem, tifffile.imread(io.BytesIO(archive.extractfile(member).read())))
sys.stdout.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")
