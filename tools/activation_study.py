#!/usr/bin/env python3
"""Writes docs/activation-study.md: error of activation units against LUTs, DSP blocks and block RAM.

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
    subprocess.run(["yosys", "-q", "-p", f"read_verilog ../rtl/*.v; synth_xilinx -family xc7 -noiopad -flatten -top erngen_activation; tee -q -o "
        f"{stat} stat"],
                   cwd=directory / "images", check=True, capture_output=True)
    cells = {c: int(n) for c, n in re.findall(r"^ +([A-Z]\w*) +(\d+)$", stat.read_text(), re.M)}
    lut = sum(n for c, n in cells.items() if c.startswith("LUT") or c.startswith("SRL"))
    return lut, cells.get("DSP48E1", 0), cells.get("RAMB36E1", 0) + cells.get("RAMB18E1", 0) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen")
    parser.add_argument("--widths", default="8,10,12,14,16")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        for width in map(int, options.widths.split(",")):
            for function in ("sigmoid", "tanh"):
                for kind, multiplier in KINDS:
                    seen = set()
                    for error in ERRORS:
                        place = pathlib.Path(temporary) / "unit"
                        done = subprocess.run([options.erngen, "unit", "activation", "--function", function, "--width", str(width), "--input-width",
                            str(min(width + 2, 18)),
                                               "--input-fraction", str(min(width + 2, 18) - 4), "--error", str(error), "--kind", kind,
                                                   "--multiplier", multiplier,
                                               "--simulate", "--json", "-", "-o", str(place)], capture_output=True, text=True)
                        if done.returncode == 5:
                            continue  # no unit of this kind is so good
                        if done.returncode:
                            raise SystemExit(done.stderr)
                        unit = json.loads(done.stdout)
                        lut, dsp, bram = mapped(place)
                        figures = (f"{unit['error_ulp']:.3f}", unit["entries"], lut, dsp, f"{bram:g}")
                        if figures in seen:
                            continue
                        seen.add(figures)
                        name = kind if kind == "table" else f"{kind}, product in {'a DSP block' if multiplier == 'dsp' else 'LUTs'}"
                        rows.append(f"| {width} | {function} | {name} | {error:g} | {' | '.join(map(str, figures))} | {unit['latency']} |")
                        print(rows[-1], flush=True)
    text = ("# Activation units: error against area\n\nMade by `tools/activation_study.py`: the smallest unit of each kind within an error, its "
        "bench run with every "
            "input (0 wrong words in all), mapped by Yosys 0.23 (`synth_xilinx -family xc7`, flattened). Errors in units of the last output bit; "
                "the argument is "
            "fixed<P,4> with P = min(A + 2, 18). Kinds that cannot reach an error, and rows that repeat a unit, are left out.\n\n"
            "| A, bits | function | kind | asked | error | entries | LUT | DSP48 | BRAM36 | cycles "
                "|\n|---|---|---|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n")
    (ROOT / "docs/activation-study.md").write_text(text)


if __name__ == "__main__":
    main()
