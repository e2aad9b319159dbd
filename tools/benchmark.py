#!/usr/bin/env python3
"""Measures the designs of docs/results/results.md from scratch.

    tools/benchmark.py ERNGEN [--parts paper,winograd,scaling,published,shallow,model,synthesis] [--only REGEX] [--work DIR] [--results FILE.json]
    tools/benchmark.py --report FILE.json        writes FILE.md and, with Matplotlib, FILE-*.svg

Parts keep their figures in the results file, so that long ones can be made one at a time, or one design at a time (--only, a
regular expression that is searched in the designs' names):

    paper      the E-RNN layers on the XCKU060: planned, generated, simulated with and without stalls
    winograd   some of them with lanes by Winograd's inner product and narrower spectra, planned, generated and simulated
    scaling    cycles against multipliers, planned
    published  layers of other papers, planned and simulated
    shallow    the smallest of them at the levels 0 and -1 of --pipeline, simulated and mapped by Yosys, with the longest paths
    model      speed of the bit-exact model
    synthesis  Yosys synth_xilinx of the paper's designs: resources and logic levels (hours)

Needs numpy; Verilator for paper and published, Yosys for synthesis, Matplotlib for the plots.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import re
import resource
import subprocess
import sys
import time

import numpy

import longest_paths

SEED = 1
GOOGLE = ["--cell", "lstm", "--input", "153", "--hidden", "1024", "--projection", "512", "--peephole"]
GRU = ["--cell", "gru", "--input", "153", "--hidden", "1024", "--reset"]
LAYERS = {  # name: shape, block size
    "Google LSTM, k = 8": (GOOGLE, 8), "Google LSTM, k = 16": (GOOGLE, 16),
    "GRU-1024, reset before, k = 8": ([*GRU, "before"], 8), "GRU-1024, reset before, k = 16": ([*GRU, "before"], 16),
    "GRU-1024, reset after, k = 8": ([*GRU, "after"], 8), "GRU-1024, reset after, k = 16": ([*GRU, "after"], 16),
}
# E-RNN's own layers: its latency and cycles a frame, both from the times that it gives at 200 MHz.
E_RNN = {"Google LSTM, k = 8": (2740, 864), "Google LSTM, k = 16": (1480, 466), "GRU-1024, reset before, k = 8": (2100, 703),
         "GRU-1024, reset before, k = 16": (1340, 449)}
# Layer, streams, level of --pipeline, form of the lanes, bits of the spectra, shape; within 65 % of the LUTs and 70 % of the block RAM.
WINOGRAD = [
    ("Google LSTM, k = 8", 1, 0, "blocks", 16, "--goal latency --words 16 --rows 52 --columns 4 --readout 4 --ports 4"),
    ("Google LSTM, k = 8", 3, 0, "blocks", 16, "--goal rate --words 16 --rows 32 --columns 6 --readout 4 --ports 4"),
    ("Google LSTM, k = 16", 1, 0, "blocks", 16, "--goal latency --words 32 --rows 16 --columns 6 --readout 4 --ports 4"),
    ("Google LSTM, k = 16", 1, -1, "blocks", 16, "--goal latency --words 32 --rows 16 --columns 6 --readout 4 --ports 4"),
    ("Google LSTM, k = 16", 3, 0, "blocks", 16, "--goal rate --words 32 --rows 16 --columns 6 --readout 4 --ports 4"),
    ("Google LSTM, k = 16", 3, -1, "blocks", 16, "--goal rate --words 32 --rows 16 --columns 6 --readout 4 --ports 4"),
    ("GRU-1024, reset before, k = 8", 1, 0, "blocks", 16, "--goal rate --words 16 --rows 32 --columns 6 --readout 2 --ports 2"),
    ("GRU-1024, reset before, k = 8", 3, 0, "blocks", 16, "--goal rate --words 16 --rows 22 --columns 10 --readout 2 --ports 2"),
    ("GRU-1024, reset before, k = 16", 1, 0, "blocks", 16, "--goal rate --words 32 --rows 16 --columns 6 --readout 2 --ports 2"),
    ("GRU-1024, reset before, k = 16", 3, 0, "blocks", 16, "--goal rate --words 32 --rows 16 --columns 6"),
    ("GRU-1024, reset before, k = 16", 3, -1, "blocks", 16, "--goal rate --words 32 --rows 16 --columns 6"),
]
PLAIN_SPECTRA = 18  # bits of what their accuracy is compared with
# Design, microseconds of one frame, frames a second; the papers' figures at 200 MHz.
OTHERS = [("ESE LSTM (KU060)", 82.7, 17544), ("C-LSTM FFT8 (7V3)", 16.7, 179687), ("C-LSTM FFT16 (7V3)", 9.1, 330275),
          ("E-RNN LSTM FFT8 (KU060)", 13.7, 231514), ("E-RNN LSTM FFT16 (KU060)", 7.4, 429327),
          ("E-RNN GRU FFT8 (KU060)", 10.5, 284540), ("E-RNN GRU FFT16 (KU060)", 6.7, 445167)]
PUBLISHED = {  # name: shape of `erngen new`, steps of a sequence, block sizes
    "top tagging LSTM": (["--cell", "lstm", "--input", "6", "--hidden", "20"], 20, (1, 4)),
    "top tagging GRU": (["--cell", "gru", "--input", "6", "--hidden", "20"], 20, (1, 4)),
    "flavour tagging LSTM": (["--cell", "lstm", "--input", "6", "--hidden", "120"], 15, (1, 4, 8)),
    "flavour tagging GRU": (["--cell", "gru", "--input", "6", "--hidden", "120"], 15, (1, 4, 8)),
    "QuickDraw LSTM": (["--cell", "lstm", "--input", "3", "--hidden", "128"], 100, (1, 4, 8, 16)),
    "QuickDraw GRU": (["--cell", "gru", "--input", "3", "--hidden", "128"], 100, (1, 4, 8, 16)),
    "GRU 2 x 768": (["--cell", "gru", "--input", "40", "--hidden", "768", "--layers", "2"], 1, (8, 16)),
    "LSTM-1024, 123 in": (["--cell", "lstm", "--input", "123", "--hidden", "1024"], 1, (8, 16)),
    "GRU-256, 39 in": (["--cell", "gru", "--input", "39", "--hidden", "256"], 1, (4, 8, 16)),
}


SHALLOW = re.compile("top tagging")   # layers whose array is idle for most of a step
INSTRUCTIONS = ["portable", "sse2", "avx2"]


class Bench:
    def __init__(self, erngen, work, only=""):
        self.erngen, self.work, self.only = erngen, pathlib.Path(work), only
        self.work.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments):
        return subprocess.run([self.erngen, *map(str, arguments)], check=True, capture_output=True, text=True).stdout

    def processor_seconds(self, *arguments):
        process = subprocess.Popen([self.erngen, *map(str, arguments)], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{arguments}: failed")
        return usage.ru_utime

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json", "-"))

    def chosen(self, names):
        """Those of the names that --only selects."""
        return [name for name in names if re.search(self.only, name)]

    def quantised(self, name, shape, k, spectra=None):
        """A random network of the shape, quantised to 12 bits with 300 normal frames, its spectra to so many bits."""
        path = self.work / (re.sub(r"\W+", "_", f"{name} k{k}" + f" s{spectra}" * bool(spectra)) + ".q.safetensors")
        if not path.exists():
            frames = numpy.random.default_rng(SEED).standard_normal((300, int(shape[shape.index("--input") + 1])))
            numpy.save(self.work / "x.npy", frames.astype("float32"))
            self.run("new", *shape, "--block", k, "--seed", SEED, "-o", self.work / "float.safetensors")
            width = ["--spectra", spectra] if spectra else []
            self.run("quantise", self.work / "float.safetensors", "--calibration", self.work / "x.npy", *width, "-o", path, "--json",
                     path.with_suffix(".json"))
        return path

    def features(self, directory, frames, streams):
        """Normal input of [streams, frames, features] for a design."""
        width = json.loads((directory / "manifest.json").read_text())["input"]["size"]
        file = self.work / f"in_{width}_{frames}_{streams}.npy"
        numpy.save(file, numpy.random.default_rng(SEED + 1).standard_normal((streams, frames, width)).astype("float32"))
        return file

    def generate(self, path, options, streams):
        """The design's directory, seconds and megabytes of its generation."""
        directory = self.work / (path.name.split(".")[0] + f"_{streams}")
        started = time.time()
        command = [self.erngen, "generate", path, *map(str, options), "--prefix", "ern_", "-o", directory]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        generated = time.time() - started
        if status:
            raise SystemExit(f"{path}: generate failed")
        return directory, generated, usage.ru_maxrss / 1024

    def design(self, path, options, frames, streams, stalls):
        """Generates and simulates; returns predicted and simulated figures."""
        directory, seconds, megabytes = self.generate(path, options, streams)
        x = self.features(directory, frames, streams)
        result = {"plan": json.loads((directory / "manifest.json").read_text())["predicted"], "generate_seconds": round(seconds, 2),
                  "generate_mb": round(megabytes),
                  "verilog_kb": round(sum(f.stat().st_size for f in (directory / "rtl").iterdir()) / 1024), "directory": directory.name}
        runs = [("simulated", [])] + ([("with_stalls", ["--stalls", SEED]), ("again", [])] if stalls else [])
        for name, extra in runs:  # the first also builds the bench
            started = time.time()
            report = self.json("simulate", directory, "--input", x, "--output", self.work / "y.npy", *extra)
            keys = ["frames", "outputs_checked", "mismatches", "cycles_per_frame", "latency_cycles"]
            result[name] = {**{key: report[key] for key in keys}, "seconds": round(time.time() - started, 1)}
        return result


