#!/usr/bin/env python3
# Networks as people have them, at their sizes, from a file to the simulated hardware: ONNX as PyTorch exports it, and JSON of an
# audio effect. Each design must give the fixed-point model's words in the planned cycles, and what PyTorch computes within an SQNR.
# The network of read sentences that is shipped must hear the same phones in fixed point as in real numbers.
# python3 example_networks_test.py ERNGEN FIXTURES. Needs Verilator; exit code 77 (skipped) without torch.
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError:
    if sys.executable != "/usr/bin/python3" and pathlib.Path("/usr/bin/python3").exists():
        import os

        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("skipped: torch is not installed")
    sys.exit(77)

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(sys.argv[2]).resolve()


class NoiseGains(nn.Module):
    """As RNNoise: dense, three GRUs over concatenations, two heads."""

    def __init__(self):
        super().__init__()
        self.enter, self.gains, self.activity = nn.Linear(42, 24), nn.Linear(96, 22), nn.Linear(24, 1)
        self.voice, self.noise = nn.GRU(24, 24, batch_first=True), nn.GRU(90, 48, batch_first=True)
        self.denoise = nn.GRU(114, 96, batch_first=True)

    def forward(self, x):
        enter = torch.tanh(self.enter(x))
        voice, _ = self.voice(enter)
        noise, _ = self.noise(torch.cat((enter, voice, x), -1))
        denoise, _ = self.denoise(torch.cat((voice, noise, x), -1))
        return torch.sigmoid(self.gains(denoise)), torch.sigmoid(self.activity(voice))


class Stack(nn.Module):
    """A recurrent layer with a head, over all frames or the last one."""

    def __init__(self, recurrent, head, last=False):
        super().__init__()
        self.recurrent, self.head, self.last = recurrent, head, last

    def forward(self, x):
        y, _ = self.recurrent(x)
        return self.head(y[:, -1] if self.last else y)


class Effect(nn.Module):
    """An LSTM of 40 cells, what it computes added to the sample."""

    def __init__(self):
        super().__init__()
        self.rec, self.lin = nn.LSTM(1, 40, batch_first=True), nn.Linear(40, 1)

    def forward(self, x):
        return self.lin(self.rec(x)[0]) + x

    def json(self):
        return json.dumps({"model_data": {"model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1, "unit_type": "LSTM",
                                          "num_layers": 1, "hidden_size": 40, "bias_fl": True},
                           "state_dict": {name: value.tolist() for name, value in self.state_dict().items()}})


def keyword_spotter():
    head = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 12), nn.Softmax(-1))
    return Stack(nn.GRU(10, 64, batch_first=True), head, last=True)


def jet_tagger():
    return Stack(nn.GRU(6, 20, batch_first=True), nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1), nn.Sigmoid()), last=True)


def denoiser():
    return Stack(nn.LSTM(40, 48, 2, batch_first=True), nn.Sequential(nn.Linear(48, 40), nn.Sigmoid()))


