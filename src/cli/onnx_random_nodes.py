"""Random LSTM, GRU and RNN nodes over all attributes, in the graph patterns that exporters write, and for each what
docs/how-to/import.md says of it: None if it is accepted, else the reason of the refusal."""
import dataclasses

import numpy as np
from onnx import TensorProto, helper, numpy_helper

GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
DEFAULTS = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}
PARAMETERS = {"HardSigmoid": 2, "LeakyRelu": 1, "Affine": 2, "ScaledTanh": 2, "Elu": 1, "ThresholdedRelu": 1}
REFUSED = {"Elu", "Softsign", "Softplus", "ThresholdedRelu"}


@dataclasses.dataclass
class Draw:
    model: object  # ModelProto
    x: np.ndarray  # as the graph takes it
    frames_first: bool  # axes of x: frames, sequences, features
    reason: object  # None, or why it is refused
    pattern: str
    last: bool = False


class Graph:
    """Nodes and initializers while they are made."""

    def __init__(self, rng, opset):
        self.rng, self.opset = rng, opset
        self.nodes, self.initializers, self.count = [], [], 0

    def name(self, stem="v"):
        self.count += 1
        return f"{stem}{self.count}"

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [self.name() for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, array):
        array = np.asarray(array)
        array = array.astype(np.int64 if array.dtype.kind == "i" else np.float32)
        if self.rng.random() < 0.2:
            return self.op("Constant", value=numpy_helper.from_array(array))
        self.initializers.append(numpy_helper.from_array(array, self.name("w")))
        return self.initializers[-1].name

    def axes_op(self, kind, value, axes):
        """Squeeze and Unsqueeze: axes are an attribute before operator set 13."""
        if self.opset < 13:
            return self.op(kind, value, axes=axes)
        return self.op(kind, value, self.constant(np.array(axes)))

    def slice(self, value, axis, begin, end):
        if self.opset < 10:
            return self.op("Slice", value, axes=[axis], starts=[begin], ends=[end])
        return self.op("Slice", value, *(self.constant(np.array([n])) for n in (begin, end, axis)))

    def weight(self, array):
        """A matrix [1, rows, columns] ready in the file, or computed as exporters leave it."""
        form = self.rng.integers(4)
        if form == 0 and array.shape[0] == 1 and array.shape[1] > 1:  # dynamo: Unsqueeze(Concat(Slice, ..))
            cut = int(self.rng.integers(1, array.shape[1]))
            rows = array[0]
            whole = self.constant(np.concatenate([rows[cut:], rows[:cut]]))
            split = rows.shape[0] - cut
            parts = [self.slice(whole, 0, split, 2**31 - 1), self.slice(whole, 0, 0, split)]
            return self.axes_op("Unsqueeze", self.op("Concat", *parts, axis=0), [0])
        if form == 1:
            return self.op("Transpose", self.constant(array.transpose(0, 2, 1)), perm=[0, 2, 1])
        if form == 2:
            return self.op("Reshape", self.constant(array.reshape(-1)), self.constant(np.array(array.shape)))
        return self.constant(array)


def functions(rng, op, directions):
    """Attributes activations, activation_alpha and activation_beta, and why they are refused."""
    names, alphas, betas, reason = [], [], [], None
    for place, default in enumerate(DEFAULTS[op]):
        choices = [default] * 8 + ["HardSigmoid", "Sigmoid", "Tanh", "Relu", "LeakyRelu", "Affine", "ScaledTanh"]
        choices += sorted(REFUSED)
        name = str(rng.choice(choices))
        # The specification does not mind their case, ONNX Runtime does in RNN.
        names.append(name if op == "RNN" or rng.random() < 0.8 else name.lower())
        count = PARAMETERS.get(name, 0)
        alpha = float(np.float32(rng.uniform(0.1, 0.5)))
        if name in ("Affine", "ScaledTanh"):
            alpha = 1.0 if rng.random() < 0.7 else alpha
        beta = float(np.float32(rng.uniform(0.3, 0.7)))
        if name == "Affine" and rng.random() < 0.5:
            beta = 0.0
        alphas += [alpha] * (count > 0)
        betas += [beta] * (count > 1)
        if name in REFUSED or (name == "ScaledTanh" and alpha != 1):
            reason = reason or f"activation {name}"
        if op == "LSTM" and place == 2 and ((name == "Affine" and (alpha != 1 or beta != 0)) or name == "ScaledTanh"):
            reason = reason or "scaled activation of the cell state"
    attributes = {"activations": names * directions}
    if alphas:
        attributes["activation_alpha"] = alphas * directions
    if betas:
        attributes["activation_beta"] = betas * directions
    return attributes, reason


