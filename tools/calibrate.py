#!/usr/bin/env python3
"""Calibrates the planner's LUT and FF estimates on designs synthesised with Yosys, and reports their errors.

    tools/calibrate.py run ERNGEN [--work DIR] [--families 7series,ecp5] [--only TEXT] [--limit N]
        makes and synthesises the designs of the list below that docs/calibration.json does not have (or has with other
        templates, with --again), and adds what it measured
    tools/calibrate.py fit [ROOT]         fits src/plan/area_coefficients.inc to the designs marked for it, from docs/calibration.json
    tools/calibrate.py report ERNGEN      plans every design of docs/calibration.json again and writes docs/calibration.md: predicted against
                                          synthesised, the designs that were not fitted apart
    tools/calibrate.py memories           maps memories of many shapes with Yosys and writes src/plan/memory_shapes.json

A design belongs to the fit or to the check by its place in the list. Needs numpy and Yosys.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA, REPORT = ROOT / "docs/calibration.json", ROOT / "docs/calibration.md"
COEFFICIENTS, SHAPES = ROOT / "src/plan/area_coefficients.inc", ROOT / "src/plan/memory_shapes.json"
DEVICES = {"7series": "xc7vx690t", "ecp5": "lfe5u-85f"}

# Name, shape of `erngen new`, bits (weights, activations), options of `erngen generate` (and --words: the block size).
DESIGNS = [
    ("lstm 6-16 k4", "--cell lstm --input 6 --hidden 16 --block 4", (12, 12), "--rows 1 --columns 1 --drain 1"),
    ("lstm 6-16 k4 4x1 d4", "--cell lstm --input 6 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --drain 4"),
    ("lstm 6-16 k4 4x2 d1", "--cell lstm --input 6 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 2 --drain 1"),
    ("lstm 39-32 k8", "--cell lstm --input 39 --hidden 32 --block 8", (12, 12), "--rows 1 --columns 1 --drain 1"),
    ("lstm 39-32 k8 4x1 d2", "--cell lstm --input 39 --hidden 32 --block 8", (12, 12), "--rows 4 --columns 1 --drain 2"),
    ("lstm 39-32 k8 8 bits", "--cell lstm --input 39 --hidden 32 --block 8", (8, 8), "--rows 2 --columns 1 --drain 1"),
    ("lstm 20-24 k2 peephole", "--cell lstm --input 20 --hidden 24 --block 2 --peephole", (10, 10), "--rows 4 --columns 1 --drain 4"),
    ("lstm 20-24 k4 projection", "--cell lstm --input 20 --hidden 24 --projection 12 --peephole --block 4", (12, 12),
        "--rows 4 --columns 2 --drain 2 --paths 1"),
    ("lstm 6-20 k1", "--cell lstm --input 6 --hidden 20 --block 1", (12, 12), "--rows 4 --columns 1 --drain 2"),
    ("lstm mixed 4,8", "--cell lstm --input 20 --hidden 16 --block 4,8", (12, 12), "--rows 4 --columns 1 --drain 2"),
    ("lstm 2 layers dense", "--cell lstm --input 20 --hidden 16 --layers 2 --dense 5 --block 4", (12, 12), "--rows 2 --columns 1 --drain 1"),
    ("lstm k4 3 streams", "--cell lstm --input 12 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --drain 1 --streams 3"),
    ("gru before k4", "--cell gru --reset before --input 6 --hidden 16 --block 4", (12, 12), "--rows 2 --columns 1 --drain 1"),
    ("gru before k4 16 bits", "--cell gru --reset before --input 6 --hidden 16 --block 4", (16, 14), "--rows 2 --columns 2 --drain 2 --paths 1"),
    ("gru before k8", "--cell gru --reset before --input 39 --hidden 32 --block 8", (12, 12), "--rows 2 --columns 1 --drain 1"),
    ("gru after k4", "--cell gru --reset after --input 6 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --drain 1"),
    ("gru after k4 8x1 d4", "--cell gru --reset after --input 6 --hidden 32 --block 4", (10, 12), "--rows 8 --columns 1 --drain 4"),
    ("gru after k8", "--cell gru --reset after --input 39 --hidden 32 --block 8", (12, 12), "--rows 4 --columns 1 --drain 2"),
    ("gru after k2 8 bits", "--cell gru --reset after --input 12 --hidden 20 --block 2", (8, 8), "--rows 8 --columns 2 --drain 2"),
    ("lstm 39-64 k8 8x1 d1", "--cell lstm --input 39 --hidden 64 --block 8", (12, 12), "--rows 8 --columns 1 --drain 1"),
    ("lstm 24-32 k16", "--cell lstm --input 24 --hidden 32 --block 16", (12, 12), "--rows 1 --columns 1 --drain 1"),
    ("lstm 39-128 k8 deep", "--cell lstm --input 39 --hidden 128 --block 8", (12, 12), "--rows 2 --columns 1 --drain 1"),
    ("gru before k4 dense 2 streams", "--cell gru --reset before --input 20 --hidden 24 --dense 6 --block 4", (12, 10),
        "--rows 4 --columns 1 --drain 2 --paths 1 --streams 2"),
    ("lstm k4 products in LUTs", "--cell lstm --input 12 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --drain 2 --products lut"),
    ("lstm k8 rotations in LUTs", "--cell lstm --input 24 --hidden 32 --block 8", (12, 12), "--rows 3 --columns 2 --drain 1 --rotations lut"),
    ("lstm k8 2 turns", "--cell lstm --input 24 --hidden 32 --block 8 --peephole", (12, 12), "--rows 2 --columns 1 --drain 1 --turns 2"),
    ("gru after k8 4 turns, all in LUTs", "--cell gru --reset after --input 24 --hidden 32 --block 8", (12, 12),
        "--rows 4 --columns 1 --drain 1 --turns 4 --products lut --rotations lut"),
    ("gru before k8 2 turns, products in LUTs", "--cell gru --reset before --input 24 --hidden 48 --block 8", (10, 10),
        "--rows 6 --columns 1 --drain 2 --turns 2 --products lut"),
    ("lstm projection k8 shortcut", "--cell lstm --input 39 --hidden 64 --projection 32 --peephole --block 8", (12, 12),
        "--rows 4 --columns 2 --drain 2"),
    ("lstm k16 rotations in LUTs", "--cell lstm --input 39 --hidden 64 --block 16", (10, 12), "--rows 2 --columns 2 --drain 1 --rotations lut"),
    ("lstm 2 x 128 k8", "--cell lstm --input 39 --hidden 128 --layers 2 --dense 20 --block 8", (12, 12),
        "--rows 5 --columns 1 --drain 1 --products lut"),
    ("gru 2 x 128 k8", "--cell gru --reset after --input 39 --hidden 128 --layers 2 --dense 20 --block 8", (12, 12),
        "--rows 9 --columns 1 --drain 1 --products lut"),
    ("gru before k4 2 units", "--cell gru --reset before --input 12 --hidden 32 --block 4", (12, 12), "--rows 8 --columns 2 --drain 4 --paths 2"),
    ("lstm k4 dsp activations", "--cell lstm --input 12 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --drain 2 --dsp-activations"),
]

# Templates whose cells, with all below them that are not in this table, belong to one group of area terms.
GROUPS = {"lane": ["ern_lane"], "hop": ["ern_hop"], "array": ["ern_array"], "mux": ["ern_drain_mux"], "tree": ["ern_adder_tree"],
          "recombine": ["ern_recombine"], "drain": ["ern_drain"], "ifft": ["ern_ifft"], "fft": ["ern_fft"], "column": ["ern_column"],
          "source": ["ern_source"], "input": ["ern_input_store"], "feedback": ["ern_feedback"], "sum": ["ern_sum"],
          "lstm": ["ern_cell_lstm_shared", "ern_cell_lstm"],
          "gru": ["ern_cell_gru_before", "ern_cell_gru_after", "ern_cell_gru_before_shared", "ern_cell_gru_after_shared"],
          "product": ["ern_lut_product"], "rotation": ["ern_shift_add"], "shortcut": ["ern_shortcut"], "activation": ["ern_activation"],
          "linear": ["ern_linear"], "cells": ["ern_cells"], "control": ["ern_control", "ern_axil"],
          "sequencer": ["ern_sequencer"], "axis": ["ern_axis_in", "ern_axis_out"], "rom": ["ern_rom"], "ram": ["ern_ram"]}
GROUP_OF = {template: group for group, templates in GROUPS.items() for template in templates}


def fitted(index):
    """Two of three designs are fitted; the third is the check."""
    return index % 3 != 2


def run(command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}{done.stdout[-2000:]}")
    return done.stdout


# --- measuring ---------------------------------------------------------------------------------------------------------

def modules_of(stat):
    """Cells of each module in Yosys's text, its submodules by name among them."""
    modules, name = {}, None
    for line in stat.splitlines():
        if title := re.match(r"=== (.*) ===", line):
            name = title.group(1)
            modules[name] = {}
        elif name and (cell := re.match(r"^ +([$\\A-Za-z]\S*) +(\d+)$", line)):
            modules[name][cell.group(1)] = int(cell.group(2))
    return modules