def paper_design(bench, name, streams):
    """The network of a paper's layer and the options of its design: latency counts with one stream, the rate with several."""
    return bench.quantised(name, *LAYERS[name]), ["--device", "xcku060", "--streams", streams, "--goal", "latency" if streams == 1 else "rate"]


def measure_paper(bench, results):
    for name in bench.chosen(LAYERS):
        for streams in (1, 3):
            results.setdefault(name, {})[str(streams)] = bench.design(*paper_design(bench, name, streams), 200, streams, True)
            yield f"{name}, {streams} stream(s)"


def measure_winograd(bench, results):
    def sqnr(path):
        return round(json.loads(path.with_suffix(".json").read_text())["output_sqnr_db"], 1)

    for name, streams, level, form, spectra, options in WINOGRAD:
        if name not in bench.chosen(LAYERS):
            continue
        path = bench.quantised(name, *LAYERS[name], spectra)
        options = ["--device", "xcku060", "--streams", streams, "--pipeline", level, "--lane-form", form, *options.split()]
        design = bench.design(path, options, 40 if streams == 1 else 30, streams, False)
        plain = bench.quantised(name, *LAYERS[name], PLAIN_SPECTRA)
        results[f"{name}, {streams}, {level}"] = {**design, "spectra": spectra, "sqnr": sqnr(path), "plain_sqnr": sqnr(plain)}
        yield f"{name}, {streams} stream(s), level {level}"