def saturated(name, clip, alpha, beta):
    name = name.lower()
    if name == "tanh":
        return clip >= 9.1
    if name == "sigmoid":
        return clip >= 104
    return name == "hardsigmoid" and alpha * clip + beta >= 1 and -alpha * clip + beta <= 0


def clip_acts(op, attributes, clip):
    alphas, betas = list(attributes.get("activation_alpha", [])), list(attributes.get("activation_beta", []))
    for name in attributes.get("activations", DEFAULTS[op]):
        count = {key.lower(): value for key, value in PARAMETERS.items()}.get(name.lower(), 0)
        alpha = alphas.pop(0) if count > 0 else 0
        beta = betas.pop(0) if count > 1 else 0
        limit = clip * beta if name.lower() == "scaledtanh" else clip
        if not saturated("tanh" if name.lower() == "scaledtanh" else name, limit, alpha, beta):
            return True
    return False


def draw(rng):
    """One node, or two behind each other, with a head."""
    op = str(rng.choice(["LSTM", "GRU", "RNN"]))
    opset = int(rng.choice([9, 11, 13, 14, 15, 17, 18, 20, 22]))
    hidden, features, frames, batch = (int(rng.integers(1, 7)), int(rng.integers(1, 6)), int(rng.integers(2, 7)), int(rng.integers(1, 4)))
    graph, reasons, attributes = Graph(rng, opset), [], {"hidden_size": hidden}
    layout = int(opset >= 14 and rng.random() < 0.2)
    if layout:
        attributes["layout"] = 1
    direction = str(rng.choice(["forward"] * 6 + ["reverse"] + ["bidirectional"] * 2))
    if direction != "forward" or rng.random() < 0.2:
        attributes["direction"] = direction
    directions = 2 if direction == "bidirectional" else 1
    if rng.random() < 0.35:
        extra, reason = functions(rng, op, directions)
        attributes.update(extra)
        reasons += [reason] * bool(reason)
    if rng.random() < 0.1:
        clip = float(rng.choice([0.25, 1.0, 12.0, 200.0]))
        attributes["clip"] = clip
        if clip_acts(op, attributes, clip):
            reasons.append("clip")
    if op == "GRU" and rng.random() < 0.6:
        attributes["linear_before_reset"] = 1
    if op == "LSTM" and rng.random() < 0.15:
        attributes["input_forget"] = 1
        gate = attributes.get("activations", DEFAULTS[op])[0].lower()
        half = gate == "hardsigmoid" and attributes["activation_beta"][0] == 0.5
        if gate != "sigmoid" and not half:
            reasons.append("input_forget with gates that are no sigmoid")

    gates = GATES[op]
    normal = lambda *shape: rng.normal(0, 0.5, shape).astype(np.float32)
    inputs = ["x", graph.weight(normal(directions, gates * hidden, features)), graph.weight(normal(directions, gates * hidden, hidden))]
    inputs.append(graph.constant(normal(directions, 2 * gates * hidden)) if rng.random() < 0.7 else "")
    inputs.append("")
    if rng.random() < 0.1:
        lengths = np.full(batch, frames, np.int32)
        if rng.random() < 0.5:
            lengths[int(rng.integers(batch))] -= 1
            reasons.append("sequence_lens")
        graph.initializers.append(numpy_helper.from_array(lengths, "lengths"))
        inputs[4] = "lengths"

    def state():
        form = rng.random()
        shape = (batch, directions, hidden) if layout else (directions, batch, hidden)
        if form < 0.55:
            return ""
        if form < 0.65:
            return graph.constant(np.zeros(shape))
        if form < 0.75:  # zeros whatever the batch is
            size = graph.op("Gather", graph.op("Shape", "x"), graph.constant(np.array(0 if layout else 1)), axis=0)
            parts = [graph.constant(np.array([directions])), graph.axes_op("Unsqueeze", size, [0])]
            parts = parts[::-1] if layout else parts
            whole = graph.op("Concat", *parts, graph.constant(np.array([hidden])), axis=0)
            if rng.random() < 0.5:
                return graph.op("ConstantOfShape", whole)
            return graph.op("Expand", graph.constant(np.zeros(1)), whole)
        values = normal(directions, 1, hidden).repeat(batch, 1)
        if form > 0.95 and batch > 1:
            values[0, 0] += 1
            reasons.append("initial states differ between sequences")
        return graph.constant(values.transpose(1, 0, 2) if layout else values)

    if rng.random() < 0.5:
        inputs.append(state())
        if op == "LSTM":
            inputs.append(state())
    if op == "LSTM" and rng.random() < 0.2:
        inputs += [""] * (7 - len(inputs)) + [graph.constant(normal(directions, 3 * hidden))]
    while inputs and inputs[-1] == "":
        inputs.pop()
    graph.nodes.append(helper.make_node(op, inputs, ["Y", "Y_h"], **attributes))

    # The way to the head.
    tails = ["Y", "split", "reshape", "last", "final_reshape"] if directions == 2 else ["Y", "squeeze", "reshape", "last", "final", "final_gather"]
    last, tail = False, str(rng.choice(tails))
    elements = hidden * directions
    if tail == "Y":
        value = "Y"
    elif tail == "split":  # as tf2onnx
        axis = 2 if layout else 1
        halves = [graph.axes_op("Squeeze", graph.slice("Y", axis, n, n + 1), [axis]) for n in range(2)]
        value = graph.op("Concat", *halves, axis=2)
    elif tail == "final_reshape":
        last = True
        moved = "Y_h" if layout else graph.op("Transpose", "Y_h", perm=[1, 0, 2])
        value = graph.op("Reshape", moved, graph.constant(np.array([-1, elements])))
    elif tail == "squeeze":
        value = graph.axes_op("Squeeze", "Y", [2 if layout else 1])
    elif tail == "reshape":
        moved = graph.op("Transpose", "Y", perm=[0, 1, 2, 3] if layout else [0, 2, 1, 3])
        value = graph.op("Reshape", moved, graph.constant(np.array([0, 0, -1])))
    elif tail == "last":
        last = True
        value = merged(graph, "Y", directions, layout)
        if rng.random() < 0.5:
            value = graph.op("Gather", value, graph.constant(np.array(-1)), axis=1 if layout else 0)
        else:
            value = graph.axes_op("Squeeze", graph.slice(value, 1 if layout else 0, -1, 2**31 - 1), [1 if layout else 0])
    else:
        last = True
        axis = 1 if layout else 0
        value = graph.axes_op("Squeeze", "Y_h", [axis]) if tail == "final" else graph.op("Gather", "Y_h", graph.constant(np.array(0)), axis=axis)
    pattern = tail
    if tail != "Y" and rng.random() < 0.75:
        kinds = [linear, gemm, activation, scale, clip_node, normalise, unknown, softmax, residual, concatenated]
        if not last and rng.random() < 0.4:
            value, elements = another_layer(graph, value, elements, layout)
            pattern += "+layer"
        for kind in rng.choice(kinds, int(rng.integers(1, 4))):
            value, elements, reason = kind(graph, value, elements, last)
            pattern += "+" + kind.__name__
            reasons += [reason] * bool(reason)
            if kind is softmax:
                break
    graph.nodes.append(helper.make_node("Identity", [value], ["result"]))
    shape = [batch, frames, features] if layout else [frames, batch, features]
    open_shape = shape if rng.random() < 0.5 else ["a", "b", features]
    ports = [helper.make_tensor_value_info("x", TensorProto.FLOAT, open_shape)]
    outs = [helper.make_tensor_value_info("result", TensorProto.FLOAT, None)]
    if "lengths" in inputs and open_shape is not shape and "sequence_lens" not in reasons:
        reasons.append("sequence_lens")  # full for this batch only
    model = helper.make_model(helper.make_graph(graph.nodes, "g", ports, outs, graph.initializers),
                              opset_imports=[helper.make_opsetid("", opset)], ir_version=8, producer_name="random")
    return Draw(model, rng.normal(0, 1, shape).astype(np.float32), not layout, reasons[0] if reasons else None,
                f"{op} {pattern}", last)


