#!/usr/bin/env python3
"""docs/results/formats.md, and formats-bits.svg beside it, from what the studies of number formats wrote.

    cd docs/results; STUDIES=../../build/sim
    $STUDIES/format_study formats-study.jsonl 0 208 exact     # seeds; stopped, it goes on where it was
    $STUDIES/format_study formats-cases.jsonl NETWORK.net X.npy exact    # a case file, imported; once for each
    $STUDIES/format_study formats-fewer.jsonl SEED SEED+1     # those that lose by a bit, with fewer bits allowed
    $STUDIES/error_sources formats-sources.jsonl SEED...       # of those that gain less than 5 dB a bit
    $STUDIES/memory_study formats-memories.svg >MEMORIES.md
    ../../tools/format_report.py formats-study.jsonl formats-cases.jsonl formats-fewer.jsonl formats-sources.jsonl MEMORIES.md >formats.md
"""
import json
import math
import pathlib
import sys

from speech_page import svg

WIDTHS = range(8, 19)
SHOWN = [8, 10, 12, 14, 16, 18]
PORT = 18                      # bits of a spectrum word
EXACT = 999.0                  # stands for an error of 0
MOST_GATE_BITS = 22            # NumberFormats::max_gate_width
COSTLY = 6                     # decibels: a bit


def read(path):
    """[(name, block, {width: dB of weights = activations}, {width: dB of 8-bit weights})], by seed."""
    rows = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            curves = [{int(w): EXACT if v is None else v for w, v in entry[key].items()}
                      for key in ("weights = activations", "weights 8")]
            rows[entry["name"]] = (entry["name"], entry["block"], *curves)
    seed = {name: int(name.split(":")[0]) if ":" in name else 0 for name in rows}
    return sorted(rows.values(), key=lambda row: seed[row[0]])


def read_sources(path):
    """{name: {width: what rounded inputs and weights alone leave, and the widths of gate values}}."""
    with open(path, encoding="utf-8") as file:
        return {entry["name"]: entry["widths"] for entry in map(json.loads, file)}


def widest(block):
    """The widest setting at which a spectrum fits the port whole."""
    return PORT - (block.bit_length() - 1)


def slope(row):
    """Decibels a bit from 12 bits to the widest width, at most 18, at which a spectrum fits the port whole."""
    _, block, both, _ = row
    return (both[widest(block)] - both[12]) / (widest(block) - 12)


def loss(row):
    """The most decibels that one more bit lost, and where."""
    steps = [(curve[w] - curve[w + 1], f"{name} {w} to {w + 1}")
             for name, curve in (("both", row[2]), ("activations", row[3])) for w in list(WIDTHS)[:-1]]
    return max(steps)


def bound(row, width):
    """What an 18-bit spectrum leaves of the SQNR at the widest whole width (see the text)."""
    _, block, both, _ = row
    whole = widest(block)
    return both[whole] - 10 * math.log10(4.0 ** (whole - width) + (2 - 2 / block) / block)


def cells(curve, widths=SHOWN):
    return " | ".join("exact" if curve[w] == EXACT else f"{curve[w]:.1f}" for w in widths)


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def report_following(rows, sources):
    slow = sorted((slope(r), r) for r in rows if widest(r[1]) > 12 and slope(r) < 5)
    kept, cost, share = [], [], []
    for _, r in slow:
        at = sources[r[0]]
        last = at[str(widest(r[1]))]
        cost.append(last["weights apart"] - last["weights"])
        share.append(cost[-1] > COSTLY and last["weights"] < r[2][widest(r[1])] + COSTLY)
        kept.append(not share[-1] and last["gate bits"] == MOST_GATE_BITS)
    print(f"""## Five decibels a bit

From 12 bits to the widest setting at which a spectrum fits its port whole (A + log2 k at most 18), {len(rows) - len(slow)} of
{len(rows)} networks gain at least 5 dB a bit ({100 * (len(rows) - len(slow)) / len(rows):.1f} %). The others, with what their SQNR is when nothing
but the inputs or nothing but the weights are rounded (`error_sources`), at 12 bits and at the widest setting; "apart" is with each family of
weights in a fraction of its own:
""")
    lines = []
    for (value, r), shared, gates in zip(slow, share, kept):
        ends = [sources[r[0]][str(w)] for w in (12, widest(r[1]))]
        lines.append([f"{value:.2f}", "sum" if shared else "gates" if gates else "neither", r[0], f"12, {widest(r[1])}",
                      f"{r[2][12]:.1f}, {r[2][widest(r[1])]:.1f}",
                      *(f"{ends[0][key]:.1f}, {ends[1][key]:.1f}" for key in ("inputs", "weights", "weights apart"))])
    table(["dB a bit", "why", "network", "bits", "SQNR", "inputs alone", "weights alone", "weights apart"], lines)
    print(f"""- **sum** ({sum(share)}): products that are summed must have one fraction. Where what the inputs add is much larger than what
  the states add, the recurrent weights keep fewer of their bits than they have; an 18-bit port leaves the inputs' spectra ever fewer guard bits
  as A grows, so that this costs more of the wide settings than of the narrow. A fraction of their own would give up to {max(cost):.0f} dB; it
  would take a shifter at each multiplier's weights.
- **gates** ({sum(kept)}): gates that are nearly closed or open all the time, whose values have {MOST_GATE_BITS} bits, the most, at the widest
  setting, and up to ten more than A at 12 bits: what is lost above is there from the beginning.
- **neither** ({len(slow) - sum(share) - sum(kept)}): the common fraction costs less than a bit, and one end is better or worse by chance, as
  where the SQNR is above that of the weights alone.
""")


