#!/usr/bin/env python3
"""Measure what block-circulant weights cost: the project's counterpart of E-RNN's tables I and II.

Trains every row on connected digits of FSDD with phone classes and scores it on the test recordings, both with white noise. All
that is found goes to WORK; a killed command, given again, goes on where it was. docs/results/accuracy-digits.md describes the rows.

    tools/accuracy_table.py ERNGEN FSDD WORK                  # runs what is missing, one training at a time (--jobs)
    tools/accuracy_table.py ERNGEN FSDD WORK --report docs/results    # writes accuracy-digits.json there and the tables of accuracy-digits.md

Needs nothing but the standard library.
"""
import argparse
import concurrent.futures
import json
import pathlib
import statistics
import sys
import threading

from processor_time import processor_time

# The budget in optimiser steps of 16 utterances: what the dense network, ADMM and retraining get. Projection and direct training get what ADMM and
# retraining have together; "whole" is direct training that gets the dense network's steps as well.
DENSE, ADMM, RETRAIN = 1500, 200, 1000
LONG = 5000  # of retraining, in the row that shows what time brings
TRAIN_NOISE = ["--min-snr", "0", "--max-snr", "20"]  # dB
TEST_NOISE, TEST_UTTERANCES, TEST_SEED = 10, 600, 2024
COMMON = ["--units", "phones", "--hold-out", "5", *TRAIN_NOISE, "--validation-snr", str(TEST_NOISE), "--validation-utterances", "200",
          "--hop-ms", "32", "--batch", "16", "--aligned-steps", "100", "--warmup", "50", "--dropout", "0", "--rate", "6e-3", "--retrain-rate", "6e-3",
          "--admm-rate", "6e-3", "--admm-interval", "10", "--rho", "1.3", "--rho-last", "280", "--admm-loss-limit", "0", "--validate-every", "500",
          "--log-every", "50"]
DISTIL = ["--distillation", "0.5"]
BITS = [16, 12, 10, 8, 6]
METHODS = ["admm", "projection", "direct"]
MARK = "<!-- {} of tools/accuracy_table.py -->"


class Job:
    """One training: its name, its options, and the dense network that it starts from."""

    def __init__(self, cell, shape, blocks, method, seed):
        self.cell, self.shape, self.blocks, self.method, self.seed = cell, shape, blocks, method, seed
        self.name = "_".join(filter(None, [cell, shape, "k" + blocks, method, f"s{seed}"]))
        self.start = None
        if method in ("admm", "plain", "projection", "long"):
            self.start = "_".join(filter(None, [cell, shape, "k1", "dense", f"s{seed}"]))

    def options(self):
        # What goes on from a dense network sees other utterances than that did.
        words = ["--cell", self.cell, "--seed", str(self.seed + (100 if self.start else 0)), *COMMON]
        words += {"": [], "256": ["--hidden", "256"], "peephole-projection": ["--peephole", "--projection", "64"]}[self.shape]
        first, *second = self.blocks.split("-")  # "8-16": the first recurrent layer and the output 8, the second recurrent layer 16
        words += ["--block", ",".join([first] * 4), *(["--layer-block", f"1={second[0]}"] if second else [])]
        words += {"dense": ["--method", "direct", "--steps", DENSE],
                  "direct": ["--method", "direct", "--steps", ADMM + RETRAIN],
                  "whole": ["--method", "direct", "--steps", DENSE + ADMM + RETRAIN],
                  "projection": ["--method", "projection", "--steps", ADMM + RETRAIN, *DISTIL],
                  "plain": ["--method", "admm", "--admm-steps", ADMM, "--steps", RETRAIN],
                  "long": ["--method", "admm", "--admm-steps", ADMM, "--steps", LONG, *DISTIL],
                  "admm": ["--method", "admm", "--admm-steps", ADMM, "--steps", RETRAIN, *DISTIL]}[self.method]
        return [str(w) for w in words]


class Bits:
    """The networks of an ADMM training at several widths on the fixed-point model."""

    def __init__(self, job):
        self.job, self.name, self.start = job, job.name + "_bits", job.name


def core(cell, seed, blocks):
    return [Job(cell, "", b, m, seed) for b in blocks for m in METHODS]


def dense(cell, shape, seed):
    return [Job(cell, shape, "1", "dense", seed)]


def all_jobs(seeds):
    """Every row, in the order in which it is worth having."""
    first, cells = seeds[0], ("lstm", "gru")
    jobs = []
    for seed in seeds:
        for cell in cells:
            jobs += dense(cell, "", seed) + core(cell, seed, ["8", "16"])
    for seed in seeds:
        for cell in cells:
            jobs += core(cell, seed, ["4", "8-16"])
    jobs += [Job(cell, "", b, "plain", seed) for seed in seeds for cell in cells for b in ("8", "16")]
    jobs += [Bits(Job(cell, "", b, "admm", seed)) for seed in seeds for cell in cells for b in ("8", "16")]
    jobs += [Bits(Job(cell, "", b, "admm", seed)) for seed in seeds for cell in cells for b in ("4", "8-16")]
    jobs += [Job(cell, "", b, "whole", seed) for seed in seeds for cell in cells for b in ("8", "16")]
    jobs += [Job("lstm", "", b, "long", first) for b in ("8", "16")]
    for cell, shape in (("lstm", "256"), ("lstm", "peephole-projection"), ("gru", "256")):
        jobs += dense(cell, shape, first) + [Job(cell, shape, b, "admm", first) for b in ("8", "16")]
    for cell in cells:
        jobs += [Job(cell, "", b, "admm", first) for b in ("2", "32", "4-8", "8-4")]
    return jobs


