#!/usr/bin/env python3
"""Calibrates the planner's LUT and FF estimates on designs synthesised with Yosys, and reports their errors.

    tools/calibrate.py run ERNGEN [--work DIR] [--families 7series,ecp5] [--only TEXT] [--limit N] [--jobs N] [--again] [--random N]
                           [--data FILE]
        makes and synthesises the designs of the list below that FILE (docs/results/calibration.json) does not have, family by family of each, and
        adds what it measured; with --random designs of the seeds 1 to N in place of the list, in the planner's shapes
    tools/calibrate.py join FILE...       writes docs/results/calibration.json from files that runs elsewhere have made
    tools/calibrate.py fit ERNGEN         plans the designs marked for the fit, fits src/plan/area_coefficients.inc to what was measured
    tools/calibrate.py report ERNGEN      plans every design of docs/results/calibration.json and writes calibration.md beside it: predicted against
                                          synthesised, the designs that were not fitted apart
    tools/calibrate.py check ERNGEN       fails unless DSP blocks and block RAM are as mapped and LUTs and flip-flops within LIMIT of it
    tools/calibrate.py memories           maps memories of many shapes with Yosys and writes src/plan/memory_shapes.json

A design belongs to the fit or to the check by its place in the list; random ones are never fitted. docs/results/calibration.json has what Yosys
measured and the designs' definitions, nothing of the planner: terms are those of ERNGEN. Needs numpy and Yosys.
"""
import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy

import benchmark

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA, REPORT, RESULTS = ROOT / "docs/results/calibration.json", ROOT / "docs/results/calibration.md", ROOT / "docs/results/results.json"
COEFFICIENTS, SHAPES = ROOT / "src/plan/area_coefficients.inc", ROOT / "src/plan/memory_shapes.json"
DEVICES = {"7series": "xc7vx690t", "ecp5": "lfe5u-85f"}

