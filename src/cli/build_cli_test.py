#!/usr/bin/env python3
# erngen build: the steps in one, from every kind of file, equal to the verbs one by one; nothing is left when a step fails.
# python3 build_cli_test.py ERNGEN IMPORT_FIXTURES NETWORK_FIXTURES. Needs Icarus.
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(sys.argv[2]).resolve()
NETWORKS = pathlib.Path(sys.argv[3]).resolve()
MODEL = [FIXTURES / "gru_fc.safetensors", "--layers", "gru,fc", "--calibration", FIXTURES / "gru_fc.x.npy"]
CHECK = ["--check", FIXTURES / "gru_fc.y.npy"]
DESIGN = ["--device", "xc7a35t", "--min-rate", 1000, "--simulator", "icarus", "--frames", 8, "-o", "design"]


class Build(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def erngen(self, *words, code=0, **options):
        run = subprocess.run([ERNGEN, *map(str, words)], cwd=self.path, capture_output=True, text=True, **options)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout, run.stderr

    def files(self, directory):
        root = self.path / directory
        return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and "build" not in p.relative_to(root).parts}

    def refused(self, code, text, *words, **options):
        before = sorted(os.listdir(self.path))
        self.assertIn(text, self.erngen("build", *words, code=code, **options)[1])
        self.assertEqual(sorted(os.listdir(self.path)), before)

    def test_the_steps_in_one_are_the_verbs_one_by_one(self):
        report = json.loads(self.erngen("build", *MODEL, *CHECK, *DESIGN, "--json", "-")[0])
        self.assertEqual(list(report), ["import", "quantise", "plan", "simulate", "directory"])
        self.assertGreater(report["import"]["comparison"]["sqnr_db"], 100)
        self.assertGreater(report["quantise"]["comparison"]["sqnr_db"], 30)
        self.assertGreaterEqual(report["plan"]["frames_per_second"], 1000)
        self.assertEqual(report["plan"]["available"]["dsp"], 90)
        found = report["simulate"]
        self.assertEqual((found["mismatches"], found["frames"], found["outputs_checked"]), (0, 8, 24))
        self.assertEqual(found["cycles_per_frame"], report["plan"]["cycles_per_frame"])

        x, y = FIXTURES / "gru_fc.x.npy", FIXTURES / "gru_fc.y.npy"
        self.erngen("import", FIXTURES / "gru_fc.safetensors", "--layers", "gru,fc", "--check", x, y, "-o", "a.net")
        quantised = json.loads(self.erngen("quantise", "a.net", "--calibration", x, "--check", x, y, "-o", "network.safetensors", "--json", "-")[0])
        self.assertEqual(quantised, report["quantise"])
        self.erngen("generate", "network.safetensors", "--device", "xc7a35t", "--min-rate", 1000, "-o", "steps")
        self.assertEqual(self.files("steps"), self.files("design"))
        # The bench's Makefile names the folder of Verilator's run, beside that of this one.
        named = re.search(r"`erngen simulate` writes them to (\S+)\.$", (self.path / "design/testbench/Makefile").read_text(), re.MULTILINE).group(1)
        self.assertRegex(named, "verilator$")
        self.assertTrue((self.path / "design/testbench" / named.replace("verilator", "icarus")).is_dir(), named)
        # The design is a design like any other: it is simulated again, and what is there already is replaced.
        self.erngen("simulate", "design", "--input", x, "--simulator", "icarus")
        cache = {"env": {**os.environ, "ERNGEN_OBJECT_CACHE": str(self.path / "objects")}}
        text = self.erngen("build", *MODEL, *CHECK, *(word if word != "icarus" else "verilator" for word in DESIGN), **cache)[0]
        self.assertTrue(list((self.path / "objects").rglob("verilated*.o")))
        for heading in ("== import", "== quantise", "== plan", "== simulate", "of 90 DSP", "mismatches       0", "design/build"):
            self.assertIn(heading, text)
        self.assertNotIn(".tmp", text)
        self.assertEqual(self.files("steps"), self.files("design"))

    def test_other_kinds_of_files(self):
        onnx = FIXTURES / "onnx"
        for model, x, y in ((onnx / "gru_linear.torchscript.onnx", onnx / "gru_linear.x.npy", onnx / "gru_linear.y.npy"),
                            (NETWORKS / "gru_after.net", NETWORKS / "gru_after.x.npy", NETWORKS / "gru_after.y.npy")):
            with self.subTest(model.name):
                report = json.loads(self.erngen("build", model, "--calibration", x, "--check", y, *DESIGN, "--json", "-")[0])
                self.assertEqual(report["simulate"]["mismatches"], 0)
                self.assertTrue(report["import"]["comparison"]["passed"])

    def test_options_of_the_ports_and_names(self):
        options = ["--streams", 2, "--sequence-end", "tlast", "--stream-by", "register", "--output-tlast", "sequence", "--output-tkeep",
                   "--name", "mine", "--prefix", "part_"]
        report = json.loads(self.erngen("build", *MODEL, *CHECK, *options, *DESIGN, "--json", "-")[0])
        self.assertEqual((report["simulate"]["mismatches"], report["plan"]["streams"]), (0, 2))
        self.assertTrue((self.path / "design/rtl/part_engine.v").exists())
        command = json.loads((self.path / "design/manifest.json").read_text())["command"].split()[1:]
        (self.path / "network.safetensors").write_bytes((self.path / "design/network.safetensors").read_bytes())
        self.erngen(*command, "--name", "mine", "--prefix", "part_", "-o", "again")
        self.assertEqual(self.files("again"), self.files("design"))

    def test_forms_of_lanes_are_chosen_with_their_spectra_under_the_limit(self):
        x = FIXTURES / "gru_fc.x.npy"
        self.erngen("new", "--cell", "lstm", "--input", 5, "--hidden", 32, "--block", 8, "-o", "lstm.net")
        self.erngen("run", "lstm.net", "--input", x, "-o", "y.npy")
        words = ["lstm.net", "--calibration", x, "--check", "y.npy", "--activations", 16, "--lane-form", "auto", "--goal", "rate",
                 "--device", "xc7a35t", "--max-dsp", 24, "--simulator", "icarus", "--frames", 4]
        report = json.loads(self.erngen("build", *words, "--min-sqnr", 30, "-o", "design", "--json", "-")[0])
        tried = {line["spectra"]: line for line in report["spectra"]}
        self.assertEqual(list(tried), [18, 17, 16])
        self.assertTrue(all(line["passed"] for line in tried.values()))
        self.assertEqual((tried[18]["lane_form"], report["simulate"]["mismatches"]), ("plain", 0))
        self.assertEqual(report["plan"]["cycles_per_frame"], min(line["cycles_per_frame"] for line in tried.values()))
        self.assertLess(report["plan"]["cycles_per_frame"], 0.8 * tried[18]["cycles_per_frame"])
        self.assertIn(report["plan"]["lane_form"], ("bins", "blocks"))
        # narrower spectra are not taken where the outputs lose too much
        limit = (tried[16]["sqnr_db"] + min(tried[17]["sqnr_db"], tried[18]["sqnr_db"])) / 2
        report = json.loads(self.erngen("build", *words, "--min-sqnr", limit, "-o", "near", "--json", "-")[0])
        self.assertEqual([line["passed"] for line in report["spectra"]], [True, True, False])
        self.assertEqual((report["plan"]["lane_form"], report["plan"]["cycles_per_frame"]), ("bins", tried[17]["cycles_per_frame"]))
        self.erngen("build", *words, "--spectra", 17, "--min-sqnr", limit, "-o", "named")
        self.assertEqual(self.files("named"), self.files("near"))
        self.refused(1, "in fixed point", *words, "-o", "other", "--min-sqnr", 200)
        # without a limit nothing is searched
        report = json.loads(self.erngen("build", *words, "-o", "design", "--json", "-")[0])
        self.assertNotIn("spectra", report)

    def test_nothing_is_left_when_a_step_fails(self):
        (self.path / "other").mkdir()
        (self.path / "other/mine").write_text("mine")
        self.refused(3, "nowhere.safetensors", "nowhere.safetensors", "--calibration", FIXTURES / "gru_fc.x.npy", *DESIGN)
        self.refused(4, "--layers", FIXTURES / "gru_fc.safetensors", "--calibration", FIXTURES / "gru_fc.x.npy", *DESIGN)
        self.refused(3, "frames have", *MODEL[:-1], FIXTURES / "gru_fc.y.npy", "--unchecked", *DESIGN)
        self.refused(1, "imported, in real numbers", *MODEL[:2], "gru,relu,fc", *MODEL[3:], *CHECK, *DESIGN)
        self.refused(1, "in fixed point", *MODEL, *CHECK, "--min-sqnr", 100, *DESIGN)
        report = json.loads(self.erngen("build", *MODEL, *CHECK, "--min-sqnr", 100, *DESIGN, "--json", "-", code=1)[0])
        self.assertEqual((report["import"]["comparison"]["passed"], report["quantise"]["comparison"]["passed"]), (True, False))
        self.assertNotIn("directory", report)
        self.refused(2, "--weights", *MODEL, *CHECK, "--weights", 3, *DESIGN)
        self.refused(2, "did you mean", *MODEL, *CHECK, "--device", "xc7a35", *DESIGN[2:])
        self.refused(5, "no design reaches", *MODEL, *CHECK, *DESIGN[:2], "--min-rate", 1e15, *DESIGN[-2:])
        self.refused(2, "not usable", *MODEL, *CHECK, *DESIGN, "--name", "module")
        self.refused(6, "other", *MODEL, *CHECK, *DESIGN[:-1], "other")
        self.refused(7, "iverilog", *MODEL, *CHECK, *DESIGN, env={"PATH": "/nowhere"})
        self.assertEqual((self.path / "other/mine").read_text(), "mine")

    def test_what_is_no_model(self):
        self.erngen("import", *MODEL[:3], "--unchecked", "-o", "a.net")
        self.erngen("quantise", "a.net", *MODEL[3:], "-o", "a.q")
        self.refused(3, "go on from it with 'erngen generate'", "a.q", *MODEL[3:], *DESIGN)
        self.refused(2, "is a network file", "a.net", "--layers", "gru,fc", *MODEL[3:], *DESIGN)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