# --- what may follow: (graph, value, elements, last) -> value, elements, reason ---


def another_layer(graph, value, elements, layout):
    """A second recurrent node, as a stack of layers is exported."""
    op, hidden = str(graph.rng.choice(["LSTM", "GRU", "RNN"])), int(graph.rng.integers(1, 6))
    direction = str(graph.rng.choice(["forward", "forward", "reverse", "bidirectional"]))
    directions = 2 if direction == "bidirectional" else 1
    rows = GATES[op] * hidden
    weights = [graph.weight(graph.rng.normal(0, 0.5, (directions, rows, size)).astype(np.float32)) for size in (elements, hidden)]
    y = graph.op(op, value, *weights, graph.constant(graph.rng.normal(0, 0.5, (directions, 2 * rows))), hidden_size=hidden,
                 direction=direction, **({"layout": 1} if layout else {}))
    return merged(graph, y, directions, layout), hidden * directions


def merged(graph, y, directions, layout):
    """Y without its axis of directions, as PyTorch's exporters leave it."""
    if directions == 1:
        return graph.axes_op("Squeeze", y, [2 if layout else 1])
    moved = graph.op("Transpose", y, perm=[0, 1, 2, 3] if layout else [0, 2, 1, 3])
    return graph.op("Reshape", moved, graph.constant(np.array([0, 0, -1])))