def measure_scaling(bench, results):
    for cell, shape in (("LSTM", GOOGLE), ("GRU", [*GRU, "before"])):
        for k in (4, 8, 16, 32):
            path = bench.quantised(f"scaling {cell}", shape, k)
            curve = results.setdefault(f"{cell}, k = {k}", {})
            for dsp in (30, 50, 75, 100, 150, 220, 350, 500, 750, 1000, 1500, 2000, 2760):
                try:
                    plan = bench.json("plan", path, "--device", "xcvu9p", "--goal", "rate", "--max-dsp", dsp)
                except subprocess.CalledProcessError:
                    continue  # no engine of this block size is so small
                curve[str(dsp)] = {key: plan[key] for key in ("dsp", "cycles_per_frame", "latency_cycles", "roofline_cycles")}
            yield f"{cell}, k = {k}"


def measure_published(bench, results):
    for name in bench.chosen(PUBLISHED):
        shape, steps, blocks = PUBLISHED[name]
        for k in blocks:
            path = bench.quantised(name, shape, k)
            figure = bench.design(path, ["--device", "xcku060", "--goal", "latency"], max(steps, 20), 1, False)
            simulated = figure["simulated"]
            simulated["sequence_cycles"] = simulated["latency_cycles"] + (steps - 1) * simulated["cycles_per_frame"]
            results[f"{name}, k = {k}"] = {"steps": steps, **figure}
            yield f"{name}, k = {k}"


