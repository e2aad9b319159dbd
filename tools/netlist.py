"""What Yosys makes of a generated design, simulated with Icarus in the design's own bench.

A module of netlist_check.py and switching_activity.py. Yosys's models of the cells are taken from its share; where the mapping may use block
RAM of the 7 series, which has none there, tools/xilinx_block_ram.v stands for it.
"""
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys

MODELS = {"xc": "xilinx", "lf": "ecp5", "up": "ice40"}
BLOCK_RAM = pathlib.Path(__file__).resolve().with_name("xilinx_block_ram.v")


def run(command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr[-3000:]}{done.stdout[-1000:]}")
    return done.stdout


def npy(values, columns):
    """Numbers as the contents of an .npy of float32, [rows, columns]."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(values) // columns}, {columns}), }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}f", *values)


def npy_rows(contents):
    """The rows of an .npy of float32 with two dimensions."""
    length = struct.unpack_from("<H", contents, 8)[0]
    header = contents[10:10 + length].decode()
    rows, columns = map(int, re.search(r"'shape': \((\d+), (\d+)\)", header).groups())
    if contents[:8] != b"\x93NUMPY\x01\x00" or "'<f4'" not in header or "'fortran_order': False" not in header:
        sys.exit(f"an .npy of float32 in C order was expected, not {header}")
    values = struct.unpack_from(f"<{rows * columns}f", contents, 10 + length)
    return [values[n * columns:(n + 1) * columns] for n in range(rows)]


def mapped(erngen, design, block_ram=False):
    """Maps the design; returns the netlist's path. Without block RAM on devices whose blocks Yosys has no models for."""
    run([erngen, "synth", design, "--tool", "yosys", "--netlist", *([] if block_ram else ["--simulation-cells"])])
    return pathlib.Path(design) / "synth/yosys/netlist.v"


def cells_of(design):
    """Cells of the mapped design by kind."""
    return json.loads((pathlib.Path(design) / "synth/yosys/report.json").read_text())["cells"]


def cell_models(device, work):
    """The files of Verilog that model a device's cells, and the folder of what they include."""
    share = pathlib.Path(shutil.which("yosys")).resolve().parents[1] / "share/yosys" / MODELS[device[:2]]
    if not device.startswith("xc"):
        return [share / "cells_sim.v"], share
    # Yosys declares these blocks without what they do.
    text = re.sub(r"\nmodule RAMB(18|36)E1 \(.*?\nendmodule\n", "\n", (share / "cells_sim.v").read_text(), flags=re.DOTALL)
    models = pathlib.Path(work) / "cells_sim.v"
    models.write_text(text)
    return [models, BLOCK_RAM], share


def bench(design, netlist, device, stimulus, work, probes=()):
    """Compiles the netlist with the design's bench. probes: further files of Verilog, and their top modules. Returns the command that runs
    it, which writes work/report.json."""
    design, work, stimulus = map(pathlib.Path, (design, work, stimulus))
    models, share = cell_models(device, work)
    frames = len((stimulus / "tags.hex").read_text().split())
    run(["iverilog", "-g2012", "-Wno-timescale", "-I", design / "testbench", "-I", share, f"-DERN_FRAMES={frames}", "-DSIMULATION",
         "-DNO_ICE40_DEFAULT_ASSIGNMENTS",  # of ports, which Icarus does not read
         "-s", "ern_testbench", *(part for _, top in probes for part in ("-s", top)), "-o", work / "run.vvp",
         design / "testbench/ern_testbench.v", netlist, *(file for file, _ in probes), *models])
    return ["vvp", "-n", work / "run.vvp", *(f"+{name}={stimulus}/{name}.hex" for name in ("tags", "inputs", "expected")),
            f"+report={work}/report.json", "+watchdog=20000"]  # a netlist makes some 300 cycles a second


def report_of(work):
    return json.loads((pathlib.Path(work) / "report.json").read_text())
