#!/usr/bin/env python3
"""Measure what block-circulant weights cost on continuous speech: the trainings behind docs/results/accuracy.md.

    tools/speech_table.py ERNGEN DATA WORK            # says what is left and what it costs, then trains
    tools/speech_table.py ERNGEN DATA WORK --dry-run  # says it only
    tools/speech_page.py                              # the page from the ledger

DATA holds the folders kathleen and librispeech, each with audio, transcripts and lexicon.txt. Every training that is done is a record in the
ledger (docs/results/accuracy, one JSON file a training) and is never repeated. WORK keeps networks, checkpoints and features: a killed command, given
again, goes on where it was; without WORK only the dense networks that further rows start from are trained again.

Needs nothing but the standard library.
"""
import argparse
import concurrent.futures
import json
import pathlib
import re
import tempfile
import threading
import time

from processor_time import processor_time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
LEDGER = REPOSITORY / "docs/results/accuracy"
# Optimiser steps. All rows of a block size end after DENSE + LATER steps in all.
DENSE, LATER, ADMM = 2500, 1500, 500
SNAPSHOTS = [0, 100, 300, 1000]  # steps of retraining
BITS = [16, 12, 10, 8]
COMMON = ["--data-kind", "speech", "--log-every", "50", "--warmup", "100", "--dropout", "0.2"]
RAMP = ["--admm-rate", "3e-3", "--admm-interval", "10", "--rho", "0.5", "--rho-last", "60", "--admm-loss-limit", "6"]
BATCH = {"kathleen": 16, "librispeech": 8}
DEVICE = "xc7vx690t"  # the smallest of the papers that holds a dense network of 2 x 512