def base_name(module):
    found = re.search(r"(ern_[a-z0-9_]+)", module)
    return found.group(1) if found else module


def lut_and_ff(cell, family):
    """LUTs (without LUT RAM), LUTs of RAM, flip-flops of a cell; the weights of src/synth/mapped_cells.cpp."""
    if family == "ecp5":
        if cell.startswith("LUT"):
            return 1, 0, 0
        return {"CCU2C": (2, 0, 0), "TRELLIS_FF": (0, 0, 1), "TRELLIS_DPR16X4": (0, 6, 0)}.get(cell, (0, 0, 0))
    if cell.startswith("LUT") or cell.startswith("SRL"):
        return 1, 0, 0
    if cell.startswith("RAM") and not cell.startswith("RAMB"):
        return 0, 4 if re.match(r"RAM(32M|64M|128X1D|256)", cell) else 2 if cell.endswith("D") else 1, 0
    return 0, 0, 1 if cell.startswith("FD") else 0


def group_areas(stat, top, family):
    """LUT and FF of each group, over the whole design."""
    modules, areas = modules_of(stat), {}

    def walk(module, group, times):
        for cell, count in modules[module].items():
            if cell in modules:
                walk(cell, GROUP_OF.get(base_name(cell), group), times * count)
            else:
                lut, _, ff = lut_and_ff(cell, family)
                area = areas.setdefault(group, [0, 0])
                area[0] += lut * count * times
                area[1] += ff * count * times
    walk(top, "engine", 1)
    return areas


