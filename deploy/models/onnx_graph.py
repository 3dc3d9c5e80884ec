"""Translates the Keras network of a StarDist 2D model into an ONNX graph.

The networks of StarDist are built of seven kinds of layers, so they are translated layer by layer, without a converter
in between: the names of the layers and dynamic sizes are kept, and the convolutions are such as quantisation knows.

Channels that are 0 whatever the image is are left out: a narrower network that was written as one of StarDist's costs what
it is worth.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ACTIVATIONS = {
    "linear": None, "relu": "Relu", "elu": "Elu", "selu": "Selu", "sigmoid": "Sigmoid", "tanh": "Tanh",
    "softplus": "Softplus", "softsign": "Softsign",
}
KEEPS_ZERO = {"linear", "relu", "elu", "selu", "tanh", "softsign"}
TO_CHANNELS_FIRST = (0, 3, 1, 2)
TO_CHANNELS_LAST = (0, 2, 3, 1)
IR_VERSION = 8  # what the first runtimes that know operator set 17 read


class UnsupportedLayer(ValueError):
    """A layer or a setting of it that StarDist 2D does not use."""


class _Graph:
    """Nodes and weights in the order of computation, made from the outputs backwards: what they do not need is left out."""

    def __init__(self, model, outputs, names):
        """outputs: names of the layers all of whose channels are wanted; names: of the tensors that are not to have their layer's name."""
        self.nodes, self.weights, self._done, self._names, self._outputs = [], [], {}, names, outputs
        self._producers = {id(layer.output): layer for layer in model.layers}
        self._used = {}  # of the channels of a layer's output those that the tensor holds
        # after these a channel that was 0 may be another number
        self._whole = any(type(layer).__name__ in ("BatchNormalization", "Activation") for layer in model.layers)

    def node(self, op, inputs, name, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def weight(self, name, values):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def start(self, layer, name):
        self._done[layer.name] = name
        self._used[layer.name] = np.arange(layer.output.shape[-1])

    def tensor(self, keras_tensor):
        """Name of the ONNX tensor (channels first) that holds what the Keras tensor holds."""
        layer = self._producers[id(keras_tensor)]
        if layer.name not in self._done:
            given = layer.input if isinstance(layer.input, (list, tuple)) else [layer.input]
            translate = getattr(self, "_" + type(layer).__name__, None)
            if translate is None:
                raise UnsupportedLayer(f"layer '{layer.name}' is a {type(layer).__name__}")
            names = [self.tensor(t) for t in given]
            widths = [t.shape[-1] for t in given]
            starts = np.cumsum([0, *widths[:-1]])
            self._used[layer.name] = np.concatenate(
                [start + self._used[self._producers[id(t)].name] for start, t in zip(starts, given)]
            )
            self._done[layer.name] = translate(layer, names)
        return self._done[layer.name]

    def _Conv2D(self, layer, inputs):
        require(layer, layer.data_format == "channels_last", "channels first")
        require(layer, set(layer.strides) | set(layer.dilation_rate) == {1} and layer.groups == 1, "strides or groups")
        require(layer, layer.padding == "same", "no padding")
        kernel = np.asarray(layer.kernel).transpose(3, 2, 0, 1)[:, self._used[layer.name]]
        bias = np.asarray(layer.bias) if layer.use_bias else np.zeros(len(kernel), np.float32)
        used = self._used[layer.name] = self._channels(layer, kernel, bias)
        kernel, bias = kernel[used], bias[used]
        names = inputs + [self.weight(layer.name + ".weight", kernel)]
        if layer.use_bias:
            names.append(self.weight(layer.name + ".bias", bias))
        sides = kernel.shape[2:]
        pads = [(k - 1) // 2 for k in sides] + [k // 2 for k in sides]
        name = layer.name + "_conv" if layer.activation.__name__ != "linear" else self._name(layer)
        return self._activate(layer, self.node("Conv", names, name, kernel_shape=sides, pads=pads))

    def _channels(self, layer, kernel, bias):
        """Which channels a convolution gives that are not 0 whatever it gets; at least one."""
        wanted = (kernel != 0).any((1, 2, 3)) | (bias != 0)
        if self._whole or layer.name in self._outputs or layer.activation.__name__ not in KEEPS_ZERO:
            wanted[:] = True
        wanted[0] |= not wanted.any()
        return np.flatnonzero(wanted)

    def _name(self, layer):
        return self._names.get(layer.name, layer.name)

    def _activate(self, layer, x):
        kind = layer.activation.__name__
        require(layer, kind in ACTIVATIONS, f"activation {kind}")
        return self.node(ACTIVATIONS[kind], [x], self._name(layer)) if ACTIVATIONS[kind] else x

    def _Activation(self, layer, inputs):
        return self._activate(layer, inputs[0])

    def _Dropout(self, layer, inputs):
        return inputs[0]  # does nothing outside training

    def _BatchNormalization(self, layer, inputs):
        mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
        scale = np.asarray(layer.gamma) if layer.scale else np.ones_like(mean)
        shift = np.asarray(layer.beta) if layer.center else np.zeros_like(mean)
        values = dict(scale=scale, shift=shift, mean=mean, variance=variance)
        names = [self.weight(f"{layer.name}.{name}", v) for name, v in values.items()]
        return self.node("BatchNormalization", inputs + names, layer.name, epsilon=layer.epsilon)

    def _MaxPooling2D(self, layer, inputs):
        require(layer, layer.padding == "valid", "padding")
        return self.node("MaxPool", inputs, layer.name, kernel_shape=layer.pool_size, strides=layer.strides)

    def _UpSampling2D(self, layer, inputs):
        require(layer, layer.interpolation == "nearest", f"interpolation {layer.interpolation}")
        times = self.weight(layer.name + ".times", (1, 1, *layer.size))
        return self.node(
            "Resize", [inputs[0], "", times], layer.name,
            mode="nearest", nearest_mode="floor", coordinate_transformation_mode="asymmetric",
        )

    def _Concatenate(self, layer, inputs):
        require(layer, layer.axis in (-1, 3), f"axis {layer.axis}")
        return self.node("Concat", inputs, layer.name, axis=1)


def require(layer, condition, setting):
    if not condition:
        raise UnsupportedLayer(f"layer '{layer.name}' ({type(layer).__name__}) has a setting of its own: {setting}")


def reach(graph, grid, multiple):
    """How many pixels up, down or to the sides of its own a prediction depends on, at most, whatever the place.

    graph: of to_onnx, channels first; multiple: of its pools and its grid, after which places repeat.
    """
    producers = {output: node for node in graph.node for output in node.output}
    sides = {w.name: w.dims[-1] for w in graph.initializer if len(w.dims) == 4}

    def seen(name, first, last):
        """First and last pixel of the image that places first to last of a tensor depend on."""
        if name not in producers:
            return first, last
        node = producers[name]
        if node.op_type == "Conv":
            side = sides[node.input[1]]
            first, last = first - (side - 1) // 2, last + side // 2
        elif node.op_type == "MaxPool":
            side = next(a.ints[0] for a in node.attribute if a.name == "kernel_shape")
            first, last = side * first, side * last + side - 1
        elif node.op_type == "Resize":
            times = int(numpy_helper.to_array(next(w for w in graph.initializer if w.name == node.input[2]))[-1])
            first, last = first // times, last // times
        images = [i for i in node.input if i == "input" or i in producers]
        bounds = [seen(i, first, last) for i in images]
        return min(a for a, _ in bounds), max(b for _, b in bounds)

    furthest = 0
    for output in graph.output:
        for cell in range(multiple // grid):
            first, last = seen(output.name, cell, cell)
            furthest = max(furthest, grid * cell - first, last - grid * (cell + 1) + 1)
    return furthest


def to_onnx(keras_model, grid, metadata, channels_last=False, single_output=False, opset=17):
    """The ONNX model of a StarDist 2D network's prob and dist; a head of classes is left out.

    keras_model: its layers `prob` and `dist` are the outputs, its only input is of shape (None, None, None, channels).
    grid: pixels for each cell of the outputs, for the names of the dimensions.
    channels_last: input and outputs are N, H, W, C and not N, C, H, W.
    single_output: one output `output`, of the probability and the distances, in place of two.
    metadata: written into the file, with `stardist.halo`, how far the network looks, in `stardist.pad_multiple`s.
    """
    given = keras_model.inputs[0]
    prob, dist = (keras_model.get_layer(name).output for name in ("prob", "dist"))
    rays = int(dist.shape[-1])

    outputs = {"output": 1 + rays} if single_output else {"prob": 1, "dist": rays}
    inner = {name: name + "_nchw" for name in outputs} if channels_last else {}
    graph = _Graph(keras_model, ("prob", "dist"), inner)
    first = graph.node("Transpose", ["input"], "input_nchw", perm=TO_CHANNELS_FIRST) if channels_last else "input"
    graph.start(keras_model.layers[0], first)
    computed = [graph.tensor(prob), graph.tensor(dist)]
    if single_output:
        graph.node("Concat", computed, inner.get("output", "output"), axis=1)
    for name, tensor in inner.items():
        graph.node("Transpose", [tensor], name, perm=TO_CHANNELS_LAST)

    def image(name, channels, divisor=""):
        shape = ["batch", channels, "height" + divisor, "width" + divisor]
        if channels_last:
            shape = [shape[i] for i in TO_CHANNELS_LAST]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    divisor = f"/{grid}" if grid > 1 else ""
    model = helper.make_model(
        helper.make_graph(
            graph.nodes, "stardist", [image("input", int(given.shape[-1]))],
            [image(name, count, divisor) for name, count in outputs.items()], graph.weights,
        ),
        opset_imports=[helper.make_opsetid("", opset)], ir_version=IR_VERSION, producer_name="cytolake",
    )
    multiple = metadata["stardist.pad_multiple"]
    halo = -(-reach(model.graph, grid, multiple) // multiple) * multiple
    helper.set_model_props(model, {k: str(v) for k, v in (metadata | {"stardist.halo": halo}).items()})
    onnx.checker.check_model(model, full_check=True)
    return model