# Name, shape of `erngen new`, bits (weights, activations), options of `erngen generate` (and --words: the block size).
DESIGNS = [
    ("lstm 6-16 k4", "--cell lstm --input 6 --hidden 16 --block 4", (12, 12), "--rows 1 --columns 1 --readout 1"),
    ("lstm 6-16 k4 4x1 d4", "--cell lstm --input 6 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --readout 4"),
    ("lstm 6-16 k4 4x2 d1", "--cell lstm --input 6 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 2 --readout 1"),
    ("lstm 39-32 k8", "--cell lstm --input 39 --hidden 32 --block 8", (12, 12), "--rows 1 --columns 1 --readout 1"),
    ("lstm 39-32 k8 4x1 d2", "--cell lstm --input 39 --hidden 32 --block 8", (12, 12), "--rows 4 --columns 1 --readout 2"),
    ("lstm 39-32 k8 8 bits", "--cell lstm --input 39 --hidden 32 --block 8", (8, 8), "--rows 2 --columns 1 --readout 1"),
    ("lstm 20-24 k2 peephole", "--cell lstm --input 20 --hidden 24 --block 2 --peephole", (10, 10), "--rows 4 --columns 1 --readout 4"),
    ("lstm 20-24 k4 projection", "--cell lstm --input 20 --hidden 24 --projection 12 --peephole --block 4", (12, 12),
        "--rows 4 --columns 2 --readout 2 --ports 1"),
    ("lstm 6-20 k1", "--cell lstm --input 6 --hidden 20 --block 1", (12, 12), "--rows 4 --columns 1 --readout 2"),
    ("lstm mixed 4,8", "--cell lstm --input 20 --hidden 16 --block 4,8", (12, 12), "--rows 4 --columns 1 --readout 2"),
    ("lstm 2 layers dense", "--cell lstm --input 20 --hidden 16 --layers 2 --dense 5 --block 4", (12, 12), "--rows 2 --columns 1 --readout 1"),
    ("lstm k4 3 streams", "--cell lstm --input 12 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --readout 1 --streams 3"),
    ("gru before k4", "--cell gru --reset before --input 6 --hidden 16 --block 4", (12, 12), "--rows 2 --columns 1 --readout 1"),
    ("gru before k4 16 bits", "--cell gru --reset before --input 6 --hidden 16 --block 4", (16, 14), "--rows 2 --columns 2 --readout 2 --ports 1"),
    ("gru before k8", "--cell gru --reset before --input 39 --hidden 32 --block 8", (12, 12), "--rows 2 --columns 1 --readout 1"),
    ("gru after k4", "--cell gru --reset after --input 6 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --readout 1"),
    ("gru after k4 8x1 d4", "--cell gru --reset after --input 6 --hidden 32 --block 4", (10, 12), "--rows 8 --columns 1 --readout 4"),
    ("gru after k8", "--cell gru --reset after --input 39 --hidden 32 --block 8", (12, 12), "--rows 4 --columns 1 --readout 2"),
    ("gru after k2 8 bits", "--cell gru --reset after --input 12 --hidden 20 --block 2", (8, 8), "--rows 8 --columns 2 --readout 2"),
    ("lstm 39-64 k8 8x1 d1", "--cell lstm --input 39 --hidden 64 --block 8", (12, 12), "--rows 8 --columns 1 --readout 1"),
    ("lstm 24-32 k16", "--cell lstm --input 24 --hidden 32 --block 16", (12, 12), "--rows 1 --columns 1 --readout 1"),
    ("lstm 39-128 k8 deep", "--cell lstm --input 39 --hidden 128 --block 8", (12, 12), "--rows 2 --columns 1 --readout 1"),
    ("gru before k4 dense 2 streams", "--cell gru --reset before --input 20 --hidden 24 --dense 6 --block 4", (12, 10),
        "--rows 4 --columns 1 --readout 2 --ports 1 --streams 2"),
    ("lstm k4 products in LUTs", "--cell lstm --input 12 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --readout 2 --products lut"),
    ("lstm k8 rotations in LUTs", "--cell lstm --input 24 --hidden 32 --block 8", (12, 12), "--rows 3 --columns 2 --readout 1 --rotations lut"),
    ("lstm k8 folding 2", "--cell lstm --input 24 --hidden 32 --block 8 --peephole", (12, 12), "--rows 2 --columns 1 --readout 1 --folding 2"),
    ("gru after k8 folding 4, all in LUTs", "--cell gru --reset after --input 24 --hidden 32 --block 8", (12, 12),
        "--rows 4 --columns 1 --readout 1 --folding 4 --products lut --rotations lut"),
    ("gru before k8 folding 2, products in LUTs", "--cell gru --reset before --input 24 --hidden 48 --block 8", (10, 10),
        "--rows 6 --columns 1 --readout 2 --folding 2 --products lut"),
    ("lstm projection k8 shortcut", "--cell lstm --input 39 --hidden 64 --projection 32 --peephole --block 8", (12, 12),
        "--rows 4 --columns 2 --readout 2"),
    ("lstm k16 rotations in LUTs", "--cell lstm --input 39 --hidden 64 --block 16", (10, 12), "--rows 2 --columns 2 --readout 1 --rotations lut"),
    ("lstm 2 x 128 k8", "--cell lstm --input 39 --hidden 128 --layers 2 --dense 20 --block 8", (12, 12),
        "--rows 5 --columns 1 --readout 1 --products lut"),
    ("gru 2 x 128 k8", "--cell gru --reset after --input 39 --hidden 128 --layers 2 --dense 20 --block 8", (12, 12),
        "--rows 9 --columns 1 --readout 1 --products lut"),
    ("gru before k4 2 tiles", "--cell gru --reset before --input 12 --hidden 32 --block 4", (12, 12), "--rows 8 --columns 2 --readout 4 --ports 2"),
    ("lstm k4 dsp activations", "--cell lstm --input 12 --hidden 16 --block 4", (12, 12), "--rows 4 --columns 1 --readout 2 --dsp-activations"),
    ("lstm projection k4 4 tiles", "--cell lstm --input 20 --hidden 32 --projection 16 --peephole --block 4", (12, 12),
        "--rows 4 --columns 4 --readout 4 --ports 4"),
    ("gru after k2 4 tiles", "--cell gru --reset after --input 12 --hidden 32 --block 2", (12, 12), "--rows 8 --columns 4 --readout 8 --ports 4"),
    ("lstm k8 bins", "--cell lstm --input 39 --hidden 32 --block 8", (12, 12), "--rows 4 --columns 2 --readout 2 --lane-form bins"),
    ("lstm k8 blocks", "--cell lstm --input 39 --hidden 32 --block 8", (12, 10), "--rows 4 --columns 2 --readout 2 --lane-form blocks"),
    ("gru before k4 bins", "--cell gru --reset before --input 12 --hidden 32 --block 4", (12, 12),
        "--rows 4 --columns 1 --readout 1 --lane-form bins"),
    ("lstm mixed 4,8 bins", "--cell lstm --input 20 --hidden 16 --block 4,8", (12, 12), "--rows 4 --columns 3 --readout 1 --lane-form bins"),
    ("gru before k4 blocks", "--cell gru --reset before --input 12 --hidden 32 --block 4", (10, 10),
        "--rows 6 --columns 4 --readout 2 --lane-form blocks"),
    ("lstm mixed 4,8 blocks", "--cell lstm --input 20 --hidden 16 --block 4,8", (12, 10), "--rows 4 --columns 4 --readout 2 --lane-form blocks"),
]

