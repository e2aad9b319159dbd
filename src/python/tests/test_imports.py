"""The package beside others that carry libraries of the same names - PyTorch and ONNX with protobuf, h5py with HDF5 - in one process."""
import importlib.util
import itertools
import pathlib
import subprocess
import sys
import unittest

from helpers import main

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "import/fixtures"
OTHERS = [name for name in ("torch", "onnx", "onnxruntime", "h5py") if importlib.util.find_spec(name)]

#: Argument 1: the fixtures; then modules in the order in which they are imported. Each of them is used after all are there.
SCRIPT = """
import importlib, pathlib, sys
import numpy as np
fixtures = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    importlib.import_module(name)
erngen = sys.modules["erngen"]
for file, name in [("onnx/lstm_linear.dynamo.onnx", "onnx/lstm_linear"), ("keras/k315_residual.keras", "keras/k315_residual"),
                   ("keras/k315_gru.h5", "keras/k315_gru")]:
    x, y = (np.load(fixtures / f"{name}.{axis}.npy") for axis in "xy")
    net = erngen.compile(fixtures / file, x, check=(x, y), device="xcku060")
    assert net.report()["comparison"]["sqnr_db"] > 100, file
    stream = net.stream()
    assert np.array_equal([stream.step(frame) for frame in x[0]], net.predict(x[0])), file
model = str(fixtures / "onnx/lstm_linear.dynamo.onnx")
if "torch" in sys.modules:
    torch = sys.modules["torch"]
    erngen.compile(torch.nn.Sequential(torch.nn.Linear(4, 3)), np.random.default_rng(1).normal(size=(50, 4)))
if "onnx" in sys.modules:
    sys.modules["onnx"].checker.check_model(model)
if "onnxruntime" in sys.modules:
    sys.modules["onnxruntime"].InferenceSession(model)
if "h5py" in sys.modules:
    with sys.modules["h5py"].File(fixtures / "keras/k315_gru.h5") as file:
        assert "model_weights" in file
"""


class Imports(unittest.TestCase):
    def imported(self, *modules):
        done = subprocess.run([sys.executable, "-c", SCRIPT, str(FIXTURES), *modules], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"{modules}: {done.stderr}")

    def test_alone(self):
        self.imported("erngen")

    def test_before_and_after_others(self):
        for name in OTHERS:
            self.imported(name, "erngen")
            self.imported("erngen", name)
        orders = list(itertools.permutations([*OTHERS, "erngen"]))
        for order in {orders[0], orders[-1], orders[len(orders) // 2]}:
            self.imported(*order)


if __name__ == "__main__":
    main()
