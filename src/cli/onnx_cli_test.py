#!/usr/bin/env python3
# `erngen import` of ONNX files against ONNX Runtime and the node tests of ONNX itself.
#   python3 onnx_cli_test.py ERNGEN FIXTURES [PYTHON]      PYTHON: an interpreter that has onnx and onnxruntime
# ERNGEN_ONNX_DRAWS and ERNGEN_ONNX_SEED in the environment give another number and other draws. Exit code 77 (skipped) without
# onnx and onnxruntime (PyPI).
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

try:
    import numpy as np
    import onnx
    import onnxruntime
except ImportError:
    if len(sys.argv) > 3 and os.path.exists(sys.argv[3]):
        os.execv(sys.argv[3], [sys.argv[3], *sys.argv[:3]])
    print("skipped: onnx and onnxruntime are not installed")
    sys.exit(77)

import onnx_random_nodes
from onnx import TensorProto, helper, numpy_helper

warnings.filterwarnings("ignore")
np.seterr(all="ignore")
onnxruntime.set_default_logger_severity(4)
ERNGEN, FIXTURES = sys.argv[1], pathlib.Path(sys.argv[2]) / "onnx"
DRAWS = int(os.environ.get("ERNGEN_ONNX_DRAWS", 500))
SEED = int(os.environ.get("ERNGEN_ONNX_SEED", 15))


def applied(y, cut):
    """What is cut off at the end of a network, on its outputs."""
    if cut == "argmax":
        return y.argmax(-1)
    e = np.exp(y - y.max(-1, keepdims=True))
    soft = e / e.sum(-1, keepdims=True)
    return {None: y, "softmax": soft, "log_softmax": np.log(soft)}[cut]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def erngen(self, *arguments):
        return subprocess.run([ERNGEN, *map(str, arguments)], capture_output=True, text=True)

    def save(self, model, name="m.onnx"):
        onnx.save(model, self.path / name)
        return self.path / name

    def imported(self, model, *options):
        """The network's description, or (exit code, message)."""
        (self.path / "net").unlink(missing_ok=True)
        run = self.erngen("import", model, *options, "-o", self.path / "net", "--json", self.path / "net.json")
        if run.returncode != 0:
            self.assertFalse((self.path / "net").exists())
            return run.returncode, run.stderr
        return json.loads((self.path / "net.json").read_text())

    def outputs(self, x, description):
        """What the imported network computes in float from x [sequences, frames, features]."""
        (self.path / "y.npy").unlink(missing_ok=True)
        np.save(self.path / "x.npy", np.ascontiguousarray(x, dtype=np.float32))
        run = self.erngen("run", self.path / "net", "--input", self.path / "x.npy", "--output", self.path / "y.npy",
                          "--arithmetic", "float")
        self.assertEqual(run.returncode, 0, run.stderr)
        y = np.load(self.path / "y.npy")
        return applied(y, description.get("output_cut"))

    def refused(self, model, code, *texts, options=()):
        result = self.imported(model, *options)
        self.assertIsInstance(result, tuple, result)
        self.assertEqual(result[0], code, result[1])
        for text in texts:
            self.assertIn(text, result[1])


class NodeTests(Case):
    """The 18 tests of LSTM, GRU and RNN nodes that come with ONNX."""

    def test_all(self):
        from onnx.backend.test.loader import load_model_tests

        kinds = ("test_lstm_", "test_gru_", "test_rnn_", "test_simple_rnn_")
        cases = [case for case in load_model_tests(kind="node") if case.name.startswith(kinds)]
        self.assertEqual(len(cases), 18)
        for case in cases:
            with self.subTest(case.name):
                self.check(case)

    def check(self, case):
        inputs, outputs = case.data_sets[0]
        graph = case.model.graph
        model, options = self.save(case.model), []
        for port, value in list(zip(graph.input, inputs))[1:]:
            tensor = self.path / f"{port.name}.pb"
            tensor.write_bytes(numpy_helper.from_array(np.asarray(value), port.name).SerializeToString())
            options += ["--constant", f"{port.name}={tensor}"]
        self.compare(case, model, options, inputs, outputs, False)
        if "reverse" in case.name:  # fed from the last frame to the first one by the user
            self.compare(case, model, [*options, "--reverse-input"], inputs, outputs, True)

    def compare(self, case, model, options, inputs, outputs, reverse):
        graph = case.model.graph
        layout = next((a.i for a in graph.node[0].attribute if a.name == "layout"), 0)
        description = self.imported(model, *options)
        self.assertIsInstance(description, dict, description)
        x = inputs[0] if layout else inputs[0].transpose(1, 0, 2)
        y = self.outputs(x[:, ::-1] if reverse else x, description)
        for port, expected in zip(graph.output, outputs):
            if port.name == "Y":  # [frames, directions, sequences, hidden] or [sequences, frames, directions, hidden]
                expected = expected if layout else expected.transpose(2, 0, 1, 3)
                expected = expected.reshape(*expected.shape[:2], -1)
                self.assertLess(np.abs(y - (expected[:, ::-1] if reverse else expected)).max(), 1e-5)
            elif port.name == "Y_h":  # [directions, sequences, hidden] or [sequences, directions, hidden]
                expected = expected if layout else expected.transpose(1, 0, 2)
                expected = expected.reshape(len(expected), -1)
                if any(p.name == "Y" for p in graph.output) and not reverse and ("reverse" in case.name or "bidirectional" in case.name):
                    continue  # of a layer that runs backward Y has the last state at the first frame
                last = y if y.ndim == 2 else y[:, -1]
                self.assertLess(np.abs(last - expected).max(), 1e-5)


