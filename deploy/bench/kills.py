#!/usr/bin/env python3
"""Kills analyze at random moments and compares what the next run makes of it with undisturbed runs (see `kills`)."""

import argparse
import hashlib
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "sample-data" / "images"
PATTERN = r"(?<plate>[^_]+)_(?<well>[A-P]\d{2})_f(?<field>\d+)_(?<channel>[a-z]+)\.tif"
SETTINGS = ["run.batch-images=2", "clustering.k=[2]", "density.enabled=false", "run.progress=plain"]
BESIDE = ("labels", "cluster_images", "geojson")
OF_THE_RUN = {"images": "run, histogram_seconds, segmentation_seconds", "errors": "time"}  # columns that may differ
FAILED_IMAGES = 3  # the exit code: one image is broken


class Different(Exception):
    """What a disturbed run left is not what an undisturbed one did; the text says what."""


class Bench:
    def __init__(self, launcher, work):
        self.launcher, self.work = launcher, work

    def command(self, images, output, form):
        settings = SETTINGS + [f"output.format={form}"]
        return [
            *self.launcher, "analyze", "--input", str(images), "--pattern", PATTERN,
            "--channels", "nuclei=nuclei,cytoplasm=cytoplasm", "--output", str(output),
            *(word for setting in settings for word in ("--set", setting)),
        ]  # fmt: skip

    def run(self, images, output, form, kill_after=None):
        """Runs to the end, or kills the command and all that it started. Exit code, seconds, standard error."""
        log = self.work / "stderr.txt"
        began = time.monotonic()
        with open(log, "w") as err:
            process = subprocess.Popen(
                self.command(images, output, form), stdout=err, stderr=err, start_new_session=True
            )
            try:
                code = process.wait(kill_after)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                code = None
        return code, time.monotonic() - began, log.read_text()

    def undisturbed(self, images, output, form):
        """Runs to the end. Seconds."""
        code, seconds, text = self.run(images, output, form)
        if code != FAILED_IMAGES:
            sys.exit(f"kills: an undisturbed run ended with {code}:\n{text}")
        return seconds

    def names(self, output):
        return sorted(set(row["viewName"] for row in self.query(output, "SHOW VIEWS")) - {"pixels"})

    def tables(self, output, names):
        """A number a table that says which rows it has, whatever their order."""
        parts = [
            f"SELECT '{name}' AS name, count(*) AS n, sum(CAST(xxhash64(to_json(struct(*))) AS DECIMAL(38, 0))) AS digest "
            f"FROM (SELECT * EXCEPT ({OF_THE_RUN[name]}) FROM {name})"
            if name in OF_THE_RUN
            else f"SELECT '{name}' AS name, count(*) AS n, "
            f"sum(CAST(xxhash64(to_json(struct(*))) AS DECIMAL(38, 0))) AS digest FROM {name}"
            for name in names
        ]
        rows = self.query(output, " UNION ALL ".join(parts))
        return {row["name"]: (row["n"], str(row["digest"])) for row in rows}

    def query(self, output, statement):
        command = [*self.launcher, "sql", "--output", str(output), "--format", "json", statement]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Different(f"the tables cannot be read: {done.stderr.strip()[-500:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    @staticmethod
    def beside(output):
        files = {}
        for kind in BESIDE:
            for file in sorted((output / kind).rglob("*")):
                if file.is_file():
                    files[str(file.relative_to(output))] = hashlib.sha256(file.read_bytes()).hexdigest()
        return files


def some_images(folder):
    """A folder with some of the fields, and one that is broken."""
    folder.mkdir()
    for file in sorted(IMAGES.glob("*.tif")):
        if "_B02_" in file.name or "_B03_f1" in file.name:
            shutil.copy2(file, folder)
    for channel in ("nuclei", "cytoplasm"):
        (folder / f"SYN001_A01_f1_{channel}.tif").write_text("no image")


def all_images(folder):
    """The other fields too."""
    for file in sorted(IMAGES.glob("*.tif")):
        if not (folder / file.name).exists():
            shutil.copy2(file, folder)


def phase(output, text):
    """In what a run was killed: by what it had said, and by what it had written."""
    staged = output / "_staging"
    journals = list(staged.glob("*/journal.json")) if staged.is_dir() else []
    commits = len(list((output / "_runs").glob("*.json"))) if (output / "_runs").is_dir() else 0
    if journals:
        return "commit: moving files"
    if staged.is_dir() and (staged / "_lock").exists() and any(output.glob("*/metadata")):
        return "commit of Iceberg's tables"
    parts = [line.split(":")[0].strip() for line in text.splitlines() if line.rstrip().endswith(" s") and ":" in line]
    if not parts and not staged.is_dir():
        return "start"
    last = parts[-1] if parts else "start"
    return f"after '{last}', {commits} batches committed"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parquet", type=int, default=100, metavar="N", help="kills of Parquet runs (100)")
    parser.add_argument("--iceberg", type=int, default=40, metavar="N", help="kills of Iceberg runs (40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--launcher", default=str(ROOT / "deploy" / "bin" / "cytolake"), help="the command to run")
    parser.add_argument("--keep", action="store_true", help="keep the outputs that differ")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    work = Path(tempfile.mkdtemp(prefix="cytolake-kills-"))
    bench = Bench(shlex.split(given.launcher), work)
    images = work / "images"
    wrong, phases = 0, Counter()
    try:
        some_images(images)
        wanted = {form: kills for form, kills in (("parquet", given.parquet), ("iceberg", given.iceberg)) if kills}
        for form in wanted:  # Iceberg's tables know their place: what is copied back lies where it was made
            bench.undisturbed(images, work / form, form)
            shutil.move(work / form, work / f"base-{form}")
        all_images(images)
        for form, kills in wanted.items():
            base, whole, output = work / f"base-{form}", work / f"whole-{form}", work / form
            seconds = bench.undisturbed(images, whole, form)
            names = bench.names(whole)
            expected = bench.tables(whole, names), bench.beside(whole)
            shutil.copytree(base, output)
            more_seconds = bench.undisturbed(images, output, form)
            if (bench.tables(output, names), bench.beside(output)) != expected:
                sys.exit("kills: an undisturbed incremental run differs from a full one")
            print(f"{form}: full run {seconds:.1f} s, incremental {more_seconds:.1f} s", flush=True)
            for kill in range(kills):
                incremental = kill % 2 == 1
                shutil.rmtree(output, ignore_errors=True)
                if incremental:
                    shutil.copytree(base, output)
                after = chance.uniform(0.15, 1.0) * (more_seconds if incremental else seconds)
                code, _, text = bench.run(images, output, form, after)
                where = "ended by itself" if code is not None else phase(output, text)
                phases[(form, where)] += 1
                result = "as undisturbed"
                try:
                    code, _, text = bench.run(images, output, form)
                    if code != FAILED_IMAGES:
                        raise Different(f"exit code {code}: {text.strip()[-500:]}")
                    if bench.tables(output, names) != expected[0]:
                        raise Different("other tables")
                    if bench.beside(output) != expected[1]:
                        raise Different("other label images")
                    left = [f.name for f in (output / "_staging").glob("*")] if (output / "_staging").is_dir() else []
                    if left:
                        raise Different(f"left in _staging: {left}")
                except Different as e:
                    wrong, result = wrong + 1, f"DIFFERENT: {e}"
                kind = "incremental" if incremental else "full"
                print(f"{form} {kind}, killed after {after:.1f} s in {where}: {result}", flush=True)
                if given.keep and result.startswith("DIFFERENT"):
                    shutil.copytree(output, work / f"different-{form}-{kill}")
        for (form, where), count in sorted(phases.items()):
            print(f"{count:4} {form}: {where}")
        print(f"{sum(phases.values())} kills, {wrong} different")
    finally:
        if not given.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
