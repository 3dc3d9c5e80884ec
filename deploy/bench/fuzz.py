#!/usr/bin/env python3
"""Analyses damaged images with Cytolake and says what became of them; see deploy/bench/fuzz."""
import argparse
import collections
import logging
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import tifffile

import fuzz_mutants
import fuzz_seeds

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = [
    "segmentation.enabled=false",
    "clustering.enabled=false",
    "report.enabled=false",
    "density.enabled=false",
    "output.label-images=[]",
    "histograms.bins=4",
]


class Complaints(logging.Handler):
    """Whether tifffile said that something is wrong."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.heard = False

    def emit(self, record):
        self.heard = True


def damage(folder, seeds, first, count):
    """Writes the files of the numbers; returns how each was made, by name."""
    made = {}
    for number in range(first, first + count):
        seed = seeds[number % len(seeds)]
        content, ways = fuzz_mutants.mutant(seed.read_bytes(), number)
        name = f"{number:06d}-{seed.name}"
        (folder / name).write_bytes(content)
        made[name] = ways
    return made


def run(command, images, output, seconds, log):
    """Runs the job; returns its exit code, seconds, peak heap in MB and memory in MB."""
    gc = log.with_suffix(".gc")
    environment = {**os.environ, "JAVA_TOOL_OPTIONS": f"-Xlog:gc:file={gc}"}
    arguments = [*command, "analyze", "--input", str(images), "--output", str(output), "-v"]
    for setting in [*SETTINGS, f"input.file-seconds={seconds}"]:
        arguments += ["--set", setting]
    start = time.monotonic()
    with open(log, "w") as to:
        code = subprocess.run(arguments, env=environment, stdout=to, stderr=subprocess.STDOUT).returncode
    taken = time.monotonic() - start
    heap = max((int(m) for m in re.findall(r" (\d+)M->", gc.read_text())), default=0) if gc.exists() else 0
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return code, taken, heap, memory


def rows(output, table, columns):
    folder = output / table
    if not any(folder.glob("*.parquet")):
        return []
    return parquet.read_table(folder, columns=columns).to_pylist()


def name_of(path):
    return path.rsplit("/", 1)[-1]


def by_tifffile(path):
    """Least, largest and mean value of each plane, sorted; None where tifffile does not read it without complaint."""
    complaints = Complaints()
    logger = logging.getLogger("tifffile")
    logger.handlers, logger.propagate = [complaints], False
    try:
        with tifffile.TiffFile(path) as tiff:
            if len(tiff.series) != 1:
                return None
            series = tiff.series[0]
            page = series.keyframe
            if page.compression == 34712 and not path.name.startswith("good-"):
                return None  # JPEG 2000 has no checksum: of changed bits every decoder makes something else
            if set(series.axes) - set("TZIQYX") or page.samplesperpixel != 1 or page.photometric not in (0, 1):
                return None
            # page by page: of some programs' files tifffile goes by their description, whatever the directories say
            planes = [p.asarray() for p in tiff.pages]
    except Exception:  # whatever it says: it does not read the file
        return None
    if complaints.heard or any(p.dtype.kind not in "uif" or p.ndim != 2 for p in planes):
        return None
    return sorted((float(p.min()), float(p.max()), round(float(np.mean(p, dtype="float64")), 6)) for p in planes)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=20, help="input.file-seconds")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--cytolake", default=str(ROOT / "deploy/bin/cytolake"))
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="cytolake-fuzz-"))
    if options.keep and options.keep.exists():
        sys.exit(f"fuzz: {options.keep} is there already")
    images, output = folder / "images", folder / "tables"
    images.mkdir(parents=True)
    seeds = fuzz_seeds.write(folder / "seeds")
    for seed in seeds:
        shutil.copy(seed, images / f"good-{seed.name}")
    made = damage(images, seeds, options.first, options.files)
    broken = judge(options, images, output, seeds, made, folder / "log.txt")
    if not options.keep and not broken:
        shutil.rmtree(folder)
    for promise in broken:
        print("BROKEN:", promise)
    if broken:
        print("The files are in", folder)
    sys.exit(1 if broken else 0)


def judge(options, images, output, seeds, made, log):
    """Runs, prints the figures and returns the promises that were broken."""
    code, seconds, heap, memory = run([options.cytolake], images, output, options.seconds, log)
    status = {}
    for row in rows(output, "images", ["image", "files", "status"]):
        for file in row["files"]:
            status.setdefault(name_of(file["path"]), {})[row["image"]] = row["status"]
    errors = rows(output, "errors", ["image", "file", "code", "message"])
    codes = {name_of(e["file"]): e["code"] for e in errors}
    values = collections.defaultdict(list)
    for row in rows(output, "channel_stats", ["image", "region", "min", "max", "mean"]):
        if row["region"] == "image":
            values[row["image"]].append((float(row["min"]), float(row["max"]), round(float(row["mean"]), 6)))
    print(f"files {len(made)} and {len(seeds)} good ones, exit code {code}")
    print(f"seconds {seconds:.0f}, peak heap {heap} MB, peak memory {memory} MB")
    read = [n for n in made if is_read(status.get(n, {}))]
    print(f"read {len(read)}, refused {sum(n in codes for n in made)}")
    for why, count in collections.Counter(codes.values()).most_common():
        print(f"  {why} {count}")
    broken = []
    if code not in (0, 3):
        broken.append(f"the run ended with exit code {code}, see {log}")
    lost = [n for n in [*made, *(f"good-{s.name}" for s in seeds)] if n not in status and n not in codes]
    if lost:
        broken.append(f"{len(lost)} files are in no table: {', '.join(lost[:10])}")
    refused = [s.name for s in seeds if not is_read(status.get(f"good-{s.name}", {}))]
    if refused:
        broken.append(f"good files are refused: {', '.join(refused)}")
    same, different = 0, []
    for name in [*read, *(f"good-{s.name}" for s in seeds)]:
        if name not in status or not name.endswith((".tif", ".scn", ".stk")):
            continue
        expected = by_tifffile(images / name)
        if expected is None:
            continue
        got = sorted(plane for image in status[name] for plane in values[image])
        if len(got) == len(expected) and np.allclose(got, expected, rtol=1e-6, atol=1e-6):
            same += 1
        else:
            different.append(name)
            print(f"  {name} ({', '.join(made.get(name, []))}): {got[:3]}, tifffile {expected[:3]}")
    print(f"as tifffile {same}, otherwise {len(different)}")
    if different:
        broken.append(f"{len(different)} files have other values than tifffile's")
    if memory > 1024 + limit():
        broken.append(f"the run took {memory} MB, more than its heap and 1 GB")
    return broken


def is_read(images):
    """Whether all images of a file are; by id, with their status."""
    return bool(images) and "failed" not in images.values()


def limit():
    """MB of the heap."""
    size = os.environ.get("CYTOLAKE_MEMORY", "2g").lower()
    return int(size[:-1]) * {"g": 1024, "m": 1}[size[-1]]


if __name__ == "__main__":
    main()
