#!/usr/bin/env python3
"""Write the tables and plots of docs/results/accuracy.md and accuracy-digits.md from the ledger that tools/speech_table.py fills.

    tools/speech_page.py          # writes them
    tools/speech_page.py --check  # fails unless they are what the ledger says

Only rows that were run are in the pages. Needs nothing but the standard library.
"""
import collections
import json
import math
import pathlib
import random
import statistics
import sys

from speech_table import BITS, LEDGER, REPOSITORY, SHAPES, SNAPSHOTS

PAGES = {"accuracy.md": ("kathleen", "librispeech"), "accuracy-digits.md": ("digits",)}  # the corpora of each
PLOT = REPOSITORY / "docs/results/accuracy-cost.svg"
CURVE = REPOSITORY / "docs/results/accuracy-retraining.svg"
MARK = "<!-- {} of tools/speech_page.py -->"
METHODS = {"dense": "dense", "dense-all": "dense, all steps", "direct": "direct, all steps", "projection": "projection", "admm": "ADMM",
           "distilled": "ADMM, distilled"}
SOME = {"distilled"}  # of which not every page has rows
DRAWS = 2000


def read_ledger(folder=LEDGER):
    records = [json.loads(f.read_text()) for f in sorted(folder.glob("*-s*.json"))]
    tests = {f.name.removesuffix("-test.json"): json.loads(f.read_text()) for f in sorted(folder.glob("*-test.json"))}
    return records, tests


def network(record):
    return f"{record['cell'].upper()} 2 x {record['hidden']}" + SHAPES[record["shape"]].words


def methods_of(records):
    return {m: name for m, name in METHODS.items() if m not in SOME or any(r["method"] == m for r in records)}


def rows_of(records):
    """The records by corpus, network and block size, networks in the order of their size."""
    rows = collections.defaultdict(list)
    for r in records:
        rows[r["corpus"], r["cell"] != "lstm", r["shape"], r["hidden"], r["block"]].append(r)
    return dict(sorted(rows.items()))


def find(records, like, **what):
    """The records of the same corpus and network as `like`, by seed."""
    key = {k: like[k] for k in ("corpus", "cell", "shape", "hidden")} | what
    return {r["seed"]: r for r in records if all(r[k] == v for k, v in key.items())}


def mean_text(values):
    text = f"{statistics.mean(values):.2f}"
    return f"{text} ± {statistics.stdev(values):.2f} ({len(values)})" if len(values) > 1 else text


def clusters(test):
    """The numbers of the sentences that belong together: of one prompt (kathleen), of one chapter (LibriSpeech)."""
    groups = collections.defaultdict(list)
    for n, name in enumerate(test["names"]):
        groups[max(name.rpartition("_")[0], name.rpartition("-")[0])].append(n)
    return list(groups.values())


def paired(a, b, test, score="final", other_score="final"):
    """PER of networks `a` less that of networks `b` (by seed, the common ones), its standard error by bootstrap, and the seeds."""
    seeds = sorted(s for s in set(a) & set(b) if score in a[s]["scores"] and other_score in b[s]["scores"])
    if not seeds:
        return None
    groups, phones = clusters(test), test["phones"]
    sums = []
    for group in groups:
        difference = sum(a[s]["scores"][score]["errors"][n] - b[s]["scores"][other_score]["errors"][n] for s in seeds for n in group)
        sums.append((difference / len(seeds), sum(phones[n] for n in group)))
    generator = random.Random(1)
    draws = []
    for _ in range(DRAWS):
        drawn = generator.choices(sums, k=len(sums))
        draws.append(100 * sum(d for d, _ in drawn) / sum(p for _, p in drawn))
    return 100 * sum(d for d, _ in sums) / sum(p for _, p in sums), statistics.stdev(draws), len(seeds)


def difference_text(found):
    return "" if found is None else f"{found[0]:+.2f} ± {found[1]:.2f} ({found[2]})"


