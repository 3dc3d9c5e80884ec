#!/usr/bin/env python3
"""Lays out what nuclei-fluo is trained, chosen and measured on.

DSB2018 is a folder of the 447 fluorescence images of BBBC038v1 that the StarDist paper used, BBBC039 one of fields of
BBBC039v1: each with images/*.tif (one channel) and, under the same names, label images in masks/. Below OUTPUT, as links:

  train/            what train.py draws patches from
  validation/       what checkpoints and thresholds are chosen on
  test-dsb2018/     the images that train.py holds out of DSB2018: measured last, nothing is chosen on them
  test-bbbc039/     40 fields of BBBC039, of wells that are nowhere else
  test-scenes/      20 synthetic scenes
  split.json        which image is where, and which fields of BBBC039 are in DSB2018 too

The two overlap: DSB2018 has fields of BBBC039, in 8 bits and under other names, found here by their label images. A field
is left out of BBBC039 where DSB2018 has it; wells of which any field is trained on are not tested on.

Synthetic scenes of sample-data/make_screen.py, each with a microscope of its own, go into train/ for what is rare in
both: out of focus, uneven light, dim beside bright, crowded.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import tifffile

from nuclei_images import NoImages, read, split

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sample-data"))
from make_screen import Well, make_field  # noqa: E402

SAME = 0.9  # intersection over union of two label images' foreground, from which on they are of one field
TESTED_FIELDS = 40
VALIDATED_FIELDS = 10
VALIDATED_OF_DSB2018 = 0.05
FIRST_TESTED_SCENE, TESTED_SCENES = 1000, 20
SEED = 2018


def files(folder):
    found = sorted((folder / "images").glob("*.tif"))
    if not found:
        raise NoImages(f"{folder}: no files images/*.tif")
    return [path.name for path in found]


def foreground(folder, name):
    return tifffile.imread(folder / "masks" / name) > 0


def same_fields(dsb2018, bbbc039):
    """Name in DSB2018 to name in BBBC039."""
    fields = {name: foreground(bbbc039, name) for name in files(bbbc039)}
    shapes = {field.shape for field in fields.values()}
    found = {}
    for name in files(dsb2018):
        mask = foreground(dsb2018, name)
        if mask.shape in shapes:
            alike = {f: (mask & m).sum() / max(1, (mask | m).sum()) for f, m in fields.items() if m.shape == mask.shape}
            best = max(alike, key=alike.get)
            if alike[best] > SAME:
                found[name] = best
    return found


def well_of(field):
    """IXMtest_A02_s1_w1.tif is of the well A02."""
    parts = field.split("_")
    if len(parts) < 3:
        raise NoImages(f"{field}: fields of BBBC039 are named PLATE_WELL_...tif, so that wells can be kept apart")
    return parts[1]


def layout(dsb2018, bbbc039):
    """Folder to names, of DSB2018 and of BBBC039; and the fields of both."""
    rng = np.random.default_rng(SEED)
    known, held_out = (sorted(image.name for image in part) for part in split(read(dsb2018)))
    validated = set(rng.choice(known, round(VALIDATED_OF_DSB2018 * len(known)), replace=False))
    twins = same_fields(dsb2018, bbbc039)
    seen = {well_of(field) for name, field in twins.items() if name not in held_out}
    fields = [name for name in files(bbbc039) if name not in twins.values()]
    unseen = sorted({well_of(name) for name in fields} - seen)
    parts = {"test": [], "validation": [], "train": []}
    for well in rng.permutation(unseen):
        part = next((p for p, n in (("test", TESTED_FIELDS), ("validation", VALIDATED_FIELDS)) if len(parts[p]) < n), "train")
        parts[part] += [name for name in fields if well_of(name) == well]
    parts["train"] += [name for name in fields if well_of(name) in seen]
    of_dsb2018 = {
        "train": [name for name in known if name not in validated],
        "validation": sorted(validated), "test-dsb2018": held_out,
    }
    of_bbbc039 = {"train": parts["train"], "validation": parts["validation"], "test-bbbc039": parts["test"]}
    return of_dsb2018, {part: sorted(names) for part, names in of_bbbc039.items()}, twins


def link(source, names, target):
    for kind in ("images", "masks"):
        (target / kind).mkdir(parents=True, exist_ok=True)
        for name in names:
            (target / kind / name).symlink_to((source / kind / name).resolve())


def draw_well(rng):
    """A microscope and its cells, more varied than those of the sample screen."""
    bits = int(rng.choice([8, 12]))
    unit = rng.uniform(25, 90) if bits == 8 else rng.uniform(200, 1500)
    return Well(
        name="B02", density="any", cells=int(rng.integers(15, 170)), colonies=int(rng.integers(4, 12)),
        touching=rng.uniform(0.3, 0.85), bits=bits, psf_sigma_px=float(rng.choice([0.9, 1.2, 1.8, 2.6])), unit=unit,
        gain=unit / rng.uniform(30, 600), read_noise=unit * rng.uniform(0.003, 0.03), offset=unit * 0.09,
        background=unit * rng.uniform(0.03, 0.3), vignette=rng.uniform(0.1, 0.6), gradient=rng.uniform(0.1, 1.2), debris=0,
    )


def draw_scenes(target, numbers):
    for kind in ("images", "masks"):
        (target / kind).mkdir(parents=True, exist_ok=True)
    for number in numbers:
        name = f"scene-{number:03}.tif"
        rng = np.random.default_rng([SEED, number])
        pictures, labels, *_ = make_field(rng, draw_well(rng))
        tifffile.imwrite(target / "images" / name, pictures["nuclei"][1], compression="zlib")
        tifffile.imwrite(target / "masks" / name, labels, compression="zlib")
        print(f"{name}: {labels.max()} nuclei", flush=True)


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  training_data.py dsb2018/train bbbc039 data && train.py data/train runs/nuclei --validation data/validation",
    )
    p.add_argument("dsb2018", type=Path, metavar="DSB2018")
    p.add_argument("bbbc039", type=Path, metavar="BBBC039")
    p.add_argument("output", type=Path, metavar="OUTPUT")
    p.add_argument("--scenes", type=int, default=60, help="synthetic scenes to train on (default: %(default)s)")
    return p.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    try:
        if args.output.exists():
            raise NoImages(f"{args.output} exists, and may hold another split. Give another OUTPUT.")
        of_dsb2018, of_bbbc039, twins = layout(args.dsb2018, args.bbbc039)
        for source, parts in ((args.dsb2018, of_dsb2018), (args.bbbc039, of_bbbc039)):
            for part, names in parts.items():
                link(source, names, args.output / part)
                print(f"{source}: {len(names)} in {part}", flush=True)
        content = {"dsb2018": of_dsb2018, "bbbc039": of_bbbc039, "same fields": twins}
        (args.output / "split.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        draw_scenes(args.output / "train", range(args.scenes))
        draw_scenes(args.output / "test-scenes", range(FIRST_TESTED_SCENE, FIRST_TESTED_SCENE + TESTED_SCENES))
    except (NoImages, OSError) as e:
        print(f"training_data.py: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
