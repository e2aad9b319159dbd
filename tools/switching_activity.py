#!/usr/bin/env python3
"""Measures how often the nets of mapped designs toggle, by what drives them, for the model of power (docs/results/energy.md).

    tools/switching_activity.py ERNGEN [--work DIR] [--only NAME]   # maps, simulates, writes docs/results/switching-activity.json
    tools/switching_activity.py           # writes its tables into docs/results/energy.md (as the line above does)
    tools/switching_activity.py --check   # fails unless they are there, and the model's toggles in src/plan/power.cpp

Each of DESIGNS is generated from the first cells of a trained recogniser in examples/, mapped by Yosys for the 7 series with its DSP blocks and
block RAM, and its netlist computes frames of examples/digits-31415.wav in Icarus, in the design's own bench, which compares every word. Two
windows are counted (toggle_counter.py says what a toggle is): the design without frames, its clock running, and FRAMES frames that follow
each other without a gap, after others and before others. What is in DIR already is neither quantised nor mapped again.
"""
import argparse
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import netlist as mapping
from toggle_counter import Netlist, ToggleCounter

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORD = ROOT / "docs/results/switching-activity.json"
PAGE = ROOT / "docs/results/energy.md"
MODEL = ROOT / "src/plan/power.cpp"
DEVICE = "xc7a100t"
RECORDING = "digits-31415.wav"
FIRST_FRAME = 20           # of the recording; before it is silence
FRAMES = 8                 # that are counted
IDLE_CLOCKS = 400
IDLE, STEADY = 1, 2        # windows
# name: (recogniser, cells of its first layer, or None for all of it; block size where it is made dense, options of generate)
LANES = "--words 8 --rows 4 --columns 1 --readout 1 --folding 8 --products dsp"
DESIGNS = {
    "GRU, k = 1": ("digits-gru", 64, 1, "--max-dsp 100"),
    "LSTM, k = 8": ("digits-lstm", 64, None, LANES),
    "GRU, k = 8": ("digits-gru", 64, None, LANES),
}


def first_cells(contents, cells):
    """A network file with the first cells of the network's first layer, and nothing behind them: trained weights in a design that is simulated
    in minutes."""
    length = struct.unpack_from("<Q", contents)[0]
    header, data = json.loads(contents[8:8 + length]), contents[8 + length:]
    network = json.loads(header["__metadata__"]["network"])
    network["layers"] = [network["layers"][0] | {"hidden": cells}]
    tensors, kept = {"__metadata__": header["__metadata__"] | {"network": json.dumps(network)}}, b""
    for name in (name for name in header if name.startswith("layers.0.")):
        shape, values = header[name]["shape"], data[slice(*header[name]["data_offsets"])]
        if len(shape) == 1:
            shape = [cells]
            values = values[:4 * cells]
        else:
            _, columns, block = shape
            row = 4 * columns * block
            shape = [cells // block, cells // block if ".recurrent." in name else columns, block]
            values = b"".join(values[n * row:][:4 * shape[1] * block] for n in range(shape[0]))
        tensors[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(kept), len(kept) + len(values)]}
        kept += values
    text = json.dumps(tensors).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + kept

def escaped(path):
    """A hierarchical name in Verilog."""
    return ".".join(name if re.fullmatch(r"[A-Za-z_][\w$]*", name) else f"\\{name} " for name in path)


def probe(netlist, busy, before, counted):
    """A module that dumps every net of the netlist's hierarchy, and none inside cells, and says which window it is: `counted` frames are
    STEADY after the first `before`."""
    scopes = "\n".join(f"    $dumpvars(1, ern_testbench.u_design{'.' if path else ''}{escaped(path)});" for path in netlist.scopes)
    return f"""module switching_probe;
  reg [8*1024-1:0] name;
  reg [1:0] window = 0;
  wire clock = ern_testbench.aclk;
  wire busy = ern_testbench.u_design.{escaped(busy)};
  initial begin
    if (!$value$plusargs("switching=%s", name)) $finish;
    wait (ern_testbench.received == 1);
    repeat (512) @(negedge clock);       // the bench waits for 1024 cycles at least
    $dumpfile(name);
    $dumpvars(1, switching_probe);
{scopes}
    repeat (3) @(negedge clock);
    window = {IDLE};
    repeat ({IDLE_CLOCKS}) @(negedge clock);
    window = 0;
    @(negedge clock) $dumpoff;
    if (ern_testbench.received != 1) $display("error: a frame came out of an idle design");
    wait (ern_testbench.received == {before});
    @(negedge clock) $dumpon;
    repeat (3) @(negedge clock);
    window = {STEADY};
    wait (ern_testbench.received == {before + counted});
    @(negedge clock) window = 0;
    repeat (3) @(negedge clock);
    $dumpoff;
  end
endmodule
"""