def report_losses(rows):
    lost = sorted(((*loss(r), r) for r in rows if loss(r)[0] > 0.5), key=lambda entry: -entry[0])
    print(f"""## One more bit

Every single bit from 8 to 18, of weights and activations together, and of activations with weights of 8: {len(rows) - len(lost)} of
{len(rows)} networks never lose more than 0.5 dB. Where weights have 8 bits, their rounding is most of the error; the error of coarser activations
adds to it with one sign or the other, and which of the formats' errors cancel is chance. The others lose it once or more:
""")
    table(["most lost", "where", "network", *map(str, SHOWN), *(f"W 8, A {w}" for w in SHOWN[1:])],
          [[f"{value:.1f}", where, r[0], cells(r[2]), cells(r[3], SHOWN[1:])] for value, where, r in lost])


def report_fewer(rows, fewer):
    """What becomes of networks that lose by a bit when fewer bits than asked for may be taken."""
    lost = {r[0] for r in rows if loss(r)[0] > 0.5}
    again = [r for r in fewer if r[0] in lost]
    still = [(*loss(r), r) for r in again if loss(r)[0] > 0.5]
    count = f"{len(again) - len(still)} of them" if still else "they"
    others = f", the others up to {max(still)[0]:.1f} dB" if still else ""
    print(f"""## Fewer bits where they lose less

All figures above are those of exact widths. A setting contains every narrower one, and `quantise` takes the widths that it is given as the most: it
looks at one bit less of each, further where that is near the best, and takes fewer bits where the outputs lose less by more than 0.4 dB, and says so
(`--exact-widths` keeps the widths). It looks 12 dB far in networks of which a trial has less than 10^7 products, 6 dB below 10^8, else 3: in large
networks errors average, and there is less chance. Of the {len(lost)} networks that lose by a bit, {len(again)} (those of fewest cells) were measured
again in this way: {count} never lose more than 0.5 dB by a bit{others}. The worst before:
""")
    before = {r[0]: r for r in rows}
    worst = sorted(again, key=lambda r: -loss(before[r[0]])[0])[:12]
    table(["most lost: exact", "fewer allowed", "network", *map(str, SHOWN), *(f"W 8, A {w}" for w in SHOWN[1:])],
          [[f"{loss(before[r[0]])[0]:.1f}", f"{max(0.0, loss(r)[0]):.1f}", r[0], cells(r[2]), cells(r[3], SHOWN[1:])]
           for r in worst])


def report_bound(rows):
    gaps = [(r[2][w] - bound(r, w), w, r) for r in rows if r[1] > 1 for w in range(widest(r[1]) + 1, 19)]
    below = sorted((gap, w, r) for gap, w, r in gaps if gap < -2)
    limits = ", ".join(f"{-10 * math.log10((2 - 2 / k) / k) + 0:.1f} (k = {k})" for k in (2, 4, 8, 16))
    print(f"""## What an 18-bit spectrum sets

A spectrum of A-bit elements has A + log2 k bits. Where that is more than the 18 of its port, d = A + log2 k - 18 bits are dropped: an element has
the fraction f, a word of the spectrum s = f - d. In the sum of one row block,

    rounded elements add      n     E[w^2] 2^-2f / 12                     (n columns, uniform errors)
    rounded spectra add  (n / k) E[w^2] (2 - 2 / k) 2^-2s / 12

since the error of k words, with 2 k - 2 of them counted over all bins (the complex ones stand for their conjugates as well), is spread by the
inverse transform over k samples, each 1 / k of their sum, and meets k weights (Parseval). Let A0 = 18 - log2 k be the widest setting without a
drop. There s = f, and d bits later s is what f was: the dropped spectra add c = (2 - 2 / k) / k of what rounded elements added at A0, whatever A.
All else shrinks by 4 a bit. At worst all noise at A0 is that of the elements; then

    SQNR(A) >= SQNR(A0) - 10 log10(4^(A0 - A) + c)

which tends to {limits} decibels above SQNR(A0). Of {len(gaps)} settings beyond A0 (k from 2, A from
A0 + 1 to 18), {len(gaps) - len(below)} are above this bound or at most 2 dB below it. The means, measured and bound:
""")
    lines = []
    for block in sorted({r[1] for r in rows if r[1] > 1}):
        those = [r for r in rows if r[1] == block]
        for width in range(widest(block) + 1, 19):
            mean = sum(r[2][width] - r[2][widest(block)] for r in those) / len(those)
            least = min(r[2][width] - bound(r, width) for r in those)
            lines.append([str(block), str(widest(block)), str(width), str(len(those)), f"{mean:.1f}",
                          f"{bound(those[0], width) - those[0][2][widest(block)]:.1f}", f"{least:.1f}"])
    table(["k", "A0", "A", "networks", "mean gain over A0, dB", "of the bound", "least above the bound"], lines)
    if below:
        print("Further below than 2 dB:\n")
        table(["dB", "A", "network", *map(str, SHOWN)], [[f"{gap:.1f}", str(w), r[0], cells(r[2])] for gap, w, r in below])


