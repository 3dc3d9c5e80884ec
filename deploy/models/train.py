#!/usr/bin/env python3
"""Trains a StarDist 2D network for nuclei (32 rays, grid 2, one channel) from random or given weights, on CPU or GPU.

DATA is a folder with images/*.tif (one channel) and, under the same names, label images in masks/. One image of ten is
held out for validation, always the same ones, or --validation names another such folder. OUTPUT becomes a StarDist model folder, to be given to export.py:
config.json, thresholds.json, weights_last.h5; beside them log.csv, run.json (what was asked for) and checkpoint.pt.
The same command goes on from checkpoint.pt after an interruption, with the patches that an uninterrupted run would have
drawn. The weights written are the exponential average over the steps.

On a CPU, keep freed memory in the process: with MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=100000000000
GLIBC_TUNABLES=glibc.malloc.hugetlb=1 in the environment a step of a larger network took 0.150 s in place of 0.178.
"""

import argparse
import copy
import csv
import json
import math
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # of stardist; its threads would spin while PyTorch's own work

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from evaluate import scores
from network import MULTIPLE, Network, OtherNetwork, load_onnx, save_stardist_model
from nuclei_images import NoImages, read, split
from patches import PatchSampler
from stardist_layers import GRID
from stardist_onnx import Thresholds, label, pad

THRESHOLDS = Thresholds(prob=0.5, nms=0.3)
WARM_UP = 300  # steps
AVERAGE = 0.999
WEIGHT_DECAY = 1e-4
DIST_WEIGHT = 0.2
BACKGROUND_WEIGHT = 1e-4
OVERLAP_WEIGHT = 1.0
LARGEST_GRADIENT = 1.0
RUN_SETTINGS = ("steps", "batch", "learning_rate", "cool_down", "seed", "precision", "start_from")
LOGGED = ("step", "seconds", "learning_rate", "bce", "mae", "loss", "ap50", "ap70", "mean_ap")


class TrainingError(Exception):
    """What is wrong with the request, for the user."""


class Patches(torch.utils.data.Dataset):
    """Patch number i, for the data loader."""

    def __init__(self, sampler, count):
        self.sampler, self.count = sampler, count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return tuple(torch.from_numpy(v) for v in self.sampler.draw(index))


def single_threaded(_worker):
    cv2.setNumThreads(1)
    torch.set_num_threads(1)


def loss_of(logit, dist, prob, target, weight):
    """StarDist's, BCE(prob) + 0.2 (MAE(dist) weighted by prob within nuclei + 1e-4 |dist| outside), with two additions.

    Cells weigh as their nuclei do, and 1 - IoU is added: intersection and union of the areas that the
    rays of found and true distances span, so that a pixel counts more in a small nucleus (after PolarMask, Xie 2020).
    """
    counts = (prob >= 0).float() * weight
    inside = prob.clamp(min=0)
    bce = (F.binary_cross_entropy_with_logits(logit, inside, reduction="none") * counts).sum()
    bce = bce / counts.sum().clamp(min=1)
    cells = inside * weight
    mae = ((dist - target).abs().mean(1, keepdim=True) * cells).sum() / (cells.sum() + 1e-6)
    outside = ((1 - inside) * counts * dist.abs().mean(1, keepdim=True)).mean()
    loss = bce + DIST_WEIGHT * (mae + BACKGROUND_WEIGHT * outside)
    found = dist.clamp(min=0)
    smaller = torch.minimum(found, target).square().sum(1, keepdim=True)
    larger = torch.maximum(found, target).square().sum(1, keepdim=True)
    loss = loss + OVERLAP_WEIGHT * ((1 - smaller / (larger + 1e-6)) * cells).sum() / (cells.sum() + 1e-6)
    return bce, mae, loss


class Training:
    """Network, its average, optimiser and the step they are at."""

    def __init__(self, args):
        self.args, self.step = args, 0
        torch.manual_seed(args.seed)
        self.network = Network()
        if args.start_from:
            load_onnx(self.network, args.start_from)
        self.network.to(args.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=args.learning_rate, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.99)
        )

    def parts(self):
        return {"network": self.network, "average": self.average, "optimiser": self.optimiser}

    def resume(self, path):
        saved = torch.load(path, map_location=self.args.device, weights_only=True)
        for name, part in self.parts().items():
            part.load_state_dict(saved[name])
        self.step = saved["step"]

    def save(self, path):
        state = {name: part.state_dict() for name, part in self.parts().items()}
        unfinished = path.with_suffix(".unfinished")
        torch.save(state | {"step": self.step}, unfinished)
        unfinished.replace(path)

    def learning_rate(self):
        """Warm-up, then the same for long, then a half cosine down to a hundredth."""
        cooling = min(self.args.cool_down, self.args.steps)
        passed = max(0, self.step - (self.args.steps - cooling)) / cooling
        cosine = 0.5 * (1 + math.cos(math.pi * passed))
        return self.args.learning_rate * min(1.0, (self.step + 1) / WARM_UP) * max(0.01, cosine)

    def advance(self, batch):
        """One step; returns bce, mae and loss."""
        image, prob, target, weight = (v.to(self.args.device) for v in batch)
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate()
        with torch.autocast(self.args.device, torch.bfloat16, enabled=self.args.precision == "bf16"):
            logit, dist = self.network(image.contiguous(memory_format=torch.channels_last))
        bce, mae, loss = loss_of(logit.float(), dist.float(), prob, target, weight)
        if not torch.isfinite(loss):
            raise TrainingError(f"The loss is {loss.item()} at step {self.step}; try a smaller --learning-rate.")
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.optimiser.step()
        self.step += 1
        decay = min(AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.network.parameters()), 1 - decay)
        return bce.item(), mae.item(), loss.item()

    def validate(self, images):
        labels = [
            label(*self.average.predict(pad(i.image, MULTIPLE)), i.image.shape, GRID, THRESHOLDS) for i in images
        ]
        return scores(images, labels)