def measure_shallow(bench, results):
    for name in bench.chosen(filter(SHALLOW.match, PUBLISHED)):
        shape, steps, blocks = PUBLISHED[name]
        for k in blocks:
            for level in (0, -1):
                options = ["--device", "xcku060", "--goal", "latency", "--pipeline", level]
                figure = bench.design(bench.quantised(name, shape, k), options, max(steps, 20), 1, False)
                figure["synthesis"] = synthesise(bench.work / figure["directory"])
                results.setdefault(f"{name}, k = {k}", {})[str(level)] = figure
                yield f"{name}, k = {k}, level {level}"


def measure_model(bench, results):
    for name in ("Google LSTM, k = 8", "Google LSTM, k = 16"):
        path = bench.quantised(name, *LAYERS[name])
        x = bench.work / "model.npy"
        numpy.save(x, numpy.random.default_rng(SEED).standard_normal((2000, 153)).astype("float32"))
        one = bench.work / "model_1.npy"
        numpy.save(one, numpy.load(x)[:1])
        rates = {name: [] for name in INSTRUCTIONS}
        for _ in range(5):  # in turn: what else the machine does meets all alike
            for instructions, runs in rates.items():
                seconds = [bench.processor_seconds("run", path, "--arithmetic", "fixed", "--input", frames, "--output", bench.work / "y.npy",
                                                   "--instructions", instructions) for frames in (x, one)]
                runs.append(round(1999 / (seconds[0] - seconds[1])))
        best = {instructions: max(runs) for instructions, runs in rates.items()}
        results[name] = {"frames_per_second": best, "avx2_to_sse2": round(best["avx2"] / best["sse2"], 2), "runs": rates}
        yield name


def measure_synthesis(bench, results):
    designs = {f"{name}, {streams} stream(s)": (name, streams) for name in E_RNN for streams in (1, 3)}
    for title in bench.chosen(designs):
        name, streams = designs[title]
        directory, *_ = bench.generate(*paper_design(bench, name, streams), streams)
        results[title] = synthesise(directory)
        yield title


def synthesise(directory):
    """Yosys on the whole design, module by module (cells counted with their instances)."""
    log, stat, netlist = (directory / name for name in ("yosys.log", "yosys.txt", "yosys.json"))
    script = ("read_verilog ../rtl/*.v; synth_xilinx -family xc7 -noiopad -top erngen_accelerator; "
              f"tee -q -o {stat.resolve()} stat; write_json {netlist.resolve()}")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["yosys", "-q", "-l", str(log.resolve()), "-p", script], cwd=directory / "images", check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    timing = longest_paths.timing_of(json.loads(netlist.read_text()), "erngen_accelerator")
    netlist.unlink()
    return {"seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), **figures(stat.read_text()),
            "levels": timing.levels()[0],
            "paths": [{key: path[key] for key in ("delay", "luts", "chains", "start", "end")} for path in timing.longest(5)]}


