#!/usr/bin/env python3
"""A narrower network's first weights out of those of a wider one, for train.py --start-from.

WIDE is StarDist2D(Config2D(n_rays=32, grid=(2, 2))) as export.py writes it; DATA is what train.py takes; OUTPUT becomes a
StarDist model folder of the network that network.py states, to be given to export.py.

Layer by layer, from the image on: of a layer's channels those stay that the others can best be told from (pivoted QR of
what the layers after it get, as ThiNet, Luo 2017, chooses by what the next layer gives); each one that goes is
replaced, in the layers after it, by the straight line through those that stay.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy.linalg import lstsq, qr
from torch import nn

from network import WIDTHS, Network, OtherNetwork, load_onnx, save_stardist_model
from nuclei_images import NoImages, read
from patches import PatchSampler
from stardist_layers import float_weights
from train import THRESHOLDS

PATCHES = 48
SAMPLED = 60_000  # places at which channels are compared


def wide_network(path):
    weights = float_weights(path)
    if set(weights) != set(WIDTHS):
        raise OtherNetwork(f"{path}: no file of export.py with the layers of StarDist's network, in float")
    network = Network({name: len(bias) for name, (_, bias) in weights.items()})
    load_onnx(network, path)
    return network.eval()


def outputs(network, name, images):
    """What a layer gives after its ReLU, (channels, places)."""
    kept = []
    hook = getattr(network, name).register_forward_hook(lambda _m, _i, out: kept.append(F.relu(out)))
    with torch.inference_mode():
        for image in images:
            network(image[None])
    hook.remove()
    places = np.concatenate([k[0].flatten(1).numpy() for k in kept], 1)
    step = max(1, places.shape[1] // SAMPLED)
    return places[:, ::step].astype(np.float64)


def consumers(network, name):
    """Layers that take what a layer gives, and the first of their input channels that is its."""
    for layer in network.layers:
        first = 0
        for taken in layer.takes:
            if taken == name:
                yield getattr(network, layer.name), first
            first += network.width[taken]


def narrow(network, name, count, images):
    """Takes channels from a layer, and from the kernels after it; what share of the variance is still there."""
    given = outputs(network, name, images)
    after = list(consumers(network, name))
    importance = sum(conv.weight[:, first:first + len(given)].detach().abs().sum((0, 2, 3)) for conv, first in after)
    weighted = (given - given.mean(1, keepdims=True)) * importance.numpy().astype(np.float64)[:, None]
    kept = np.sort(qr(weighted.T, mode="r", pivoting=True)[1][:count])
    gone = np.setdiff1d(np.arange(len(given)), kept)
    basis = np.concatenate([given[kept], np.ones((1, given.shape[1]))])
    lines = torch.from_numpy(lstsq(basis.T, given[gone].T)[0].astype(np.float32))  # (kept + 1, gone)
    for conv, first in after:
        weight = conv.weight.detach()
        own = weight[:, first:first + len(given)]
        replaced = torch.einsum("kg,ogyx->okyx", lines, own[:, gone])
        parts = weight[:, :first], own[:, kept] + replaced[:, :-1], weight[:, first + len(given):]
        conv.weight = nn.Parameter(torch.cat(parts, 1).contiguous())
        conv.bias = nn.Parameter(conv.bias.detach() + replaced[:, -1].sum((1, 2)))
    conv = getattr(network, name)
    conv.weight = nn.Parameter(conv.weight.detach()[kept].clone())
    conv.bias = nn.Parameter(conv.bias.detach()[kept].clone())
    network.width[name] = count
    error = importance.numpy()[gone, None] * (given[gone] - lines.numpy().T @ basis)
    return 1 - np.square(error).sum() / np.square(weighted).sum()


def run(args):
    network = wide_network(args.wide)
    sampler = PatchSampler(read(args.data), args.seed)
    images = [torch.from_numpy(sampler.draw(i)[0]) for i in range(PATCHES)]
    for name, count in WIDTHS.items():
        if count < network.width[name]:
            was = network.width[name]
            print(f"{name}: {was} to {count} channels, {narrow(network, name, count, images):.3f} of their variance", flush=True)
    args.output.mkdir(parents=True, exist_ok=True)
    save_stardist_model(network, args.output, THRESHOLDS.prob, THRESHOLDS.nms)


def parse(argv=None):
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example:\n  narrow.py wide.onnx data/train runs/start && export.py runs/start --output start.onnx\n"
        "  train.py data/train runs/nuclei --validation data/validation --start-from start.onnx",
    )
    p.add_argument("wide", type=Path, metavar="WIDE.onnx")
    p.add_argument("data", type=Path, metavar="DATA")
    p.add_argument("output", type=Path, metavar="OUTPUT")
    p.add_argument("--seed", type=int, default=0, help="of the patches (default: %(default)s)")
    return p.parse_args(argv)


def main(argv=None):
    try:
        run(parse(argv))
    except (OtherNetwork, NoImages, OSError) as e:
        print(f"narrow.py: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
