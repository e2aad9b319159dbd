#!/usr/bin/env python3
# docs/formats.md from what the study of number formats printed.
#   build/sim/format_study 0 200 >STUDY; tools/format_report.py STUDY >docs/formats.md
import re
import sys

WIDTHS = [8, 12, 14, 16, 18]      # of weights and activations alike
ACTIVATIONS = [12, 16, 18]        # with weights of 8 bits


def read(path):
    rows = []
    for line in open(path, encoding="utf-8"):
        name, values = re.fullmatch(r"\d+ (.*?)\s+((?:\s*-?[\d.]+){5}) \| W 8:.*", line.strip()).groups()
        eight = re.findall(r"-?[\d.]+", line.split("W 8:")[1])
        rows.append((name, [float(v) for v in values.split()], [float(v) for v in eight]))
    return rows


def slope(row):
    """Decibels a bit from 12 bits to the widest measured width at which the spectrum fits the port, and that width."""
    name, diagonal, _ = row
    block = int(re.search(r"k = (\d+)", name).group(1))
    last = max(w for w in WIDTHS if w + block.bit_length() - 1 <= 18)
    return (diagonal[WIDTHS.index(last)] - diagonal[1]) / (last - 12), last


def losses(row):
    """Decibels a bit that were lost where weights or activations had more bits."""
    _, diagonal, eight = row
    steps = list(zip(WIDTHS, diagonal)), list(zip(ACTIVATIONS, eight))
    return max((a[1] - b[1]) / (b[0] - a[0]) for values in steps for a, b in zip(values, values[1:]))


def main():
    rows = read(sys.argv[1])
    slow = [(slope(r)[0], slope(r)[1], r) for r in rows if slope(r)[0] < 5]
    lost = [(losses(r), r) for r in rows if losses(r) > 0.5]
    medians = [sorted(r[1][n] for r in rows)[len(rows) // 2] for n in range(len(WIDTHS))]
    print(f"""# How errors follow the widths

Made by `tools/format_report.py` from `build/sim/format_study 0 {len(rows)}`: {len(rows)} seeded networks (every cell, 1 to 64 inputs, 4 to
128 cells, one or two layers, block sizes 1 to 16, inputs scaled by 2^-6 to 2^8, gates with biases up to +-20), each quantised on 200 frames and
measured on
the same frames. SQNR is that of the outputs against real numbers.

| weights and activations | {" | ".join(f"{w} bits" for w in WIDTHS)} |
|---|{"---|" * len(WIDTHS)}
| median SQNR, dB | {" | ".join(f"{m:.1f}" for m in medians)} |

- **5 dB a bit** from 12 bits to the widest of 14, 16 and 18 at which A + log2 k is at most 18:
{len(rows) - len(slow)} of {len(rows)} networks. The others:

| dB a bit | to | network | {" | ".join(str(w) for w in WIDTHS)} |
|---|---|---|{"---|" * len(WIDTHS)}""")
    for value, last, (name, diagonal, _) in sorted(slow):
        print(f"| {value:.2f} | {last} | {name} | {' | '.join(f'{v:.1f}' for v in diagonal)} |")
    print(f"""
- **More bits lose at most 0.5 dB a bit**, from 8 to 18 bits of weights and activations, and from 12 to 18 of activations with weights of 8:
  {len(rows) - len(lost)} of {len(rows)} networks. The others:

| dB a bit lost | network | {" | ".join(str(w) for w in WIDTHS)} | W 8: {" | ".join(str(w) for w in ACTIVATIONS)} |
|---|---|{"---|" * (len(WIDTHS) + len(ACTIVATIONS))}""")
    for value, (name, diagonal, eight) in sorted(lost, key=lambda entry: -entry[0]):
        print(f"| {value:.2f} | {name} | {' | '.join(f'{v:.1f}' for v in diagonal + eight)} |")
    print("""
Where weights have 8 bits, their rounding decides, and a coarser state can by chance lie on the other side of it: networks with one slow output differ
most. Saturated integrators (biases to 20 with cell states up to 200) are bound by gate values, which come no closer to 1 than 2^-21.

## What the quantiser chooses

Beyond the widths that are given, `erngen quantise` tries the fixed-point model with other widths of gate values (A to 22 bits), arguments of
activations (up to 22 bits, ranges of +-8 to +-32), states of a GRU (up to 25 bits), cell states (25 bits, more where the cells need them) and bits
that spectra lose. It goes along one of these after the other as long as that gives more, once from the fewest bits and once from the most, and takes
what gives the most decibels less a price: 0.5 a bit of gate values or arguments, 0.3 a bit of range, 1.2 for a GRU's state of its own and 0.1 a bit of
it, 0.8 a bit of cell states beyond 25, 3 for gate values beyond the narrow multiplier port of 18 bits, and for the first bit that spectra lose, which
takes a cycle of every transform, 4 up to 12 bits and 0.3 beyond or where weights have fewer bits than activations (`src/cell/format_search.cpp`).
Guards and drop of the spectra, and the fractions of weights, are those that add the least noise to the sums (`src/cell/alignment.hpp`). Biases take up
the mean of what rounded weights do wrong (`src/cell/bias_correction.hpp`).""")


if __name__ == "__main__":
    main()