def figures(stat):
    """Resources of the whole design and of one lane from the text of `stat`. (Yosys 0.23 writes the hierarchy's part of `stat -json` as
    text.)"""
    sections = re.findall(r"^=== (\S+) ===$(.*?)(?=^===)", stat, re.MULTILINE | re.DOTALL)
    cells = {name: {cell: int(n) for cell, n in re.findall(r"^ +([\\$A-Za-z]\S*) +(\d+)$", text, re.MULTILINE)} for name, text in sections}

    def totals(name):
        counts = collections.Counter()
        for cell, n in cells[name].items():
            for inner, m in (totals(cell).items() if cell in cells else [(cell, 1)]):
                counts[inner] += n * m
        return counts

    whole = totals("erngen_accelerator")
    srl = sum(n for c, n in whole.items() if c.startswith("SRL"))
    ram = sum(n * (4 if "32M" in c or "64M" in c else 2) for c, n in whole.items() if re.match(r"RAM\d", c))
    lut = (lambda counts: sum(n for c, n in counts.items() if re.fullmatch(r"LUT[1-6]", c)))
    ff = (lambda counts: sum(n for c, n in counts.items() if c.startswith("FD")))
    lane = totals(next(name for name in cells if name.endswith("ern_lane")))
    return {"dsp": whole["DSP48E1"], "bram36": whole["RAMB36E1"] + whole["RAMB18E1"] / 2, "lut": lut(whole) + srl + ram,
            "lut_logic": lut(whole), "lut_srl": srl, "lut_ram": ram, "ff": ff(whole), "carry4": whole["CARRY4"],
            "lane": {"dsp": lane["DSP48E1"], "carry4": lane["CARRY4"], "lut": lut(lane), "ff": ff(lane)}}


PARTS = {"paper": measure_paper, "winograd": measure_winograd, "scaling": measure_scaling, "published": measure_published, "shallow": measure_shallow,
         "model": measure_model, "synthesis": measure_synthesis}


def table(header, rows):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header)] + ["| " + " | ".join(map(str, r)) + " |" for r in rows]) + "\n"


def number(value):
    return "-" if value is None else f"{value:.1f}".removesuffix(".0")


def simulation_times(design):
    """Seconds of the build and frames a second: the same run again finds the bench built."""
    first, again = (design.get(run, {}).get("seconds") for run in ("simulated", "again"))
    return (number(first - again), number(design["again"]["frames"] / again)) if again else ("-", "-")


def stream_title(name):
    """A design's name as a reader wants it."""
    return name.replace("1 stream(s)", "1 stream").replace("stream(s)", "streams")


def paper_tables(paper):
    rows, lanes = [], []
    timed = any(simulation_times(design)[0] != "-" for designs in paper.values() for design in designs.values())
    for name, designs in paper.items():
        one, three = designs["1"]["simulated"], designs.get("3", {}).get("simulated", {})
        rows.append([name, one["latency_cycles"], number(one["cycles_per_frame"]), number(three.get("cycles_per_frame")),
                     "; ".join(map(str, E_RNN[name])) if name in E_RNN else "-"])
        for streams, design in designs.items():
            plan = design["plan"]
            checked = sum(design[run]["outputs_checked"] for run in ("simulated", "with_stalls") if run in design)
            wrong = sum(design[run]["mismatches"] for run in ("simulated", "with_stalls") if run in design)
            lanes.append([name, streams, f"{plan['rows']} x {plan['columns']}", plan["readout"], plan["ports"], plan["dsp"],
                          number(plan["roofline_cycles"]), number(plan["cycles_per_frame"]), plan["latency_cycles"], checked, wrong,
                          design["generate_seconds"], design["generate_mb"], design["verilog_kb"], *(simulation_times(design) if timed else ())])
    return (table(["layer", "latency", "one stream", "three streams", "E-RNN at 200 MHz (latency; a frame)"], rows) + "\n"
            + table(["layer", "streams", "lanes", "D", "U", "DSP (plan)", "roofline", "cycles (plan)", "latency (plan)", "words compared",
                     "mismatches", "generate, s", "MB", "Verilog, KB", *(["Verilator build, s", "frames/s simulated"] if timed else [])], lanes))


