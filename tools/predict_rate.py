#!/usr/bin/env python3
"""Compares `predict` of the Python package with `erngen run`: every word, and the rate.

    python tools/predict_rate.py ERNGEN [--frames N]

Ten seeded networks of `erngen new` - LSTM, GRU and plain recurrent layers, dense and block-circulant, one to three layers, 8 to 16 bits - on N frames
each (default 20,000: more than a million words). Rates are frames per second of processor time, the best of five runs in turns; that of the
command holds its start, reading and writing. Exits 1 if a word differs or predict is slower than nine tenths.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

import erngen

# cell, inputs, cells, outputs, block, layers, weights, activations, more
NETWORKS = [("lstm", 13, 32, 6, 1, 1, 12, 12, ()), ("gru", 20, 48, 5, 4, 2, 8, 10, ("--reset", "after")),
            ("lstm", 39, 64, 8, 8, 2, 10, 12, ("--peephole",)), ("gru", 16, 40, 4, 8, 1, 12, 12, ("--reset", "before")),
            ("lstm", 24, 96, 10, 16, 1, 9, 11, ("--projection", "48")), ("rnn", 9, 64, 3, 2, 3, 14, 14, ()),
            ("gru", 40, 128, 12, 8, 1, 12, 16, ("--reset", "after")), ("lstm", 3, 40, 1, 1, 1, 16, 16, ()),
            ("rnn", 30, 56, 7, 8, 1, 12, 12, ()), ("gru", 10, 24, 11, 2, 3, 11, 13, ("--reset", "before"))]


def processor_time(command):
    """Seconds of user and system time of a command that must succeed."""
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen")
    parser.add_argument("--frames", type=int, default=20000)
    options = parser.parse_args()
    words = different = 0
    ratios = []
    print(f"{'network':30} {'words':>8} {'run':>9} {'predict':>9}  frames/s  ratio")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        for seed, (cell, inputs, cells, outputs, block, layers, weights, activations, more) in enumerate(NETWORKS):
            subprocess.run([options.erngen, "new", "--cell", cell, "--input", str(inputs), "--hidden", str(cells), "--dense", str(outputs),
                            "--block", str(block), "--layers", str(layers), "--seed", str(seed), *more, "-o", str(path / "a.net")],
                           check=True, stdout=subprocess.DEVNULL)
            x = np.random.default_rng(seed).normal(size=(options.frames, inputs)).astype(np.float32)
            net = erngen.compile(path / "a.net", x[:200], device="xcku060", weights=weights, activations=activations)
            net.save(path / "q")
            np.save(path / "x.npy", x)
            run = [options.erngen, "run", path / "q", "--input", path / "x.npy", "--arithmetic", "fixed", "-o", path / "y.npy"]
            times = []
            for _ in range(5):
                theirs, begin = processor_time(run), time.process_time()
                y = net.predict(x)
                times.append((theirs, time.process_time() - begin))
            theirs, mine = map(min, zip(*times))
            words += y.size
            different += int((y != np.load(path / "y.npy")).sum())
            ratios.append(theirs / mine)
            print(f"{f'{cell} {layers} x {cells}, k = {block}, {weights}/{activations} bits':30} {y.size:8} {options.frames / theirs:9.0f} "
                  f"{options.frames / mine:9.0f} {'':9} {ratios[-1]:5.2f}")
    print(f"{words} words, {different} differ; predict has {min(ratios):.2f} to {max(ratios):.2f} of the command's rate")
    return 1 if different or min(ratios) < 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
