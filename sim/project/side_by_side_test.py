#!/usr/bin/env python3
"""Two designs in one project: side_by_side_test.py ERNGEN. Both run in one simulation, started in another directory than either, and give the
words of their own models; Yosys reads both; FuseSoC's core of one stands beside the other's."""
import pathlib
import shutil
import sys
import tempfile
import unittest

import project

ERNGEN = sys.argv[1]
LENGTHS = [3, 1, 5, 2]


def sequences(network, design):
    """A script that sends sequences with TUSER at their ends, and the frames that must come back."""
    script, expected = project.Script(design), []
    for length in LENGTHS:
        frames = network.frames(design, length)
        expected += network.outputs(design, frames)
        for number, frame in enumerate(frames):
            beats = design.beats(frame)
            for at, word in enumerate(beats):
                last = at == len(beats) - 1
                script.beat(word, last, last and number == length - 1)
    script.back = len(expected) * design.beats_back()
    return script, expected


class SideBySide(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.networks = [project.Network(ERNGEN, self.path, "a", "--cell lstm --input 5 --hidden 8 --dense 3 --block 4 --peephole", seed=3),
                         project.Network(ERNGEN, self.path, "b", "--cell gru --input 6 --hidden 10 --block 2", bits=(8, 10), seed=4)]

    def both(self, *options):
        shape = ("--rows", 4, "--columns", 1, "--readout", 1)
        return [network.generate(top, *shape, *options) for network, top in zip(self.networks, ("first", "second"))]

    def check(self, designs, simulator):
        scripts = [sequences(network, design) for network, design in zip(self.networks, designs)]
        results = project.simulate(self.path / simulator, [script for script, _ in scripts], simulator)
        for design, (_, expected), beats in zip(designs, scripts, results):
            count = design.beats_back()
            frames = [design.frame([data for _, _, data in beats[at:at + count]]) for at in range(0, len(beats), count)]
            self.assertEqual(frames, expected)

    def test_names(self):
        """Neither a module nor an image of one is in the other."""
        designs = self.both()
        for place in ("rtl", "images"):
            first, second = ({file.name for file in (design.directory / place).iterdir() if file.name != "files.f"} for design in designs)
            self.assertFalse(first & second)
        self.assertTrue(all(file.name.startswith("first") for file in designs[0].files))

    def test_icarus(self):
        self.check(self.both(), "icarus")

    def test_verilator(self):
        self.check(self.both(), "verilator")

    def test_shared_modules(self):
        """With one prefix the modules of one version are the same, and the project reads them once."""
        designs = self.both("--prefix", "ern_")
        for file in designs[0].files[:-1]:
            self.assertEqual(file.read_bytes(), (designs[1].directory / "rtl" / file.name).read_bytes())
        designs[1].files = designs[1].files[-1:]
        self.check(designs, "icarus")

    def test_yosys(self):
        designs = self.both()
        files = " ".join(str(file) for design in designs for file in design.files)
        both = self.path / "both.v"
        instances = "".join(f"  {d.top} #(.IMAGE_DIR(\"{d.directory}/images\")) u_{d.top} ();\n" for d in designs)
        both.write_text(f"module both;\n{instances}endmodule\n")
        project.run(["yosys", "-q", "-p", f"read_verilog {both} {files}; hierarchy -check -top both; proc"], "/")

    @unittest.skipUnless(shutil.which("fusesoc"), "fusesoc is missing")
    def test_fusesoc(self):
        designs = self.both()
        instances = "".join(f"  {d.top} u_{d.top} ();\n" for d in designs)
        (self.path / "both.v").write_text(f"module both;\n{instances}endmodule\n")
        depend = ", ".join(f'"{d.top}"' for d in designs)
        (self.path / "both.core").write_text(
            f"CAPI=2:\nname: ::both:1.0.0\nfilesets:\n  rtl:\n    files: [both.v]\n    file_type: verilogSource-2005\n    depend: [{depend}]\n"
            "targets:\n  default: &default\n    filesets: [rtl]\n    toplevel: both\n"
            "  lint:\n    <<: *default\n    default_tool: verilator\n"
            "    tools:\n      verilator: {mode: lint-only, verilator_options: [-Wno-fatal]}\n")
        work = self.path / "fusesoc"
        work.mkdir()
        project.run(["fusesoc", "--cores-root", str(self.path), "run", "--target=lint", "both"], work)
        images = [file.name for file in next(work.rglob("*.vc")).parent.glob("*.hex")]  # where the tool runs
        self.assertEqual(sorted(images), sorted(file.name for d in designs for file in (d.directory / "images").iterdir()))

    def test_bad_prefix(self):
        for top, prefix, text in (("first", "9x", "--prefix 9x: not usable"), ("firengine", "fir", "would be called firengine")):
            with self.assertRaisesRegex(AssertionError, text):
                self.networks[0].generate(top, "--rows", 4, "--columns", 1, "--prefix", prefix)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