def main_table(records, rate="per"):
    methods = methods_of(records)
    lines = ["| corpus | network | k | parameters | " + " | ".join(methods.values()) + " |", "|---|---|---|---|" + "---|" * len(methods)]
    for (corpus, _, _, _, block), rows in rows_of(records).items():
        cells = []
        for method in methods:
            values = [r["scores"]["final"][rate] for r in rows if r["method"] == method]
            cells.append(mean_text(values) if values else "")
        lines.append(f"| {corpus} | {network(rows[0])} | {block} | {rows[0]['parameters']:,} | {' | '.join(cells)} |")
    return lines


def difference_table(records, tests):
    others = [(m, name) for m, name in methods_of(records).items() if m not in ("dense", "admm")] + [("at once", "projection, before retraining")]
    lines = ["| corpus | network | k | " + " | ".join("less " + name for _, name in others) + " |", "|---|---|---|" + "---|" * len(others)]
    for (corpus, _, _, _, block), rows in rows_of(records).items():
        admm = find(records, rows[0], block=block, method="admm")
        if not admm:
            continue
        cells = []
        for method, _ in others:
            if method == "at once":
                found = paired(admm, find(records, rows[0], block=block, method="projection"), tests[corpus], "0", "0")
            else:
                found = paired(admm, find(records, rows[0], block=1 if method == "dense-all" else block, method=method), tests[corpus])
            cells.append(difference_text(found))
        lines.append(f"| {corpus} | {network(rows[0])} | {block} | {' | '.join(cells)} |")
    return lines


def retraining(records):
    """(records, k, method, PER by step of retraining) of each row by ADMM or projection."""
    found = []
    for (_, _, _, _, block), rows in rows_of(records).items():
        for method in ("admm", "projection"):
            mine = [r for r in rows if r["method"] == method]
            if mine:
                steps = [str(s) for s in SNAPSHOTS if str(s) in mine[0]["scores"]] + ["final"]
                found.append((mine, block, method, {s: [r["scores"][s]["per"] for r in mine] for s in steps}))
    return found


def retraining_table(records):
    lines = ["| corpus | network | k | method | " + " | ".join(f"after {s}" for s in SNAPSHOTS) + " | at the end |",
             "|---|---|---|---|" + "---|" * (len(SNAPSHOTS) + 1)]
    for mine, block, method, points in retraining(records):
        cells = [mean_text(points[s]) if s in points else "" for s in [*map(str, SNAPSHOTS), "final"]]
        lines.append(f"| {mine[0]['corpus']} | {network(mine[0])} | {block} | {METHODS[method]} | {' | '.join(cells)} |")
    return lines


def cost_table(records):
    lines = ["| corpus | network | k | method | parameters | multiplications a frame | cycles a frame | PER |", "|---|---|---|---|---|---|---|---|"]
    for corpus, name, block, method, r, values in costs(records):
        lines.append(f"| {corpus} | {name} | {block} | {METHODS[method]} | {r['parameters']:,} | {r['multiplications']:,} | {r['cycles']:,.0f} | "
                     f"{mean_text(values)} |")
    return lines


def costs(records):
    """The best dense row and the ADMM rows, the cheapest first."""
    found = []
    for (corpus, _, _, _, block), rows in rows_of(records).items():
        for method in ("dense-all",) if block == 1 else ("admm",):
            mine = [r for r in rows if r["method"] == method]
            if mine:
                found.append((corpus, network(mine[0]), block, method, mine[0], [r["scores"]["final"]["per"] for r in mine]))
    return sorted(found, key=lambda row: (row[0], row[4]["multiplications"]))