def with_words(shape, options):
    words = max(2, *map(int, f"2,{re.search('--block ([0-9,]+)', shape).group(1)}".split(",")))
    return ["--words", words, *options.split()]


def measure(erngen, work, design, family):
    name, shape, (weights, activations), options = design
    options = with_words(shape, options)
    place = work / re.sub(r"\W+", "_", f"{name} {family}")
    inputs = int(re.search(r"--input (\d+)", shape).group(1))
    with tempfile.TemporaryDirectory() as temporary:
        calibration = pathlib.Path(temporary) / "x.npy"
        numpy.save(calibration, numpy.random.default_rng(1).standard_normal((50, inputs)).astype("float32"))
        network, quantised = pathlib.Path(temporary) / "n.net", pathlib.Path(temporary) / "q.qnet"
        run([erngen, "new", *shape.split(), "--seed", 1, "-o", network])
        run([erngen, "quantise", network, "--calibration", calibration, "--weights", weights, "--activations", activations, "-o", quantised])
        run([erngen, "generate", quantised, *options, "--device", DEVICES[family], "-o", place])
        plan = json.loads(run([erngen, "plan", quantised, *options, "--device", DEVICES[family], "--json", "-"]))
    report = json.loads(run([erngen, "synth", place, "--tool", "yosys", "--json", "-"]))
    stat = (place / "synth/yosys/stat.txt").read_text()
    top = json.loads((place / "manifest.json").read_text())["top"]
    keys = ["dsp", "bram36", "lut", "lut_ram", "ff"]
    return {"terms": {k: v for k, v in plan["area_terms"].items() if v}, "mapped": {k: report["resources"][k] for k in keys},
            "groups": group_areas(stat, top, family)}


def read_data():
    return json.loads(DATA.read_text()) if DATA.exists() else {}


def write_data(data):
    lines = []
    for key in sorted(data):
        lines.append(json.dumps(key) + ": " + json.dumps(data[key], sort_keys=True))
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def command_run(options):
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    data, made = read_data(), 0
    for family in options.families.split(","):
        for design in DESIGNS:
            key = f"{design[0]} | {family}"
            if (key in data and not options.again) or options.only not in key or (options.limit and made >= options.limit):
                continue
            data[key] = measure(pathlib.Path(options.erngen).resolve(), work, design, family)
            write_data(data)
            made += 1
            print(key, data[key]["mapped"], flush=True)


# --- fitting -----------------------------------------------------------------------------------------------------------

def least_squares(matrix, wanted):
    """min |matrix x - wanted| with x >= 0, by coordinate descent on the normal equations."""
    normal, right = matrix.T @ matrix, matrix.T @ wanted
    x = numpy.zeros(matrix.shape[1])
    for _ in range(20000):
        before = x.copy()
        for j in range(len(x)):
            if normal[j, j] > 0:
                x[j] = max(0.0, x[j] + (right[j] - normal[j] @ x) / normal[j, j])
        if numpy.abs(x - before).max() < 1e-12:
            break
    return x


