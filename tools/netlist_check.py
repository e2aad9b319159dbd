#!/usr/bin/env python3
"""Simulates the netlist that Yosys makes of a design with Icarus, against the words of the fixed-point model.

    netlist_check.py ERNGEN DEVICE [--size small|middle|keyword] [--work DIR] [--break]

A random network is generated for DEVICE with its example frames, mapped to the cells that Yosys has simulation models for (no block RAM
but on iCE40; on ECP5 no MULT18X18D), and its netlist runs in the design's own Icarus bench. Exits 1 unless there are words and no mismatch.
--break inverts the content of every twentieth LUT first; then a mismatch must be found.
"""
import argparse
import pathlib
import re
import sys
import tempfile

from netlist import bench, cells_of, mapped, npy, report_of, run

SIZES = {"small": "--cell lstm --input 3 --hidden 4 --block 2", "middle": "--cell gru --reset after --input 12 --hidden 24 --block 4 --dense 5",
         "keyword": "--cell gru --reset before --input 13 --hidden 32 --block 2 --dense 10"}
LAYOUT = {"small": "--rows 2 --columns 1 --readout 1 --input-beat 2 --output-beat 2", "middle": "--rows 4 --columns 1 --readout 2",
          "keyword": "--rows 1 --columns 1"}
BITS = {"small": 8, "middle": 8, "keyword": 6}


def calibration(inputs):
    """Forty frames of numbers in [-2, 2) as .npy."""
    state, values = 1, []
    for _ in range(40 * inputs):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**30 - 2)
    return npy(values, inputs)


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
        netlist = mapped(erngen, design)
        if options.broken:
            netlist.write_text(broken(netlist.read_text()))
        example = design / "testbench/example"
        run([*bench(design, netlist, options.device, example, work), "+stalls=1"])
        report, cells = report_of(work), cells_of(design)
        frames = len((example / "tags.hex").read_text().split())
    print(f"{options.device}, {options.size}: {sum(cells.values())} cells, {report['frames']} frames, {report['outputs_checked']} words compared, "
          f"{report['mismatches']} mismatches {report['first_mismatch']}")
    good = report["outputs_checked"] > 0 and report["frames"] == frames and report["mismatches"] == 0
    return 0 if good != options.broken else 1


if __name__ == "__main__":
    sys.exit(main())