class RandomNodes(Case):
    def test_draws(self):
        rng = np.random.default_rng(SEED)
        counts = collections.Counter()
        for number in range(DRAWS):
            with self.subTest(draw=number, seed=SEED):
                counts[self.check(rng)] += 1
        accepted = counts.pop("accepted")
        print(f"{DRAWS} random nodes (seed {SEED}): {accepted} accepted and equal to ONNX Runtime to 1e-5")
        for reason, count in counts.most_common():
            print(f"  {count:3d} refused: {reason}")
        self.assertGreaterEqual(accepted, 0.6 * DRAWS)

    def check(self, rng):
        expected = None
        while expected is None:  # again if the values grow beyond what float can compare
            draw = onnx_random_nodes.draw(rng)
            if draw.reason:
                self.refused(self.save(draw.model), 4)
                return draw.reason
            expected = onnx_random_nodes.oracle(draw)
            if not np.abs(expected).max() < 100:
                expected = None
        x = draw.x.transpose(1, 0, 2) if draw.frames_first else draw.x
        np.save(self.path / "x.npy", np.ascontiguousarray(x))
        np.save(self.path / "y.npy", np.ascontiguousarray(expected))
        limit = 1e-5 * max(1, np.abs(expected).max())
        # The command runs the network on x in float, and compares.
        result = self.imported(self.save(draw.model), "--check", self.path / "x.npy", self.path / "y.npy", "--max-error",
                               limit)
        self.assertIsInstance(result, dict, f"{draw.pattern}: {result}")
        return "accepted"


class Refusals(Case):
    """Files that are known to be wrong, and files that mean harm."""

    def fixture(self, name):
        return onnx.load(FIXTURES / f"{name}.onnx", load_external_data=False)

    def set_attribute(self, model, op, name, value):
        for node in model.graph.node:
            if node.op_type == op:
                kept = [a for a in node.attribute if a.name != name]
                del node.attribute[:]
                node.attribute.extend([*kept, helper.make_attribute(name, value)])
        return model

    def test_gru_of_pytorch_with_the_wrong_reset(self):
        model = self.save(self.set_attribute(self.fixture("gru_linear.torchscript"), "GRU", "linear_before_reset", 0))
        self.refused(model, 4, "onnxscript#2852", "--gru-reset after")
        self.assertEqual(self.erngen("import", model, "--gru-reset", "before", "-o", self.path / "net").returncode, 2)
        description = self.imported(model, "--gru-reset", "after")
        y = self.outputs(np.load(FIXTURES / "gru_linear.x.npy"), description)
        self.assertLess(np.abs(y - np.load(FIXTURES / "gru_linear.y.npy")).max(), 1e-5)
        # Another producer means what it writes.
        changed = onnx.load(model)
        changed.producer_name = "other"
        self.assertIsInstance(self.imported(self.save(changed)), dict)

    def test_projection_that_pytorch_loses(self):
        # As torch 2.15 writes nn.LSTM(5, 8, proj_size=4): every size but that of the cell state is 4.
        w, r = np.zeros((1, 16, 5), np.float32), np.zeros((1, 16, 4), np.float32)
        states = [np.zeros((1, 1, size), np.float32) for size in (4, 8)]
        names = ["W", "R", "h", "c"]
        node = helper.make_node("LSTM", ["x", "W", "R", "", "", "h", "c"], ["Y"], hidden_size=4)
        graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [7, 1, 5])],
                                  [helper.make_tensor_value_info("Y", TensorProto.FLOAT, None)],
                                  [numpy_helper.from_array(a, n) for a, n in zip([w, r, *states], names)])
        self.refused(self.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])), 4,
                     "proj_size", "state_dict")

    def test_loop(self):
        body = helper.make_graph([], "b", [], [])
        node = helper.make_node("Loop", ["", "", "x"], ["y"], body=body)
        graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 7, 5])],
                                  [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
        self.refused(self.save(helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])), 4, "Loop", ".keras")

    def test_overlapping_external_data(self):
        model = self.fixture("lstm_linear.dynamo")
        external = [t for t in model.graph.initializer if t.data_location == TensorProto.EXTERNAL]
        for entry in external[1].external_data:
            if entry.key == "offset":
                entry.value = next(e.value for e in external[0].external_data if e.key == "offset")
        (self.path / "lstm_linear.dynamo.onnx.data").write_bytes((FIXTURES / "lstm_linear.dynamo.onnx.data").read_bytes())
        self.refused(self.save(model), 3, "overlap")

    def test_versions(self):
        for field, value in (("ir_version", 99), ("ir_version", 1)):
            model = self.fixture("lstm.torchscript")
            setattr(model, field, value)
            self.refused(self.save(model), 4, "ir_version")
        model = self.fixture("lstm.torchscript")
        model.opset_import[0].version = 5
        self.refused(self.save(model), 4, "operator set 5")

    def test_options_of_other_formats(self):
        model = FIXTURES / "lstm.torchscript.onnx"
        self.refused(model, 2, "--layers", options=["--layers", "lstm"])
        other = next(FIXTURES.parent.glob("*.safetensors"))
        self.refused(other, 2, "--outputs", options=["--outputs", "y"])

    def test_check(self):
        """--check applies what is cut off at the end."""
        for name in ("gru_keywords", "lstm_final_state", "denoiser", "jets"):
            result = self.imported(FIXTURES / f"{name}.torchscript.onnx", "--check", FIXTURES / f"{name}.x.npy",
                                   FIXTURES / f"{name}.y.npy")
            self.assertIsInstance(result, dict, result)


unittest.main(argv=sys.argv[:1])