def start(args):
    """A new run, or the one that OUTPUT holds."""
    args.output.mkdir(parents=True, exist_ok=True)
    asked = {name: getattr(args, name) for name in RUN_SETTINGS}
    asked["start_from"] = args.start_from and args.start_from.name
    asked["data"] = args.data.resolve().name
    run, checkpoint = args.output / "run.json", args.output / "checkpoint.pt"
    training = Training(args)
    if checkpoint.is_file():
        before = json.loads(run.read_text(encoding="utf-8"))
        training.resume(checkpoint)
        cooling = min(before["steps"], asked["steps"]) - args.cool_down < training.step
        changed = [n for n in asked if asked[n] != before.get(n) and (n != "steps" or cooling)]
        if changed:
            was = ", ".join(f"{name} {before.get(name)}" for name in changed)
            raise TrainingError(f"{args.output} holds a run with {was}. Give the same, or another OUTPUT.")
        run.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
        forget_later_lines(args.output / "log.csv", training.step)
    elif any(args.output.iterdir()) and not run.is_file():
        raise TrainingError(f"{args.output} is not empty and holds no run. Give another OUTPUT.")
    else:
        run.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
        with open(args.output / "log.csv", "w", newline="", encoding="utf-8") as log:
            csv.writer(log).writerow(LOGGED)
    return training


def forget_later_lines(log, step):
    """Drops what a run stopped between log and checkpoint had logged."""
    with open(log, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    with open(log, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *(row for row in rows if int(row[0]) <= step)])


def batches(training, images):
    """The batches from the training's step on."""
    args = training.args
    data = Patches(PatchSampler(images, args.seed), args.steps * args.batch)
    return torch.utils.data.DataLoader(
        data, batch_size=args.batch, sampler=range(training.step * args.batch, len(data)),
        num_workers=args.workers, worker_init_fn=single_threaded, prefetch_factor=8 if args.workers else None,
    )


def checkpoint(training, validation, losses, seconds):
    """Writes the model folder, the checkpoint and a line of the log."""
    args = training.args
    result = training.validate(validation)
    save_stardist_model(training.average, args.output, THRESHOLDS.prob, THRESHOLDS.nms)
    row = [training.step, f"{seconds:.0f}", f"{training.learning_rate():.2e}", *(f"{v:.4f}" for v in np.mean(losses, 0))]
    row += [f"{v:.4f}" for v in (result["ap"]["0.5"], result["ap"]["0.7"], result["mean_ap"])]
    with open(args.output / "log.csv", "a", newline="", encoding="utf-8") as log:
        csv.writer(log).writerow(row)
    training.save(args.output / "checkpoint.pt")
    print("  ".join(f"{k} {v}" for k, v in zip(LOGGED, row)), flush=True)


def train(args):
    torch.set_num_threads(args.threads)
    training = start(args)
    images, validation = (read(args.data), read(args.validation)) if args.validation else split(read(args.data))
    print(f"{len(images)} training and {len(validation)} validation images; from step {training.step}", flush=True)
    started, losses = time.monotonic(), []
    for batch in batches(training, images):
        losses.append(training.advance(batch))
        if training.step % args.checkpoint_every == 0 or training.step == args.steps:
            checkpoint(training, validation, losses, time.monotonic() - started)
            losses = []
    print(f"{args.output}: step {training.step}; now export.py {args.output} --output NAME.onnx")


def share(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} does not lie between 0 and 1")
    return value


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return value


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  train.py data/train runs/nuclei --validation data/validation",
    )
    p.add_argument("data", type=Path, metavar="DATA")
    p.add_argument("output", type=Path, metavar="OUTPUT")
    p.add_argument("--validation", type=Path, metavar="DATA", help="other images (default: a tenth of DATA, held out)")
    p.add_argument("--steps", type=positive, default=36_000, help="of the optimiser (default: %(default)s)")
    p.add_argument("--batch", type=positive, default=4, help="patches of 256 x 256 a step (default: %(default)s)")
    p.add_argument("--learning-rate", type=float, default=1.5e-3, help="the largest (default: %(default)s)")
    p.add_argument(
        "--cool-down", type=positive, default=28_000, metavar="STEPS",
        help="last steps, over which the learning rate falls by a half cosine (default: %(default)s)",
    )
    p.add_argument(
        "--start-from", type=Path, metavar="MODEL.onnx", help="float weights of such a network (default: random ones)"
    )
    p.add_argument("--seed", type=int, default=0, help="of weights and patches (default: %(default)s)")
    p.add_argument("--precision", choices=("bf16", "fp32"), default="bf16", help="of a step (default: %(default)s)")
    p.add_argument("--checkpoint-every", type=positive, default=1000, metavar="STEPS", help="default: %(default)s")
    p.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="default: %(default)s")
    p.add_argument("--threads", type=positive, default=os.cpu_count(), help="of the network (default: all)")
    p.add_argument(
        "--workers", type=int, default=0,
        help="processes that draw patches; 0: drawn between the steps, which on two cores is faster (default: %(default)s)",
    )
    return p.parse_args(argv)


def main(argv=None):
    args = parse(argv)
    try:
        train(args)
    except (TrainingError, OtherNetwork, NoImages, OSError) as e:
        print(f"train.py: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
