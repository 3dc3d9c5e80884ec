"""The network of StarDist2D(Config2D(n_rays=32, grid=(2, 2))) in PyTorch, and the model folder that StarDist reads.

In bfloat16 with the channels last a step takes two fifths of the time of one in float32 on CPUs that are fast in it.
"""

import json

import h5py
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

from stardist_onnx import NotStarDist, StarDistOnnx

RAYS = 32
GRID = 2
MULTIPLE = 16
LEVELS = 3
# Keras' name of the layer, channels in and out, side of the kernel; in the order of keras_model.layers
LAYERS = (
    ("conv2d", 1, 32, 3), ("conv2d_1", 32, 32, 3),
    ("down_level_0_no_0", 32, 32, 3), ("down_level_0_no_1", 32, 32, 3),
    ("down_level_1_no_0", 32, 64, 3), ("down_level_1_no_1", 64, 64, 3),
    ("down_level_2_no_0", 64, 128, 3), ("down_level_2_no_1", 128, 128, 3),
    ("middle_0", 128, 256, 3), ("middle_2", 256, 128, 3),
    ("up_level_2_no_0", 256, 128, 3), ("up_level_2_no_2", 128, 64, 3),
    ("up_level_1_no_0", 128, 64, 3), ("up_level_1_no_2", 64, 32, 3),
    ("up_level_0_no_0", 64, 32, 3), ("up_level_0_no_2", 32, 32, 3),
    ("features", 32, 128, 3), ("prob", 128, 1, 1), ("dist", 128, RAYS, 1),
)


class OtherNetwork(ValueError):
    """Weights of another network than this one."""


class Network(nn.Module):
    """Images (n, 1, height, width) to logits of prob (n, 1, height / 2, width / 2) and dist (n, 32, ...), in pixels."""

    def __init__(self):
        super().__init__()
        for name, channels_in, channels_out, side in LAYERS:
            conv = nn.Conv2d(channels_in, channels_out, side, padding=side // 2)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu" if side == 3 else "linear")
            nn.init.zeros_(conv.bias)
            setattr(self, name, conv)

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
    graph = onnx.load(path).graph
    values = {i.name: i for i in graph.initializer}
    convs = [n for n in graph.node if n.op_type == "Conv"]
    if len(convs) != len(LAYERS) or not all(name in values for n in convs for name in n.input[1:]):
        raise OtherNetwork(f"{path}: not {len(LAYERS)} convolutions with float weights")
    for (name, *_), conv in zip(LAYERS, convs):
        parameters = getattr(network, name).weight, getattr(network, name).bias
        for parameter, key in zip(parameters, conv.input[1:]):
            value = torch.from_numpy(numpy_helper.to_array(values[key]).copy())
            if value.shape != parameter.shape:
                raise OtherNetwork(f"{path}: {name} has weights of the shape {tuple(value.shape)}")
            parameter.data.copy_(value)
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
        "unet_prefix": "", "net_conv_after_unet": 128,
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "thresholds.json").write_text(json.dumps({"prob": prob, "nms": nms}), encoding="utf-8")
    unfinished = folder / "weights_last.unfinished"
    with h5py.File(unfinished, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name, *_ in LAYERS]
        for name, *_ in LAYERS:
            conv, group = getattr(network, name), file.create_group(name)
            values = {
                f"{name}/kernel:0": conv.weight.detach().cpu().permute(2, 3, 1, 0).contiguous().numpy(),
                f"{name}/bias:0": conv.bias.detach().cpu().numpy(),
            }
            group.attrs["weight_names"] = [key.encode() for key in values]
            for key, value in values.items():
                group.create_dataset(key, data=value)
    unfinished.replace(folder / "weights_last.h5")