def draw_bits(rows):
    """formats-bits.svg: the median, and the networks that a tenth of all are below and above."""
    def at(share):
        return [(w, sorted(r[2][w] for r in rows)[round(share * (len(rows) - 1))]) for w in WIDTHS]
    series = [("nine tenths below", "#06c", True, at(0.9)), ("median", "#333", False, at(0.5)), ("a tenth below", "#c40", True, at(0.1))]
    pathlib.Path("formats-bits.svg").write_text(svg("bits of weights and activations", "SQNR of the outputs, dB", series, False))


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    rows, cases, fewer = read(sys.argv[1]), read(sys.argv[2]), read(sys.argv[3])
    medians = {w: sorted(r[2][w] for r in rows)[len(rows) // 2] for w in WIDTHS}
    print(f"""# How errors follow the widths

Made by `tools/format_report.py`, which names the commands, from `formats-study.jsonl`: {len(rows)} seeded networks (LSTM, GRU, 1 to 64 inputs, 4 to
128 cells, one or two layers, block sizes 1 to 16, inputs scaled by 2^-6 to 2^8, gates with biases up to +-20), each quantised on 200 frames with
exactly these widths (`quantise --exact-widths`) and measured on them. SQNR is that of the outputs against real numbers, in decibels.
""")
    table(["weights and activations", *map(str, WIDTHS)], [["median", cells(medians, WIDTHS)]])
    print("![SQNR of the outputs against the bits of weights and activations](formats-bits.svg)\n")
    draw_bits(rows)
    report_following(rows, read_sources(sys.argv[4]))
    report_losses(rows)
    report_fewer(rows, fewer)
    report_bound(rows)
    print("## Constructed cases\n\nSmall networks with what is hard for number formats; W = A, and W = 8.\n")
    table(["case", *map(str, SHOWN), *(f"W 8, A {w}" for w in SHOWN[1:])],
          [[r[0], cells(r[2]), cells(r[3], SHOWN[1:])] for r in cases])
    print("""## 100,000 frames

Three networks of the study whose gates are nearly open, quantised on their first 2,000 frames: the error of the outputs, relative to the outputs,
in windows of 2,000 frames.

![error of the outputs over 100,000 frames](formats-memories.svg)

SQNR of some windows of frames:
""")
    with open(sys.argv[5], encoding="utf-8") as file:
        print(file.read())
    print(CHOICES, end="")


CHOICES = """## What the quantiser chooses

Beyond the widths that are given, `erngen quantise` tries the fixed-point model with other widths of gate values (A to 22 bits), arguments of
activations (up to 22 bits, ranges of +-8 to +-32), states of a GRU (up to 25 bits), cell states (25 bits, more where the cells need them) and
bits that spectra lose. It goes along one of these after the other as long as that gives more, once from the fewest bits and once from the most,
and takes what gives the most decibels less a price: 0.5 a bit of gate values or arguments, 0.3 a bit of range, 1.2 for a GRU's state of its own
and 0.1 a bit of it, 0.8 a bit of cell states beyond 25, 3 for gate values beyond the narrow multiplier port of 18 bits, and for the first bit
that spectra lose, which takes a cycle of every transform, 4 up to 12 bits and 0.3 beyond or where weights have fewer bits than activations
(`src/cell/format_search.cpp`). Guards and drop of the spectra, and the fractions of weights, are those that add the least noise to the sums
(`src/cell/alignment.hpp`). Biases take up the mean of what rounded weights do wrong (`src/cell/bias_correction.hpp`).
"""


if __name__ == "__main__":
    main()
