#!/usr/bin/env python3
"""Measures `cytolake analyze` as a whole, the JVM's start included, beside ONNX Runtime's network calls alone on the
same images (no margins; a field at once up to 1024 pixels, a larger one in tiles of 1024), before and after, and each
step of it against its budget. Prints Markdown. Exit code 1 where something is above its limit (not with --quick)."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read when onnxruntime is loaded

import numpy as np
import onnxruntime
import tifffile

from whole_job_inputs import ROOT, Inputs, NoFields

MODEL = Path("deploy/models/nuclei-fluo/nuclei-fluo.onnx")  # within a checkout
TILE = 1024  # longest side of what the network sees at once
INPUTS = {  # name -> what it is
    "large24": "24 fields of 2048 x 2048, two channels, 12 bits: at most 2.5 times the network's own time",
    "small240": "240 fields of 512 x 512, two channels, 8 bits: at most 3 times",
    "screen40": "the sample screen 40 times, 240 fields: at most 8 times",
    "lesson12": "the fields of --fields themselves, twelve at most: at most 3 times an empty query",
    "linear": "one sample image, the screen once, 10 and 40 times: an image takes the same time among 240 as among 60, "
    "within 15 %",
}
LIMITS = {"large24": 2.5, "small240": 3.0, "screen40": 8.0}  # times the network alone
LESSON_LIMIT = 3.0  # times an empty query
LINEAR = 0.15
BUDGETS = {  # a line of the budget -> largest share of the run, and the run's steps that belong to it
    "network, suppression, measures": (0.65, ("nuclei", "network", "suppression", "measures")),
    "reading": (0.05, ("headers", "pixels", "reading")),
    "statistics, transforms, density": (0.05, ("statistics", "transforms", "density")),
    "clusters": (0.10, ("clusters",)),
    "tables": (0.05, ("write", "tables", "commit")),
    "label images": (0.05, ("labels", "label images")),
    "report": (0.05, ("report",)),
}


class Unusable(Exception):
    """Something is missing or failed; the text says what."""


@dataclass
class Ran:
    """One run of the launcher."""

    wall: float
    processor: float  # seconds of user and system
    peak: float  # MiB
    steps: dict = field(default_factory=dict)  # seconds


# ---- the network alone ---------------------------------------------------------------------------


class Network:
    """A checkout's built-in network in ONNX Runtime."""

    def __init__(self, folder, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        given = self.session.get_inputs()[0]
        self.input, self.channel_axis = given.name, 1 if given.shape[1] == 1 else 3
        self.run(np.zeros((64, 64), np.float32))

    def run(self, plane):
        """Seconds of one call."""
        x = np.ascontiguousarray(np.expand_dims(plane, (0, self.channel_axis)))
        start = time.perf_counter()
        self.session.run(None, {self.input: x})
        return time.perf_counter() - start

    def seconds(self, files):
        """Seconds of all calls for these images."""
        return sum(self.run(tile) for file in files for tile in tiles(normalised(tifffile.imread(file))))


def normalised(plane):
    low, high = np.percentile(plane, [1, 99.8])
    return ((plane - low) / (high - low + 1e-20)).astype(np.float32)


def tiles(plane):
    """The plane in parts of at most TILE pixels a side, each padded to a multiple of 16."""
    for y in range(0, plane.shape[0], TILE):
        for x in range(0, plane.shape[1], TILE):
            tile = plane[y : y + TILE, x : x + TILE]
            yield np.pad(tile, [(0, -side % 16) for side in tile.shape], mode="reflect")


# ---- Cytolake ------------------------------------------------------------------------------------


class Checkout:
    """A checkout of Cytolake, built."""

    def __init__(self, name, folder, cores):
        self.name, self.folder, self.cores = name, Path(folder), cores
        self.launcher = self.folder / "deploy" / "bin" / "cytolake"
        if not self.launcher.exists():
            raise Unusable(f"{folder} is no checkout of Cytolake: there is no deploy/bin/cytolake")
        if subprocess.run([str(self.folder / "deploy" / "bin" / "build")], stdout=sys.stderr).returncode != 0:
            raise Unusable(f"{folder} could not be built; see above")

    def analyze(self, images):
        output = Path(tempfile.mkdtemp(prefix="cytolake-whole-job-"))
        try:
            ran, text = self.run("analyze", *images.arguments(), "--output", str(output / "tables"))
            ran.steps = steps_of(output / "tables", text)
        finally:
            shutil.rmtree(output, ignore_errors=True)
        return ran

    def qc(self, images, *settings):
        output = Path(tempfile.mkdtemp(prefix="cytolake-qc-"))
        try:
            return self.run("qc", *images.arguments(), "--output", str(output / "tables"), *settings)[0]
        finally:
            shutil.rmtree(output, ignore_errors=True)

    def reading(self, images):
        """Decodes every pixel and adds it up, which costs next to nothing."""
        return self.run("sql", *images.arguments(), "SELECT sum(nuclei), sum(cytoplasm) FROM pixels")[0]

    def empty_query(self):
        return self.run("sql", "SELECT 1")[0]

    def run(self, command, *arguments):
        """Runs a command of Cytolake; also returns what it printed."""
        argv = [str(self.launcher), command, *arguments]
        if not hasattr(os, "sched_setaffinity"):
            argv += ["--master", f"local[{self.cores}]"]
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - start
            out.seek(0)
            text = out.read().decode(errors="replace")
        if process.returncode != 0:
            raise Unusable(f"{' '.join(argv)} ended with {process.returncode}:\n{text[-4000:]}")
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return Ran(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit), text


def steps_of(tables, text):
    """Seconds of each step: from the record of the run, else from the summary that it printed."""
    records = sorted((tables / "_runs").glob("*.json"))
    if records:
        record = json.loads(records[-1].read_text())
        seconds = record.get("seconds", record.get("facts", {}).get("seconds"))
        seconds = json.loads(seconds) if isinstance(seconds, str) else seconds
        if isinstance(seconds, dict):
            return {step: float(s) for step, s in seconds.items()}
    line = re.search(r"^ *time +(.*)$", text, re.MULTILINE)
    return {s: float(v) for s, v in re.findall(r"([^,]+?) ([\d.]+) s(?:, |$)", line.group(1))} if line else {}


# ---- what is measured ----------------------------------------------------------------------------


class Measurement:
    """Measures inputs one after the other and keeps what is to be printed."""

    def __init__(self, checkouts, inputs, threads):
        self.checkouts, self.inputs = checkouts, inputs
        self.networks = {c.name: Network(c.folder, threads) for c in checkouts}
        self.runs = {}  # (input, checkout) -> Ran
        self.rows, self.steps, self.above = [], [], []

    def analyzed(self, name, checkout, images):
        if (name, checkout.name) not in self.runs:
            say(f"{name}: {checkout.name} analyses {len(images.nuclei)} images")
            self.runs[name, checkout.name] = checkout.analyze(images)
        return self.runs[name, checkout.name]

    def against_network(self, name, images, limit):
        """Cytolake between two measurements of its own network alone; the limit is a multiple of their mean."""
        say(f"{name}: the network alone on {len(images.nuclei)} images")
        before = {n: network.seconds(images.nuclei) for n, network in self.networks.items()}
        ran = {c.name: self.analyzed(name, c, images) for c in self.checkouts}
        after = {n: network.seconds(images.nuclei) for n, network in self.networks.items()}
        for checkout, run in ran.items():
            first, second = before[checkout], after[checkout]
            ratio = run.wall / ((first + second) / 2)
            self.row(name, checkout, len(images.nuclei), f"network {first:.1f} s, {second:.1f} s", run, ratio, limit)
            self.budget(name, checkout, run)

    def lesson(self, images):
        for checkout in self.checkouts:
            say(f"lesson12: {checkout.name} answers an empty query")
            empty = [checkout.empty_query(), checkout.empty_query()]
            mean = sum(e.wall for e in empty) / len(empty)
            run = self.analyzed("lesson12", checkout, images)
            beside = "empty query " + ", ".join(f"{e.wall:.1f} s" for e in empty)
            self.row("lesson12", checkout.name, len(images.nuclei), beside, run, run.wall / mean, LESSON_LIMIT)
            self.budget("lesson12", checkout.name, run)

    def linear(self, times):
        """Seconds that an image more takes, among few and among many."""
        for checkout in self.checkouts:
            name = "screen{}".format
            first = self.analyzed("image1", checkout, self.inputs.screens(0)).wall
            more = {}
            for n in times:
                images = self.inputs.screens(n)
                wall = self.analyzed(name(n), checkout, images).wall
                more[n] = (wall - first) / (len(images.nuclei) - 1)
            few, many = more[times[-2]], more[times[-1]]
            each = ", ".join(f"{n} x {s:.2f} s" for n, s in more.items())
            run = self.runs[name(times[-1]), checkout.name]
            images = len(self.inputs.screens(times[-1]).nuclei)
            self.row("linear", checkout.name, images, f"an image more: {each}", run, many / few, 1 + LINEAR, 1 - LINEAR)

    def row(self, name, checkout, images, beside, run, ratio, limit, least=0.0):
        within = least <= ratio <= limit
        if not within:
            self.above.append(f"{name} ({checkout})")
        limit = f"{limit:g}" if least == 0 else f"{least:g} to {limit:g}"
        cells = [name, checkout, images, beside, f"{run.wall:.1f}", f"{run.processor:.1f}", f"{run.peak:.0f}"]
        self.rows.append([*cells, f"{ratio:.2f}", limit, "yes" if within else "**no**"])

    def budget(self, name, checkout, run):
        """Shares of the run; where steps run side by side their seconds may add up to more than the run's."""
        whole = max(run.wall, sum(run.steps.values()))
        left = dict(run.steps)
        for line, (most, steps) in BUDGETS.items():
            mine = [s for s in left if s in steps]
            seconds = sum(left.pop(s) for s in mine)
            within = seconds <= most * whole
            cells = [name, checkout, line, ", ".join(mine) or "-", f"{seconds:.1f}", f"{seconds / whole:.0%}"]
            self.steps.append([*cells, f"{most:.0%}", "yes" if within else "**no**"])
        left["start and rest"] = whole - sum(run.steps.values())
        for step, seconds in left.items():
            self.steps.append([name, checkout, "(none)", step, f"{seconds:.1f}", f"{seconds / whole:.0%}", "", ""])


def say(text):
    print(f"whole-job: {text}", file=sys.stderr, flush=True)


def table(heads, rows):
    return "\n".join("| " + " | ".join(map(str, r)) + " |" for r in [heads, ["---"] * len(heads), *rows])


def options(argv):
    parser = argparse.ArgumentParser(
        prog="whole-job",
        description=__doc__,
        epilog="inputs:\n" + "\n".join(f"  {name:9} {what}" for name, what in INPUTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="which to measure (default: all)")
    parser.add_argument("--against", metavar="FOLDER", type=Path, help="another checkout, measured side by side")
    parser.add_argument(
        "--fields", metavar="FOLDER", type=Path, help="fields of which mosaics are made, named as BBBC008's: "
        "*_channel1.tif (nuclei) and *_channel3.tif; lesson12 needs it (default: synthetic fields)"
    )
    parser.add_argument(
        "--cache", metavar="FOLDER", type=Path, default=ROOT / ".cytolake" / "bench" / "whole-job",
        help="where inputs are kept, some 700 MB (default: .cytolake/bench/whole-job)",
    )
    parser.add_argument("--cores", type=int, default=2, help="processor cores, and threads of the network (default: 2)")
    parser.add_argument("--quick", action="store_true", help="tiny inputs, to see whether all works")
    chosen = parser.parse_args(argv)
    unknown = [i for i in chosen.inputs if i not in INPUTS]
    if unknown:
        parser.error(f"there is no input {', '.join(unknown)}; there are {', '.join(INPUTS)}")
    if not 1 <= chosen.cores <= os.cpu_count():
        parser.error(f"--cores is {chosen.cores}; this machine has 1 to {os.cpu_count()}")
    if chosen.fields and not chosen.fields.is_dir():
        parser.error(f"--fields: there is no folder {chosen.fields}")
    return chosen


def measured(chosen):
    if hasattr(os, "sched_setaffinity"):  # of this process and all that it starts
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.cores])
    checkouts = [Checkout("this", ROOT, chosen.cores)]
    if chosen.against:
        checkouts.append(Checkout("other", chosen.against, chosen.cores))
    inputs = Inputs(chosen.cache, chosen.fields, chosen.quick)
    result = Measurement(checkouts, inputs, chosen.cores)
    for name in chosen.inputs or INPUTS:
        if name == "lesson12" and not chosen.fields:
            say("lesson12: left out, it needs --fields")
        elif name == "lesson12":
            result.lesson(inputs.lesson12())
        elif name == "linear":
            result.linear([1, 2, 3] if chosen.quick else [1, 10, 40])
        elif name == "screen40":
            times = 2 if chosen.quick else 40
            result.against_network(f"screen{times}", inputs.screens(times), LIMITS[name])
        else:
            result.against_network(name, getattr(inputs, name)(), LIMITS[name])
    return result


def main():
    chosen = options(sys.argv[1:])
    load = os.getloadavg()[0]
    try:
        result = measured(chosen)
    except (Unusable, NoFields) as e:
        sys.exit(f"whole-job: {e}")
    note = "Tiny inputs: this says nothing about speed. " if chosen.quick else ""
    print(f"{note}{chosen.cores} cores; load of the machine before: {load:.1f}.\n")
    heads = ["input", "checkout", "images", "beside it", "analyze, s", "processor, s", "peak, MiB", "ratio", "limit", "within"]
    print(table(heads, result.rows) + "\n")
    heads = ["input", "checkout", "budget", "steps", "s", "share", "at most", "within"]
    print(table(heads, result.steps))
    if result.above and not chosen.quick:
        sys.exit("whole-job: outside the limit: " + ", ".join(result.above))


if __name__ == "__main__":
    main()