def winograd_table(designs):
    rows = []
    for title, design in designs.items():
        name, streams, level = title.rsplit(", ", 2)
        plan, run = design["plan"], design["simulated"]
        products = plan["words"] if plan["lane_form"] == "bins" else (3 * plan["words"] / 2 - 1) / 2
        share = (lambda used, of: f"{number(used)} ({used / of:.0%})")
        rows.append([name, streams, level, f"{plan['lane_form']} ({number(products)})", design["spectra"],
                     f"{design['sqnr']} ({design['plain_sqnr']})", f"{plan['words']}, {plan['rows']} x {plan['columns']}",
                     plan["dsp"], share(plan["bram36"], 1080), share(plan["lut"], 331680),
                     f"{number(plan['roofline_cycles'])}, {number(plan['form_roofline_cycles'])}", number(plan["cycles_per_frame"]),
                     number(run["cycles_per_frame"]), f"{plan['latency_cycles']}, {run['latency_cycles']}" if streams == "1" else "-",
                     run["outputs_checked"], run["mismatches"]])
    return table(["layer", "streams", "level", "form", "bits of spectra", "SQNR, dB", "words, lanes", "DSP (plan)", "BRAM36 (plan)", "LUT (plan)",
                  "rooflines", "cycles (plan)", "cycles", "latency (plan, simulated)", "words compared", "mismatches"], rows)


def shallow_table(layers):
    rows = []
    for name, levels in layers.items():
        for level, figure in levels.items():
            run, mapped = figure["simulated"], figure["synthesis"]
            delay = mapped["paths"][0]["delay"]
            rows.append([name, level, mapped["dsp"], mapped["lut"], mapped["ff"], run["latency_cycles"], number(run["cycles_per_frame"]),
                         run["mismatches"], f"{delay:.2f}", f"{run['latency_cycles'] * delay / 1000:.3f}",
                         f"{1000 / delay / run['cycles_per_frame']:.2f}"])
    return table(["layer", "level", "DSP48", "LUT", "FF", "latency of a step", "cycles a step", "mismatches", "longest path, ns",
                  "latency at that clock, us", "million steps a second"], rows)