class Job:
    """One training: what it is, its options, and the dense network that it starts from."""

    def __init__(self, corpus, cell, hidden, block, method, seed, extra=""):
        self.corpus, self.cell, self.hidden, self.block, self.method, self.seed, self.extra = corpus, cell, hidden, block, method, seed, extra
        self.name = "-".join(filter(None, [corpus, cell, str(hidden), extra, f"k{block}", method, f"s{seed}"]))
        self.start = None if method in ("dense", "direct") else Job(corpus, cell, hidden, 1, "dense", seed, extra)

    def steps(self):
        return {"dense": DENSE, "direct": DENSE + LATER}.get(self.method, LATER)

    def options(self):
        words = ["--cell", self.cell, "--hidden", self.hidden, "--seed", self.seed + (100 if self.start else 0), "--batch", BATCH[self.corpus]]
        words += [*COMMON, "--validate-every", 250 if self.start else 500]
        words += {"": [], "pp": ["--peephole", "--projection", self.hidden // 2]}[self.extra]
        words += ["--block", self.block]
        words += {"dense": ["--method", "direct", "--steps", DENSE, "--rate", "3e-3"],
                  "dense-all": ["--method", "direct", "--steps", LATER, "--retrain-rate", "3e-3"],
                  "direct": ["--method", "direct", "--steps", DENSE + LATER, "--rate", "6e-3"],
                  "projection": ["--method", "projection", "--steps", LATER, "--retrain-rate", "6e-3"],
                  "admm": ["--method", "admm", "--admm-steps", ADMM, "--steps", LATER - ADMM, *RAMP, "--retrain-rate", "6e-3"],
                  }[self.method]
        if self.block > 1:
            words += ["--masks", 0]
        if self.method in ("projection", "admm"):
            words += ["--snapshots", ",".join(map(str, SNAPSHOTS))]
        return [str(w) for w in words]

    def weights(self):
        """Weights of the recurrent layers as if dense, in millions: what the time of a step goes with."""
        gates = 4 if self.cell == "lstm" else 3
        return gates * self.hidden * (120 + 3 * self.hidden) / 1e6


def compressed(corpus, cell, hidden, blocks, seed, extra="", methods=("admm", "projection", "direct")):
    return [Job(corpus, cell, hidden, k, m, seed, extra) for k in blocks for m in methods]


def group(corpus, cell, hidden, blocks, seed, extra=""):
    """The dense network, dense with all steps, and the rows of these block sizes."""
    return [Job(corpus, cell, hidden, 1, "dense", seed, extra), *compressed(corpus, cell, hidden, blocks, seed, extra, ("admm", "projection")),
            Job(corpus, cell, hidden, 1, "dense-all", seed, extra), *compressed(corpus, cell, hidden, blocks, seed, extra, ("direct",))]


def all_jobs():
    """Every row, in the order in which it is worth having."""
    jobs = []
    for seed in (1, 2, 3):
        jobs += group("kathleen", "lstm", 256, (8, 16), seed)
    jobs += group("kathleen", "lstm", 512, (8, 16), 1)
    jobs += group("librispeech", "lstm", 256, (8, 16), 1)
    jobs += group("kathleen", "lstm", 128, (8, 16), 1)
    jobs += group("kathleen", "gru", 256, (8, 16), 1)
    jobs += group("kathleen", "lstm", 256, (8, 16), 1, "pp")
    jobs += group("kathleen", "gru", 128, (8, 16), 1)
    jobs += [j for h in (256, 128) for j in compressed("kathleen", "lstm", h, (4,), 1)]
    jobs += compressed("kathleen", "gru", 256, (4,), 1)
    return jobs


class Table:
    def __init__(self, arguments):
        self.erngen, self.data, self.work, self.threads = arguments.erngen, arguments.data, arguments.work, arguments.threads
        self.ledger = arguments.ledger
        self.lock = threading.Lock()
        self.work.mkdir(parents=True, exist_ok=True)
        self.ledger.mkdir(parents=True, exist_ok=True)

    def path(self, job, kind):
        return self.work / f"{job.name}.{kind}"

    def record(self, job):
        return self.ledger / f"{job.name}.json"

    def run(self, *words):
        """Runs the command; returns its processor time in seconds."""
        return processor_time([self.erngen, *words], self.threads)

    def corpus_words(self, job):
        return ["--data", self.data / job.corpus, "--split-file", REPOSITORY / f"tools/splits/{job.corpus}.json"]

    def train(self, job):
        """Trains the network, unless it is there."""
        network = self.path(job, "net")
        if network.exists():
            return
        start = ["--start", self.path(job.start, "net")] if job.start else []
        state = ["--checkpoint", self.path(job, "state"), "--log", self.path(job, "jsonl"), "--calibration", self.path(job, "npy")]
        whole = not self.path(job, "state").exists()  # the time of a training that goes on is not that of all its steps
        seconds = self.run("train", *self.corpus_words(job), *job.options(), *start, "--threads", self.threads, "--pools", self.work / "features",
                           *state, "-o", network)
        self.path(job, "seconds").write_text(json.dumps(round(seconds) if whole else None))
        self.path(job, "state").unlink(missing_ok=True)

    def score(self, job, network):
        """The errors on every test sentence, by name of the sentence."""
        with tempfile.TemporaryDirectory() as folder:
            found = pathlib.Path(folder) / "score.json"
            self.run("score", network, *self.corpus_words(job), "--json", found)
            score = json.loads(found.read_text())
        rows = score["each"]["rows"]
        reference = self.ledger / f"{job.corpus}-test.json"
        text = json.dumps({"names": [r[0] for r in rows], "keys": [r[1] for r in rows], "phones": [r[3] for r in rows]}, indent=None) + "\n"
        with self.lock:
            if not reference.exists():
                reference.write_text(text)
            elif reference.read_text() != text:
                raise RuntimeError(f"{reference}: other test sentences than now")
        return {"per": round(100 * score["phones"]["rate"], 4), "errors": [r[2] for r in rows]}

    def quantised(self, job, bits):
        """The network in fixed point: its file."""
        file = self.path(job, f"{bits}.qnet")
        self.run("quantise", self.path(job, "net"), "--calibration", self.path(job, "npy"), "--weights", bits, "--activations", bits, "-o", file)
        return file

    def hardware(self, job):
        """What the planner says of the 12-bit engine."""
        with tempfile.TemporaryDirectory() as folder:
            found = pathlib.Path(folder) / "plan.json"
            self.run("plan", self.quantised(job, 12), "--device", DEVICE, "--goal", "rate", "--overlap", "off", "--json", found)
            plan = json.loads(found.read_text())
        return {"cycles": plan["cycles_per_frame"], "roofline": plan["roofline_cycles"], "multiplications": plan["multiplications_per_frame"]}

    def do(self, job):
        self.train(job)
        if self.record(job).exists():
            return
        log = [json.loads(line) for line in self.path(job, "jsonl").read_text().splitlines()]
        scores = {"final": self.score(job, self.path(job, "net"))}
        if "--snapshots" in job.options():
            last = LATER - ADMM if job.method == "admm" else LATER
            for step in SNAPSHOTS:
                if step != last:
                    scores[str(step)] = self.score(job, self.path(job, f"net.{step}"))
        if job.method in ("dense-all", "admm", "direct", "projection"):
            for bits in BITS:
                scores[f"{bits} bits"] = self.score(job, self.quantised(job, bits))
        record = {"name": job.name, "corpus": job.corpus, "cell": job.cell, "hidden": job.hidden, "shape": job.extra, "block": job.block,
                  "method": job.method, "seed": job.seed, "steps": job.steps(), "train": " ".join(["erngen", "train", *job.options()]),
                  "start": job.start.name if job.start else None,
                  "cpu_seconds": json.loads(self.path(job, "seconds").read_text()), **self.hardware(job),
                  "parameters": self.parameters(job), "log": [{k: round(v, 5) if isinstance(v, float) else v for k, v in line.items()
                                                              if k != "frames_per_second"} for line in log if "error_rate" in line], "scores": scores}
        temporary = self.record(job).with_suffix(".tmp")
        temporary.write_text(json.dumps(record) + "\n")
        temporary.rename(self.record(job))
        print(f"{job.name}: {scores['final']['per']:.2f} % PER", flush=True)

    def parameters(self, job):
        head = self.path(job, "net").read_bytes()
        size = int.from_bytes(head[:8], "little")
        total = 0
        for key, tensor in json.loads(head[8:8 + size]).items():
            if key != "__metadata__":
                count = 1
                for n in tensor["shape"]:
                    count *= n
                total += count
        return total


def needed(table, jobs):
    """The jobs that are left, and the dense networks that these start from and that WORK does not have."""
    left = []
    for job in jobs:
        if table.record(job).exists():
            continue
        if job.start and not table.path(job.start, "net").exists() and not any(j.name == job.start.name for j in left):
            left.append(job.start)
        if not any(j.name == job.name for j in left):
            left.append(job)
    return left


def seconds_per_step(table, job):
    """Of trainings of this size that are done, or an estimate."""
    for file in sorted(table.ledger.glob(f"{job.corpus}-{job.cell}-{job.hidden}-*-s*.json")):
        record = json.loads(file.read_text())
        if record["cpu_seconds"]:
            return record["cpu_seconds"] / record["steps"]
    return 0.01 + 0.155 * job.weights() * (2 if job.corpus == "librispeech" else 1)


def announce(table, jobs, workers):
    steps, seconds = sum(j.steps() for j in jobs), sum(j.steps() * seconds_per_step(table, j) for j in jobs)
    hours = seconds / 3600
    print(f"{len(jobs)} trainings, {steps} steps, about {hours:.1f} hours of processor time, {hours / workers:.1f} hours with {workers} side by side "
          f"({table.threads} thread{'s' if table.threads > 1 else ''} each)", flush=True)


def run_all(table, jobs, workers):
    """Starts a job when the network that it begins with is there; a failure stops what has not begun."""
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("data", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("work", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--ledger", type=lambda p: pathlib.Path(p).resolve(), default=LEDGER, help="folder of the records [docs/results/accuracy]")
    parser.add_argument("--jobs", type=int, default=2, help="trainings side by side [2]")
    parser.add_argument("--threads", type=int, default=1, help="threads of a training [1]; another number may round differently")
    parser.add_argument("--only", default="", help="regular expression: only rows with such names")
    parser.add_argument("--dry-run", action="store_true", help="say what is left and what it costs, then stop")
    arguments = parser.parse_args()
    table = Table(arguments)
    jobs = needed(table, [j for j in all_jobs() if re.search(arguments.only, j.name)])
    announce(table, jobs, arguments.jobs)
    if arguments.dry_run:
        for job in jobs:
            print(f"{job.name}: {job.steps()} steps, about {job.steps() * seconds_per_step(table, job) / 60:.0f} minutes")
        return
    started = time.monotonic()
    run_all(table, jobs, arguments.jobs)
    print(f"done in {(time.monotonic() - started) / 3600:.1f} hours", flush=True)


if __name__ == "__main__":
    main()