class Table:
    def __init__(self, options):
        self.erngen, self.fsdd, self.work = options.erngen, options.fsdd, options.work
        self.threads = options.threads
        self.lock = threading.Lock()

    def path(self, name, kind):
        return self.work / f"{name}.{kind}"

    def run(self, *words):
        """Runs the command; returns its processor time in seconds."""
        return processor_time([self.erngen, *words], self.threads)

    def score(self, network, result):
        self.run("score", network, "--data", self.fsdd, "--utterances", TEST_UTTERANCES, "--seed", TEST_SEED, "--snr", TEST_NOISE, "--json", result)

    def train(self, job):
        network = self.path(job.name, "net")
        if not network.exists():
            start = ["--start", self.path(job.start, "net")] if job.start else []
            seconds = self.run("train", "--data", self.fsdd, *job.options(), *start, "--threads", self.threads, "--pools", self.work / "pools",
                               "--checkpoint", self.path(job.name, "state"), "--log", self.path(job.name, "jsonl"),
                               "--calibration", self.path(job.name, "npy"), "-o", network)
            self.path(job.name, "seconds").write_text(f"{seconds:.0f}\n")
            self.path(job.name, "state").unlink(missing_ok=True)
        if not self.path(job.name, "json").exists():
            self.score(network, self.path(job.name, "json"))

    def quantise(self, job):
        for bits in BITS:
            name = f"{job.name}_{bits}bit"
            if self.path(name, "json").exists():
                continue
            self.run("quantise", self.path(job.name, "net"), "--calibration", self.path(job.name, "npy"), "--weights", bits, "--activations", bits,
                     "-o", self.path(name, "qnet"))
            self.score(self.path(name, "qnet"), self.path(name, "json"))

    def do(self, job):
        if isinstance(job, Bits):
            self.quantise(job.job)
        else:
            self.train(job)
        with self.lock:
            print(job.name, flush=True)


def run_all(table, jobs, workers):
    """Starts a job when the network that it begins with is there; stops at the first failure."""
    waiting, running = list(jobs), {}
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        while waiting or running:
            ready = [j for j in waiting if not j.start or table.path(j.start, "net").exists()]
            for job in ready[:workers - len(running)]:
                waiting.remove(job)
                running[pool.submit(table.do, job)] = job
            done, _ = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                running.pop(future)
                future.result()


def read_score(path):
    if not path.exists():
        return None
    score = json.loads(path.read_text())
    return {"per": 100 * score["phones"]["rate"], "der": 100 * score["digits"]["rate"]}


def measured(table, jobs):
    """All scores that are there, a list of rows."""
    rows = []
    for job in jobs:
        if isinstance(job, Bits):
            continue
        score = read_score(table.path(job.name, "json"))
        key = {"cell": job.cell, "shape": job.shape or "128", "block": job.blocks, "method": job.method, "seed": job.seed}
        if score:
            seconds = table.path(job.name, "seconds")
            command = ["erngen", "train", *job.options(), *(["--start", job.start + ".net"] if job.start else [])]
            rows.append({**key, "bits": None, **score, "train": " ".join(command),
                         "train_cpu_seconds": int(seconds.read_text()) if seconds.exists() else None})
        for bits in BITS:
            score = read_score(table.path(f"{job.name}_{bits}bit", "json"))
            if score:
                rows.append({**key, "bits": bits, **score})
    return rows


def cell_text(values, sign=""):
    """Mean, standard deviation and number."""
    if not values:
        return "not measured"
    mean = f"{statistics.mean(values):{sign}.2f}"
    return f"{mean} ± {statistics.stdev(values):.2f} ({len(values)})" if len(values) > 1 else f"{mean} (1)"


def pick(rows, what, **key):
    return [r[what] for r in rows if all(r[k] == v for k, v in key.items())]


COLUMNS = {"admm": "ADMM, distilled", "plain": "ADMM", "projection": "projection, distilled", "direct": "direct", "whole": "direct, all steps"}
BLOCKS = ("4", "8", "16", "8-16")


def run_columns(rows):
    """Those of which there is a score."""
    return {m: name for m, name in COLUMNS.items() if any(r["method"] == m and r["shape"] == "128" for r in rows)}


def float_table(rows):
    columns = run_columns(rows)
    lines = [f"| network | k | dense | {' | '.join(columns.values())} |", "|---|---|---|" + "---|" * len(columns)]
    for what, name in (("per", "PER"), ("der", "DER")):
        for cell in ("lstm", "gru"):
            dense = cell_text(pick(rows, what, cell=cell, shape="128", block="1", method="dense", bits=None))
            for block in BLOCKS:
                values = [cell_text(pick(rows, what, cell=cell, shape="128", block=block, method=m, bits=None)) for m in columns]
                lines.append(f"| {name}, {cell.upper()} 2 x 128 | {block} | {dense} | {' | '.join(values)} |")
    return lines