def fit(rows):
    """{term: (lut, ff)} from [(terms, groups)]. Each group by itself; a group's rows weigh the same whatever their size."""
    names = sorted({name for terms, _ in rows for name in terms})
    result = {}
    for group in sorted({name.split(".")[0] for name in names}):
        mine = [name for name in names if name.split(".")[0] == group]
        matrix = numpy.array([[terms.get(name, 0.0) for name in mine] for terms, _ in rows])
        for axis in (0, 1):
            wanted = numpy.array([groups.get(group, [0, 0])[axis] for _, groups in rows], float)
            weight = 1 / numpy.maximum(wanted, max(20.0, wanted.max() / 50))
            scale = numpy.maximum(numpy.abs(matrix * weight[:, None]).max(axis=0), 1e-12)
            x = least_squares(matrix * weight[:, None] / scale, wanted * weight) / scale
            for name, value in zip(mine, x):
                result.setdefault(name, [0, 0])[axis] = value
    return result


def command_fit(options):
    data = read_data()
    order = {design[0]: n for n, design in enumerate(DESIGNS)}
    text = "// Made by tools/calibrate.py fit: do not edit. Columns: term, LUTs of one, flip-flops of one.\n"
    for family in DEVICES:
        rows = [(entry["terms"], entry["groups"]) for key, entry in sorted(data.items())
                if key.endswith(f"| {family}") and fitted(order.get(key.split(" | ")[0], 0))]
        if not rows:
            raise SystemExit(f"{DATA}: no designs of {family}")
        text += f"constexpr Coefficient {family if family == 'ecp5' else 'series7'}_coefficients[] = {{\n"
        for name, (lut, ff) in sorted(fit(rows).items()):
            text += f'    {{"{name}", {lut:.5g}, {ff:.5g}}},\n'
        text += "};\n"
    COEFFICIENTS.write_text(text)


# --- reporting ---------------------------------------------------------------------------------------------------------

def command_report(options):
    data = read_data()
    order = {design[0]: n for n, design in enumerate(DESIGNS)}
    rows, errors = [], {True: [], False: []}
    with tempfile.TemporaryDirectory() as temporary:
        for key in sorted(data, key=lambda k: (k.split(" | ")[1], order.get(k.split(" | ")[0], 0))):
            name, family = key.split(" | ")
            _, shape, (weights, activations), plan_options = DESIGNS[order[name]]
            inputs = int(re.search(r"--input (\d+)", shape).group(1))
            work = pathlib.Path(temporary)
            numpy.save(work / "x.npy", numpy.random.default_rng(1).standard_normal((50, inputs)).astype("float32"))
            run([options.erngen, "new", *shape.split(), "--seed", 1, "-o", work / "n"])
            run([options.erngen, "quantise", work / "n", "--calibration", work / "x.npy", "--weights", weights, "--activations", activations, "-o",
                work / "q"])
            plan = json.loads(run([options.erngen, "plan", work / "q", *with_words(shape, plan_options), "--device", DEVICES[family], "--json",
                                   "-"]))
            mapped, used = data[key]["mapped"], fitted(order[name])
            difference = {k: 100 * (plan[k] - mapped[k]) / mapped[k] for k in ("lut", "ff")}
            for kind, value in difference.items():
                errors[used].append((abs(value), f"{name} ({family}): {kind.upper()} {value:+.1f} %"))
            rows.append(f"| {name} | {family} | {'fit' if used else 'check'} | {plan['dsp']} / {mapped['dsp']} "
                        f"| {plan['bram36']:g} / {mapped['bram36']:g} "
                        f"| {plan['lut']} / {mapped['lut']} | {difference['lut']:+.1f} | {plan['ff']} / {mapped['ff']} | {difference['ff']:+.1f} |")
    text = ("# Predicted against synthesised\n\nMade by `tools/calibrate.py report`: `erngen plan` beside Yosys 0.23 (`erngen synth --tool yosys`, "
            "module by module) for every design of [calibration.json](calibration.json), predicted / mapped and the difference in "
            "per cent. Coefficients were fitted to the designs marked *fit*; those marked *check* were not seen by the fit.\n\n"
            "| design | family | used for | DSP | BRAM36 | LUT | % | FF | % |\n|---|---|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n\n")
    for used, title in ((False, "not fitted"), (True, "fitted")):
        if errors[used]:
            worst = sorted(errors[used], reverse=True)[:5]
            inside = sum(e <= 10 for e, _ in errors[used])
            mean = sum(e for e, _ in errors[used]) / len(errors[used])
            text += (f"Designs {title}: {inside} of {len(errors[used])} LUT and FF figures within 10 %, mean {mean:.1f} %; "
                     f"the worst: {'; '.join(t for _, t in worst)}.\n\n")
    REPORT.write_text(text.rstrip() + "\n")
    print(text.split("\n\n", 3)[-1])