def busy_net(netlist):
    """The path of the sequencer's output that is 1 in the cycles in which the array gets a step."""
    found = [path for path, module in netlist.scopes.items() if module.endswith("_sequencer") and "step_o" in netlist.modules[module]["ports"]]
    if len(found) != 1:
        sys.exit(f"{len(found)} sequencers in the netlist, where one was expected")
    return found[0] + ("step_o",)


def stimulus(erngen, qnet, manifest, frames, work):
    """Files of words for the bench: the frames as one sequence, and what the fixed-point model gives for them."""
    columns = len(frames[0])
    (work / "frames.npy").write_bytes(mapping.npy([value for frame in frames for value in frame], columns))
    mapping.run([erngen, "run", qnet, "--arithmetic", "fixed", "--input", work / "frames.npy", "-o", work / "expected.npy"])

    def words(rows, form):
        limit = 1 << (form["width"] - 1)
        return [max(-limit, min(limit - 1, int((value * 2 ** form["fraction"] + 0.5) // 1))) for row in rows for value in row]

    expected = mapping.npy_rows((work / "expected.npy").read_bytes())
    for name, values in (("inputs", words(frames, manifest["input"])), ("expected", words(expected, manifest["output"])),
                         ("tags", [0] * (len(frames) - 1) + [1])):
        (work / f"{name}.hex").write_text("".join(f"{value & 0xffffffff:08x}\n" for value in values))


def netlist_of(verilog, top, work):
    """The hierarchy of a netlist, read again by Yosys, so that its names are those of the Verilog that is simulated."""
    mapping.run(["yosys", "-q", "-p", f"read_verilog -lib +/xilinx/cells_sim.v +/xilinx/cells_xtra.v; read_verilog {verilog}; "
                 f"hierarchy -top {top}; blackbox =A:whitebox; write_json {work}/netlist.json"])
    return Netlist(json.loads((work / "netlist.json").read_text()), top)


def count(command, counter, work):
    """Runs a simulation and counts from its waves while it writes them; none are stored."""
    reading, writing = os.pipe()
    waves = work / "waves.vcd"               # Icarus wants the ending
    waves.unlink(missing_ok=True)
    waves.symlink_to(f"/dev/fd/{writing}")
    with open(work / "bench.log", "w") as log:
        simulation = subprocess.Popen([*map(str, command), f"+switching={waves}"], stdout=log, stderr=log, pass_fds=[writing])
        os.close(writing)
        with open(reading) as lines:
            counter.read(lines)
        if simulation.wait() or re.search("error", (work / "bench.log").read_text(), re.IGNORECASE):
            sys.exit(f"the simulation failed; read {work}/bench.log")


def measured(erngen, name, work):
    network, cells, block, options = DESIGNS[name]
    work = work / re.sub(r"\W+", "-", name)
    work.mkdir(parents=True, exist_ok=True)
    source, qnet, design = ROOT / f"examples/{network}.safetensors", work / "n.qnet", work / "design"
    if cells:
        (work / "cells.net").write_bytes(first_cells(source.read_bytes(), cells))
        source = work / "cells.net"
    if block:
        mapping.run([erngen, "compress", source, "--block", block, "-o", work / "n.net"])
        source = work / "n.net"
    if not qnet.exists():
        mapping.run([erngen, "quantise", source, "--calibration", ROOT / "examples/calibration.npy", "-o", qnet])
    recogniser = ROOT / f"examples/{network}.safetensors"      # which has the front end's labels
    mapping.run([erngen, "features", ROOT / "examples" / RECORDING, "--network", recogniser, "-o", work / "recording.npy"])
    if not (design / "synth/yosys/report.json").exists():
        mapping.run([erngen, "generate", qnet, "--device", DEVICE, "--clock", 100, *options.split(), "-o", design])
        mapping.mapped(erngen, design, block_ram=True)
    verilog = design / "synth/yosys/netlist.v"
    manifest = json.loads((design / "manifest.json").read_text())
    plan = manifest["predicted"]
    around = plan["frames_in_flight"] + 2
    rows = mapping.npy_rows((work / "recording.npy").read_bytes())[FIRST_FRAME:][:1 + 2 * around + FRAMES]
    stimulus(erngen, qnet, manifest, rows, work)
    netlist = netlist_of(verilog, manifest["top"], work)
    (work / "probe.v").write_text(probe(netlist, busy_net(netlist), 1 + around, FRAMES))
    command = mapping.bench(design, verilog, DEVICE, work, work, [(work / "probe.v", "switching_probe")])
    counter = ToggleCounter(netlist, "ern_testbench.u_design", "switching_probe.clock", "switching_probe.window", "switching_probe.busy")
    count(command, counter, work)
    report = mapping.report_of(work)
    if report["frames"] != len(rows) or report["outputs_checked"] == 0 or report["mismatches"]:
        sys.exit(f"{name}: {report}")
    resources = json.loads((design / "synth/yosys/report.json").read_text())["resources"]
    return {
        "network": network, "cells": cells, "block": block, "options": options,
        "lanes": manifest["program"]["lanes"], "cycles_per_frame": plan["cycles_per_frame"], "planned_busy": plan["busy_cycles"] / plan["run_cycles"],
        "resources": {key: resources[key] for key in ("dsp", "bram36", "lut", "ff")},
        "words_compared": report["outputs_checked"], "mismatches": report["mismatches"],
        "nets": dict(sorted(counter.bits.items())),
        "idle": {"clocks": counter.cycles[IDLE], "toggles": rounded(counter.rates(IDLE))},
        "steady": {"clocks": counter.cycles[STEADY], "frames": FRAMES, "busy": round(counter.busy_cycles[STEADY] / counter.cycles[STEADY], 4),
                   "toggles": rounded(counter.rates(STEADY))},
    }


def rounded(rates):
    return {kind: round(rate, 5) for kind, rate in rates.items()}


# What the model of power counts: nets of these kinds, by so many of a resource. What LUTs have beside their output (sums, wide
# multiplexers, shift registers, memories) is counted with them, because the model counts LUTs alone.
LUT_NETS = ("lut", "carry_sum", "wide_multiplexer", "shift_register", "lut_memory")
DSP_NETS = ("dsp_operand", "dsp_output")
PARTS = {"logic": "LUTs, with the sums, multiplexers, shift registers and memories in them, a LUT",
         "register": "registers, a register", "dsp": "DSP blocks, operands and outputs, a bit"}


def activity(design, window, kinds, count=None):
    """Toggles a clock of all nets of these kinds by their number, or by `count`."""
    rates, nets = design[window]["toggles"], design["nets"]
    return sum(rates.get(kind, 0) * nets.get(kind, 0) for kind in kinds) / (count or sum(nets.get(kind, 0) for kind in kinds))


def while_busy(design, *of):
    """What a clock would have in which the array is busy: the rest beyond the idle design's is taken as proportional to the busy share."""
    idle, steady = activity(design, "idle", *of), activity(design, "steady", *of)
    return idle + (steady - idle) / design["steady"]["busy"]


def model(record):
    """Part of the model -> toggles a clock: idle (the mean of the designs), and busy: least, mean, most."""
    designs, result = record["designs"].values(), {}
    for part, kinds in (("logic", LUT_NETS), ("register", ("register",)), ("dsp", DSP_NETS)):
        of = [(d, kinds, d["resources"]["lut"] if part == "logic" else None) for d in designs]
        busy = [while_busy(*one) for one in of]
        ends = [while_busy(d, (kind,)) for d in designs for kind in DSP_NETS] if part == "dsp" else busy
        idle = [activity(d, "idle", *rest) for d, *rest in of]
        result[part] = [round(value, 4) for value in (sum(idle) / len(idle), min(ends), sum(busy) / len(busy), max(ends))]
    return result


NAMES = {"register": "registers", "lut": "LUTs", "carry_sum": "sums of carry chains", "carry_chain": "carries between bits",
         "wide_multiplexer": "multiplexers behind LUTs", "lut_memory": "memories in LUTs", "shift_register": "shift registers in LUTs",
         "dsp_operand": "DSP blocks: operands", "dsp_output": "DSP blocks: outputs", "block_ram_output": "block RAM: outputs",
         "block_ram_address": "block RAM: addresses", "block_ram_input": "block RAM: inputs"}


def table(header, rows):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def tables(record):
    """The three tables of the page."""
    designs = record["designs"]
    described = [[name, f"{d['cells']} of {d['network']}", d["lanes"], *(f"{d['resources'][kind]:,}" for kind in ("lut", "ff", "dsp", "bram36")),
                  f"{d['cycles_per_frame']:g}", f"{100 * d['steady']['busy']:.0f} %", f"{d['words_compared']:,}"] for name, d in designs.items()]
    counted = [[text] + [f"{d['nets'][kind]:,}: {d['idle']['toggles'][kind]:.3f}, {d['steady']['toggles'][kind]:.3f}" if kind in d["nets"] else "-"
                         for d in designs.values()] for kind, text in NAMES.items()]
    taken = [[text, f"{idle:.4f}", f"{typical:.4f} ({low:.4f} to {high:.4f})"]
             for (idle, low, typical, high), text in ((model(record)[part], text) for part, text in PARTS.items())]
    return (table(["design", "cells", "lanes", "LUT", "registers", "DSP", "BRAM36", "cycles a frame", "array busy", "words compared"], described)
            + "\n\n" + table(["nets: number, toggles a clock idle and computing", *designs], counted)
            + "\n\n" + table(["toggles a clock in the model", "idle", "while the array is busy"], taken))


BEGIN, END = "<!-- tables of tools/switching_activity.py -->\n", "\n<!-- end of the tables -->"


def with_tables(page, record):
    first, last = page.index(BEGIN) + len(BEGIN), page.index(END)
    return page[:first] + "\n" + tables(record) + "\n" + page[last:]


def model_in_source(source):
    """The toggles that src/plan/power.cpp has."""
    return {part: [float(number) for number in re.findall(r"[\d.]+", numbers)]
            for part, numbers in re.findall(r"constexpr Toggles (\w+)_toggles\{(.*?)\};", source)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen", nargs="?")
    parser.add_argument("--work")
    parser.add_argument("--only", action="append", choices=DESIGNS)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        record, page = json.loads(RECORD.read_text()), PAGE.read_text()
        if with_tables(page, record) != page:
            sys.exit(f"{PAGE.name}: the tables are not those of {RECORD.name}; run tools/switching_activity.py")
        if model_in_source(MODEL.read_text()) != model(record):
            sys.exit(f"{MODEL.name} has {model_in_source(MODEL.read_text())}, {RECORD.name} gives {model(record)}")
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(options.work or temporary).resolve()
        record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        if options.erngen:
            erngen = pathlib.Path(options.erngen).resolve()
            version = mapping.run([erngen, "--version"]).split()[-1]
            yosys = re.search(r"Yosys ([\w.]+)", mapping.run(["yosys", "-V"])).group(1)
            record |= {"version": version, "yosys": yosys, "device": DEVICE, "recording": RECORDING, "first_frame": FIRST_FRAME}
            for name in options.only or DESIGNS:
                record.setdefault("designs", {})[name] = measured(erngen, name, work)
                RECORD.write_text(json.dumps(record, indent=1) + "\n")
        PAGE.write_text(with_tables(PAGE.read_text(), record))


if __name__ == "__main__":
    main()