def paired(rows, cell, block, method, other, other_block):
    """PER of `method` less that of `other`, for each seed that has both."""
    key = dict(cell=cell, shape="128", bits=None)
    found = []
    for seed in sorted({r["seed"] for r in rows}):
        a, b = (pick(rows, "per", **key, seed=seed, block=k, method=m) for k, m in ((block, method), (other_block, other)))
        if a and b:
            found.append(a[0] - b[0])
    return found


def difference_table(rows):
    others = {"dense": "dense", **{m: name for m, name in run_columns(rows).items() if m != "admm"}}
    lines = [f"| network | k | {' | '.join('less ' + name for name in others.values())} |", "|---|---|" + "---|" * len(others)]
    for cell in ("lstm", "gru"):
        for block in BLOCKS:
            values = [cell_text(paired(rows, cell, block, "admm", other, "1" if other == "dense" else block), "+") for other in others]
            lines.append(f"| {cell.upper()} 2 x 128 | {block} | {' | '.join(values)} |")
    return lines


def further_table(rows):
    """Further rows that were run, of one seed, with a line before them."""
    lines = []
    cases = [("lstm", "128", b, "long") for b in ("8", "16")]
    for cell, shape in (("lstm", "256"), ("gru", "256"), ("lstm", "peephole-projection")):
        cases += [(cell, shape, b, "dense" if b == "1" else "admm") for b in ("1", "8", "16")]
    cases += [(cell, "128", b, "admm") for cell in ("lstm", "gru") for b in ("2", "32", "4-8", "8-4")]
    names = {"dense": "dense", "admm": "ADMM", "long": f"ADMM, {LONG} steps of retraining"}
    for cell, shape, block, method in cases:
        per, der = (pick(rows, what, cell=cell, shape=shape, block=block, method=method, bits=None) for what in ("per", "der"))
        if per:
            lines.append(f"| {cell.upper()} 2 x {shape} | {'-' if block == '1' else block} | {names[method]} | {cell_text(per)} | {cell_text(der)} |")
    return ["Further rows, one seed:", "", "| network | k | method | PER | DER |", "|---|---|---|---|---|", *lines, ""] if lines else []


def bits_table(rows):
    """PER in float, and how much more it is at each width: mean and standard deviation of the differences within a network."""
    lines = ["| network (ADMM, distilled) | k | float | " + " | ".join(f"{b} bits" for b in BITS) + " |", "|---|---|---|" + "---|" * len(BITS)]
    for cell in ("lstm", "gru"):
        for block in BLOCKS:
            key = dict(cell=cell, shape="128", block=block, method="admm")
            values = [cell_text(pick(rows, "per", **key, bits=None))]
            for bits in BITS:
                pairs = [(pick(rows, "per", **key, bits=bits, seed=r["seed"]), r["per"]) for r in rows
                         if all(r[k] == v for k, v in key.items()) and r["bits"] is None]
                values.append(cell_text([quantised[0] - real for quantised, real in pairs if quantised], "+"))
            lines.append(f"| {cell.upper()} 2 x 128 | {block} | {' | '.join(values)} |")
    return lines


def replace_between(text, name, lines):
    begin, end = MARK.format(name), MARK.format("end of " + name)
    if begin not in text or end not in text:
        raise RuntimeError(f"accuracy-digits.md has no marks for {name}")
    return text.split(begin)[0] + "\n".join([begin, *lines, end]) + text.split(end, 1)[1]


def report(table, jobs, folder):
    rows = measured(table, jobs)
    recipe = {"steps": {"dense": DENSE, "admm": ADMM, "retrain": RETRAIN}, "options": COMMON,
              "test": {"utterances": TEST_UTTERANCES, "seed": TEST_SEED, "snr_db": TEST_NOISE}}
    text = json.dumps({"recipe": recipe, "rows": rows}, indent=1) + "\n"
    (folder / "accuracy-digits.json").write_text(text)
    page = folder / "accuracy-digits.md"
    content = page.read_text()
    for name, lines in (("float rows", float_table(rows)), ("differences", difference_table(rows)), ("further rows", further_table(rows)),
                        ("bits", bits_table(rows))):
        content = replace_between(content, name, lines)
    page.write_text(content)
    print(f"{len(rows)} scores of {len(jobs)} trainings")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("erngen", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("fsdd", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=1, help="trainings at a time")
    parser.add_argument("--threads", type=int, default=1, help="threads of each")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--report", type=pathlib.Path, help="write the tables of this folder's accuracy-digits.md, run nothing")
    options = parser.parse_args()
    jobs = all_jobs([int(s) for s in options.seeds.split(",")])
    options.work.mkdir(parents=True, exist_ok=True)
    table = Table(options)
    if options.report:
        report(table, jobs, options.report)
    else:
        run_all(table, jobs, options.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