# --- memories ----------------------------------------------------------------------------------------------------------

def command_memories(_):
    widths, depths = (3, 12, 36, 64, 99, 144), (2, 8, 16, 17, 33, 64, 65, 100, 130, 300, 600, 1500)
    commands = {"series7": "synth_xilinx -family xc7 -noiopad", "ecp5": "synth_ecp5 -noflatten", "ice40": "synth_ice40 -noflatten"}
    halves = {"RAMB18E1": 1, "RAMB36E1": 2, "DP16KD": 1, "SB_RAM40_4K": 1}
    shapes = [(kind, w, d) for kind in ("ram", "rom") for w in widths for d in depths]
    result = []
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        modules, instances, ports = "", "", "input clk, input e, input [10:0] w, input [10:0] r, input [143:0] d"
        for n, (kind, w, d) in enumerate(shapes):
            a = max(1, (d - 1).bit_length())
            ports += f", output [{w - 1}:0] q{n}"
            instances += f"  m{n} u{n}(clk, e, w[{a - 1}:0], r[{a - 1}:0], d[{w - 1}:0], q{n});\n"
            head = f"module m{n}(input clk, input e, input [{a - 1}:0] w, input [{a - 1}:0] r, input [{w - 1}:0] d, output [{w - 1}:0] q);\n"
            if kind == "rom":
                bits = numpy.random.default_rng(n).integers(0, 2, (d, w))
                (work / f"r{n}.hex").write_text("\n".join(f"{int(''.join(map(str, row)), 2):x}" for row in bits) + "\n")
                modules += head + f"  ern_rom #(.WIDTH({w}), .DEPTH({d}), .FILE(\"r{n}.hex\")) u(.clk(clk), .address_i(r), .data_o(q));\nendmodule\n"
            else:
                modules += head + (f"  ern_ram #(.WIDTH({w}), .DEPTH({d})) u(.clk(clk), .write_i(e), .write_address_i(w), .write_data_i(d), "
                                   ".read_address_i(r), .read_data_o(q));\nendmodule\n")
        (work / "all.v").write_text(modules + f"module top({ports});\n{instances}endmodule\n")
        for family, command in commands.items():
            run(["yosys", "-q", "-p", f"read_verilog {ROOT}/templates/ern_ram.v {ROOT}/templates/ern_rom.v all.v; {command} -top top -run "
                f"begin:map_ffram; "
                 "tee -q -o s.txt stat"], cwd=work)
            found = modules_of((work / "s.txt").read_text())

            def cells(module):
                total = {}
                for cell, count in found[module].items():
                    for name, times in (cells(cell) if cell in found else {cell: 1}).items():
                        total[name] = total.get(name, 0) + count * times
                return total
            for n, (kind, w, d) in enumerate(shapes):
                count = cells(f"m{n}")
                lut_ram = sum(k * lut_and_ff(c, "ecp5" if family == "ecp5" else "7series")[1] for c, k in count.items())
                result.append({"family": family, "kind": kind, "width": w, "depth": d, "lut_ram": lut_ram,
                               "half_blocks": sum(halves.get(c, 0) * k for c, k in count.items())})
            print(family, len(shapes), flush=True)
    SHAPES.write_text("[\n" + ",\n".join(json.dumps(row) for row in result) + "\n]\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    measuring = verbs.add_parser("run")
    measuring.add_argument("erngen")
    measuring.add_argument("--work", default="build/calibrate")
    measuring.add_argument("--families", default="7series,ecp5")
    measuring.add_argument("--only", default="")
    measuring.add_argument("--limit", type=int, default=0)
    measuring.add_argument("--again", action="store_true")
    verbs.add_parser("fit")
    verbs.add_parser("report").add_argument("erngen")
    verbs.add_parser("memories")
    options = parser.parse_args()
    {"run": command_run, "fit": command_fit, "report": command_report, "memories": command_memories}[options.verb](options)


if __name__ == "__main__":
    sys.exit(main())