def report(results, path):
    """Writes the Markdown beside the results file."""
    def of(part):
        """The version that a table's figures are of."""
        return f"Version {results['versions'][part]}. "

    parts = [f"# Speed and size\n\nMade by `tools/benchmark.py`; random weights (seed {SEED}), 12-bit weights and activations. Each table names the "
             "version that was measured. It is either planned or simulated with Verilator, as it says; simulated words are compared with the "
             "bit-exact model. Times are those of one machine with two cores.\n"]
    stem = path.with_suffix("")
    if "paper" in results:
        parts.append("## The E-RNN layers on the XCKU060\n\n" + of("paper")
                     + "Simulated, with and without stalls; the device has 2,760 DSP "
                     "blocks. Lanes, D and U are rows x columns, `--readout` and `--ports` of the [engine](../concepts/glossary.md#the-engine).\n\n"
                     + paper_tables(results["paper"]))
        parts.append(f"![latency and rate against other designs at 200 MHz]({stem.name}-others.svg)\n")
    if "winograd" in results:
        parts.append("### Lanes by Winograd's inner product\n\n" + of("winograd")
                     + "Simulated, 40 frames with one stream, 30 of each with three. `--pipeline` is the level of registers: -1 has fewer, "
                     "which permit only a lower clock. `--lane-form` has in brackets the products for a block. The SQNR of the "
                     f"outputs is that of the calibration frames, in brackets that with spectra of {PLAIN_SPECTRA} bits. Rooflines of plain products "
                     "and of the form's, for the DSP blocks used.\n\n"
                     + winograd_table(results["winograd"]))
    if "synthesis" in results:
        share = (lambda n, of: f"{number(n)} ({n / of:.0%})")
        rows = [[stream_title(name), s["dsp"], share(s["bram36"], 1080), share(s["lut"], 331680), share(s["ff"], 663360), s["carry4"], s["levels"],
                 s["seconds"]] for name, s in results["synthesis"].items()]
        lanes = [[stream_title(name), *s["lane"].values()] for name, s in results["synthesis"].items()]
        parts.append("## Synthesis\n\n" + of("synthesis")
                     + "Yosys `synth_xilinx -family xc7`, module by module without flattening; LUT with shift registers and "
                     "LUT RAM; in brackets the share of an XCKU060. Levels: the longest path in LUT outside carry chains "
                     "(`tools/longest_paths.py`). Seconds of processor time.\n\n"
                     + table(["design", "DSP48", "BRAM36", "LUT", "FF", "CARRY4", "levels", "s"], rows)
                     + "\nOne lane by itself: its accumulators and pre-adders are in the DSP blocks, for no carry chain is left outside.\n\n"
                     + table(["design", "DSP48", "CARRY4", "LUT", "FF"], lanes))
    if "scaling" in results:
        budgets = sorted({int(d) for curve in results["scaling"].values() for d in curve})
        rows = []
        share = (lambda p: f"{number(p['cycles_per_frame'])} ({p['roofline_cycles'] / p['cycles_per_frame']:.0%})" if p else "-")
        for name, curve in results["scaling"].items():
            rows.append([name, *(share(curve.get(str(d))) for d in budgets)])
        parts.append("## Cycles a frame against multipliers, one stream\n\n" + of("scaling")
                     + "Planned, on a device with memory enough; in brackets the share of the "
                     "roofline of the DSP blocks used, above 100 % where transforms multiply in LUTs.\n\n"
                     + table(["at most DSP", *map(str, budgets)], rows)
                     + f"\n![cycles against multipliers]({stem.name}-scaling.svg)\n")
    if "published" in results:
        rows = [[name, f["plan"]["dsp"], f["simulated"]["latency_cycles"], number(f["simulated"]["cycles_per_frame"]), f["steps"],
                 number(f["simulated"]["sequence_cycles"]), f["simulated"]["mismatches"]] for name, f in results["published"].items()]
        parts.append("## Layers of other papers\n\n" + of("published")
                     + "Simulated, one stream on the XCKU060; the planner's goal is the latency. A sequence is the "
                     "latency of its first step and the distance of the others.\n\n"
                     + table(["layer", "DSP", "latency of a step", "cycles a step", "steps", "cycles a sequence", "mismatches"], rows))
    if "shallow" in results:
        parts.append("### With a shallow pipeline\n\n" + of("shallow")
                     + "The smallest of these layers at the levels 0 and -1 of `--pipeline`, simulated; mapped by Yosys "
                     "for the 7 series, and the longest path of the netlist by the delay model of `tools/longest_paths.py`, which ranks paths before "
                     "placement and predicts no clock: steps a second are those of a clock as slow as that path.\n\n"
                     + shallow_table(results["shallow"]))
    if "model" in results:
        rows = [[name, *(f["frames_per_second"][i] for i in INSTRUCTIONS), f["avx2_to_sse2"]] for name, f in results["model"].items()]
        parts.append("## The bit-exact model\n\n" + of("model")
                     + "`erngen run --arithmetic fixed --instructions`, 2,000 frames less a run of one, frames a second of "
                     "processor time: the best of five runs of each in turn. All give the same words; the best that the processor has is the "
                     "default.\n\n" + table(["layer", "portable", "SSE2", "AVX2", "AVX2 / SSE2"], rows))
    path.with_suffix(".md").write_text("\n".join(parts))
    plot(results, stem)


