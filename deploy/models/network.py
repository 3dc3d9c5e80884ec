"""The network of nuclei-fluo in PyTorch, and the model folder that StarDist reads.

It is the one of StarDist2D(Config2D(n_rays=32, grid=(2, 2), net_conv_after_unet=48)) with fewer channels, in numbers that
ONNX Runtime's kernels do not fill up: multiples of 16. Within the folder it is written as StarDist's own: channels that it
does not have are 0. export.py leaves them out again.

In bfloat16 with the channels last a step takes three fifths of the time of one in float32 on CPUs that are fast in it.
"""

import json

import h5py
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from stardist_onnx import NotStarDist, StarDistOnnx
from stardist_layers import GRID, IMAGE, LEVELS, RAYS, float_weights, layers, widened

MULTIPLE = 16
# channels out of a layer, by StarDist's names
WIDTHS = {
    "conv2d": 16, "conv2d_1": 16,
    "down_level_0_no_0": 16, "down_level_0_no_1": 32,
    "down_level_1_no_0": 32, "down_level_1_no_1": 48,
    "down_level_2_no_0": 64, "down_level_2_no_1": 64,
    "middle_0": 32, "middle_2": 32,
    "up_level_2_no_0": 64, "up_level_2_no_2": 32,
    "up_level_1_no_0": 48, "up_level_1_no_2": 32,
    "up_level_0_no_0": 32, "up_level_0_no_2": 32,
    "features": 48, "prob": 1, "dist": RAYS,
}
LAYERS = layers(WIDTHS["features"])


class OtherNetwork(ValueError):
    """Weights of another network than this one."""


class Network(nn.Module):
    """Images (n, 1, height, width) to logits of prob (n, 1, height / 2, width / 2) and dist (n, 32, ...), in pixels."""

    def __init__(self, widths=None):
        """widths: channels out by layer."""
        super().__init__()
        widths = widths or WIDTHS
        self.layers, self.width = layers(widths["features"]), {IMAGE: 1}
        for layer in self.layers:
            channels_in = sum(self.width[taken] for taken in layer.takes)
            self.width[layer.name] = widths[layer.name]
            conv = nn.Conv2d(channels_in, widths[layer.name], layer.side, padding=layer.side // 2)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu" if layer.side == 3 else "linear")
            nn.init.zeros_(conv.bias)
            self.add_module(layer.name, conv)

    def _conv(self, name, x):
        return F.relu(getattr(self, name)(x))

    def _pair(self, name, second, x):
        return self._conv(f"{name}_no_{second}", self._conv(f"{name}_no_0", x))

    def forward(self, x):
        x = F.max_pool2d(self._conv("conv2d_1", self._conv("conv2d", x)), GRID)
        skipped = []
        for level in range(LEVELS):
            skipped.append(self._pair(f"down_level_{level}", 1, x))
            x = F.max_pool2d(skipped[-1], 2)
        x = self._conv("middle_2", self._conv("middle_0", x))
        for level in reversed(range(LEVELS)):
            x = torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), skipped[level]], 1)
            x = self._pair(f"up_level_{level}", 2, x)
        x = self._conv("features", x)
        return self.prob(x), self.dist(x)

    def predict(self, x):
        """prob (h, w) and dist (h, w, rays) of a padded, normalised image (height, width)."""
        with torch.inference_mode():
            device = self.prob.weight.device
            logit, dist = self(torch.from_numpy(np.ascontiguousarray(x))[None, None].to(device))
            return torch.sigmoid(logit)[0, 0].cpu().numpy(), dist[0].permute(1, 2, 0).contiguous().cpu().numpy()


def load_onnx(network, path):
    """Float weights of such a network as export.py writes it; what both networks answer is compared."""
    try:
        exported = StarDistOnnx(path)
    except NotStarDist as e:
        raise OtherNetwork(str(e)) from e
    weights = float_weights(path)
    if set(weights) != {layer.name for layer in network.layers}:
        raise OtherNetwork(f"{path}: not {len(network.layers)} convolutions with float weights and StarDist's names")
    for name, values in weights.items():
        conv = getattr(network, name)
        for parameter, value in zip((conv.weight, conv.bias), values):
            if value.shape != tuple(parameter.shape):
                raise OtherNetwork(f"{path}: {name} has weights of the shape {value.shape}")
            parameter.data.copy_(torch.from_numpy(value.copy()))
    x = np.random.default_rng(0).random((64, 96), np.float32)
    for ours, theirs in zip(network.predict(x), exported.predict(x)):
        if ours.shape != theirs.shape or np.abs(ours - theirs).max() > 1e-3:
            raise OtherNetwork(f"{path}: not the network that train.py trains; its answers differ")


def save_stardist_model(network, folder, prob, nms):
    """The folder that StarDist2D(None, name, basedir) loads: configuration, thresholds, weights as Keras' HDF5."""
    config = {
        "n_dim": 2, "axes": "YXC", "n_channel_in": 1, "n_channel_out": 1 + RAYS, "n_rays": RAYS, "grid": [GRID, GRID],
        "backbone": "unet", "n_classes": None, "unet_n_depth": LEVELS, "unet_n_filter_base": 32,
        "unet_n_conv_per_depth": 2, "unet_kernel_size": [3, 3], "unet_pool": [2, 2], "unet_activation": "relu",
        "unet_last_activation": "relu", "unet_batch_norm": False, "unet_dropout": 0.0, "unet_expansion": 2,
        "unet_prefix": "", "net_conv_after_unet": WIDTHS["features"],
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "thresholds.json").write_text(json.dumps({"prob": prob, "nms": nms}), encoding="utf-8")
    weights = {
        name: tuple(v.detach().cpu().numpy() for v in (getattr(network, name).weight, getattr(network, name).bias))
        for name in WIDTHS
    }
    unfinished = folder / "weights_last.unfinished"
    with h5py.File(unfinished, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in LAYERS]
        for name, (kernel, bias) in widened(weights, WIDTHS["features"]).items():
            group = file.create_group(name)
            values = {f"{name}/kernel:0": np.ascontiguousarray(kernel.transpose(2, 3, 1, 0)), f"{name}/bias:0": bias}
            group.attrs["weight_names"] = [key.encode() for key in values]
            for key, value in values.items():
                group.create_dataset(key, data=value)
    unfinished.replace(folder / "weights_last.h5")