# The templates of each group of area terms. The hierarchy is kept in synthesis, so that a module's own cells are its template's.
GROUPS = {"lane": ["ern_lane", "ern_lane_bins", "ern_lane_blocks",
                   "ern_lane_presum", "ern_presum_product", "ern_lane_product"],
          "stage": ["ern_array_stage"], "array": ["ern_array"],
          "mux": ["ern_readout_mux"], "tree": ["ern_adder_tree"], "correction": ["ern_correction", "ern_row_constants"],
          "recombine": ["ern_recombine"], "shortcut": ["ern_shortcut"],
          "readout": ["ern_readout", "ern_burst", "ern_tile_queue"], "ifft": ["ern_ifft", "ern_ifft_stage"], "fft": ["ern_fft", "ern_fft_stage"],
          "rotation": ["ern_rotate", "ern_shift_add"], "column": ["ern_column"], "source": ["ern_source", "ern_spectrum_memory"],
          "input": ["ern_input_store"], "feedback": ["ern_feedback"], "sum": ["ern_sum"], "preactivation": ["ern_preactivation"],
          "multiply": ["ern_multiply_add"],
          "element": ["ern_lstm_element", "ern_cell_lstm", "ern_cell_function", "ern_cell_gru_before", "ern_cell_gru_after",
          # of former versions, in data that were measured then
          "ern_cell_lstm_shared", "ern_cell_gru_before_shared", "ern_cell_gru_after_shared"], "update": ["ern_gru_update"],
          "round": ["ern_round_saturate"], "product": ["ern_lut_product"],
          "saturate": ["ern_shift_saturate", "ern_round_half"], "folding": ["ern_fold", "ern_fold_split", "ern_fold_join"],
          "activation": ["ern_activation", "ern_activation_bank"], "linear": ["ern_linear"], "cells": ["ern_cells", "ern_sum_end"],
          "control": ["ern_control", "ern_axil"], "sequencer": ["ern_sequencer"],
          "axis": ["ern_axis_in", "ern_axis_out", "ern_skid", "ern_fifo", "ern_rechunk"],
          "engine": ["ern_engine", "ern_front", "ern_core", "ern_back", "ern_host", "erngen_accelerator"],
          "select": ["ern_select"], "delay": ["ern_delay", "ern_valid_delay"], "rom": ["ern_rom"], "ram": ["ern_ram"]}
GROUP_OF = {template: group for group, templates in GROUPS.items() for template in templates}


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


def template_areas(stat, top, family):
    """LUT, without those of RAM, and FF of each template's own cells, over the whole design."""
    modules, areas = modules_of(stat), {}

    def walk(module, times):
        area = areas.setdefault(base_name(module), [0, 0])
        for cell, count in modules[module].items():
            if cell in modules:
                walk(cell, times * count)
            else:
                lut, _, ff = lut_and_ff(cell, family)
                area[0] += lut * count * times
                area[1] += ff * count * times
    walk(top, 1)
    return {template: area for template, area in sorted(areas.items()) if any(area)}


def with_words(shape, options):
    """The design's options with its words, the goal for what its options leave open, and no overlap, which does not change what is measured here."""
    words = max(2, *map(int, f"2,{re.search('--block ([0-9,]+)', shape).group(1)}".split(",")))
    fixed = ["--words", words] * ("--words" not in options) + ["--goal", "rate"] * ("--goal" not in options) + ["--overlap", "off"]
    return [*fixed, *options.split()]


