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


TOGETHER = 10  # outputs whose tables are looked at in one query


class Unreadable(Exception):
    """Tables that cannot be read; the text says why."""


def told(tables, expected):
    """Which tables have other rows, or why they cannot be read; None where they are as expected."""
    if isinstance(tables, str):
        return tables
    other = [name for name in expected if tables.get(name) != expected[name]]
    return f"other rows in {', '.join(other)}" if other else None


def tell(line, difference):
    """Prints how a kill ended; 1 where it is different."""
    print(f"{line}: {'DIFFERENT: ' + difference if difference else 'as undisturbed'}", flush=True)
    return 1 if difference else 0


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
        views = set(row["viewName"] for row in self.query(output, "SHOW VIEWS"))
        return sorted(name for name in views if (output / name).is_dir() and name != "pixels")

    def tables(self, output, names):
        """A number a table that says which rows it has, whatever their order; or why they cannot be read."""
        try:
            return self.digests(output, {("", name): name for name in names})[""]
        except Unreadable as e:
            return str(e)

    def tables_of(self, outputs, names):
        """The same for several outputs in Parquet, as any reader of Parquet sees them, in one query."""
        sources = {(str(o), name): f"parquet.`{o / name}`" for o in outputs for name in names}
        try:
            return self.digests(outputs[0], sources)
        except Unreadable as e:
            if len(outputs) == 1:
                return {str(outputs[0]): str(e)}
            return {str(o): self.tables_of([o], names)[str(o)] for o in outputs}

    def digests(self, output, sources):
        """By key: by table the number of its rows and the sum of their hashes. A statement a key: one for all is slow."""
        keys = list(dict.fromkeys(key for key, _ in sources))
        statements = []
        for i, key in enumerate(keys):
            parts = []
            for name, rows in ((name, rows) for (of, name), rows in sources.items() if of == key):
                columns = f"* EXCEPT ({OF_THE_RUN[name]})" if name in OF_THE_RUN else "*"
                hashed = f"SELECT xxhash64(to_json(struct(*))) AS hash FROM (SELECT {columns} FROM {rows})"
                parts.append(f"SELECT '{key}' AS key, '{name}' AS name, CAST(hash AS DECIMAL(38, 0)) AS hash FROM ({hashed})")
            united = " UNION ALL ".join(parts)
            statements.append(
                f"CACHE TABLE found{i} AS SELECT key, name, count(*) AS n, sum(hash) AS digest "
                f"FROM ({united}) GROUP BY key, name"
            )
        statements.append(" UNION ALL ".join(f"SELECT * FROM found{i}" for i in range(len(keys))))
        found = {key: {name: (0, "None") for _, name in sources} for key in keys}
        for row in self.query(output, "; ".join(statements)):
            found[row["key"]][row["name"]] = (row["n"], str(row["digest"]))
        return found

    def query(self, output, statement):
        command = [*self.launcher, "sql", "--output", str(output), "--format", "json", statement]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Unreadable(f"the tables cannot be read: {done.stderr.strip()[-500:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    def difference(self, images, output, form, expected):
        """What the next run makes differently, tables apart; None where nothing."""
        code, _, text = self.run(images, output, form)
        if code != FAILED_IMAGES:
            return f"exit code {code}: {text.strip()[-500:]}"
        if self.beside(output) != expected:
            return "other label images"
        left = [f.name for f in (output / "_staging").glob("*")] if (output / "_staging").is_dir() else []
        return f"left in _staging: {left}" if left else None

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
            rows = bench.tables_of([whole], names)[str(whole)] if form == "parquet" else expected[0]
            shutil.copytree(base, output)
            more_seconds = bench.undisturbed(images, output, form)
            if (bench.tables(output, names), bench.beside(output)) != expected:
                sys.exit("kills: an undisturbed incremental run differs from a full one")
            print(f"{form}: full run {seconds:.1f} s, incremental {more_seconds:.1f} s", flush=True)
            kept = {}  # outputs whose tables were not looked at yet, and what their lines begin with
            lasts = [seconds, more_seconds]
            kill = 0
            while kill < kills:
                incremental = kill % 2 == 1
                shutil.rmtree(output, ignore_errors=True)
                if incremental:
                    shutil.copytree(base, output)
                after = chance.uniform(0.1, 1.0) * lasts[incremental]
                code, took, text = bench.run(images, output, form, after)
                if code is not None:  # ended by itself: the machine has become faster
                    if code != FAILED_IMAGES:
                        sys.exit(f"kills: an undisturbed run ended with {code}:\n{text}")
                    lasts[incremental] = took
                    continue
                where = phase(output, text)
                phases[(form, where)] += 1
                kind = "incremental" if incremental else "full"
                line = f"{form} {kind}, killed after {after:.1f} s in {where}"
                difference = bench.difference(images, output, form, expected[1])
                if form == "parquet":
                    place = work / f"kept-{kill}"
                    shutil.move(output, place)
                    kept[place] = (line, difference)
                else:
                    difference = difference or told(bench.tables(output, names), rows)
                    wrong += tell(line, difference)
                if given.keep and difference and output.exists():
                    shutil.copytree(output, work / f"different-{form}-{kill}")
                kill += 1
                if kept and (len(kept) == TOGETHER or kill == kills):
                    found = bench.tables_of(list(kept), names)
                    for place, (line, difference) in kept.items():
                        difference = difference or told(found[str(place)], rows)
                        wrong += tell(line, difference)
                        if not (given.keep and difference):
                            shutil.rmtree(place)
                    kept = {}
        for (form, where), count in sorted(phases.items()):
            print(f"{count:4} {form}: {where}")
        print(f"{sum(phases.values())} kills, {wrong} different")
    finally:
        if not given.keep:
            shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