def bits_table(records):
    lines = ["| corpus | network | k | method | float | " + " | ".join(f"{b} bits" for b in BITS) + " |",
             "|---|---|---|---|---|" + "---|" * len(BITS)]
    for (corpus, _, _, _, block), rows in rows_of(records).items():
        for method in ("dense-all", "admm"):
            mine = [r for r in rows if r["method"] == method and f"{BITS[0]} bits" in r["scores"]]
            if not mine:
                continue
            cells = [mean_text([r["scores"]["final"]["per"] for r in mine])]
            for bits in BITS:
                change = [r["scores"][f"{bits} bits"]["per"] - r["scores"]["final"]["per"] for r in mine]
                cells.append(f"{statistics.mean(change):+.2f}")
            lines.append(f"| {corpus} | {network(mine[0])} | {block} | {METHODS[method]} | {' | '.join(cells)} |")
    return lines


def aims_table(records, tests):
    lines = ["| aim | network | k | measured | |", "|---|---|---|---|---|"]

    def add(aim, name, block, found, holds):
        lines.append(f"| {aim} | {name} | {block} | {difference_text(found)} | {'reached' if holds else 'missed'} |")

    for (corpus, _, _, hidden, block), rows in rows_of(records).items():
        admm = find(records, rows[0], block=block, method="admm")
        if corpus != "kathleen" or not admm:
            continue
        name, test = network(rows[0]), tests[corpus]
        other = find(records, rows[0], block=block, method="projection")
        if found := paired(admm, other, test):
            add("ADMM at least 0.5 points better than projection", name, block, found, found[0] <= -0.5)
        if found := paired(admm, other, test, "0", "0"):
            add("at least 10 points better before retraining", name, block, found, found[0] <= -10)
        if found := paired(admm, find(records, rows[0], block=block, method="direct"), test):
            add("better than direct training beyond two standard errors", name, block, found, found[0] < -2 * found[1])
        if hidden == 512 and (found := paired(admm, find(records, rows[0], block=1, method="dense-all"), test)):
            limit = {8: 0.5, 16: 1.0}.get(block)
            if limit:
                add(f"at most {limit} points behind dense of the same steps", name, block, found, found[0] <= limit)
        if block == 8 and (found := paired(admm, find(records, rows[0], hidden=hidden // 2, block=1, method="dense-all"), test)):
            add("no worse than a dense network of half the cells", name, block, found, found[0] <= 0)
    return lines


def ticks(low, high, log=False):
    """Round numbers between two limits, which are logarithms if `log`."""
    if log:
        decades = range(math.floor(low), math.ceil(high) + 1)
        return [m * 10**d for d in decades for m in (1, 2, 5) if low <= math.log10(m * 10**d) <= high]
    rough = (high - low) / 5
    step = next(m * 10**math.floor(math.log10(rough)) for m in (1, 2, 5, 10) if m * 10**math.floor(math.log10(rough)) >= rough)
    return [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def svg(title_x, title_y, series, log_x):
    """Lines with marks; a series is (name, colour, dashed, [(x, y)])."""
    width, height, left, right, top, bottom = 720, 420, 60, 200, 20, 50
    points = [p for s in series for p in s[3]]
    across = math.log10 if log_x else float
    xs, ys = [across(x) for x, _ in points], [y for _, y in points]
    x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
    x_span, y_span = (x1 - x0) or 1, (y1 - y0) or 1
    x0, y0 = x0 - 0.04 * x_span, y0 - 0.06 * y_span
    x_span, y_span = x_span * 1.08, y_span * 1.12

    def at(x, y):
        return (left + (across(x) - x0) / x_span * (width - left - right), height - bottom - (y - y0) / y_span * (height - top - bottom))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="white"/>',
           f'<path d="M{left} {top}V{height - bottom}H{width - right}" fill="none" stroke="#444"/>',
           f'<text x="{(left + width - right) / 2:.0f}" y="{height - 10}" text-anchor="middle">{title_x}</text>',
           f'<text x="16" y="{(top + height - bottom) / 2:.0f}" text-anchor="middle" transform="rotate(-90 16 {(top + height - bottom) / 2:.0f})">'
           f'{title_y}</text>']
    for y in ticks(y0, y0 + y_span):
        place = at(points[0][0], y)[1]
        out.append(f'<path d="M{left - 4} {place:.1f}h4" stroke="#444"/><text x="{left - 6}" y="{place + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in ticks(x0, x0 + x_span, log_x):
        place = at(x, points[0][1])[0]
        label = f"{x / 1e6:g} M" if x >= 1e6 else f"{x:,g}"
        out.append(f'<path d="M{place:.1f} {height - bottom}v4" stroke="#444"/>'
                   f'<text x="{place:.1f}" y="{height - bottom + 16}" text-anchor="middle">{label}</text>')
    for n, (name, colour, dashed, values) in enumerate(series):
        places = [at(x, y) for x, y in values]
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        out.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}" fill="none" stroke="{colour}"{dash}/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        y = top + 14 + 18 * n
        out.append(f'<path d="M{width - right + 12} {y - 4}h24" stroke="{colour}"{dash}/><text x="{width - right + 42}" y="{y}">{name}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


COLOURS = {1: "#333", 4: "#2a2", 8: "#06c", 16: "#c40"}


def plots(records):
    """The drawings by file."""
    found = {}
    series = collections.defaultdict(list)
    for corpus, name, block, _, r, values in costs(records):
        if corpus == "kathleen" and not r["shape"]:
            series[r["cell"], block].append((r["multiplications"], statistics.mean(values)))
    if series:
        found[PLOT] = svg("multiplications a frame", "phone error rate, %", [
            (f"{cell.upper()}, " + ("dense" if block == 1 else f"k = {block}"), COLOURS[block], cell == "gru", points)
            for (cell, block), points in sorted(series.items())], True)
    lines = []
    for mine, block, method, points in retraining(records):
        if mine[0]["corpus"] == "kathleen" and mine[0]["hidden"] == 256 and not mine[0]["shape"] and mine[0]["cell"] == "lstm":
            lines.append((f"k = {block}, {METHODS[method]}", COLOURS[block], method == "projection",
                          [(int(s), statistics.mean(v)) for s, v in points.items() if s != "final"]))
    if lines:
        found[CURVE] = svg("steps of retraining", "phone error rate, %", lines, False)
    return found


def replace_between(page, text, name, lines):
    begin, end = MARK.format(name), MARK.format("end of " + name)
    if begin not in text or end not in text:
        raise RuntimeError(f"{page} has no marks for {name}")
    return text.split(begin)[0] + "\n".join([begin, *lines, end]) + text.split(end, 1)[1]


def tables(page, records, tests):
    """The tables of a page by the names of their places."""
    own = {"aims": aims_table(records, tests), "cost": cost_table(records)}
    if page == "accuracy-digits.md":
        own = {"digits": main_table(records, "der")}
    return own | {"rows": main_table(records), "differences": difference_table(records, tests), "retraining": retraining_table(records),
                  "bits": bits_table(records)}


def main():
    all_records, tests = read_ledger()
    drawings = plots(all_records)
    pictures = {"retraining": (CURVE, "PER by steps of retraining, LSTM 2 x 256"), "cost": (PLOT, "PER against multiplications a frame")}
    files = dict(drawings)
    for page, corpora in PAGES.items():
        file = REPOSITORY / "docs/results" / page
        content = file.read_text()
        for name, lines in tables(page, [r for r in all_records if r["corpus"] in corpora], tests).items():
            if len(lines) == 2:  # a head alone
                lines = ["No row of this table has been run to its end."]
            if page == "accuracy.md" and name in pictures and pictures[name][0] in drawings:
                drawing, title = pictures[name]
                lines = [*lines, "", f"![{title}]({drawing.name})"]
            content = replace_between(page, content, name, lines)
        files[file] = content
    if "--check" in sys.argv[1:]:
        stale = [f.name for f, text in files.items() if not f.exists() or f.read_text() != text]
        sys.exit(f"{', '.join(stale)}: not what the ledger says; run tools/speech_page.py" if stale else 0)
    for file, text in files.items():
        file.write_text(text)
    print(f"{len(all_records)} trainings")


if __name__ == "__main__":
    main()
