#!/usr/bin/env python3
"""Simulates the netlist that Yosys makes of a design with Icarus, against the words of the fixed-point model.

    netlist_check.py ERNGEN DEVICE [--size small|middle|keyword] [--work DIR] [--break]

A random network is generated for DEVICE with its example frames, mapped to the cells that Yosys has simulation models for (no block RAM
but on iCE40; on ECP5 no MULT18X18D), and its netlist runs in the design's own Icarus bench. Exits 1 unless there are words and no mismatch.
--break inverts the content of every twentieth LUT first; then a mismatch must be found.
"""
import argparse
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

SIZES = {"small": "--cell lstm --input 3 --hidden 4 --block 2", "middle": "--cell gru --reset after --input 12 --hidden 24 --block 4 --dense 5",
         "keyword": "--cell gru --reset before --input 13 --hidden 32 --block 2 --dense 10"}
LAYOUT = {"small": "--rows 2 --columns 1 --readout 1 --input-beat 2 --output-beat 2", "middle": "--rows 4 --columns 1 --readout 2",
          "keyword": "--rows 1 --columns 1"}
BITS = {"small": 8, "middle": 8, "keyword": 6}
MODELS = {"xc": "xilinx", "lf": "ecp5", "up": "ice40"}


def run(command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr[-3000:]}{done.stdout[-1000:]}")
    return done.stdout


def calibration(inputs):
    """Forty frames of numbers in [-2, 2) as .npy."""
    state, values = 1, []
    for _ in range(40 * inputs):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**30 - 2)
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': (40, {inputs}), }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}f", *values)


def broken(netlist):
    """The netlist with the content of every twentieth LUT of four inputs or more inverted."""
    found = [at for at in re.finditer(r"\.INIT\((\d+)'h([0-9a-f]+)\)", netlist) if int(at.group(1)) >= 16][::20]
    if not found:
        sys.exit("the netlist has no LUT to break")
    for at in reversed(found):
        bits, value = int(at.group(1)), int(at.group(2), 16)
        netlist = netlist[:at.start()] + f".INIT({bits}'h{value ^ (2**bits - 1):x})" + netlist[at.end():]
    return netlist


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("erngen")
    parser.add_argument("device")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--work")
    parser.add_argument("--break", dest="broken", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(options.work or temporary)
        work.mkdir(parents=True, exist_ok=True)
        shape = SIZES[options.size]
        (work / "x.npy").write_bytes(calibration(int(re.search(r"--input (\d+)", shape).group(1))))
        erngen, design = pathlib.Path(options.erngen).resolve(), work / "design"
        run([erngen, "new", *shape.split(), "--seed", 3, "-o", work / "n.net"])
        run([erngen, "quantise", work / "n.net", "--calibration", work / "x.npy", "--weights", BITS[options.size],
             "--activations", BITS[options.size], "--spectra", 18 if options.size != "keyword" else 12, "-o", work / "n.qnet"])
        run([erngen, "generate", work / "n.qnet", "--device", options.device, *LAYOUT[options.size].split(), "-o", design])
        run([erngen, "synth", design, "--tool", "yosys", "--netlist", "--simulation-cells"])
        netlist = design / "synth/yosys/netlist.v"
        if options.broken:
            netlist.write_text(broken(netlist.read_text()))
        share = pathlib.Path(shutil.which("yosys")).resolve().parents[1] / "share/yosys" / MODELS[options.device[:2]]
        tags = (design / "testbench/example/tags.hex").read_text().split()
        run(["iverilog", "-g2012", "-Wno-timescale", "-I", design / "testbench", "-I", share, f"-DERN_FRAMES={len(tags)}", "-DSIMULATION",
             "-DNO_ICE40_DEFAULT_ASSIGNMENTS",  # of ports, which Icarus does not read
             "-s", "ern_testbench", "-o", work / "run.vvp", design / "testbench/ern_testbench.v", netlist, share / "cells_sim.v"])
        example = design / "testbench/example"
        run(["vvp", "-n", work / "run.vvp", f"+tags={example}/tags.hex", f"+inputs={example}/inputs.hex", f"+expected={example}/expected.hex",
             f"+report={work}/report.json", "+stalls=1", "+watchdog=20000"])  # a netlist makes some 300 cycles a second
        report = json.loads((work / "report.json").read_text())
        cells = json.loads((design / "synth/yosys/report.json").read_text())["cells"]
    print(f"{options.device}, {options.size}: {sum(cells.values())} cells, {report['frames']} frames, {report['outputs_checked']} words compared, "
          f"{report['mismatches']} mismatches {report['first_mismatch']}")
    good = report["outputs_checked"] > 0 and report["frames"] == len(tags) and report["mismatches"] == 0
    return 0 if good != options.broken else 1


if __name__ == "__main__":
    sys.exit(main())
