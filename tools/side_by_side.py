#!/usr/bin/env python3
"""Writes docs/results/side-by-side.md: published accelerators of the E-RNN layers beside erngen's designs of the same layers.

    tools/side_by_side.py ERNGEN [--work DIR]

erngen's figures: cycles, DSP and block RAM as planned at 200 MHz (the simulation compares cycles, see docs/results/results.md); simulated and
mapped figures are taken from docs/results/results.json where it has them. Energy is an estimate; its model stands in the page. Needs numpy.
"""
import argparse
import json
import pathlib
import re
import subprocess

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOOGLE = "--cell lstm --input 153 --hidden 1024 --projection 512 --peephole"
GRU = "--cell gru --reset before --input 153 --hidden 1024"
LAYERS = [("Google LSTM, k = 8", GOOGLE, 8), ("Google LSTM, k = 16", GOOGLE, 16),
          ("GRU-1024, reset before, k = 8", GRU, 8), ("GRU-1024, reset before, k = 16", GRU, 16)]
DEVICES = ["xcku060", "xc7vx690t"]
# As published; layer, design, board, bits, latency us, frames a second, watts. ESE: Han et al., FPGA 2017; C-LSTM: Wang et al., FPGA 2018;
# E-RNN: Li et al., HPCA 2019, table III. Frames a second of E-RNN and C-LSTM are those of three interleaved streams.
PUBLISHED = [
    ("LSTM, pruned", "ESE", "XCKU060", 12, "82.7 (57.0 in theory)", "17,544", "41"),
    ("LSTM, k = 8", "C-LSTM FFT8", "XC7VX690T", 16, "16.7", "179,687", "22"),
    ("LSTM, k = 16", "C-LSTM FFT16", "XC7VX690T", 16, "9.1", "330,275", "23"),
    ("LSTM, k = 8", "E-RNN FFT8", "XCKU060 / XC7VX690T", 12, "13.7 / 12.9", "231,514 / 240,389", "- / 24"),
    ("LSTM, k = 16", "E-RNN FFT16", "XCKU060 / XC7VX690T", 12, "7.4 / 8.3", "429,327 / 382,510", "- / 25"),
    ("GRU, k = 8", "E-RNN FFT8", "XCKU060 / XC7VX690T", 12, "10.5 / 10.5", "284,540 / 284,463", "- / 22"),
    ("GRU, k = 16", "E-RNN FFT16", "XCKU060 / XC7VX690T", 12, "6.7 / 6.5", "445,167 / 464,582", "- / 29"),
]
KOIOS = [(499, 2688), (989, 1344), (1479, 924)]  # multipliers, least cycles a step of clstm_like (k = 16, 18 bits), Arora et al., FPL 2021
# Horowitz, ISSCC 2014, 45 nm: 8-bit product 0.2 pJ, so 0.2 (a/8)(b/8) pJ for a x b bits; 64 bits from an 8-KiB SRAM 10 pJ.
PRODUCT_PJ, BIT_PJ = 0.2 / 64, 10 / 64


def json_of(command):
    return json.loads(subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout)


def quantised(erngen, work, shape, k):
    path = work / (re.sub(r"\W+", "_", f"{shape} {k}") + ".qnet")
    if not path.exists():
        numpy.save(work / "x.npy", numpy.random.default_rng(1).standard_normal((300, 153)).astype("float32"))
        subprocess.run([erngen, "new", *shape.split(), "--block", str(k), "--seed", "1", "-o", work / "n.net"], check=True, capture_output=True)
        subprocess.run([erngen, "quantise", work / "n.net", "--calibration", work / "x.npy", "-o", path], check=True, capture_output=True)
    return path


def energy_uj(plan):
    """Products of a frame, and the weights' bits that it reads."""
    products = plan["roofline_cycles"] * plan["dsp"]
    word = plan["words"] * 12 + plan["words"] // 2 - 1
    bits = plan["busy_cycles"] / plan["streams"] * plan["rows"] * plan["columns"] * word
    return products * 12 * 18 * PRODUCT_PJ * 1e-6, bits * BIT_PJ * 1e-6, products, bits


