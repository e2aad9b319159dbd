#!/usr/bin/env python3
"""Writes frontend_oracle.inc: features of a test signal, computed with numpy in double precision from the formulas in
frontend.hpp and from nothing of erngen. Run it in this folder when the definition of a feature changes."""
import numpy as np


def signal(n):
    """Integers only, so that the test makes the same samples: two chirps and a sawtooth."""
    i = np.arange(n, dtype=np.int64)
    saw = (i * 37) % 256 - 128
    chirp = np.where((i * i // 300) % 64 < 32, 1, -1) * 90
    burst = np.where((i // 500) % 2 == 0, ((i * i * 7) % 201) - 100, 0)
    return (saw + chirp + burst) / 1024.0


def features(x, rate, frame, hop, fft, pre, bands, low, high, floor, kind, coefficients, deltas, window):
    y = x - pre * np.concatenate([[0.0], x[:-1]])
    count = 1 + (len(y) - frame) // hop
    rows = np.stack([y[t * hop:t * hop + frame] for t in range(count)])
    rows = rows * (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(frame) + 0.5) / frame))
    power = np.abs(np.fft.rfft(rows, fft, axis=1)) ** 2
    mel = np.linspace(2595 * np.log10(1 + low / 700), 2595 * np.log10(1 + high / 700), bands + 2)
    corner = 700 * (10 ** (mel / 2595) - 1)
    hz = np.arange(fft // 2 + 1) * rate / fft
    bank = np.stack([np.interp(hz, corner[b:b + 3], [0, 1, 0], left=0, right=0) for b in range(bands)])
    out = np.log(power @ bank.T + floor)
    if kind == "mfcc":
        n = np.arange(bands)
        basis = np.stack([np.cos(np.pi * c * (2 * n + 1) / (2 * bands)) for c in range(coefficients)])
        basis /= np.linalg.norm(basis, axis=1, keepdims=True)
        out = out @ basis.T
    parts = [out]
    for _ in range(deltas):
        padded = np.pad(parts[-1], ((window, window), (0, 0)), mode="edge")
        slope = np.arange(-window, window + 1)
        parts.append(np.stack([slope @ padded[t:t + 2 * window + 1] for t in range(count)]) / np.sum(slope ** 2))
    return np.concatenate(parts, axis=1)


def main():
    x = signal(3000)
    mfcc = features(x, 8000, 256, 128, 256, 0.97, 26, 80, 4000, 1e-6, "mfcc", 13, 2, 2)
    logmel = features(x, 8000, 200, 100, 512, 0.9, 20, 100, 3800, 1e-4, "logmel", 13, 1, 3)
    with open("frontend_oracle.inc", "w") as out:
        out.write("// Written by frontend_oracle.py (numpy). Frames 0, 7 and the last.\n")
        for name, f in (("mfcc", mfcc), ("logmel", logmel)):
            out.write(f"constexpr int {name}_frames = {f.shape[0]};\nconstexpr int {name}_width = {f.shape[1]};\n")
            out.write(f"const double {name}_rows[3][{f.shape[1]}] = {{\n")
            for t in (0, 7, f.shape[0] - 1):
                out.write("    {" + ", ".join(f"{v:.9g}" for v in f[t]) + "},\n")
            out.write("};\n")


if __name__ == "__main__":
    main()
