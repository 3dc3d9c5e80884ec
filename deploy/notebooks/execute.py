#!/usr/bin/env python3
"""Executes notebooks as a reader would, from top to bottom in a new kernel; deploy/notebooks/run calls this.

An error in a cell, or a path of this machine in an output, fails. What differs from one execution to the next without
meaning anything (times, the kernel's log on standard error) is left out.
"""
import argparse
import base64
import io
import os
import pathlib
import re
import sys

import nbclient
import nbformat
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS_A_CELL = 600
COLOURS = 128  # of a plot: enough to the eye, and a third of the bytes
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def executed(path):
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=SECONDS_A_CELL, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(HERE)}},
        # else Spark's log, written to the process's own standard error, lands in the outputs
        extra_arguments=["--IPKernelApp.capture_fd_output=False", "--IPKernelApp.log_level=ERROR"])
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output["data"]["image/png"] = smaller(output["data"]["image/png"])
    notebook.metadata.pop("language_info", None)
    return notebook


def smaller(png):
    """The picture with a palette, as base64."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    out = io.BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def text_of(output):
    parts = [output.get("text", "")]
    for kind, value in output.get("data", {}).items():
        if not kind.startswith("image/"):
            parts.append("".join(value))
    return "\n".join(parts)


def require_portable(notebook, name):
    """No output may say where this machine keeps its files."""
    homes = {str(ROOT), str(pathlib.Path.home()), os.environ.get("CYTOLAKE_OUTPUT", ""), sys.prefix}
    private = [home for home in homes if len(home) > 1]
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            for path in private:
                if path in text_of(output):
                    sys.exit(f"notebooks: cell {number} of {name} shows the path {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=pathlib.Path, help="folder for the executed notebooks (default: in place)")
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path, help="default: all in this folder")
    arguments = parser.parse_args()
    notebooks = arguments.notebooks or sorted(HERE.glob("*.ipynb"))
    if arguments.to:
        arguments.to.mkdir(parents=True, exist_ok=True)
    for path in notebooks:
        try:
            notebook = executed(path)
        except nbclient.exceptions.CellExecutionError as error:
            sys.exit(f"notebooks: {path.name} failed\n{COLOUR.sub('', str(error))}")
        require_portable(notebook, path.name)
        target = arguments.to / path.name if arguments.to else path
        nbformat.write(notebook, target)
        cells = sum(cell.cell_type == "code" for cell in notebook.cells)
        print(f"{path.name}: {cells} cells executed, {target.stat().st_size // 1024} kB", flush=True)


if __name__ == "__main__":
    main()
