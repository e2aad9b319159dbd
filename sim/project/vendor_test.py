#!/usr/bin/env python3
"""Scripts for vendors' tools, in a Tcl interpreter with stand-ins for their commands, and the VHDL component, analysed by GHDL where there is one:
vendor_test.py ERNGEN."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import project

ERNGEN = sys.argv[1]


class Vendors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.path = pathlib.Path(directory.name)
        cls.network = project.Network(ERNGEN, cls.path, "lstm", "--cell lstm --input 9 --hidden 8 --block 4", seed=5)
        cls.design = cls.generate("mine", "--wrapper", "vivado,quartus,vhdl")

    @classmethod
    def generate(cls, top, *options):
        return cls.network.generate(top, "--rows", 1, "--columns", 1, "--device", "pynq-z2", "--clock", 100, *options)

    def tcl(self, stub, script, *words):
        run = subprocess.run(["tclsh", project.HERE / f"{stub}_stub.tcl", script, *words], cwd=self.path, capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr

    def ports(self, design):
        text = (design.directory / f"rtl/{design.top}.v").read_text()
        found = re.findall(r"^\s*(input|output)\s+wire (?:\[(\d+):0\] )?(\w+)", text, re.M)
        return sorted((name, direction, str(int(left or 0) + 1)) for direction, left, name in found)

    def test_vivado(self):
        script = self.design.directory / "vivado/mine.tcl"
        for words, address in ((["xc7z020clg400-1"], "0x43C00000"), (["xck26-sfvc784-2LV-c", "150"], "0xA0000000"), ([], "0x43C00000")):
            code, said = self.tcl("vivado", script, *words)
            self.assertEqual(code, 0, said)
            self.assertIn(f"address of accelerator/s_axi/registers: {address}", said)
        self.assertIn("has no processing system", self.tcl("vivado", script, "xc7a100tcsg324-1")[1])
        self.assertIn("-period 10.000", (self.design.directory / "vivado/mine.xdc").read_text())
        wide = self.generate("wide", "--wrapper", "vivado", "--stream-width", 128)
        code, said = self.tcl("vivado", wide.directory / "vivado/wide.tcl")
        self.assertEqual(code, 0, said)
        self.assertIn("m_axis_tkeep", wide.ports)

    def test_vivado_mistakes(self):
        """The stand-in finds what is wrong."""
        text = (self.design.directory / "vivado/mine.tcl").read_text()
        for old, new, found in (("dma/M_AXIS_MM2S accelerator/s_axis", "dma/M_AXIS_MM2S accelerator/m_axis", "not a master to a slave"),
                                ("[get_bd_pins dma/axi_resetn] ", "", "dma/axi_resetn is not connected"),
                                ("set input_bits 32", "set input_bits 64", "different widths"),
                                ("0x40400000", "0x43C00000", "overlaps"),
                                ("CONFIG.c_include_sg 0", "CONFIG.c_include_sg 1", "needs c_include_sg 0"),
                                ("PCW_USE_FABRIC_INTERRUPT", "PCW_USE_INTERRUPTS", "no property"),
                                (self.design.vlnv(), self.design.vlnv().replace("mine", "other"), "no core"),
                                ("validate_bd_design\n", "", "save_bd_design after")):
            script = self.design.directory / "vivado/wrong.tcl"
            self.assertEqual(text.count(old), 1, old)
            script.write_text(text.replace(old, new))
            code, said = self.tcl("vivado", script)
            self.assertEqual((code, found in said), (1, True), f"{new}: {said}")

    def test_quartus(self):
        code, said = self.tcl("quartus", self.design.directory / "quartus/mine.tcl", "Cyclone V", "5CSEBA6U23I7")
        self.assertEqual(code, 0, said)
        self.assertIn("project closed", said)
        code, said = self.tcl("quartus", self.design.directory / "quartus/mine_hw.tcl")
        self.assertEqual(code, 0, said)
        self.assertEqual(sorted(re.findall(r"^port (\w+) (\w+) (\d+)$", said, re.M)), self.ports(self.design))
        self.assertIn("-period 10.000", (self.design.directory / "quartus/mine.sdc").read_text())

    def test_vhdl(self):
        files = [self.design.directory / f"vhdl/mine_{name}.vhd" for name in ("component", "instance")]
        found = re.findall(r"^\s*(\w+) : (in|out) std_logic(?:_vector\((\d+) downto 0\))?", files[0].read_text(), re.M)
        self.assertEqual(sorted((name, f"{direction}put", str(int(left or 0) + 1)) for name, direction, left in found), self.ports(self.design))
        with self.assertRaisesRegex(AssertionError, "VHDL has no such name"):
            self.generate("two__lines", "--wrapper", "vhdl")
        if not shutil.which("ghdl"):
            self.skipTest("ghdl is missing: not analysed")
        for standard in ("93", "08"):
            subprocess.run(["ghdl", "-a", f"--std={standard}", f"--workdir={self.path}", *files], check=True)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
