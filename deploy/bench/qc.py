#!/usr/bin/env python3
"""Measures `cytolake qc` beside reading the same images and nothing else: a query that adds up all pixels, with the same
reader, JVM and cores. Each is timed from the command's start to its end, the JVM's start included, and the smaller of two
rounds counts; the start alone (an empty query) is taken off both in the second ratio. Prints Markdown. Exit code 1 where
the first ratio is above 2.5 (not with --quick)."""

import argparse
import os
import sys
from pathlib import Path

from whole_job import ROOT, Checkout, Unusable, table
from whole_job_inputs import Inputs, NoFields

LIMIT = 2.5
INPUTS = {
    "large24": "24 fields of 2048 x 2048, two channels, 12 bits",
    "small240": "240 fields of 512 x 512, two channels, 8 bits",
}
FUNCTIONS = ("--set", "illumination.method=regular")


def measured(chosen):
    if hasattr(os, "sched_setaffinity"):  # of this process and all that it starts
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: chosen.cores])
    checkouts = [Checkout("this", ROOT, chosen.cores)]
    if chosen.against:
        checkouts.append(Checkout("other", chosen.against, chosen.cores))
    inputs = Inputs(chosen.cache, chosen.fields, chosen.quick)
    rows, above = [], []
    for name in chosen.inputs or INPUTS:
        images = getattr(inputs, name)()
        for checkout in checkouts:
            tasks = {
                "start": checkout.empty_query,
                "reading": lambda: checkout.reading(images),
                "qc": lambda: checkout.qc(images),
                "qc with functions": lambda: checkout.qc(images, *FUNCTIONS),
            }
            seconds = {task: [] for task in tasks}
            for _ in range(1 if chosen.quick else 2):
                for task, run in tasks.items():
                    print(f"qc: {name}, {checkout.name}: {task}", file=sys.stderr, flush=True)
                    seconds[task].append(run().wall)
            start, reading = min(seconds["start"]), min(seconds["reading"])
            for task in ("qc", "qc with functions"):
                wall = min(seconds[task])
                ratio = wall / reading
                if ratio > LIMIT:
                    above.append(f"{name}, {task} ({checkout.name})")
                net = (wall - start) / max(reading - start, 1e-9)
                rows.append([
                    name, checkout.name, len(images.nuclei), task, f"{start:.1f}", f"{reading:.1f}", f"{wall:.1f}",
                    f"{len(images.nuclei) / wall:.1f}", f"{ratio:.2f}", f"{LIMIT:g}", f"{net:.2f}",
                ])
    return rows, above


def options(argv):
    parser = argparse.ArgumentParser(prog="qc", description=__doc__)
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help=f"which to measure: {', '.join(INPUTS)} (default: all)")
    parser.add_argument("--against", metavar="FOLDER", type=Path, help="another checkout, measured side by side")
    parser.add_argument("--fields", metavar="FOLDER", type=Path, help="fields of which mosaics are made; see whole-job")
    parser.add_argument(
        "--cache", metavar="FOLDER", type=Path, default=ROOT / ".cytolake" / "bench" / "whole-job",
        help="where inputs are kept (default: .cytolake/bench/whole-job)",
    )
    parser.add_argument("--cores", type=int, default=2, help="processor cores (default: 2)")
    parser.add_argument("--quick", action="store_true", help="tiny inputs, to see whether all works")
    chosen = parser.parse_args(argv)
    unknown = [i for i in chosen.inputs if i not in INPUTS]
    if unknown:
        parser.error(f"there is no input {', '.join(unknown)}; there are {', '.join(INPUTS)}")
    return chosen


def main():
    chosen = options(sys.argv[1:])
    load = os.getloadavg()[0]
    try:
        rows, above = measured(chosen)
    except (Unusable, NoFields) as e:
        sys.exit(f"qc: {e}")
    note = "Tiny inputs: this says nothing about speed. " if chosen.quick else ""
    print(f"{note}{chosen.cores} cores; load of the machine before: {load:.1f}.\n")
    heads = [
        "input", "checkout", "images", "what", "start, s", "reading, s", "wall, s", "images a second", "ratio", "limit",
        "ratio without the start",
    ]
    print(table(heads, rows))
    if above and not chosen.quick:
        sys.exit("qc: above the limit: " + "; ".join(above))


if __name__ == "__main__":
    main()