def random_design(seed):
    """A design as in the list, but its options leave the engine's shape to the planner."""
    rng = numpy.random.default_rng(seed)
    pick = (lambda *choices: str(choices[rng.integers(len(choices))]))
    cell, k = pick("lstm", "gru"), pick(1, 2, 4, 8, 8, 16)
    shape = ["--cell", cell, "--input", pick(3, 6, 13, 26, 40, 64), "--hidden", pick(16, 20, 32, 48, 64, 96, 128),
             "--block", pick(k, k, k, f"{pick(2, 4, 8)},{pick(4, 8)}"), "--layers", pick(1, 1, 2), "--dense", pick(0, 0, 10)]
    if cell == "gru":
        shape += ["--reset", pick("before", "after")]
    else:
        shape += ["--projection", pick(0, 0, 16, 24), *pick("", "--peephole").split(), "--candidate", pick("tanh", "tanh", "sigmoid")]
    options = ["--max-dsp", pick(30, 50, 70, 100, 140), "--streams", pick(1, 1, 2, 3), "--goal", pick("rate", "latency"),
               *pick("", "", "--dsp-activations").split()]
    return f"random {seed}", " ".join(shape), (int(pick(6, 8, 10, 12, 12, 16)), int(pick(6, 8, 10, 12, 12, 16))), " ".join(options)


SHAPE = ("words", "rows", "columns", "readout", "ports", "folding", "products", "rotations")  # of an engine, as options of `erngen generate`


def shaped(manifest, design):
    """The design with the shape that the planner chose, so that it stays the same."""
    kept = re.sub(r"--max-dsp \S+ ", "", design[3]).split()
    for option in SHAPE:
        kept += ["--" + option, str(manifest["predicted"][option])]
    return *design[:3], " ".join(kept)


def quantised(erngen, directory, design):
    """A random network of the design's shape."""
    _, shape, (weights, activations), _ = design
    inputs = int(re.search(r"--input (\d+)", shape).group(1))
    calibration, network, result = directory / "x.npy", directory / "n.net", directory / "q.qnet"
    numpy.save(calibration, numpy.random.default_rng(1).standard_normal((50, inputs)).astype("float32"))
    run([erngen, "new", *shape.split(), "--seed", 1, "-o", network])
    run([erngen, "quantise", network, "--calibration", calibration, "--weights", weights, "--activations", activations, "-o", result])
    return result


def planned(erngen, design, family):
    with tempfile.TemporaryDirectory() as temporary:
        network = quantised(erngen, pathlib.Path(temporary), design)
        options = with_words(design[1], design[3])
        return json.loads(run([erngen, "plan", network, *options, "--device", DEVICES[family], "--json", "-"]))


def measured(place, design, family):
    """What a synthesised directory holds: the entry of docs/results/calibration.json."""
    report = json.loads((place / "synth/yosys/report.json").read_text())
    stat = (place / "synth/yosys/stat.txt").read_text()
    manifest = json.loads((place / "manifest.json").read_text())
    top = manifest["top"]
    if "--max-dsp" in design[3]:
        design = shaped(manifest, design)
    return {"design": design[1:], "mapped": {k: report["resources"][k] for k in ("dsp", "bram36", "lut", "lut_ram", "ff")},
            "templates": template_areas(stat, top, family)}


def measure(erngen, work, design, family):
    place = work / re.sub(r"\W+", "_", f"{design[0]} {family}")
    with tempfile.TemporaryDirectory() as temporary:
        network = quantised(erngen, pathlib.Path(temporary), design)
        run([erngen, "generate", network, *with_words(design[1], design[3]), "--device", DEVICES[family], "--prefix", "ern_", "-o", place])
    run([erngen, "synth", place, "--tool", "yosys"])
    return measured(place, design, family)


def read_data(file=DATA):
    return json.loads(file.read_text()) if file.exists() else {}


def write_data(data, file=DATA):
    lines = [json.dumps(key) + ": " + json.dumps(data[key], sort_keys=True) for key in sorted(data)]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def command_run(options):
    work, erngen = pathlib.Path(options.work), pathlib.Path(options.erngen).resolve()
    work.mkdir(parents=True, exist_ok=True)
    data = read_data(options.data)
    designs = [random_design(seed + 1) for seed in range(options.random)] or DESIGNS
    wanted = {f"{design[0]} | {family}": (design, family) for design in designs for family in options.families.split(",")}
    wanted = {key: one for key, one in wanted.items() if options.only in key and (options.again or key not in data)}
    if options.limit:
        wanted = dict(list(wanted.items())[:options.limit])
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(measure, erngen, work, *one): key for key, one in wanted.items()}
        for done in concurrent.futures.as_completed(running):
            key = running[done]
            if options.random and isinstance(done.exception(), SystemExit):  # no shape within its DSP blocks, or none that fits the device
                print(key, "is refused:", done.exception().code.split("\n")[1], flush=True)
                continue
            data[key] = done.result()
            write_data(data, options.data)
            print(key, data[key]["mapped"], flush=True)


def command_join(options):
    data = {}
    for file in options.files:
        data.update(read_data(file))
    write_data(data)


