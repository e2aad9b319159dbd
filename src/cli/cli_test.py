#!/usr/bin/env python3
# Tests of the command itself: python3 cli_test.py ERNGEN FIXTURES. Needs nothing but the standard library.
import json
import math
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import unittest

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
SOURCES = pathlib.Path(__file__).resolve().parents[2]


def npy(shape, values):
    """The bytes of a float32 .npy file."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


class Command(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def erngen(self, *words, code=0):
        """Runs a command in the test's directory, checks its exit code, returns (stdout, stderr)."""
        run = subprocess.run([ERNGEN, *map(str, words)], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        if code == 0:
            self.assertEqual(run.stderr, "")
        else:
            self.assertTrue(run.stderr.startswith("erngen: error: "), run.stderr)
        return run.stdout, run.stderr

    def new(self, name, *words):
        self.erngen("new", "--cell", "lstm", "--input", 5, "--hidden", 8, "--dense", 3, *words, "-o", name)

    def refused(self, code, text, *words):
        """The command must fail with this code and text, and leave the directory as it was."""
        before = sorted(os.listdir(self.path))
        self.assertIn(text, self.erngen(*words, code=code)[1])
        self.assertEqual(sorted(os.listdir(self.path)), before)

    def test_version_and_help(self):
        self.assertRegex(self.erngen("--version")[0], r"^erngen \d+\.\d+\.\d+\n$")
        help_text = self.erngen("--help")[0]
        verbs = [line.split()[0].rstrip(",") for line in help_text.split("Subcommands:\n")[1].split("\n\n")[0].splitlines()]
        self.assertGreaterEqual(set(verbs), {"new", "import", "compress", "quantise", "run", "devices"})
        for verb in verbs:
            verb_help = self.erngen(verb, "--help")[0]
            self.assertIn(f"Usage: erngen {verb}", verb_help)
            # The pages that it names are there, and what it names them for is on them.
            for page in re.findall(r"docs/[\w/-]+\.md", verb_help):
                self.assertTrue((SOURCES / page).is_file(), f"{verb}: {page}")
            for page in re.findall(r"an .npz with features and lengths for sequences of\ndifferent lengths \((.*?)\)", verb_help):
                self.assertIn("`.npz` with `features`", (SOURCES / page).read_text(), verb)

    def test_usage_errors(self):
        self.refused(2, "way out: see erngen --help", "transmogrify")
        self.refused(2, "--cell is required", "new", "-o", "x")
        self.refused(2, "'cnn' is not one of lstm, gru, rnn", "new", "--cell", "cnn", "-o", "x")
        self.refused(2, "way out: see erngen new --help", "new", "--cell", "lstm", "--hidden", "0", "-o", "x")
        self.refused(2, "--hidden", "new", "--cell", "lstm", "--hidden", "many", "-o", "x")
        self.refused(2, "--hidden", "new", "--cell", "lstm", "--hidden", "99999999999999999999", "-o", "x")
        for block in ["3", "0", "128", "-8", "8,", "8,8,8,8,8", "8;4"]:
            self.refused(2, "--block", "new", "--cell", "lstm", f"--block={block}", "-o", "x")
        for block in ["1", "x=8", "=8", "-1=8", "0=3"]:
            self.refused(2, "--layer-block", "new", "--cell", "lstm", f"--layer-block={block}", "-o", "x")
        self.refused(2, "only an LSTM has a projection", "new", "--cell", "gru", "--projection", 4, "-o", "x")
        self.refused(2, "only a GRU has a reset gate", "new", "--cell", "lstm", "--reset", "before", "-o", "x")

    def test_new_makes_what_was_asked(self):
        out = self.erngen("new", "--cell", "lstm", "--input", 19, "--hidden", 20, "--projection", 10, "--peephole", "--candidate",
                          "sigmoid", "--block", "4,8,2,1", "--layers", 2, "--dense", 7, "--layer-block", "1=16", "-o", "a.net",
                          "--json", "-")[0]
        layers = json.loads(out)["layers"]
        self.assertEqual([layer["kind"] for layer in layers], ["lstm", "lstm", "dense"])
        self.assertEqual(layers[0]["block"], {"input": 4, "recurrent": 8, "projection": 2})
        self.assertEqual(layers[1]["block"], {"input": 16, "recurrent": 16, "projection": 16})
        self.assertEqual(layers[2]["block"], {"weight": 1})
        self.assertEqual((layers[1]["input"], layers[1]["hidden"], layers[1]["output"]), (10, 20, 10))
        self.assertEqual((layers[0]["peephole"], layers[0]["candidate"]), (True, "sigmoid"))
        out = self.erngen("new", "--cell", "gru", "--reset", "before", "--no-bias", "-o", "b.net", "--json", "b.json")[0]
        self.assertIn("reset before, no bias", out)
        self.assertEqual(json.loads((self.path / "b.json").read_text())["parameters"], 3 * 16 * (5 + 16) * 8)

    def test_same_seed_same_bytes(self):
        for name in ["a", "b"]:
            self.new(f"{name}.net", "--seed", 5)
        self.new("c.net", "--seed", 6)
        a, b, c = [(self.path / f"{name}.net").read_bytes() for name in "abc"]
        self.assertEqual(a, b)
        self.assertNotEqual(a, c)
        self.assertNotIn(str(self.path).encode(), a)

    def test_compress_reports_each_matrix(self):
        self.new("dense.net", "--block", 1)
        report = json.loads(self.erngen("compress", "dense.net", "--block", "4,8,8,1", "-o", "c.net", "--json", "-")[0])
        self.assertEqual(len(report["matrices"]), 9)
        self.assertEqual(report["matrices"][0]["name"], "layers.0.input.i")
        self.assertTrue(0.5 < report["matrices"][0]["relative_error"] < 1)
        self.assertEqual(report["matrices"][8]["relative_error"], 0)
        self.assertGreater(report["compression"], 3)
        text = self.erngen("compress", "c.net", "--block", "4,8,8,1", "-o", "again.net")[0]
        self.assertIn("relative error", text)
        self.assertEqual((self.path / "c.net").read_bytes(), (self.path / "again.net").read_bytes())
        self.refused(2, "block sizes for layer 9", "compress", "c.net", "--block", 8, "--layer-block", "9=4", "-o", "x")

    def test_a_layer_without_parameters_has_no_compression(self):
        out = self.erngen("import", FIXTURES / "audio/guitarml_lstm.json", "-o", "a.net")[0]  # ends with a residual
        self.assertIn("add", out)
        self.assertNotIn("nan", out)

    def test_import_then_run(self):
        source = FIXTURES / "lstm_fc"
        self.erngen("import", f"{source}.safetensors", "--layers", "lstm,fc", "--unchecked", "-o", "a.net")
        out = self.erngen("run", "a.net", "--input", f"{source}.x.npy", "--output", "y.npy")[0]
        self.assertIn("2 sequences of 6 frames, 5 -> 3 values", out)
        values = [struct.unpack("<36f", path.read_bytes()[128:]) for path in [self.path / "y.npy", pathlib.Path(f"{source}.y.npy")]]
        for ours, theirs in zip(*values):
            self.assertAlmostEqual(ours, theirs, places=5)
        (self.path / "meta.json").write_text('{"labels": ["", "a"]}')
        layers = ["--layers", "lstm,fc", "--unchecked"]
        self.erngen("import", f"{source}.safetensors", *layers, "--metadata", "meta.json", "-o", "b.net")
        self.assertIn(rb'\"labels\":[\"\",\"a\"]', (self.path / "b.net").read_bytes())
        (self.path / "meta.json").write_text("[]")
        self.refused(3, "meta.json: is not a JSON object", "import", f"{source}.safetensors", *layers, "--metadata", "meta.json", "-o", "x")
        self.refused(4, "not named in --layers", "import", f"{source}.safetensors", "--layers", "lstm", "-o", "x")

    def test_run_refuses_bad_arrays(self):
        self.new("a.net")
        cases = {"nan": ((1, 5), [1, 2, float("nan"), 4, 5], "element 2 is nan"), "wide": ((1, 6), [0] * 6, "frames have 6 elements"),
                 "empty": ((0, 5), [], "no frame"), "flat": ((5,), [0] * 5, "expected [frames, features]")}
        for name, (shape, values, text) in cases.items():
            (self.path / f"{name}.npy").write_bytes(npy(shape, values))
            self.refused(3, text, "run", "a.net", "--input", f"{name}.npy", "--output", "y.npy")
        self.refused(3, "none.npy: cannot read", "run", "a.net", "--input", "none.npy", "--output", "y.npy")
        self.refused(3, "a.net: is a network file of erngen, not a .npy file", "run", "a.net", "--input", "a.net", "--output", "y.npy")
        self.refused(3, "wide.npy", "run", "wide.npy", "--input", "wide.npy", "--output", "y.npy")

    def test_progress_is_a_bar_on_a_terminal_only(self):
        self.erngen("new", "--cell", "lstm", "--input", 1, "--hidden", 128, "--block", 1, "-o", "a.net")
        (self.path / "x.npy").write_bytes(npy((8000, 1), [0.5] * 8000))
        words = [ERNGEN, "run", "a.net", "--input", "x.npy", "--output", "y.npy"]
        quiet = subprocess.run(words, cwd=self.path, capture_output=True, text=True)
        self.assertEqual(quiet.returncode, 0, quiet.stderr)
        self.assertNotIn("\r", quiet.stderr)
        ours, theirs = pty.openpty()
        run = subprocess.Popen(words, cwd=self.path, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"})
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 4096):
                shown += block
        except OSError:  # Linux reports the closed terminal so
            pass
        os.close(ours)
        self.assertEqual((run.communicate()[0].decode(), run.returncode), (quiet.stdout, 0))
        self.assertIn("━".encode(), shown)
        self.assertIn(b"of 8000 frames", shown)
        self.assertTrue(shown.endswith(b" \r"), shown[-80:])  # the bar is wiped at the end

    def test_quantise_then_run_fixed(self):
        self.new("a.net", "--peephole", "--projection", 6)
        values = [((n * 7919 + n // 5 * 104729) % 2001 - 1000) / 500 for n in range(2 * 30 * 5)]
        (self.path / "x.npy").write_bytes(npy((2, 30, 5), values))
        report = json.loads(self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q", "--json", "-")[0])
        signals = {signal["name"]: signal for signal in report["signals"]}
        self.assertGreaterEqual(set(signals), {"x", "z0.i", "c0", "m0", "y0", "y1"})
        self.assertGreater(signals["y1"]["sqnr_db"], 40)
        self.assertEqual(signals["y1"]["format"], report["output_format"])
        self.assertEqual([matrix["name"] for matrix in report["matrices"]],
                         ["layers.0.input", "layers.0.recurrent", "layers.0.projection", "layers.1.weight"])
        self.assertEqual([unit["function"] for unit in report["activation_units"]], ["sigmoid", "tanh"])
        self.assertLessEqual(max(unit["error_ulp"] for unit in report["activation_units"]), 1)
        text = self.erngen("quantize", "a.net", "--calibration", "x.npy", "-o", "b.q")[0]
        self.assertIn("SQNR", text)
        self.assertEqual((self.path / "a.q").read_bytes(), (self.path / "b.q").read_bytes())
        self.assertNotIn(str(self.path).encode(), (self.path / "a.q").read_bytes())

        out = self.erngen("run", "a.q", "--input", "x.npy", "--output", "fixed.npy", "--arithmetic", "fixed", "--json", "-")[0]
        self.assertEqual(json.loads(out)["saturated_inputs"], 0)
        self.assertGreater(json.loads(out)["model_frames_per_second"], 0)
        self.erngen("run", "a.net", "--input", "x.npy", "--output", "float.npy")
        fixed, real = [struct.unpack("<180f", (self.path / name).read_bytes()[128:]) for name in ["fixed.npy", "float.npy"]]
        error = sum((a - b) ** 2 for a, b in zip(fixed, real))
        self.assertAlmostEqual(10 * math.log10(sum(b * b for b in real) / error), signals["y1"]["sqnr_db"], places=1)
        self.assertIn("frames per second", self.erngen("run", "a.q", "--input", "x.npy", "--output", "y.npy", "--arithmetic", "fixed", "--time")[0])

        widths = json.loads(self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "c.q", "--weights", 8, "--activations", 16,
                                        "--exact-widths", "--sigmoid-unit", "table", "--tanh-unit", "piecewise", "--activation-error", 8,
                                        "--json", "-")[0])
        self.assertEqual((widths["widths"]["weight"], widths["widths"]["activation"]), (8, 16))
        self.assertEqual({unit["function"]: unit["kind"] for unit in widths["activation_units"]}, {"sigmoid": "table", "tanh": "piecewise"})

    def test_quantise_refuses(self):
        self.new("a.net")
        (self.path / "x.npy").write_bytes(npy((4, 5), [0.5] * 20))
        (self.path / "wide.npy").write_bytes(npy((4, 6), [0.5] * 24))
        quantise = ["quantise", "a.net", "--calibration", "x.npy", "-o"]
        self.refused(3, "wide.npy: frames have 6 elements", "quantise", "a.net", "--calibration", "wide.npy", "-o", "q")
        for words in [["--weights", 3], ["--activations", 19], ["--sigmoid-unit", "magic"], ["--activation-error", 0]]:
            self.refused(2, words[0], *quantise, "q", *words)
        self.refused(5, "no sigmoid unit", *quantise, "q", "--activations", 18, "--activation-error", 0.5, "--sigmoid-unit", "table")
        self.erngen(*quantise, "a.q")
        run = ["--input", "x.npy", "--output", "y.npy", "--arithmetic"]
        self.refused(4, "needs a quantised network", "run", "a.net", *run, "fixed")
        self.refused(4, "before it was quantised", "run", "a.q", *run, "float")
        self.refused(3, "is not an erngen-network file", "quantise", "a.q", "--calibration", "x.npy", "-o", "q")
        self.refused(3, "x.npy", "run", "x.npy", *run, "fixed")
        whole = (self.path / "a.q").read_bytes()
        (self.path / "short.q").write_bytes(whole[:-5])
        self.refused(3, "truncated", "run", "short.q", *run, "fixed")

    def test_devices(self):
        devices = {device["name"]: device for device in json.loads(self.erngen("devices", "--json", "-")[0])["devices"]}
        self.assertEqual((devices["xcku060"]["dsp"], devices["xcku060"]["bram36"]), (2760, 1080))
        self.assertEqual(devices["up5k"]["dsp_type"]["widths"], [16, 16])
        self.assertTrue(all(device["source"] for device in devices.values()))
        self.assertIn("xc7vx690t", self.erngen("devices")[0])

    def test_outputs_that_cannot_be_written(self):
        self.new("a.net")
        self.refused(6, "No such file", "compress", "a.net", "--block", 8, "-o", "none/x")
        self.refused(6, "directory", "compress", "a.net", "--block", 8, "-o", self.path)
        self.refused(6, "cannot write", "new", "--cell", "gru", "-o", "a.net", "--json", "none/j")
        if os.path.exists("/dev/full"):
            self.refused(6, "No space left", "compress", "a.net", "--block", 8, "-o", "/dev/full")
            with open("/dev/full", "w") as full:
                run = subprocess.run([ERNGEN, "--version"], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(run.returncode, 6, run.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
