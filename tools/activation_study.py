#!/usr/bin/env python3
"""Writes docs/results/activation-study.md: error of activation units against LUTs, DSP blocks and block RAM.

    tools/activation_study.py ERNGEN [--widths 8,10,12,14,16]

Every unit is the smallest of its kind within an error (erngen unit activation), checked with every input by its own bench in Icarus, and
mapped by Yosys for the 7 series. The argument is fixed<P,4> with P = min(A + 2, 18).
"""
import argparse
import json
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = [("table", "lut"), ("piecewise", "lut"), ("piecewise", "dsp")]
ERRORS = [0.5, 0.75, 1, 2, 4]


def mapped(directory):
    stat = directory / "stat.txt"
    script = f"read_verilog ../rtl/*.v; synth_xilinx -family xc7 -noiopad -flatten -top erngen_activation; tee -q -o {stat} stat"
    subprocess.run(["yosys", "-q", "-p", script], cwd=directory / "images", check=True, capture_output=True)
    cells = {c: int(n) for c, n in re.findall(r"^ +([A-Z]\w*) +(\d+)$", stat.read_text(), re.M)}
    lut = sum(n for c, n in cells.items() if c.startswith("LUT") or c.startswith("SRL"))
    return lut, cells.get("DSP48E1", 0), cells.get("RAMB36E1", 0) + cells.get("RAMB18E1", 0) / 2


def study(erngen, place, width, function, kind, multiplier, error):
    """Figures of the smallest unit, or None if no unit of this kind is so good."""
    argument = min(width + 2, 18)
    done = subprocess.run([erngen, "unit", "activation", "--function", function, "--width", str(width), "--input-width", str(argument),
                           "--input-fraction", str(argument - 4), "--error", str(error), "--kind", kind, "--multiplier", multiplier,
                           "--simulate", "--json", "-", "-o", str(place)], capture_output=True, text=True)
    if done.returncode == 5:
        return None
    if done.returncode:
        raise SystemExit(done.stderr)
    unit = json.loads(done.stdout)
    lut, dsp, bram = mapped(place)
    return {"error": unit["error_ulp"], "entries": unit["entries"], "lut": lut, "dsp": dsp, "bram": bram, "cycles": unit["latency"]}


def kind_title(kind, multiplier):
    return kind if kind == "table" else f"{kind}, product in {'a DSP block' if multiplier == 'dsp' else 'LUTs'}"


def figures(unit):
    return [f"{unit['error']:.3f}", unit["entries"], unit["lut"], unit["dsp"], f"{unit['bram']:g}", unit["cycles"]]


def element_rows(units, width):
    """The units of one LSTM element, three of sigmoid and two of tanh, in every mixture of kinds: cells whose units differ in kind take them
    with the same latency, so a mixture costs what its units cost."""
    rows = []
    for sigmoid in KINDS:
        for tanh in KINDS:
            one, other = units.get((width, "sigmoid", *sigmoid, 1)), units.get((width, "tanh", *tanh, 1))
            if one and other:
                total = [3 * one[key] + 2 * other[key] for key in ("lut", "dsp", "bram")]
                rows.append([width, kind_title(*sigmoid), kind_title(*tanh), f"{max(one['error'], other['error']):.3f}", *total[:2], f"{total[2]:g}"])
    return rows


def table(header, rows):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header)] + ["| " + " | ".join(map(str, r)) + " |" for r in rows]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen")
    parser.add_argument("--widths", default="8,10,12,14,16")
    options = parser.parse_args()
    units, rows, elements = {}, [], []
    with tempfile.TemporaryDirectory() as temporary:
        for width in map(int, options.widths.split(",")):
            for function in ("sigmoid", "tanh"):
                for kind, multiplier in KINDS:
                    seen = []
                    for error in ERRORS:
                        unit = study(options.erngen, pathlib.Path(temporary) / "unit", width, function, kind, multiplier, error)
                        if not unit:
                            continue
                        units[width, function, kind, multiplier, error] = unit
                        if unit not in seen:
                            seen.append(unit)
                            rows.append([width, function, kind_title(kind, multiplier), f"{error:g}", *figures(unit)])
                            print(*rows[-1], flush=True)
            elements += element_rows(units, width)
    text = ("# Activation units: error against area\n\nMade by `tools/activation_study.py`: the smallest unit of each kind within an error, its "
            "bench run with every input (0 wrong words in all), mapped by Yosys 0.23 (`synth_xilinx -family xc7`, flattened). Errors in units of "
            "the last output bit; the argument is fixed<P,4> with P = min(A + 2, 18). Kinds that cannot reach an error, and rows that repeat a "
            "unit, are left out.\n\n"
            + table(["A, bits", "function", "kind", "asked", "error", "entries", "LUT", "DSP48", "BRAM36", "cycles"], rows)
            + "\n## Mixed kinds\n\nThe five units of one LSTM element, three of sigmoid and two of tanh, each within 1 ulp: sums of the rows above. "
              "`erngen quantise --sigmoid-unit KIND --tanh-unit KIND` makes a network of any mixture.\n\n"
            + table(["A, bits", "sigmoid", "tanh", "worst error", "LUT", "DSP48", "BRAM36"], elements))
    (ROOT / "docs/results/activation-study.md").write_text(text)


if __name__ == "__main__":
    main()