def entries(erngen, full=False):
    """Each measured design: name, family, its use (fit, check, random), its plan, its figures; in the order of the list. With `full`, also
    the full-size designs of docs/results/results.json, whose shapes are those synthesised."""
    data = read_data()
    for family in DEVICES:
        for n, design in enumerate(DESIGNS):
            entry = data.get(f"{design[0]} | {family}")
            if entry:
                if entry["design"] != json.loads(json.dumps(design[1:])):
                    raise SystemExit(f"{DATA}: {design[0]} was measured as another design")
                yield design[0], family, "fit" if n % 3 != 2 else "check", planned(erngen, design, family), entry  # two of three are fitted
        for seed in sorted(int(found.group(1)) for key in data if (found := re.fullmatch(rf"random (\d+) \| {family}", key))):
            entry = data[f"random {seed} | {family}"]
            yield f"random {seed}", family, "random", planned(erngen, (f"random {seed}", *entry["design"]), family), entry
    if not full:
        return
    results = json.loads(RESULTS.read_text())
    with tempfile.TemporaryDirectory() as temporary:
        bench = benchmark.Bench(erngen, temporary)
        for title, mapped in results["synthesis"].items():
            name, streams = re.fullmatch(r"(.*), (\d+) stream\(s\)", title).groups()
            network, options = benchmark.paper_design(bench, name, streams)
            shape = results["paper"][name][streams]["plan"]
            for option in SHAPE:
                options += ["--" + option, shape[option]]
            yield title.replace(" stream(s)", " stream" + "s" * (streams != "1")), "full size", "check", bench.json("plan", network, *options), {
                "mapped": mapped}


# --- fitting -----------------------------------------------------------------------------------------------------------