def labels_apart(axes, points):
    """Draws points (x, y, name, marker, colour, side) with their names at the left or right; names that would meet move down, with a line."""
    below = {"left": math.inf, "right": math.inf}  # where the next name may stand
    scale = axes.figure.dpi / 72
    for x, y, name, marker, colour, side in sorted(points, key=lambda p: -p[1]):
        axes.plot(x, y, marker, color=colour)
        at_y = axes.transData.transform((x, y))[1]
        text_y = min(at_y, below[side])
        below[side] = text_y - 10 * scale
        right = side == "right"
        axes.annotate(name, (x, y), textcoords="offset points", xytext=(16 if right else -16, (text_y - at_y) / scale), fontsize=7,
                      ha="left" if right else "right", va="center",
                      arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": colour, "relpos": (0 if right else 1, 0.5)})


def plot(results, stem):
    try:
        import matplotlib
    except ImportError:
        print("no plots: install python3-matplotlib", file=sys.stderr)
        return
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "erngen"  # the same bytes each time
    from matplotlib import pyplot

    def save(figure, name):
        file = pathlib.Path(f"{stem}-{name}.svg")
        figure.savefig(file, metadata={"Date": None, "Creator": None}, bbox_inches="tight")
        file.write_text("\n".join(line.rstrip() for line in file.read_text().splitlines()) + "\n")
        pyplot.close(figure)

    if "paper" in results:
        figure, axes = pyplot.subplots(figsize=(8, 5))
        points = [(latency, rate / 1e6, name, "o", "tab:gray", "left") for name, latency, rate in OTHERS]
        for name, designs in results["paper"].items():
            latency = designs["1"]["simulated"]["latency_cycles"] / 200
            rate = 200 / designs["3"]["simulated"]["cycles_per_frame"]
            points.append((latency, rate, "erngen " + name, "s", "tab:blue", "right"))
            roofline = 200 / designs["3"]["plan"]["roofline_cycles"]
            axes.plot([latency, latency], [rate, roofline], ":", color="tab:blue", linewidth=0.8)
        axes.set(xscale="log", yscale="log", xlabel="latency of one frame, microseconds at 200 MHz", xlim=(0.8, 400), ylim=(0.01, 3),
                 ylabel="million frames a second, three streams", title="dotted: to the roofline of plain products")
        axes.title.set_fontsize(8)
        labels_apart(axes, points)
        save(figure, "others")
    if "scaling" in results:
        figure, axes = pyplot.subplots(figsize=(8, 5))
        for index, (name, curve) in enumerate(results["scaling"].items()):
            points = sorted(curve.values(), key=lambda p: p["dsp"])
            colour = f"C{index}"
            axes.plot([p["dsp"] for p in points], [p["cycles_per_frame"] for p in points], "o-", color=colour, markersize=3, label=name)
            axes.plot([p["dsp"] for p in points], [p["roofline_cycles"] for p in points], ":", color=colour)
        axes.set(xscale="log", yscale="log", xlabel="DSP blocks", ylabel="cycles a frame, one stream (dotted: roofline)")
        axes.legend(fontsize=7)
        save(figure, "scaling")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen", nargs="?", help="the erngen command")
    parser.add_argument("--parts", default="paper,scaling,published,model")
    parser.add_argument("--only", default="", metavar="REGEX", help="designs of paper, published and synthesis")
    parser.add_argument("--work", default="build/benchmark")
    parser.add_argument("--results", default="docs/results/results.json")
    parser.add_argument("--report", metavar="FILE.json")
    arguments = parser.parse_args()
    if arguments.report:
        path = pathlib.Path(arguments.report)
        report(json.loads(path.read_text()), path)
        return
    if not arguments.erngen:
        parser.error("give the erngen command or --report")
    unknown = set(arguments.parts.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"unknown part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    path = pathlib.Path(arguments.results)
    results = json.loads(path.read_text()) if path.exists() else {}
    bench = Bench(str(pathlib.Path(arguments.erngen).resolve()), arguments.work, arguments.only)
    version = bench.run("--version").split()[-1]
    for part in arguments.parts.split(","):
        versions = results.setdefault("versions", {})
        if not arguments.only or part not in versions:  # a table is as old as its oldest row
            versions[part] = version
        for done in PARTS[part](bench, results.setdefault(part, {})):
            print(f"{part}: {done}", flush=True)
            path.write_text(json.dumps(results, indent=1) + "\n")
    report(results, path)


if __name__ == "__main__":
    main()