def table(header, rows):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header)] + ["| " + " | ".join(map(str,
        row)) + " |" for row in rows]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen")
    parser.add_argument("--work", default=str(ROOT / "build/side-by-side"))
    options = parser.parse_args()
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    results = json.loads((ROOT / "docs/results/results.json").read_text())
    planned, energies = [], []
    for name, shape, k in LAYERS:
        network = quantised(options.erngen, work, shape, k)
        for device in DEVICES:
            one = json_of([options.erngen, "plan", network, "--device", device, "--clock", 200, "--goal", "latency", "--json", "-"])
            three = json_of([options.erngen, "plan", network, "--device", device, "--clock", 200, "--streams", 3, "--goal", "rate", "--json", "-"])
            planned.append([name, device.upper(), f"{one['rows']} x {one['columns']}", f"{one['latency_us']:.2f}", f"{one['frames_per_second']:,.0f}",
                            f"{three['frames_per_second']:,.0f}", f"{one['dsp']:,}", f"{one['bram36']:g}", f"{one['lut']:,} (est.)",
                                f"{one['ff']:,} (est.)"])
            if device == "xcku060":
                product, memory, products, bits = energy_uj(one)
                energies.append([name, f"{products:,.0f}", f"{bits / 1e6:.1f}", f"{product:.2f}", f"{memory:.2f}", f"{product + memory:.2f}"])
    simulated = [[name, streams, d["simulated"]["latency_cycles"], f"{d['simulated']['cycles_per_frame']:g}", d["simulated"]["mismatches"]]
                 for name, designs in results.get("paper", {}).items() for streams, d in designs.items()]
    mapped = [[name, s["dsp"], s["bram36"], s["lut"], s["ff"]] for name, s in results.get("synthesis", {}).items()]
    text = ("# Side by side\n\nMade by `tools/side_by_side.py`. No design was placed and routed on these devices: "
            "clocks of erngen's designs are the papers' 200 MHz, assumed.\n\n## As published\n\nOne layer, 200 MHz (the upper of two).\n\n"
            + table(["layer", "design", "device", "bits", "latency, us", "frames per second (3 streams)", "W"], PUBLISHED)
            + "\nKoios `clstm_like`, the only other open RTL of that LSTM (k = 16, 18 bits): at least "
            + ", ".join(f"{cycles:,} cycles a step with {dsp:,} multipliers" for dsp, cycles in KOIOS) + ".\n"
            + "\n## erngen, planned\n\n12-bit weights and activations, 200 MHz; latency and the rate of one stream from the plan with the goal "
            "latency, the rate of three streams from the plan with the goal rate; DSP and block RAM as Yosys maps them, LUT and FF estimated.\n\n"
            + table(["layer", "device", "lanes", "latency, us", "frames per second", "of 3 streams", "DSP", "BRAM36", "LUT", "FF"], planned))
    text += "\n## erngen, simulated\n\n" + (table(["layer", "streams", "latency, cycles", "cycles a frame", "mismatches"], simulated) if simulated
                                             else "Not in docs/results/results.json: `tools/benchmark.py --parts paper` measures it.\n")
    text += "\n## erngen, mapped by Yosys\n\n" + (table(["design", "DSP48", "BRAM36", "LUT", "FF"], mapped) if mapped
                                                  else "Not in docs/results/results.json: `tools/benchmark.py --parts synthesis` measures it.\n")
    text += ("\n## Energy, estimated\n\nA model, not a measurement: every product of a frame as 12 x 18 bits, and every bit of weights read once "
             "from block RAM, at the figures of Horowitz (ISSCC 2014, 45 nm: 0.2 pJ for 8 x 8 bits, 10 pJ for 64 bits from an 8-KiB SRAM). "
             "Routing, clock, registers, activations and leakage, which dominate in an FPGA, are not in it: it ranks designs and says "
             "nothing about watts.\n\n"
             + table(["layer on the XCKU060", "products a frame", "weight bits a frame, M", "products, uJ", "memory, uJ", "together, uJ"], energies))
    (ROOT / "docs/results/side-by-side.md").write_text(text)


if __name__ == "__main__":
    main()