# What the templates' text says of a term: LUTs and flip-flops of one on the 7 series, then on ECP5, where an addition of two bits is two
# LUTs, a wide multiplexer several, and where delay lines, accumulators and products are registers outside the multipliers. Where the
# data does not say, these stand.
COUNTED = {
    "lane.count": (1, 0, 0, 3), "lane.presum_bits": (0, 1, 0.6, 0.5), "lane.operand_bits": (0, 1, 0, 1), "lane.first_sum_bits": (1, 0, 2, 0),
    "lane.sum_bits": (0, 0, 2, 1), "lane.product_bits": (0, 0, 0, 3),
    "lane.split_bits": (0, 0, 1.3, 0), "stage.count": (0, 66, 0, 66), "stage.operand_bits": (0, 1, 0, 1), "stage.load_bits": (0, 1, 0, 1),
    "stage.lanes": (5, 0, 20, 8), "stage.lut_ram_bits": (0, 2, 0, 2), "stage.deep_bits": (1, 0, 1, 0), "stage.block_bits": (0, 1, 1, 3),
    "array.count": (1, 16, 11, 16), "array.stages": (9, 0, 18, 0), "mux.lut": (1, 0, 1, 0), "mux.ff": (0, 1, 0, 1),
    "tree.lut": (1, 0, 1.03, 0), "tree.ff": (0, 1, 0, 1), "correction.count": (10, 10, 10, 10),
    "correction.combined_bits": (1, 0, 1, 0), "correction.shared_bits": (0, 1, 0, 1), "correction.row_bits": (1, 1, 1, 1),
    "correction.real_bits": (0, 1, 0, 1),
    "recombine.pair_bits": (1, 0, 1.03, 0), "recombine.sum_bits": (0, 1, 0, 1),
    "recombine.rounded_bits": (0.05, 1, 1.5, 1), "recombine.word_bits": (1.85, 1, 1.5, 1), "recombine.checked_bits": (0.28, 0, 3.1, 0),
    "recombine.mode_bits": (0, 0, 1.2, 0), "recombine.shift_bits": (1, 0, 0.6, 0), "shortcut.rows": (37, 14, 95, 13),
    "readout.count": (182, 170, 193, 170), "readout.queues": (60, 40, 100, 40), "readout.queue_bits": (2, 1, 0.5, 1),
    "ifft.adder_bits": (0.95, 0, 1.04, 0), "ifft.negated_bits": (0, 0, 1.04, 0),
    "ifft.register_bits": (0, 1, 0, 1), "ifft.chosen_bits": (1, 0, 1.3, 0), "fft.adder_bits": (0.95, 0, 1.04, 0),
    "fft.negated_bits": (0, 0, 1.04, 0), "fft.register_bits": (0, 1, 0, 1), "fft.chosen_bits": (0.9, 0, 1.2, 0),
    "fft.dropped_bits": (0.1, 1, 1.25, 1), "rotation.diagonal_bits": (1, 0, 2.13, 1.02), "rotation.other_bits": (2, 0, 3.45, 1.53),
    "rotation.split_bits": (0, 0, 0.95, 0), "rotation.lut": (0.84, 0.3, 1.13, 0.3), "column.pair_bits": (1, 1, 1.02, 1),
    "column.real_bits": (0, 1, 0, 1), "column.turned_bits": (1, 0, 1.2, 0), "column.masked_bits": (0, 1, 0, 1),
    "source.count": (1, 4, 2, 4), "source.bits": (1, 1, 1, 1), "source.second_bits": (0, 0, 2, 0), "source.seam_bits": (0, 0, 1, 0),
    "source.written_bits": (0, 0, 3.2, 0), "source.merged_luts": (1.1, 0, 1.5, 0), "input.count": (20, 5, 70, 5), "input.contexts": (12, 8, 20, 8),
    "input.ports": (5, 0, 10, 0), "feedback.count": (2, 0, 2, 0), "feedback.guarded_bits": (0.95, 0, 1.7, 0),
    "sum.count": (202, 106, 425, 106), "sum.bits": (1, 1, 2, 1), "sum.partial_bits": (0, 0, 0, 0), "sum.gathered_bits": (1, 1, 1, 1),
    "sum.ports": (40, 0, 117, 0), "preactivation.bits": (0, 1, 1.1, 1), "preactivation.scaled_bits": (0, 0.96, 1.9, 1.5),
    "preactivation.dsp_bits": (0, 0, 0, 1), "preactivation.lut_bits": (0.9, 1.5, 0, 1), "multiply.dsp_bits": (0, 0, 1, 2),
    "multiply.lut_bits": (1, 2, 1.05, 2), "element.lstm_bits": (1, 1, 3, 1), "element.peephole_bits": (0, 1, 0, 1),
    "element.lstm_dsp_bits": (0, 0, 0, 1), "element.lstm_lut_bits": (0, 1, 0, 1), "update.bits": (0, 1, 0.4, 1), "update.rounded_bits": (1, 0, 1, 0),
    "round.bits": (1.36, 1.64, 6.4, 1.64), "product.lut": (1, 0, 1.74, 0), "saturate.bits": (0.92, 0, 1.5, 0),
    "saturate.shift_bits": (0.5, 0, 0.7, 0),
    "folding.in_bits": (0.6, 1, 1, 1), "folding.out_bits": (0, 1, 0, 1),
    "folding.tags": (4, 88, 4, 88), "activation.rom_luts": (0.9, 0, 5.2, 0), "activation.table_luts": (0.87, 0, 2.6, 0),
    "activation.row_bits": (1.8, 0, 2.6, 0), "activation.sum_bits": (2.3, 0, 5, 0), "activation.table_bits": (1, 0, 2, 0),
    "activation.register_bits": (0, 1, 0, 1), "activation.dsp_bits": (0, 0, 0, 0.6), "linear.bits": (0, 0.8, 0.9, 0.8),
    "linear.shift_bits": (1.3, 0.9, 0, 0.9), "linear.output_bits": (1.15, 1, 7.7, 1), "cells.count": (90, 0, 110, 0),
    "cells.register_bits": (0, 1, 0, 1), "cells.join_bits": (0.55, 0, 0.55, 0), "cells.state_bits": (1, 0, 1, 0), "cells.kept_bits": (1, 1, 1, 1),
    "cells.beside_bits": (0, 1, 1, 1), "cells.words": (1, 0, 1, 0),
    "control.count": (480, 509, 1500, 509), "control.window_bits": (1.2, 1, 0.6, 1),
    "control.weight_bits": (0.5, 1, 0.3, 1), "control.contexts": (4, 3, 8, 3), "sequencer.count": (295, 249, 555, 250),
    "sequencer.contexts": (25, 12, 50, 12), "axis.count": (70, 50, 110, 50), "axis.in_bits": (1.1, 2, 1.1, 2), "axis.out_bits": (1, 2, 1, 2),
    "axis.lut_ram_bits": (0, 2, 0, 2), "axis.block_bits": (0, 1, 0, 1), "engine.count": (30, 22, 51, 22),
    "select.two_bits": (1, 0, 1, 0), "select.four_bits": (1, 0, 2.2, 0), "select.eight_bits": (2.6, 0, 5, 0),
    "delay.register_bits": (0, 1, 0, 1), "delay.lines": (1, 0, 0, 0), "delay.line_bits": (0, 0, 0, 1),
    "rom.bias_luts": (0.7, 0, 0.75, 0), "rom.bias_bits": (0, 1.4, 0, 1.4), "rom.program_luts": (0.06, 0, 0.08, 0),
    "rom.program_bits": (0, 0.3, 0, 0.3), "rom.block_bits": (0, 1, 0, 1), "ram.lut_ram_bits": (0, 2, 0, 2), "ram.deep_bits": (1, 0, 1, 0),
    "ram.block_bits": (0, 1, 0, 1),
}
LIMIT = 0.10  # of an estimate's error
STIFFNESS = 0.05  # what moving a coefficient by its counted size costs, beside the same error in all of a group's designs


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