def linear(graph, value, elements, _):
    size = int(graph.rng.integers(1, 6))
    value = graph.op("MatMul", value, graph.constant(graph.rng.normal(0, 0.5, (elements, size))))
    form = graph.rng.integers(3)
    if form < 2:
        pair = [value, graph.constant(graph.rng.normal(0, 0.5, size))]
        value = graph.op("Add", *(pair if form else pair[::-1]))
    return value, size, None


def gemm(graph, value, elements, last):
    size = int(graph.rng.integers(1, 6))
    transposed = int(graph.rng.integers(2))
    weights = graph.rng.normal(0, 0.5, (size, elements) if transposed else (elements, size))
    flat = value
    if not last:  # as tf2onnx: all frames of all sequences are rows
        shape = graph.op("Shape", value)
        flat = graph.op("Reshape", value, graph.constant(np.array([-1, elements])))
    alpha, beta = ((1.0, 1.0), (0.5, 2.0))[graph.rng.integers(2)]
    arguments = [flat, graph.constant(weights), graph.constant(graph.rng.normal(0, 0.5, size))]
    result = graph.op("Gemm", *arguments, transB=transposed, alpha=alpha, beta=beta)
    if not last:
        frames = graph.slice(shape, 0, 0, 2)
        result = graph.op("Reshape", result, graph.op("Concat", frames, graph.constant(np.array([size])), axis=0))
    return result, size, None


def activation(graph, value, elements, _):
    kind = str(graph.rng.choice(["Relu", "Sigmoid", "Tanh", "LeakyRelu", "HardSigmoid", "PRelu"]))
    if kind == "PRelu":
        return graph.op(kind, value, graph.constant(np.full(elements, 0.25))), elements, None
    return graph.op(kind, value), elements, None


def scale(graph, value, elements, _):
    kind = str(graph.rng.choice(["Mul", "Div", "Sub", "Add"]))
    shape = elements if graph.rng.random() < 0.7 else 1
    number = graph.constant(graph.rng.uniform(0.5, 2, shape))
    reverse = kind in ("Mul", "Sub", "Add") and graph.rng.random() < 0.4
    return graph.op(kind, *([number, value] if reverse else [value, number])), elements, None


