#!/usr/bin/env python3
"""Average precision of a StarDist network in ONNX on annotated images.

DATA is a folder with images/*.tif and, under the same names, label images in masks/. Of these, the tenth that train.py
holds out is evaluated, or all with --split all. AP is stardist.matching's: true positives / (true positives + false
positives + false negatives) at an intersection over union of 0.5, 0.55 ... 0.9. The thresholds are the model's
unless given; --search tries pairs of them.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from stardist.matching import matching_dataset

from nuclei_images import NoImages, read, split
from stardist_onnx import NotStarDist, StarDistOnnx, Thresholds, label

IOUS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
SEARCHED = [Thresholds(round(float(p), 3), n) for n in (0.3, 0.4) for p in np.arange(0.3, 0.86, 0.05)]


def scores(images, labels):
    """AP by IoU and their mean; at IoU 0.5 precision, recall and F1; numbers of true and of found nuclei."""
    at = matching_dataset([i.labels.astype(np.int32) for i in images], labels, thresh=IOUS, show_progress=False)
    half = at[0]
    return {
        "ap": {str(iou): float(m.accuracy) for iou, m in zip(IOUS, at)},
        "mean_ap": float(np.mean([m.accuracy for m in at])),
        "precision": float(half.precision),
        "recall": float(half.recall),
        "f1": float(half.f1),
        "true": int(half.n_true),
        "found": int(half.n_pred),
    }


def search(images, predictions, grid, tried=SEARCHED):
    """Pairs of thresholds with their scores; the network has run once."""
    for thresholds in tried:
        labels = [label(*p, i.image.shape, grid, thresholds) for i, p in zip(images, predictions)]
        yield thresholds, scores(images, labels)


def rounded(result):
    if isinstance(result, dict):
        return {k: rounded(v) for k, v in result.items()}
    return round(result, 4) if isinstance(result, float) else result


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  evaluate.py nuclei-fluo/nuclei-fluo.onnx dsb2018/train",
    )
    p.add_argument("model", type=Path, metavar="MODEL.onnx")
    p.add_argument("data", type=Path, metavar="DATA")
    p.add_argument("--split", choices=("validation", "all"), default="validation", help="default: %(default)s")
    p.add_argument("--prob", type=float, help="probability threshold (default: the model's)")
    p.add_argument("--nms", type=float, help="overlap threshold (default: the model's)")
    p.add_argument("--search", action="store_true", help="score pairs of thresholds, one line each")
    p.add_argument("--threads", type=int, default=2, help="of ONNX Runtime (default: %(default)s)")
    p.add_argument("--output", type=Path, help="JSON file for the scores (default: only printed)")
    return p.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    try:
        model = StarDistOnnx(args.model, args.threads)
        if model.channels != 1:
            raise NotStarDist(f"{args.model}: it takes {model.channels} channels, the images have one")
        images = read(args.data, model.percentiles)
        images = images if args.split == "all" else split(images)[1]
    except (NotStarDist, NoImages, OSError) as e:
        print(f"evaluate.py: {e}", file=sys.stderr)
        return 1
    predictions = [model.predict(i.image) for i in images]
    own = model.thresholds
    given = Thresholds(own.prob if args.prob is None else args.prob, own.nms if args.nms is None else args.nms)
    results = []
    for thresholds, result in search(images, predictions, model.grid, SEARCHED if args.search else [given]):
        results.append({"prob": thresholds.prob, "nms": thresholds.nms, "images": len(images), **rounded(result)})
        print(json.dumps(results[-1]), flush=True)
    if args.output:
        args.output.write_text(json.dumps({"model": args.model.name, "results": results}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