def fit(rows, family):
    """{term: (lut, ff)} from [(terms, templates)]: each group by itself, drawn towards what was counted."""
    result = {name: [0.0, 0.0] for name in rows[0][0]}
    areas = []
    for _, templates in rows:
        groups = {}
        for template, area in templates.items():
            for axis in (0, 1):
                groups.setdefault(GROUP_OF[template], [0, 0])[axis] += area[axis]
        areas.append(groups)
    for group in sorted({name.split(".")[0] for name in result}):
        names = [name for name in result if name.split(".")[0] == group]
        matrix = numpy.array([[terms[name] for name in names] for terms, _ in rows])
        for axis in (0, 1):
            wanted = numpy.array([groups.get(group, [0, 0])[axis] for groups in areas], float)
            whole = numpy.array([sum(area[axis] for area in groups.values()) for groups in areas])
            weight = 1 / numpy.maximum(wanted, 0.01 * whole)
            counted = numpy.array([COUNTED[name][2 * (family == "ecp5") + axis] for name in names], float)
            scale = numpy.sqrt((((matrix * weight[:, None]) ** 2).mean(axis=0)))
            scale[scale == 0] = 1  # a term that no design has keeps its count
            hold = numpy.diag(STIFFNESS * scale * len(rows) ** 0.5)
            x = least_squares(numpy.vstack([matrix * weight[:, None], hold]) / scale, numpy.concatenate([wanted * weight, hold @ counted])) / scale
            for name, value in zip(names, x):
                result[name][axis] = value
    return result


def command_fit(options):
    rows = {family: [] for family in DEVICES}
    for _, family, use, plan, entry in entries(options.erngen):
        if use == "fit":
            rows[family].append((plan["area_terms"], entry["templates"]))
    fitted = {family: fit(rows[family], family) for family in DEVICES}
    text = ("// Made by tools/calibrate.py fit. Every term of the area model, in the order in which it counts them; LUTs and flip-flops of one\n"
            "// on the 7 series, then on ECP5.\nconstexpr Coefficient coefficients[] = {\n")
    for name, (lut, ff) in fitted["7series"].items():
        ecp5_lut, ecp5_ff = fitted["ecp5"][name]
        text += f'    {{"{name}", {{{lut:.4g}, {ff:.4g}}}, {{{ecp5_lut:.4g}, {ecp5_ff:.4g}}}}},\n'
    text += "};\n"
    COEFFICIENTS.write_text(text)


# --- reporting ---------------------------------------------------------------------------------------------------------

def summary(errors, title):
    """One row of the table of errors, from [(per cent, what)]."""
    inside = sum(abs(e) <= 100 * LIMIT for e, _ in errors)
    worst = sorted(errors, key=lambda pair: -abs(pair[0]))[:3]
    return (f"| {title} | {inside} of {len(errors)} | {sum(abs(e) for e, _ in errors) / len(errors):.1f} % | "
            + "; ".join(f"{what} {e:+.1f} %" for e, what in worst) + " |")


