#!/usr/bin/env python3
"""Average precision of a StarDist network in ONNX on annotated images.

DATA is a folder with images/*.tif and, under the same names, label images in masks/. Of these, the tenth that train.py
holds out is evaluated, or all with --split all. AP is stardist.matching's: true positives / (true positives + false
positives + false negatives) at an intersection over union of 0.5, 0.55 ... 0.9. The thresholds are the model's
unless given; --search tries pairs of them.

--by-size scores nuclei of some sizes apart: true nuclei of the size, found or missed, and found ones of the size that are
no true one's. --pictures writes a PNG for each image, with outlines: white where a nucleus was found at IoU 0.5, red
where one was missed, yellow where there is none; the worst images first.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.segmentation import find_boundaries
from stardist.matching import matching, matching_dataset

from nuclei_images import NoImages, read, split
from stardist_onnx import NotStarDist, StarDistOnnx, Thresholds, label

IOUS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
SIZES = (0, 50, 100, 300, 1000)  # pixels; the last class has no end
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


def by_size(images, labels):
    """Scores of each class of areas, in pixels: from, below, true nuclei, found ones, AP by IoU."""
    tallies = np.zeros((len(SIZES), len(IOUS), 3), int)  # true positives, false negatives, false positives
    for image, label_image in zip(images, labels):
        truth = image.labels.astype(np.int32)
        true_class, found_class = (np.digitize(np.bincount(v.ravel()), SIZES) - 1 for v in (truth, label_image))
        true, found = (set(np.unique(v)) - {0} for v in (truth, label_image))
        for i, match in enumerate(matching(truth, label_image, thresh=IOUS, report_matches=True)):
            pairs = [match.matched_pairs[t] for t in match.matched_tps]
            for number, _ in pairs:
                tallies[true_class[number], i, 0] += 1
            for number in true - {t for t, _ in pairs}:
                tallies[true_class[number], i, 1] += 1
            for number in found - {f for _, f in pairs}:
                tallies[found_class[number], i, 2] += 1
    for first, last, tally in zip(SIZES, (*SIZES[1:], None), tallies):
        ap = {str(iou): float(tp / max(1, tp + fn + fp)) for iou, (tp, fn, fp) in zip(IOUS, tally)}
        tp, fn, fp = (int(v) for v in tally[0])
        yield {"from": first, "below": last, "true": tp + fn, "found": tp + fp, "missed": fn, "ap": ap}


def draw(image, label_image):
    """AP at IoU 0.5, and outlines on an image, (2 height, 2 width, 3)."""
    truth = image.labels.astype(np.int32)
    match = matching(truth, label_image, thresh=0.5, report_matches=True)
    pairs = [match.matched_pairs[t] for t in match.matched_tps]
    grey = np.clip(np.sqrt(np.clip(image.image, 0, 1)) * 200, 0, 255).astype(np.uint8)

    def twice(values):
        return values.repeat(2, 0).repeat(2, 1)

    drawn = np.stack([twice(grey)] * 3, -1)
    missed = np.where(np.isin(truth, [t for t, _ in pairs]), 0, truth)
    extra = np.where(np.isin(label_image, [f for _, f in pairs]), 0, label_image)
    for labels, colour in ((label_image, (255, 255, 255)), (extra, (255, 255, 0)), (missed, (255, 0, 0))):
        drawn[find_boundaries(twice(labels), mode="inner")] = colour
    return match.accuracy, drawn


def write_pictures(folder, images, labels):
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [(*draw(image, label_image), image.name) for image, label_image in zip(images, labels)]
    for number, (ap, picture, name) in enumerate(sorted(drawn, key=lambda d: d[0])):
        Image.fromarray(picture).save(folder / f"{number:03}-ap{100 * ap:03.0f}-{Path(name).stem}.png")


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
    p.add_argument("--by-size", action="store_true", help="score classes of sizes too, one line each")
    p.add_argument("--pictures", type=Path, metavar="FOLDER", help="for outlines of what was found and missed")
    p.add_argument("--output", type=Path, help="JSON file for the scores (default: only printed)")
    return p.parse_args(argv)


def report(args, images, predictions, grid, given):
    """Prints the scores, and writes what was asked for."""
    results, sizes = [], []
    for thresholds, result in search(images, predictions, grid, SEARCHED if args.search else [given]):
        results.append({"prob": thresholds.prob, "nms": thresholds.nms, "images": len(images), **rounded(result)})
        print(json.dumps(results[-1]), flush=True)
    if args.by_size or args.pictures:
        labels = [label(*p, i.image.shape, grid, given) for i, p in zip(images, predictions)]
    if args.by_size:
        sizes = [rounded(s) for s in by_size(images, labels)]
        print(*(json.dumps(s) for s in sizes), sep="\n", flush=True)
    if args.pictures:
        write_pictures(args.pictures, images, labels)
    if args.output:
        content = {"model": args.model.name, "results": results} | ({"sizes": sizes} if sizes else {})
        args.output.write_text(json.dumps(content, indent=1) + "\n")


def main(argv=None):
    args = parse(argv)
    try:
        model = StarDistOnnx(args.model, args.threads)
        if model.channels != 1:
            raise NotStarDist(f"{args.model}: it takes {model.channels} channels, the images have one")
        images = read(args.data, model.percentiles)
        images = images if args.split == "all" else split(images)[1]
        predictions = [model.predict(i.image) for i in images]
        own = model.thresholds
        given = Thresholds(own.prob if args.prob is None else args.prob, own.nms if args.nms is None else args.nms)
        report(args, images, predictions, model.grid, given)
    except (NotStarDist, NoImages, OSError) as e:
        print(f"evaluate.py: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
