#!/usr/bin/env python3
# From a PyTorch state dict to the simulated hardware, compared with PyTorch's own outputs on the way; sequences of different
# lengths one after another on the design's streams; the README's first example, where torch is there.
# python3 own_model_test.py ERNGEN FIXTURES SOURCE_ROOT. Needs the simulators.
import importlib.util
import io
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
SOURCE = pathlib.Path(sys.argv[3]).resolve()
TORCH = all(importlib.util.find_spec(name) for name in ("torch", "numpy", "safetensors"))


def npy(descr, code, shape, values):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}{code}", *values)


def sequences(lengths, features):
    """The bytes of an .npz of sequences of these lengths."""
    count = sum(lengths) * features
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("features.npy", npy("<f4", "f", (sum(lengths), features), [((n * 7919) % 2001 - 1000) / 500 for n in range(count)]))
        archive.writestr("lengths.npy", npy("<i8", "q", (len(lengths),), lengths))
    return buffer.getvalue()


class OwnModel(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def erngen(self, *words, code=0):
        run = subprocess.run([ERNGEN, *map(str, words)], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout, run.stderr

    def report(self, *words):
        return json.loads(self.erngen(*words, "--json", "-")[0])

    def test_from_the_state_dict_to_the_hardware(self):
        x, y = FIXTURES / "gru_fc.x.npy", FIXTURES / "gru_fc.y.npy"
        self.erngen("import", FIXTURES / "gru_fc.safetensors", "--layers", "gru,fc", "--check", x, y, "--max-error", 1e-6, "-o", "a.net")
        fixed = self.report("quantise", "a.net", "--calibration", x, "--check", x, y, "--min-sqnr", 40, "-o", "a.q")["comparison"]
        self.erngen("generate", "a.q", "--device", "xc7a35t", "--rows", 1, "--columns", 1, "--streams", 2, "-o", "design")
        simulate = ["simulate", "design", "--input", x, "--output", "out.npy", "--reference"]
        found = self.report(*simulate, y, "--min-sqnr", 40)["comparison"]
        self.assertEqual((found["max_error"], found["sqnr_db"]), (fixed["max_error"], fixed["sqnr_db"]))  # the model's words
        self.assertEqual((found["frames"], found["outputs"]), (12, 3))
        (self.path / "script").write_bytes(b"\x80\x04.")
        self.assertIn("script: is a Python pickle, not a script", self.erngen(*simulate[:4], "--script", "script", code=3)[1])
        (self.path / "out.npy").unlink()
        self.assertIn("the SQNR is", self.erngen(*simulate, y, "--min-sqnr", 100, code=1)[1])
        self.assertFalse((self.path / "out.npy").exists())

    @unittest.skipUnless(TORCH, "torch, numpy or safetensors is not installed")
    def test_readme(self):
        """The README's first block: each command's output holds the lines that follow it there."""
        subprocess.run([sys.executable, SOURCE / "examples/plain_pytorch.py"], cwd=self.path, check=True)
        block = (SOURCE / "README.md").read_text().split("    $ erngen", 1)[1].split("\n\n", 1)[0]
        for part in ("    $ erngen" + block).split("    $ erngen")[1:]:
            command, *lines = part.splitlines()
            output = [line.split() for line in self.erngen(*command.split())[0].splitlines()]
            for line in lines:
                self.assertIn(line.split(), output, f"after erngen{command}")

    def test_sequences_on_streams(self):
        self.erngen("new", "--cell", "lstm", "--input", 3, "--hidden", 8, "--block", 4, "--dense", 2, "-o", "a.net")
        (self.path / "x.npz").write_bytes(sequences([9, 1, 14, 3, 6, 11, 2], 3))
        self.erngen("quantise", "a.net", "--calibration", "x.npz", "-o", "a.q")
        self.erngen("run", "a.q", "--arithmetic", "fixed", "--input", "x.npz", "--output", "y.npz")
        self.erngen("run", "a.q", "--arithmetic", "fixed", "--input", "x.npz", "--output", "last.npy", "--last")
        for streams in (1, 3):
            self.erngen("generate", "a.q", "--device", "xc7a35t", "--rows", 1, "--columns", 1, "--streams", streams, "-o", "design")
            for simulator in ("verilator", "icarus"):
                words = ["simulate", "design", "--simulator", simulator, "--input", "x.npz"]
                report = self.report(*words, "--reference", "y.npz", "--max-error", 0, "--output", "out.npz")
                self.assertEqual((report["mismatches"], report["frames"], report["streams"], report["sequences"]), (0, 46, streams, 7))
                self.assertTrue(report["cycles_match"] and report["passed"] and report["comparison"]["passed"])
                self.assertIsNotNone(report["cycles_per_frame"])
                self.assertEqual((self.path / "out.npz").read_bytes(), (self.path / "y.npz").read_bytes())
            report = self.report(*words[:2], "--input", "x.npz", "--stalls", 5, "--last", "--reference", "last.npy", "--max-error", 0)
            self.assertEqual((report["mismatches"], report["comparison"]["frames"]), (0, 7))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
