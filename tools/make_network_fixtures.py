#!/usr/bin/env python3
# Makes src/circulant/fixtures: network files with block-circulant random weights, an input, and the output of ONNX
# Runtime for the same network with dense matrices. It covers what PyTorch has not: peepholes, a sigmoid candidate and
# the reset before the product. The files are written from docs/reference/network-format.md alone, not by erngen.
# Needs numpy, onnx, onnxruntime and safetensors; run from the top of the source tree. The fixtures are committed.
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from safetensors.numpy import save_file

folder = pathlib.Path("src/circulant/fixtures")
random = np.random.default_rng(1)
FRAMES, STREAMS = 7, 2


def circulant(rows, cols, block):
    """First columns [row blocks, column blocks, k], and the dense matrix: C[r][c] = w[(r - c) mod k]."""
    columns = random.normal(0, 1.5 / np.sqrt(cols), (-(-rows // block), -(-cols // block), block)).astype(np.float32)
    r, c = np.arange(rows)[:, None], np.arange(cols)[None, :]
    return columns, columns[r // block, c // block, (r - c) % block]


def run_onnx(op, attributes, inputs, hidden, x):
    """One recurrent ONNX node; inputs maps the node's input names, in order, to arrays or None."""
    names = [name if value is not None else "" for name, value in inputs.items()]
    node = helper.make_node(op, ["X", *names], ["Y"], hidden_size=hidden, **attributes)
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("X", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, ["t", 1, "s", "h"])],
        [onnx.numpy_helper.from_array(value, name) for name, value in inputs.items() if value is not None])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"X": x})[0][:, 0]


def make(name, kind, size, hidden, block, peephole=False, candidate="tanh", reset="after", bias=True):
    gates = "ifgo" if kind == "lstm" else "rzn"
    onnx_order = "iofg" if kind == "lstm" else "zrn"  # ONNX: i, o, f, c and z, r, h
    tensors, w, r, b = {}, {}, {}, {}
    for gate in gates:
        tensors[f"layers.0.input.{gate}"], w[gate] = circulant(hidden, size, block[0])
        tensors[f"layers.0.recurrent.{gate}"], r[gate] = circulant(hidden, hidden, block[1])
        if bias:
            b[gate] = tensors[f"layers.0.bias.{gate}"] = random.normal(0, 0.5, hidden).astype(np.float32)
    b_r = {gate: np.zeros(hidden, np.float32) for gate in gates}
    if bias and kind == "gru" and reset == "after":
        b_r["n"] = tensors["layers.0.bias.hn"] = random.normal(0, 0.5, hidden).astype(np.float32)
    p = None
    if peephole:
        vectors = {gate: random.normal(0, 0.7, hidden).astype(np.float32) for gate in "ifo"}
        tensors.update({f"layers.0.peephole.{gate}": vector for gate, vector in vectors.items()})
        p = np.concatenate([vectors[gate] for gate in "iof"])[None]

    def stack(parts):
        return np.concatenate([parts[gate] for gate in onnx_order])[None]

    inputs = {"W": stack(w), "R": stack(r), "B": np.concatenate([stack(b), stack(b_r)], 1) if bias else None}
    layer = {"kind": kind, "input": size, "hidden": hidden}
    if kind == "lstm":
        inputs |= {"sequence_lens": None, "initial_h": None, "initial_c": None, "P": p}
        attributes = {"activations": ["Sigmoid", candidate.capitalize(), "Tanh"]}
        layer |= {"projection": 0, "peephole": peephole, "bias": bias, "candidate": candidate,
                  "block": {"input": block[0], "recurrent": block[1], "projection": 0}}
    else:
        attributes = {"linear_before_reset": int(reset == "after")}
        layer |= {"reset": reset, "bias": bias, "block": {"input": block[0], "recurrent": block[1]}}
    while inputs and list(inputs.values())[-1] is None:
        inputs.popitem()
    x = random.normal(0, 1, (FRAMES, STREAMS, size)).astype(np.float32)
    y = run_onnx("LSTM" if kind == "lstm" else "GRU", attributes, inputs, hidden, x)

    save_file(tensors, folder / f"{name}.net", metadata={
        "format": "erngen-network", "version": "1", "convention": "first_column",
        "network": json.dumps({"layers": [layer], "metadata": {}})})
    (folder / f"{name}.net").chmod(0o644)
    np.save(folder / f"{name}.x.npy", np.ascontiguousarray(x.transpose(1, 0, 2)))
    np.save(folder / f"{name}.y.npy", np.ascontiguousarray(y.transpose(1, 0, 2)))


make("lstm_peephole", "lstm", 5, 9, (2, 4), peephole=True)
make("lstm_sigmoid", "lstm", 6, 8, (1, 1), candidate="sigmoid")
make("lstm_all", "lstm", 7, 12, (8, 4), peephole=True, candidate="sigmoid", bias=False)
make("gru_before", "gru", 5, 9, (2, 4), reset="before")
make("gru_before_dense", "gru", 4, 6, (1, 1), reset="before", bias=False)
make("gru_after", "gru", 6, 10, (4, 16), reset="after")