class ExampleNetworks(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        torch.manual_seed(15)

    def report(self, *words):
        run = subprocess.run([ERNGEN, *map(str, words), "--json", "-"], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return json.loads(run.stdout)

    def through(self, file, x, y, sqnr, *options):
        """x [sequences, frames, features], y what the framework computes from it."""
        np.save(self.path / "x.npy", x.astype(np.float32))
        np.save(self.path / "y.npy", y.astype(np.float32))
        self.report("import", file, *options, "--check", "x.npy", "y.npy", "--max-error", 1e-5, "-o", "a.net")
        fixed = self.report("quantise", "a.net", "--calibration", "x.npy", "--check", "x.npy", "y.npy", "--min-sqnr", sqnr, "-o", "a.q")
        plan = self.report("plan", "a.q", "--device", "xc7a100t", "--max-dsp", 60)
        self.report("generate", "a.q", "--device", "xc7a100t", "--max-dsp", 60, "-o", "design")
        found = self.report("simulate", "design", "--input", "x.npy", "--reference", "y.npy", "--min-sqnr", sqnr)
        self.assertEqual(found["mismatches"], 0)
        self.assertTrue(found["cycles_match"] and found["passed"])
        cycles = found["cycles_per_frame"]
        if cycles is None:  # one output a sequence: what a frame takes shows where every frame has one
            self.report("generate", "a.q", "--device", "xc7a100t", "--max-dsp", 60, "--output-frames", "all", "-o", "every")
            every = self.report("simulate", "every", "--input", "x.npy")
            self.assertEqual(every["mismatches"], 0)
            cycles = every["cycles_per_frame"]
        self.assertEqual(cycles, plan["cycles_per_frame"])
        self.assertEqual(found["comparison"]["sqnr_db"], fixed["comparison"]["sqnr_db"])  # the model's words
        print(f"  {self.id().split('.')[-1]}: {plan['cycles_per_frame']:g} cycles a frame, {plan['dsp']} DSP, "
              f"SQNR {found['comparison']['sqnr_db']:.1f} dB")

    def exported(self, model, features, sqnr, frames=25):
        x = torch.randn(3, frames, features)
        model.eval()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(model, (x,), str(self.path / "model.onnx"), input_names=["x"], dynamic_axes={"x": {0: "n", 1: "t"}})
        with torch.no_grad():
            y = model(x)
        y = torch.cat(y, -1) if isinstance(y, tuple) else y
        self.through("model.onnx", x.numpy(), y.numpy(), sqnr)

    def test_shipped_sentences(self):
        examples = pathlib.Path(__file__).resolve().parents[2] / "examples"
        network, calibration = examples / "sentences-lstm.safetensors", examples / "sentences-calibration.npy"
        np.save(self.path / "x.npy", np.load(calibration)[:100].astype(np.float32))
        self.report("run", network, "--input", "x.npy", "-o", "y.npy")
        self.report("quantise", network, "--calibration", calibration, "--check", "x.npy", "y.npy", "--min-sqnr", 50, "-o", "a.q")
        self.report("generate", "a.q", "--device", "xc7a100t", "--min-rate", 20000, "--clock", 100, "-o", "design")
        self.report("run", "a.q", "--arithmetic", "fixed", "--input", "x.npy", "-o", "fixed.npy")
        heard = [self.report("recognise", network, "--outputs", outputs)["phones"] for outputs in ("y.npy", "fixed.npy")]
        self.assertGreater(len(heard[0]), 20)
        self.assertEqual(*heard)

    def test_noise_suppression(self):
        self.exported(NoiseGains(), 42, 40)

    def test_keyword_spotting(self):
        self.exported(keyword_spotter(), 10, 40)

    def test_jet_tagging(self):
        self.exported(jet_tagger(), 6, 40)

    def test_denoiser(self):
        self.exported(denoiser(), 40, 40)

    def test_audio_effect(self):
        model = Effect().eval()
        (self.path / "model.json").write_text(model.json())
        x = 0.3 * torch.randn(3, 60, 1)
        with torch.no_grad():
            y = model(x)
        self.through("model.json", x.numpy(), y.numpy(), 40)

    def test_learned_initial_states(self):
        for file, stem in (("onnx/learned.torchscript.onnx", "onnx/learned"), ("onnx/learned.dynamo.onnx", "onnx/learned"),
                           ("audio/nam.json", "audio/nam")):
            with self.subTest(file):
                self.through(FIXTURES / file, np.load(FIXTURES / f"{stem}.x.npy"), np.load(FIXTURES / f"{stem}.y.npy"), 40)

    def test_functions_of_keras(self):
        """ReLU and none as candidates and functions of the cell state, behind hard sigmoid gates."""
        for stem in ("keras/k215_activations", "keras/k315_activations"):
            with self.subTest(stem):
                self.through(FIXTURES / f"{stem}.keras", np.load(FIXTURES / f"{stem}.x.npy"), np.load(FIXTURES / f"{stem}.y.npy"), 35)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
