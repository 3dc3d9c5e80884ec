"""The convolutions of StarDist2D(Config2D(n_rays=32, grid=(2, 2))), and a narrower network's weights within them."""

from dataclasses import dataclass

import numpy as np
import onnx
from onnx import numpy_helper

RAYS = 32
GRID = 2
LEVELS = 3
IMAGE = "input"


@dataclass(frozen=True)
class Layer:
    """A convolution: Keras' name, the layers whose channels it takes, channels out, side of the kernel."""

    name: str
    takes: tuple[str, ...]
    channels: int
    side: int = 3


def layers(features):
    """In the order of keras_model.layers. features: channels between U-Net and outputs, `net_conv_after_unet`."""
    made = [Layer("conv2d", (IMAGE,), 32), Layer("conv2d_1", ("conv2d",), 32)]
    skipped = []
    for level in range(LEVELS):
        name = f"down_level_{level}_no_"
        made += [Layer(name + "0", (made[-1].name,), 32 << level), Layer(name + "1", (name + "0",), 32 << level)]
        skipped.append(name + "1")
    made += [Layer("middle_0", (skipped[-1],), 32 << LEVELS), Layer("middle_2", ("middle_0",), 16 << LEVELS)]
    for level in reversed(range(LEVELS)):
        name = f"up_level_{level}_no_"
        made.append(Layer(name + "0", (made[-1].name, skipped[level]), 32 << level))
        made.append(Layer(name + "2", (name + "0",), max(32, 16 << level)))
    made.append(Layer("features", (made[-1].name,), features))
    return (*made, Layer("prob", ("features",), 1, 1), Layer("dist", ("features",), RAYS, 1))


def float_weights(path):
    """Kernel (out, in, side, side) and bias by layer, of a file as export.py writes it."""
    values = {w.name: numpy_helper.to_array(w) for w in onnx.load(path).graph.initializer}
    names = [name.removesuffix(".weight") for name in values if name.endswith(".weight")]
    return {name: (values[name + ".weight"], values[name + ".bias"]) for name in names if name + ".bias" in values}


def widened(weights, features):
    """Kernels (out, in, side, side) and biases of StarDist's network that answers as a narrower one does.

    weights: kernel and bias by layer, of as many channels or fewer. Channels that are added come last, and are 0.
    """
    wide, width = {}, {IMAGE: 1}  # channels in use of what a layer gives
    full = {IMAGE: 1}
    for layer in layers(features):
        used = []
        for taken, start in zip(layer.takes, np.cumsum([0, *(full[taken] for taken in layer.takes)])):
            used += range(start, start + width[taken])
        kernel = np.zeros((layer.channels, sum(full[taken] for taken in layer.takes), layer.side, layer.side), np.float32)
        bias = np.zeros(layer.channels, np.float32)
        given, given_bias = weights[layer.name]
        kernel[: len(given), used] = given
        bias[: len(given)] = given_bias
        width[layer.name] = len(given)
        full[layer.name] = layer.channels
        wide[layer.name] = kernel, bias
    return wide