def command_report(options):
    rows, errors, blocks = [], {}, []
    for name, family, use, plan, entry in entries(options.erngen, full=True):
        mapped = entry["mapped"]
        difference = {k: 100 * (plan[k] - mapped[k]) / mapped[k] for k in ("lut", "ff")}
        for kind, value in difference.items():
            errors.setdefault((family, use, kind.upper()), []).append((value, name))
        if (plan["dsp"], plan["bram36"]) != (mapped["dsp"], mapped["bram36"]):
            blocks.append(f"{name} ({family})")
        rows.append(f"| {name} | {family} | {use} | {plan['dsp']} / {mapped['dsp']} | {plan['bram36']:g} / {mapped['bram36']:g} "
                    f"| {plan['lut']} / {mapped['lut']} | {difference['lut']:+.1f} | {plan['ff']} / {mapped['ff']} | {difference['ff']:+.1f} |")
        if options.verbose:
            print(rows[-1], flush=True)
    text = REPORT_HEAD
    text += f"| designs | within {100 * LIMIT:.0f} % | mean | the worst |\n|---|---|---|---|\n"
    text += "\n".join(summary(found, f"{family}, {use}: {kind}") for (family, use, kind), found in errors.items()) + "\n\n"
    text += (f"DSP blocks and block RAM: {len(rows) - len(blocks)} of {len(rows)} designs exactly as mapped"
             + (f"; not {', '.join(blocks)}" if blocks else "") + ".\n\n")
    text += ("| design | family | used for | DSP | BRAM36 | LUT | % | FF | % |\n|---|---|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n")
    REPORT.write_text(text)
    print(text[len(REPORT_HEAD):].split("\n\n| design |")[0])


def command_check(options):
    """The estimates hold on everything that was measured, whatever was changed since."""
    wrong, count = [], 0
    for name, family, _, plan, entry in entries(options.erngen, full=True):
        mapped, count = entry["mapped"], count + 1
        wrong += [f"{name} ({family}): {k} {plan[k]} planned, {mapped[k]} mapped" for k in ("dsp", "bram36") if plan[k] != mapped[k]]
        wrong += [f"{name} ({family}): {k} {plan[k]} planned, {mapped[k]} mapped, {100 * (plan[k] / mapped[k] - 1):+.1f} %"
                  for k in ("lut", "ff") if abs(plan[k] / mapped[k] - 1) > LIMIT]
    print("\n".join([*wrong, f"{count} designs, {len(wrong)} figures off"]))
    return 1 if wrong or not count else 0


REPORT_HEAD = """# Predicted against synthesised

Made by `tools/calibrate.py report`: `erngen plan` beside what Yosys 0.23 maps (`erngen synth --tool yosys`), predicted / mapped and the
difference in per cent, for every design of [calibration.json](calibration.json) and the full-size designs of [results](results.md).

`erngen plan` counts DSP blocks and block RAM from lists of the engine's products (`src/plan/products.cpp`) and memories
(`src/plan/memories.cpp`) by the rules by which Yosys maps them. LUTs and flip-flops are sums of coefficients times countable quantities of
each template (`src/plan/area_terms.cpp`, `area_coefficients.inc`). `tools/calibrate.py run` synthesises the designs of its list for two
families and keeps what it measures; `fit` fits the coefficients, template by template, to the designs marked *fit*, and keeps what was counted by
hand where they do not tell; those marked *check* were not seen by the fit. Neither were those marked *random*: `run --random 11` draws cell, sizes,
blocks, widths, streams and multipliers, leaves the engine's shape to the planner, and leaves out what no engine of so few multipliers computes.
Counting by hand also looked at what single templates map to, at the full-size designs' differences, at one of the check (`gru before k4 2 tiles`:
banks that several tiles share), and at random designs 1 to 8: block RAM or multipliers of five of them differed from the plan at first (pass
memories, small ROMs, small products), and one was short of 17.5 % of its LUTs (banks chosen by a shift, since by a multiplexer). `memories` maps
memories of 432 shapes for three families (`src/plan/memory_shapes.json`), and a test compares the rules with every one of them. After the last
template changes (multiplexers in place of shifts, FIFOs without a check for the word being written) the designs that they touch were mapped
again; the full-size ones were mapped between the two. On the 7 series FIFOs of six shapes map to the same RAM as before, and to at most 3 LUTs
more or less.

"""


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
    measuring.add_argument("--jobs", type=int, default=1)
    measuring.add_argument("--again", action="store_true")
    measuring.add_argument("--random", type=int, default=0)
    measuring.add_argument("--data", type=pathlib.Path, default=DATA)
    verbs.add_parser("join").add_argument("files", type=pathlib.Path, nargs="+")
    verbs.add_parser("fit").add_argument("erngen")
    reporting = verbs.add_parser("report")
    reporting.add_argument("erngen")
    reporting.add_argument("--verbose", action="store_true")
    verbs.add_parser("check").add_argument("erngen")
    verbs.add_parser("memories")
    options = parser.parse_args()
    commands = {"run": command_run, "join": command_join, "fit": command_fit, "report": command_report, "check": command_check,
                "memories": command_memories}
    return commands[options.verb](options)


if __name__ == "__main__":
    sys.exit(main())
