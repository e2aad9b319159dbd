#!/usr/bin/env python3
"""Writes docs/results/side-by-side.md: published accelerators of the E-RNN layers beside erngen's designs of the same layers.

    tools/side_by_side.py ERNGEN [--work DIR]

erngen's figures: cycles, DSP and block RAM as planned at 200 MHz (the simulation compares cycles, see docs/results/results.md); simulated and
mapped figures are taken from docs/results/results.json where it has them. Power and energy are estimates (docs/results/energy.md). Needs numpy.
"""
import argparse
import json
import pathlib
import re
import subprocess

import numpy

from benchmark import stream_title

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
# One layer of erngen with at most as many multipliers as another design has: what that design is, its multipliers, its cycles a frame as
# published, and ours. Spartus: Gao, Delbruck and Liu, TNNLS 2022, arXiv 2108.02297, abstract: 1 us on average for 1,024 cells, 9.4 TOp/s with
# sparsity, 46 times what the hardware makes without, at 1.1 TOp/s/W; that is 204 GOp/s, 511 multiply-adds a cycle at 200 MHz.
SPARTUS_MULTIPLIERS = 511
EQUAL = [*((f"Koios clstm_like, {dsp:,} multipliers", dsp, f"at least {cycles:,}", "Google LSTM", GOOGLE, 16) for dsp, cycles in KOIOS),
         *(("Spartus, LSTM-1024, up to 96 % of the weights zero", SPARTUS_MULTIPLIERS, "200 on average", "LSTM-1024, 123 in",
            "--cell lstm --input 123 --hidden 1024", k) for k in (8, 16))]
EQUAL_TEXT = """
## With equal multipliers

Planned, one stream, goal rate, at most as many DSP blocks as the other design has multipliers. Koios: the least cycles of a step; 18 bits,
where erngen has 12. Spartus: 1 us on average, here as cycles of an assumed 200 MHz, for which 511 multipliers follow from its paper's
figures (9.4 TOp/s, 46 times what the hardware makes without sparsity). **Spartus is faster with equal multipliers, by sparsity**: it
multiplies only by weights that are not zero, and only inputs that have changed. Its time depends on the data; erngen's does not.

"""
EDGE_TEXT = """
## Other layers

EdgeDRNN (Gao et al., arXiv 1912.12193 and 2012.13600) keeps the weights of a GRU of 2 x 768 cells in DRAM: some 500 us a frame, 20.2 GOp/s on
average by leaving out inputs that have not changed, 2.42 W at the plug, on an inexpensive board. erngen keeps block-circulant weights on
the chip, and takes a large one for it.

"""
HLS4ML_TEXT = """
hls4ml (Khoda et al., arXiv 2207.00559, section 5): 4,300 to 9,700 sequences a second of QuickDraw's LSTM, 100 steps of 3 inputs with 128 cells,
from the initiation intervals of its designs; a V100 makes 660 one at a time. The same layer by erngen, one sequence after the other, simulated
cycles at an assumed 200 MHz; k = 1 is dense:

"""
ENERGY_TEXT = """
## Power and energy, estimated

**Estimates** by the model of [energy](energy.md), at the papers' 200 MHz; in brackets the model's bounds. Nothing was measured on a board. The
boards' watts above are those of whole boards, with DRAM, regulators and the link to a host, which the estimates leave out: ESE 41 W (428
frames per second per watt), C-LSTM 22 and 23 W (8,168 and 14,359), E-RNN 22 to 29 W (10,016 to 16,020).

"""


def json_of(command):
    return json.loads(subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout)


def quantised(erngen, work, shape, k):
    path = work / (re.sub(r"\W+", "_", f"{shape} {k}") + ".qnet")
    if not path.exists():
        inputs = int(re.search(r"--input (\d+)", shape).group(1))
        numpy.save(work / "x.npy", numpy.random.default_rng(1).standard_normal((300, inputs)).astype("float32"))
        subprocess.run([erngen, "new", *shape.split(), "--block", str(k), "--seed", "1", "-o", work / "n.net"], check=True, capture_output=True)
        subprocess.run([erngen, "quantise", work / "n.net", "--calibration", work / "x.npy", "-o", path], check=True, capture_output=True)
    return path


def three_digits(value):
    value = float(f"{value:.3g}")
    return f"{value:,.0f}" if value >= 1000 else f"{value:g}"


def power_row(name, device, streams, plan):
    """Estimated watts with bounds, and what follows from them at the plan's clock."""
    power = plan["power"]
    low, high = (plan["frames_per_second"] / power[bound] for bound in ("high_w", "low_w"))
    return [name, device.upper(), streams, f"{three_digits(plan['frames_per_second'])}",
            f"{three_digits(power['total_w'])} ({three_digits(power['low_w'])} to {three_digits(power['high_w'])})",
            three_digits(power["energy_per_frame_uj"]),
            f"{three_digits(power['frames_per_second_per_watt'])} ({three_digits(low)} to {three_digits(high)})"]


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
            energies += [power_row(name, device, 1, one), power_row(name, device, 3, three)]
    equal = []
    for other, dsp, cycles, ours, shape, k in EQUAL:
        plan = json_of([options.erngen, "plan", quantised(options.erngen, work, shape, k), "--device", "xcku060", "--clock", 200, "--max-dsp", dsp,
                        "--goal", "rate", "--json", "-"])
        equal.append([other, cycles, f"{ours}, k = {k}", f"{plan['dsp']:,}", f"{plan['cycles_per_frame']:g}", f"{plan['latency_cycles']:,}"])
    sequences = [[name, f["plan"]["dsp"], f"{f['simulated']['sequence_cycles']:g}", f"{200e6 / f['simulated']['sequence_cycles']:,.0f}"]
                 for name, f in results.get("published", {}).items() if name.startswith("QuickDraw LSTM")]
    simulated = [[name, streams, d["simulated"]["latency_cycles"], f"{d['simulated']['cycles_per_frame']:g}", d["simulated"]["mismatches"]]
                 for name, designs in results.get("paper", {}).items() for streams, d in designs.items()]
    mapped = [[stream_title(name), s["dsp"], s["bram36"], s["lut"], s["ff"]] for name, s in results.get("synthesis", {}).items()]
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
    text += EQUAL_TEXT + table(["other design", "its cycles a frame", "erngen's layer", "DSP", "cycles a frame", "latency, cycles"], equal)
    text += EDGE_TEXT
    gru = {k: f["simulated"]["cycles_per_frame"] for k in (8, 16) if (f := results.get("published", {}).get(f"GRU 2 x 768, k = {k}"))}
    for k, cycles in gru.items():
        text += f"- k = {k}: {cycles:g} cycles a frame of that GRU on an XCKU060, simulated ([results](results.md))\n"
    if sequences:
        text += HLS4ML_TEXT + table(["layer", "DSP", "cycles a sequence", "sequences a second"], sequences)
    text += ENERGY_TEXT + table(["layer", "device", "streams", "frames per second", "W", "uJ a frame", "frames per second per watt"], energies)
    (ROOT / "docs/results/side-by-side.md").write_text(text)


if __name__ == "__main__":
    main()
