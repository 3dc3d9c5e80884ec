"""Translates Cellpose's network, the class CPnet of cellpose 1 to 3, into an ONNX graph.

It is built of seven kinds of modules (cellpose.resnet_torch), each translated as it is, so that sides of images stay
free; the style, which each image has, is computed inside.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IR_VERSION = 8  # what the first runtimes that know operator set 17 read
OPERATORS = 17


class UnsupportedNetwork(ValueError):
    """A setting that Cellpose's own networks do not have."""


class _Graph:
    def __init__(self):
        self.nodes, self.weights = [], []

    def node(self, op, inputs, **attributes):
        name = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def weight(self, values, kind=np.float32):
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values, kind), name))
        return name

    def parameter(self, tensor):
        return self.weight(tensor.detach().cpu().numpy())

    def convolution(self, module, x):
        """batchconv and batchconv0: normalisation, in batchconv rectified, then a convolution."""
        norm, conv = module[0], module[-1]
        x = self.node(
            "BatchNormalization",
            [x, *(self.parameter(t) for t in (norm.weight, norm.bias, norm.running_mean, norm.running_var))],
            epsilon=norm.eps,
        )
        if len(module) == 3:
            x = self.node("Relu", [x])
        side = conv.kernel_size[0]
        return self.node(
            "Conv", [x, self.parameter(conv.weight), self.parameter(conv.bias)],
            kernel_shape=[side, side], pads=[side // 2] * 4,
        )

    def styled(self, module, style, x, y=None):
        """batchconvstyle: the style shifts every channel."""
        if y is not None:
            x = self.node("Add", [x, y])
        full = module.full
        feature = self.node("Gemm", [style, self.parameter(full.weight), self.parameter(full.bias)], transB=1)
        feature = self.node("Unsqueeze", [feature, self.weight([2, 3], np.int64)])
        return self.convolution(module.conv, self.node("Add", [x, feature]))

    def down(self, module, x):
        """resdown."""
        first = self.convolution(module.conv[1], self.convolution(module.conv[0], x))
        x = self.node("Add", [self.convolution(module.proj, x), first])
        second = self.convolution(module.conv[3], self.convolution(module.conv[2], x))
        return self.node("Add", [x, second])

    def up(self, module, x, y, style):
        """resup."""
        first = self.styled(module.conv[1], style, self.convolution(module.conv[0], x), y)
        x = self.node("Add", [self.convolution(module.proj, x), first])
        second = self.styled(module.conv[3], style, self.styled(module.conv[2], style, x))
        return self.node("Add", [x, second])

    def style(self, x):
        """make_style: the mean over the image, as a unit vector."""
        mean = self.node("Flatten", [self.node("GlobalAveragePool", [x])])
        length = self.node("ReduceL2", [mean], axes=[1], keepdims=1)
        return self.node("Div", [mean, length])

    def network(self, net, x):
        pooling = {"MaxPool2d": "MaxPool", "AvgPool2d": "AveragePool"}[type(net.downsample.maxpool).__name__]
        scales = []
        for module in net.downsample.down:
            if scales:
                x = self.node(pooling, [x], kernel_shape=[2, 2], strides=[2, 2])
            x = self.down(module, x)
            scales.append(x)
        style = self.style(x)
        modules = list(net.upsample.up)
        x = self.up(modules[-1], x, x, style)
        for module, scale in reversed(list(zip(modules[:-1], scales[:-1]))):
            twice = self.weight([1, 1, 2, 2])
            x = self.node(
                "Resize", [x, "", twice], mode="nearest", coordinate_transformation_mode="asymmetric",
                nearest_mode="floor",
            )
            x = self.up(module, x, scale, style)
        return self.convolution(net.output, x)


def to_onnx(net, metadata):
    """An ONNX model of a CPnet: `input` (N, channels, H, W), `flows` (N, 3, H, W), sides multiples of 8."""
    if net.conv_3D or not net.style_on or net.concatenation or not net.residual_on:
        raise UnsupportedNetwork("it is not a residual network of two dimensions with styles")
    if net.nout != 3:
        raise UnsupportedNetwork(f"it has {net.nout} outputs in place of 3")
    graph = _Graph()
    graph.node("Identity", [graph.network(net, "input")])
    graph.nodes[-1].output[0] = "flows"

    def image(name, channels):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", channels, "height", "width"])

    model = helper.make_model(
        helper.make_graph(graph.nodes, "cellpose", [image("input", net.nchan)], [image("flows", 3)], graph.weights),
        opset_imports=[helper.make_opsetid("", OPERATORS)], ir_version=IR_VERSION, producer_name="cytolake",
    )
    helper.set_model_props(model, {key: str(value) for key, value in metadata.items()})
    onnx.checker.check_model(model, full_check=True)
    return model
