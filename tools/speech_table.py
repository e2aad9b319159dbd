#!/usr/bin/env python3
"""Measure what block-circulant weights cost: the trainings behind docs/results/accuracy.md and accuracy-digits.md.

    tools/speech_table.py ERNGEN DATA WORK            # says what is left and what it costs, then trains
    tools/speech_table.py ERNGEN DATA WORK --dry-run  # says it only
    tools/speech_page.py                              # the pages from the ledger

DATA holds the folders kathleen and librispeech, each with audio, transcripts and lexicon.txt, and fsdd/recordings. Every training that is done is
a record in the ledger (docs/results/accuracy, one JSON file a training) and is never repeated. WORK keeps networks, checkpoints and features: a
killed command, given again, goes on where it was; without WORK only the dense networks that further rows start from are trained again.

Needs nothing but the standard library.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import pathlib
import re
import tempfile
import threading
import time

from processor_time import processor_time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
LEDGER = REPOSITORY / "docs/results/accuracy"
SNAPSHOTS = [0, 100, 300, 1000]  # steps of retraining
BITS = [16, 12, 10, 8]
RAMP = ["--admm-rate", "3e-3", "--admm-interval", "10", "--rho", "0.5", "--rho-last", "60"]
LOSS_LIMITS = {512: "30"}  # of --admm-loss-limit, by cells of a layer; the others have 6. A multiple of the dense network's loss: 0.08 with 512 cells
DEVICE = "xc7vx690t"  # the smallest of the papers that holds a dense network of 2 x 512


@dataclasses.dataclass
class Corpus:
    """How its networks are trained and scored. All rows end after `dense` + `later` steps in all; ADMM has `admm` of the latter."""
    folder: str
    dense: int
    later: int
    admm: int
    batch: int
    train: list                 # options of all its trainings
    score: list                 # of all its scores
    split: list                 # options of both: the file that says which sentences train and test
    rate: str = "6e-3"          # of dense networks from random weights
    later_rate: str = "6e-3"    # of dense networks that go on
    blocks: list = dataclasses.field(default_factory=list)   # of block-circulant networks


def sentences(name, batch):
    split = ["--split-file", REPOSITORY / f"tools/splits/{name}.json"]
    return Corpus(name, 2500, 1500, 500, batch, ["--data-kind", "speech", "--warmup", "100", "--dropout", "0.2"], [], split, "3e-3", "3e-3",
                  ["--masks", "0"])


CORPORA = {
    "kathleen": sentences("kathleen", 16), "librispeech": sentences("librispeech", 8),
    "digits": Corpus("fsdd/recordings", 1500, 1200, 400, 16,
                     ["--units", "phones", "--hold-out", "5", "--min-snr", "0", "--max-snr", "20", "--validation-snr", "10",
                      "--validation-utterances", "200", "--hop-ms", "32", "--aligned-steps", "100", "--warmup", "50", "--dropout", "0"],
                     ["--utterances", "600", "--seed", "2024", "--snr", "10"], [])}


@dataclasses.dataclass
class Shape:
    """What a network is beside two equal layers."""
    options: object             # a function of the cells of a layer
    words: str = ""             # behind the network's name on the page
    dense: object = None        # the shape of the dense network that it starts from; None: the same


SHAPES = {"": Shape(lambda hidden: []),
          "pp": Shape(lambda hidden: ["--peephole", "--projection", hidden // 2], " with peepholes and projection"),
          "second16": Shape(lambda hidden: ["--layer-block", "1=16"], ", k = 16 in the second layer", "")}


class Job:
    """One training: what it is, its options, and the dense network that it starts from."""

    def __init__(self, corpus, cell, hidden, block, method, seed, extra=""):
        self.corpus, self.cell, self.hidden, self.block, self.method, self.seed, self.extra = corpus, cell, hidden, block, method, seed, extra
        self.name = "-".join(filter(None, [corpus, cell, str(hidden), extra, f"k{block}", method, f"s{seed}"]))
        dense = SHAPES[extra].dense
        self.start = None if method in ("dense", "direct") else Job(corpus, cell, hidden, 1, "dense", seed, extra if dense is None else dense)
        self.of = CORPORA[corpus]

    def steps(self):
        return {"dense": self.of.dense, "direct": self.of.dense + self.of.later}.get(self.method, self.of.later)

    def snapshots(self):
        """Steps of retraining after which the network is written and scored, but for the last."""
        if self.method not in ("projection", "admm"):
            return []
        return [s for s in SNAPSHOTS if s < self.of.later - (self.of.admm if self.method == "admm" else 0)]

    def options(self):
        of = self.of
        words = ["--cell", self.cell, "--hidden", self.hidden, "--seed", self.seed + (100 if self.start else 0), "--batch", of.batch]
        words += [*of.train, "--log-every", "50"]
        words += ["--validate-every", 250 if self.start else 500, *SHAPES[self.extra].options(self.hidden), "--block", self.block]
        admm = ["--method", "admm", "--admm-steps", of.admm, "--steps", of.later - of.admm, *RAMP]
        admm += ["--admm-loss-limit", LOSS_LIMITS.get(self.hidden, "6"), "--retrain-rate", "6e-3"]
        words += {"dense": ["--method", "direct", "--steps", of.dense, "--rate", of.rate],
                  "dense-all": ["--method", "direct", "--steps", of.later, "--retrain-rate", of.later_rate],
                  "direct": ["--method", "direct", "--steps", of.dense + of.later, "--rate", "6e-3"],
                  "projection": ["--method", "projection", "--steps", of.later, "--retrain-rate", "6e-3"],
                  "admm": admm, "distilled": [*admm, "--distillation", "0.5"]}[self.method]
        if self.block > 1:
            words += of.blocks
        if self.snapshots():
            words += ["--snapshots", ",".join(map(str, self.snapshots()))]
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
    for seed in (1, 2, 3):
        for cell in ("lstm", "gru"):
            jobs += group("digits", cell, 128, (8, 16), seed)
            jobs += compressed("digits", cell, 128, (8, 16), seed, "", ("distilled",))
    for cell in ("lstm", "gru"):
        jobs += compressed("digits", cell, 128, (4,), 1) + compressed("digits", cell, 128, (8,), 1, "second16")
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

    def data_words(self, job):
        return ["--data", self.data / job.of.folder, *job.of.split]

    def train(self, job):
        """Trains the network, unless it is there."""
        network = self.path(job, "net")
        if network.exists():
            return
        start = ["--start", self.path(job.start, "net")] if job.start else []
        state = ["--checkpoint", self.path(job, "state"), "--log", self.path(job, "jsonl"), "--calibration", self.path(job, "npy")]
        whole = not self.path(job, "state").exists()  # the time of a training that goes on is not that of all its steps
        seconds = self.run("train", *self.data_words(job), *job.options(), *start, "--threads", self.threads, "--pools", self.work / "features",
                           *state, "-o", network)
        self.path(job, "seconds").write_text(json.dumps(round(seconds) if whole else None))
        self.path(job, "state").unlink(missing_ok=True)

    def score(self, job, network):
        """The errors on every test sentence, by name of the sentence."""
        with tempfile.TemporaryDirectory() as folder:
            found = pathlib.Path(folder) / "score.json"
            self.run("score", network, *self.data_words(job), *job.of.score, "--json", found)
            score = json.loads(found.read_text())
        rows = score["each"]["rows"]
        reference = self.ledger / f"{job.corpus}-test.json"
        text = json.dumps({"names": [r[0] for r in rows], "keys": [r[1] for r in rows], "phones": [r[3] for r in rows]}, indent=None) + "\n"
        with self.lock:
            if not reference.exists():
                reference.write_text(text)
            elif reference.read_text() != text:
                raise RuntimeError(f"{reference}: other test sentences than now")
        digits = {"der": round(100 * score["digits"]["rate"], 4)} if "digits" in score else {}
        return {"per": round(100 * score["phones"]["rate"], 4), **digits, "errors": [r[2] for r in rows]}

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
        for step in job.snapshots():
            scores[str(step)] = self.score(job, self.path(job, f"net.{step}"))
        on_page = job.method in ("dense-all", "admm")  # whose cost and fixed-point errors the pages have
        if on_page:
            for bits in BITS:
                scores[f"{bits} bits"] = self.score(job, self.quantised(job, bits))
        record = {"name": job.name, "corpus": job.corpus, "cell": job.cell, "hidden": job.hidden, "shape": job.extra, "block": job.block,
                  "method": job.method, "seed": job.seed, "steps": job.steps(), "train": " ".join(["erngen", "train", *job.options()]),
                  "start": job.start.name if job.start else None,
                  "cpu_seconds": json.loads(self.path(job, "seconds").read_text()), **(self.hardware(job) if on_page else {}),
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
