#!/usr/bin/env python3
# Tests of the verbs that choose, write and synthesise designs: python3 design_cli_test.py ERNGEN. Needs nothing but the standard library.
import csv
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())


def npy(shape, values):
    """The bytes of a float32 .npy file."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


class Design(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.erngen("new", "--cell", "lstm", "--input", 5, "--hidden", 8, "--block", 4, "-o", "a.net")
        (self.path / "x.npy").write_bytes(npy((30, 5), [((n * 7919) % 2001 - 1000) / 500 for n in range(150)]))

    def erngen(self, *words, code=0):
        run = subprocess.run([ERNGEN, *map(str, words)], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout, run.stderr

    def refused(self, code, text, *words):
        before = sorted(os.listdir(self.path))
        self.assertIn(text, self.erngen(*words, code=code)[1])
        self.assertEqual(sorted(os.listdir(self.path)), before)

    def generate(self, *words):
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        self.erngen("generate", "a.q", "--rows", 1, "--columns", 1, *words, "-o", "design")

    def test_explore_phase_2(self):
        report = json.loads(self.erngen("explore", "--phase", 2, "a.net", "--device", "xc7a35t", "--widths", "8,12", "-o", "out", "--json", "-")[0])
        chosen = report["chosen"]
        self.assertTrue(chosen["fits"] and chosen["meets"])
        self.assertEqual(chosen["weight_bits"], 12)
        self.assertGreaterEqual(len(report["reasons"]), 2)
        self.assertEqual(sorted(os.listdir(self.path / "out")), ["designs.csv", "index.html", "manifest.json", "phase2.json"])
        self.assertEqual(json.loads((self.path / "out/phase2.json").read_text()), report)
        rows = (self.path / "out/designs.csv").read_text().splitlines()
        self.assertEqual(len(rows) - 1, report["looked_at"])
        # The command that it names makes that design.
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        words = report["command"].replace("QNET", "a.q").replace("DIR", "design").split()[1:]
        self.erngen(*words)
        plan = json.loads((self.path / "design/manifest.json").read_text())["predicted"]
        self.assertEqual((plan["cycles_per_frame"], plan["latency_cycles"]), (chosen["cycles_per_frame"], chosen["latency_cycles"]))

    def test_explore_lane_forms(self):
        words = ["explore", "--phase", 2, "a.net", "--device", "xc7a35t", "--widths", 14, "--calibration", "x.npy",
                 "--lane-forms", "plain,bins,blocks"]
        report = json.loads(self.erngen(*words, "-o", "out", "--json", "-")[0])
        rows = list(csv.DictReader((self.path / "out/designs.csv").read_text().splitlines()))
        permitted = {"plain": 18, "bins": 17, "blocks": 16}
        self.assertEqual({row["lane_form"] for row in rows}, set(permitted))
        for row in rows:
            self.assertLessEqual(int(row["spectrum_bits"]), permitted[row["lane_form"]])
        # The two commands that it names make that design.
        chosen = report["chosen"]
        self.erngen(*report["quantise"].replace("QNET", "a.q").split()[1:])
        self.erngen(*report["command"].replace("QNET", "a.q").replace("DIR", "design").split()[1:])
        plan = json.loads((self.path / "design/manifest.json").read_text())["predicted"]
        self.assertEqual(plan.get("lane_form", "plain"), chosen["lane_form"])
        self.assertEqual((plan["cycles_per_frame"], plan["latency_cycles"]), (chosen["cycles_per_frame"], chosen["latency_cycles"]))
        # A bound that spectra of some widths miss leaves the others.
        sqnr = {int(row["spectrum_bits"]): float(row["sqnr_db"]) for row in rows}
        self.assertGreater(len(sqnr), 1)
        bound = (min(sqnr.values()) + max(sqnr.values())) / 2
        accurate = json.loads(self.erngen(*words, "--min-sqnr", bound, "--json", "-")[0])["chosen"]
        self.assertGreaterEqual(sqnr[accurate["spectrum_bits"]], bound)
        self.refused(2, "'bin' is not one of plain, bins, blocks", *words[:6], "--lane-forms", "bin")

    def test_stream_options(self):
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "--activations", 8, "-o", "a.q")
        make = ["generate", "a.q", "--rows", 1, "--columns", 1, "--streams", 3]
        options = ["--sequence-end", "register", "--input-tlast", "none", "--stream-by", "round-robin", "--output-tlast", "sequence",
                   "--output-tkeep", "--output-frames", "last", "--elements", "bytes", "--stream-width", 64]
        self.erngen(*make, *options, "-o", "design")
        manifest = json.loads((self.path / "design/manifest.json").read_text())
        self.assertEqual(manifest["protocol"], {"sequence_end": "register", "input_tlast": False, "stream_by": "round-robin",
                                                "tlast_per_sequence": True, "tkeep": True, "last_frame_only": True})
        for side in ("input", "output"):
            self.assertEqual((manifest[side]["element_bits"], manifest[side]["beat_elements"]), (8, 8))
        # The command that the files name makes them again; a sequence for one of three streams is filled up.
        self.erngen(*manifest["command"].split()[1:], "-o", "again")
        self.assertEqual((self.path / "again/manifest.json").read_text(), (self.path / "design/manifest.json").read_text())
        # So does the one of the design's README, with the network that is there.
        shown = re.search(r"^    erngen (generate .*)$", (self.path / "design/README.md").read_text(), re.MULTILINE).group(1).split()
        (self.path / shown[1]).write_bytes((self.path / "design/network.safetensors").read_bytes())
        self.erngen(*shown, "-o", "third")
        for folder in ("rtl", "images"):
            for file in (self.path / "design" / folder).iterdir():
                self.assertEqual((self.path / "third" / folder / file.name).read_bytes(), file.read_bytes(), file.name)
        report = json.loads(self.erngen("simulate", "design", "--input", "x.npy", "--simulator", "icarus", "--output", "y.npy", "--json", "-")[0])
        self.assertEqual((report["mismatches"], report["frames"]), (0, 3))
        component = (self.path / "design/component.xml").read_text()
        self.assertIn("m_axis_tkeep", component)
        for absent in ("s_axis_tuser", "s_axis_tid", "s_axis_tlast"):
            self.assertNotIn(absent, component)
        # What contradicts itself.
        self.refused(2, "nothing would end a sequence", *make, "--sequence-end", "tlast", "--input-tlast", "none", "-o", "y")
        self.refused(2, "one tlast cannot end", *make, "--sequence-end", "tlast", "--stream-by", "round-robin", "-o", "y")
        self.refused(2, "48", *make, "--stream-width", 48, "-o", "y")
        self.refused(2, "--stream-width", *make, "--stream-width", 64, "--input-beat", 2, "-o", "y")
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        self.refused(2, "elements of 12 bits do not fit in bytes", *make, "--elements", "bytes", "-o", "y")

    def test_litex_wrapper(self):
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        make = ["generate", "a.q", "--rows", 1, "--columns", 1, "--name", "mine", "--wrapper", "litex"]
        for options, protocol, bits, ports, whole in (
                ([], {"sequence_end": "tlast", "stream_by": "register", "tlast_per_sequence": True}, 32, '("s_axis_tlast",)', True),
                (["--streams", 2, "--stream-by", "round-robin", "--output-tkeep", "--stream-width", 128],
                 {"sequence_end": "register", "input_tlast": False, "stream_by": "round-robin", "tlast_per_sequence": True, "tkeep": True}, 128,
                 '("m_axis_tkeep",)', False)):
            self.erngen(*make, *options, "-o", "design")
            manifest = json.loads((self.path / "design/manifest.json").read_text())
            self.assertEqual((manifest["protocol"], manifest["wrappers"]), (protocol, ["litex"]))
            module = (self.path / "design/litex/mine_litex.py").read_text()
            compile(module, "mine_litex.py", "exec")
            self.assertNotIn("erngen_accelerator", module)
            for line in ('NAME = "mine"', f"INPUT_BITS, OUTPUT_BITS = {bits}, {bits}", f"PORTS = {ports}", f"TRANSFER_ENDS_WITH_SEQUENCE = {whole}"):
                self.assertIn(line + " " if "PORTS" in line else line, module)
            self.assertIn("mine_litex.py", (self.path / "design/README.md").read_text())
            # The command that the files name makes them again.
            self.erngen(*manifest["command"].split()[1:], "--name", "mine", "-o", "again")
            self.assertEqual((self.path / "again/manifest.json").read_text(), (self.path / "design/manifest.json").read_text())
            self.assertEqual((self.path / "again/litex/mine_litex.py").read_text(), module)
        for text, options in (("drives no tuser", ["--sequence-end", "tuser"]), ("drives no tid", ["--stream-by", "tid"]),
                              ("--input-tlast none", ["--sequence-end", "register", "--input-tlast", "frame"]),
                              ("--output-tlast sequence", ["--output-tlast", "frame"]), ("--stream-width 32", ["--input-beat", 1]),
                              ("one tlast cannot end", ["--streams", 2, "--stream-by", "round-robin", "--sequence-end", "tlast"])):
            self.refused(2, text, *make, *options, "-o", "y")
        self.refused(2, "litex", "generate", "a.q", "--wrapper", "lightex", "-o", "y")

    def test_cocotb_bench(self):
        self.generate("--name", "mine", "--streams", 2, "--bench", "cocotb")
        manifest, bench = (json.loads((self.path / f"design/{name}").read_text()) for name in ("manifest.json", "testbench/cocotb/test_mine.json"))
        self.assertEqual(manifest["benches"], ["cocotb"])
        self.assertIn("--bench cocotb", manifest["command"])
        self.assertEqual(bench["design"]["configuration"], manifest["configuration"])
        self.assertEqual([[(s["stream"], len(s["input"]), len(s["output"])) for s in sequences] for sequences in bench["rounds"]],
                         [[(0, 4, 4), (1, 1, 1)], [(0, 1, 1), (1, 3, 3)], [(0, 3, 3), (1, 4, 4)]])
        for name in ("test_mine.py", "run.py"):
            compile((self.path / "design/testbench/cocotb" / name).read_text(), name, "exec")
        self.assertIn("design/testbench/cocotb/test_mine.json", (self.path / "design/mine.core").read_text())
        self.assertIn("testbench/cocotb/run.py", (self.path / "design/README.md").read_text())
        self.refused(2, "cocotb", "generate", "a.q", "--bench", "uvm", "-o", "y")

    def test_timeline(self):
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        for streams in (1, 2):
            words = ["--rows", 1, "--columns", 1, "--streams", streams, "--timeline", "t.svg", "--json", "-"]
            plan = json.loads(self.erngen("plan", "a.q", *words)[0])
            picture = ElementTree.parse(self.path / "t.svg").getroot()
            texts = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
            self.assertEqual(sum("layer 0, lstm: h0" in text for text in texts), streams)
            self.assertTrue(any(f"a run has {round(plan['cycles_per_frame'] * streams)}," in text for text in texts), texts[-1])
            bars = [r for r in picture.iter("{http://www.w3.org/2000/svg}rect") if r.get("fill") in ("#1f4e79", "#c0504d")]
            self.assertGreater(len(bars), 2 + streams)  # two are the legend's
        self.refused(6, "none/t.svg", "plan", "a.q", "--timeline", "none/t.svg")

    def test_overlap(self):
        self.erngen("new", "--cell", "lstm", "--input", 5, "--hidden", 8, "--layers", 2, "--dense", 3, "--block", 4, "-o", "a.net")
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        shape = ["--rows", 4, "--columns", 1, "--goal", "rate"]
        def plan(*words):
            return json.loads(self.erngen("plan", "a.q", *shape, *words, "--json", "-")[0])
        auto, off, two, three = plan(), plan("--overlap", "off"), plan("--overlap", 2), plan("--overlap", 3)
        self.assertEqual([p["frames_in_flight"] for p in (auto, off, two, three)], [3, 1, 2, 3])
        self.assertEqual(auto, plan("--overlap", "auto"))
        self.assertTrue(off["cycles_per_frame"] > two["cycles_per_frame"] > three["cycles_per_frame"])
        self.assertLess(off["latency_cycles"], min(two["latency_cycles"], three["latency_cycles"]))
        self.assertEqual(plan("--streams", 2)["frames_in_flight"], 1)
        self.assertEqual(json.loads(self.erngen("plan", "a.q", "--goal", "latency", "--json", "-")[0])["frames_in_flight"], 1)
        self.assertIn("3 neighbouring frames in a run", self.erngen("plan", "a.q", *shape)[0])
        self.erngen("plan", "a.q", *shape, "--timeline", "t.svg")
        texts = [text.text for text in ElementTree.parse(self.path / "t.svg").getroot().iter("{http://www.w3.org/2000/svg}text")]
        for text in ("layer 0 (t), lstm: h0", "layer 1 (t - 1), lstm: h1", "layer 2 (t - 2), linear: y2"):
            self.assertIn(text, texts)
        for wrong, text in (("some", "not one of off, on, auto"), (0, "not one of off, on, auto"), (17, "not one of off, on, auto"),
                            (4, "the network's layers allow 3")):
            self.refused(2, text, "plan", "a.q", "--overlap", wrong)
        self.refused(2, "with 2 streams", "plan", "a.q", "--overlap", "on", "--streams", 2)
        # The command line of a design says how to make it again.
        for overlap, frames in (("off", 1), ("2", 2), ("on", 3)):
            self.erngen("generate", "a.q", *shape, "--overlap", overlap, "-o", f"design_{overlap}")
            manifest = json.loads((self.path / f"design_{overlap}/manifest.json").read_text())
            self.assertEqual(manifest["predicted"]["frames_in_flight"], frames)
            self.assertIn(f"--overlap {overlap}", manifest["command"])

    def test_goals(self):
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        def plan(*words):
            return json.loads(self.erngen("plan", "a.q", "--device", "xc7a100t", *words, "--json", "-")[0])
        fast, knee, small = plan("--goal", "rate"), plan(), plan("--area")
        self.assertEqual(knee, plan("--goal", "knee"))
        self.assertEqual(small, plan("--goal", "area"))
        self.assertLessEqual(knee["cycles_per_frame"], 1.05 * fast["cycles_per_frame"])
        self.assertTrue(small["device_share"] < knee["device_share"] <= fast["device_share"])
        self.assertLess(small["dsp"], 20)
        self.assertEqual(fast["available"], {"dsp": 240, "bram36": 135, "lut": 63400, "ff": 126800})
        rate = round(0.9 * fast["frames_per_second"])
        enough = plan("--min-rate", rate)
        self.assertGreaterEqual(enough["frames_per_second"], rate)
        self.assertTrue(small["device_share"] < enough["device_share"] <= knee["device_share"])
        self.assertLessEqual(plan("--max-latency", 2)["latency_us"], 2)
        self.assertIn(f"{fast['dsp']} of 240 DSP", self.erngen("plan", "a.q", "--device", "xc7a100t", "--goal", "rate")[0])
        # generate makes the same design, and its command line says how.
        self.erngen("generate", "a.q", "--device", "xc7a100t", "--min-rate", rate, "-o", "design")
        manifest = json.loads((self.path / "design/manifest.json").read_text())
        self.assertEqual(manifest["predicted"]["dsp"], enough["dsp"])
        self.assertIn(f"--min-rate {rate}", manifest["command"])
        for option in ("--min-rate", "--max-latency"):
            for wrong in ("0", "-1", "nan", "inf", "1e300", "many", ""):
                self.refused(2, option, "generate", "a.q", f"{option}={wrong}", "-o", "other")
        self.refused(2, "excludes", "plan", "a.q", "--area", "--goal", "rate")
        self.refused(2, "not one of rate, latency, knee, area", "plan", "a.q", "--goal", "speed")
        self.refused(5, "the fastest that fits has", "generate", "a.q", "--min-rate", 1e17, "-o", "other")
        self.refused(5, "take a clock of", "generate", "a.q", "--min-rate", 1.2 * fast["frames_per_second"], "--device", "xc7a100t", "-o", "other")

    def test_readme(self):
        self.generate("--device", "xc7a35t", "--name", "mine", "--streams", 2)
        text = (self.path / "design/README.md").read_text()
        manifest = json.loads((self.path / "design/manifest.json").read_text())
        predicted = manifest["predicted"]
        for word in (manifest["command"], f"a frame every {predicted['cycles_per_frame']:g} cycles", f"latency {predicted['latency_cycles']} cycles",
                     "5 elements, `fixed<12,", f"2^{manifest['input']['fraction']}", f"2^{manifest['output']['fraction']}", "2 streams",
                     "--tool vivado"):
            self.assertIn(word, text)
        for path in re.findall(r"`([a-z]+/[^`*]*|[^` ]*[.](?:v|core|xml|json|safetensors))`", text):
            if "NAME" not in path:
                self.assertTrue((self.path / "design" / path).exists(), path)
        # The ports are those of the Verilog.
        top = (self.path / "design/rtl/mine.v").read_text().split("endmodule")[0]
        declared = {}
        for direction, high, name in re.findall(r"^ *(input|output) +(?:wire|reg)? *(?:\[(\d+):0\])? *(\w+),?$", top, re.M):
            declared[name] = (direction, str(int(high or 0) + 1))
        table = {name: (direction, bits) for name, direction, bits in re.findall(r"^\| (\w+) \| (input|output) \| (\d+) \|$", text, re.M)}
        self.assertEqual({**table, "aclk": ("input", "1"), "aresetn": ("input", "1")}, declared)
        self.assertGreater(len(table), 30)

    def test_devices_by_other_names(self):
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        (self.path / "folder").mkdir()
        mine = {"name": "mine", "family": "ECP5", "dsp": 12, "block_ram": 20, "lut": 12000, "ff": 12000, "part": "LFE5U-25F-7BG256C"}
        (self.path / "folder/mine.json").write_text(json.dumps(mine))
        for given, name, part, core in (("arty-a7-100", "xc7a100t", "xc7a100tcsg324-1", "part: xc7a100tcsg324-1"),
                                        ("xc7a100tfgg484-2", "xc7a100tfgg484-2", "xc7a100tfgg484-2", "part: xc7a100tfgg484-2"),
                                        ("folder/mine.json", "mine", "LFE5U-25F-7BG256C", "ecp5")):
            with self.subTest(given):
                self.erngen("generate", "a.q", "--device", given, "--area", "-o", "design")
                manifest = json.loads((self.path / "design/manifest.json").read_text())
                self.assertEqual(manifest["predicted"]["device"], name)
                self.assertNotIn("folder", manifest["command"])
                self.assertIn(core, (self.path / "design/erngen_accelerator.core").read_text())
                tool = "nextpnr" if "LFE5" in part else "vivado"
                report = json.loads(self.erngen("synth", "design", "--tool", tool, "--scripts-only", "--json", "-")[0])
                self.assertEqual(report["device"], name)
                script = "".join(p.read_text() for p in (self.path / "design/synth" / tool).iterdir() if p.suffix in (".tcl", ".sh"))
                self.assertIn("--25k --package CABGA256 --speed 7" if tool == "nextpnr" else part, script)
        self.refused(5, "mine: the smallest engine needs", "plan", "a.q", "--device", "folder/mine.json", "--rows", 8, "--columns", 2)
        (self.path / "folder/mine.json").write_text(json.dumps({**mine, "dsp": 0}))
        self.refused(3, "mine.json: dsp is 0, not a whole number from 1", "plan", "a.q", "--device", "folder/mine.json")

    def test_former_names(self):
        """Options and JSON names of 0.1.0 that scripts rely on."""
        self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "a.q")
        plan = ["plan", "a.q", "--rows", 4, "--columns", 1]
        former = self.erngen(*plan, "--drain", 2, "--paths", 1, "--turns", 2, "--json", "-")[0]
        self.assertEqual(former, self.erngen(*plan, "--readout", 2, "--ports", 1, "--folding", 2, "--json", "-")[0])
        names = json.loads(former)
        self.assertEqual([names[name] for name in ("drain", "paths", "turns")], [2, 1, 2])
        self.assertEqual([names[name] for name in ("readout", "ports", "folding")], [2, 1, 2])
        self.generate()
        states = json.loads((self.path / "design/manifest.json").read_text())["states"]
        for state in states:
            self.assertEqual((state["unit"], state["units"]), (state["tile"], state["tiles"]))
        self.assertEqual(len(states), 2)

    def test_explore_refuses(self):
        explore = ["explore", "--phase", 2]
        self.refused(2, "needs a network", *explore)
        self.refused(2, "did you mean", *explore, "a.net", "--device", "xcku06")
        self.refused(5, "the shortest latency that fits", *explore, "a.net", "--device", "xc7a35t", "--max-latency", 0.001, "-o", "out")
        self.refused(5, "the highest rate that fits", *explore, "a.net", "--device", "xc7a35t", "--min-rate", 1e12)
        self.refused(5, "nothing fits up5k", *explore, "a.net", "--device", "up5k", "--max-lut", 1500)
        self.refused(3, "no.net", *explore, "no.net")

    def test_width_search(self):
        report = json.loads(self.erngen("quantise", "a.net", "--calibration", "x.npy", "--search", "--min-sqnr", 25, "-o", "s.q", "--json", "-")[0])
        self.assertGreaterEqual(report["sqnr_db"], 25)
        self.assertEqual([m["name"] for m in report["matrices"]], ["layers.0.input", "layers.0.recurrent"])
        again = json.loads(self.erngen("quantise", "a.net", "--calibration", "x.npy", "-o", "t.q", "--weights", report["weights"], "--activations",
                                       report["activations"], "--json", "-")[0])
        self.assertAlmostEqual({s["name"]: s["sqnr_db"] for s in again["signals"]}["h0"], report["sqnr_db"])
        self.assertEqual((self.path / "s.q").read_bytes(), (self.path / "t.q").read_bytes())
        self.refused(5, "less than the 400.0 asked for", "quantise", "a.net", "--calibration", "x.npy", "--search", "--min-sqnr", 400)
        self.refused(2, "--output is missing", "quantise", "a.net", "--calibration", "x.npy")

    def test_generated_package(self):
        self.generate("--device", "lfe5u-25f", "--name", "mine")
        header = (self.path / "design/software/mine_registers.h").read_text()
        self.assertIn("#define MINE_STATUS ", header)
        core = (self.path / "design/mine.core").read_text()
        self.assertTrue(core.startswith("CAPI=2:\n"))
        self.assertIn("arch: ecp5", core)
        for name in (self.path / "design/rtl/files.f").read_text().split():
            self.assertIn(f"- {name}\n", core)
        component = (self.path / "design/component.xml").read_text()
        import xml.etree.ElementTree as tree
        root = tree.fromstring(component)
        space = {"s": "http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009"}
        buses = {bus.find("s:name", space).text: bus for bus in root.find("s:busInterfaces", space)}
        self.assertEqual(sorted(buses), ["aclk", "aresetn", "irq", "m_axis", "s_axi", "s_axis"])
        ports = {port.find("s:name", space).text for port in root.iter("{%s}port" % space["s"])}
        for bus in buses.values():  # every port that an interface maps exists
            for physical in bus.iter("{%s}physicalPort" % space["s"]):
                self.assertIn(physical.find("s:name", space).text, ports)
        for file in root.iter("{%s}file" % space["s"]):
            self.assertTrue((self.path / "design" / file.find("s:name", space).text).is_file())
        top = (self.path / "design/rtl/mine.v").read_text()
        for port in ports:
            self.assertIn(port, top)

    def test_synth(self):
        self.generate("--device", "xc7a35t")
        out = self.erngen("synth", "design", "--tool", "vivado", "--scripts-only")[0]
        self.assertIn("scripts written", out)
        self.assertTrue((self.path / "design/synth/vivado/run.tcl").is_file())
        self.refused(7, "no-such-yosys: program not found", "synth", "design", "--program", "./no-such-yosys")
        self.refused(2, "nextpnr has no database of the xc7a35t", "synth", "design", "--tool", "nextpnr")
        self.refused(2, "did you mean", "synth", "design", "--device", "xc7a35")
        self.refused(3, "no such directory", "synth", "nothing")
        self.refused(3, "manifest.json", "synth", ".")
        fake = self.path / "fake"
        fake.write_text("#!/bin/sh\n[ \"$1\" = -V ] && echo Yosys 0.23 && exit 0\necho 'ERROR: out of luck'; exit 1\n")
        fake.chmod(0o755)
        self.assertIn("ERROR: out of luck", self.erngen("synth", "design", "--program", "./fake", code=7)[1])
        self.assertIn("out of luck", (self.path / "design/synth/yosys/log.txt").read_text())
        self.assertFalse((self.path / "design/synth/yosys/report.json").exists())

    def test_unit(self):
        report = json.loads(self.erngen("unit", "fft", "--size", 16, "--vectors", 20, "-o", "fft", "--json", "-")[0])
        self.assertEqual((report["latency"], report["out_width"]), (8, 16))
        self.erngen("unit", "activation", "--function", "tanh", "--width", 8, "--input-width", 10, "--input-fraction", 6, "-o", "tanh")
        matrix = json.loads(self.erngen("unit", "circulant", "--rows", 16, "--columns", 24, "--block", 4, "--device", "xc7a35t", "-o", "m",
                                        "--json", "-")[0])
        self.assertGreater(matrix["dsp"], 0)
        # Two cycles a vector: the output buffer holds all that are on their way.
        small = json.loads(self.erngen("unit", "circulant", "--rows", 8, "--columns", 8, "--block", 4, "--vectors", 100, "--simulate", "-o", "s",
                                       "--json", "-")[0])
        self.assertEqual((small["passed"], small["cycles_per_frame"], small["measured_cycles_per_frame"]), (True, 2, 2))
        self.refused(2, "transform size is 12", "unit", "fft", "--size", 12, "-o", "x")
        self.refused(2, "--name ern_x: not usable", "unit", "ifft", "--name", "ern_x", "-o", "x")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