def clip_node(graph, value, elements, _):
    low, high = ((0.0, 6.0), (-1.0, 1.0), (-0.3, None), (None, 0.4))[graph.rng.integers(4)]
    if graph.opset < 11:
        limits = {"min": low, "max": high}
        return graph.op("Clip", value, **{key: v for key, v in limits.items() if v is not None}), elements, None
    names = [graph.constant(np.array(v)) if v is not None else "" for v in (low, high)]
    return graph.op("Clip", value, *names), elements, None


def normalise(graph, value, elements, last):
    inverted = [0, 2, 1]
    if not last:
        value = graph.op("Transpose", value, perm=inverted)
    values = [graph.constant(v) for v in (graph.rng.normal(1, 0.3, elements), graph.rng.normal(0, 0.3, elements),
                                          graph.rng.normal(0, 0.3, elements), graph.rng.uniform(0.5, 2, elements))]
    value = graph.op("BatchNormalization", value, *values)
    return value if last else graph.op("Transpose", value, perm=inverted), elements, None


def unknown(graph, value, elements, _):
    kind = str(graph.rng.choice(["Elu", "Softplus", "Exp", "product"]))
    if graph.rng.random() < 0.7:  # rarer than what is accepted
        return activation(graph, value, elements, _)
    if kind == "product":
        return graph.op("Mul", value, graph.op("Sigmoid", value)), elements, "product of two vectors"
    return graph.op(kind, value), elements, f"operation {kind}"


def softmax(graph, value, elements, _):
    kind = str(graph.rng.choice(["Softmax", "LogSoftmax"]))
    # Before operator set 13 the axis must be the last one to mean the same.
    return graph.op(kind, value, axis=-1), elements, None


def residual(graph, value, elements, last):
    other, size, _ = linear(graph, value, elements, last)
    other = graph.op("MatMul", other, graph.constant(graph.rng.normal(0, 0.5, (size, elements))))
    kind = str(graph.rng.choice(["Add", "Sub"]))
    return graph.op(kind, *([value, other] if graph.rng.random() < 0.5 else [other, value])), elements, None


def concatenated(graph, value, elements, last):
    other, size, _ = linear(graph, value, elements, last)
    return graph.op("Concat", value, graph.op("Tanh", other), axis=-1), elements + size, None


# --- the oracle ---


def frames_first(model):
    """The same graph with layout 0: ONNX Runtime has no other. Transposes stand where axes were swapped."""
    model = type(model).FromString(model.SerializeToString())
    nodes = list(model.graph.node)
    del model.graph.node[:]
    for node in nodes:
        layout = [a for a in node.attribute if a.name == "layout" and a.i == 1]
        if not layout:
            model.graph.node.append(node)
            continue
        node.attribute.remove(layout[0])
        for place in (0, 5, 6):
            if place < len(node.input) and node.input[place]:
                swapped = f"{node.output[0]}_in{place}"
                model.graph.node.append(helper.make_node("Transpose", [node.input[place]], [swapped], perm=[1, 0, 2]))
                node.input[place] = swapped
        wanted = list(node.output)
        for place, name in enumerate(wanted):
            node.output[place] = name + "_frames_first"
        model.graph.node.append(node)
        for name, order in zip(wanted, ([2, 0, 1, 3], [1, 0, 2])):
            model.graph.node.append(helper.make_node("Transpose", [name + "_frames_first"], [name], perm=order))
    return model


def oracle(draw):
    """ONNX Runtime's result as [sequences, frames, elements], or [sequences, elements] of the last frame."""
    import onnxruntime

    session = onnxruntime.InferenceSession(frames_first(draw.model).SerializeToString(), providers=["CPUExecutionProvider"])
    y = session.run(None, {"x": draw.x})[0]
    if draw.last:
        return y
    if draw.pattern.endswith(" Y"):  # the axis of directions
        y = y.transpose(0, 2, 1, 3) if draw.frames_first else y
        y = y.reshape(*y.shape[:2], -1)
    return y.transpose(1, 0, 2) if draw.frames_first else y
