"""Recordings of single spoken digits, `{digit}_{speaker}_{index}.wav` as in the Free Spoken Digit Dataset, as log mel features."""
import pathlib
import subprocess
import sys
import wave

import numpy as np

BANDS, WINDOW, HOP = 20, 256, 160  # at 8 kHz: 32 ms windows every 20 ms


def mel_filters(rate):
    """[BANDS, WINDOW / 2 + 1]: triangles that are equally wide on the mel scale, from 60 Hz to half the rate."""
    mel = lambda f: 2595 * np.log10(1 + np.asarray(f) / 700)  # noqa: E731
    edges = 700 * (10 ** (np.linspace(mel(60), mel(rate / 2), BANDS + 2) / 2595) - 1)
    f = np.fft.rfftfreq(WINDOW, 1 / rate)
    rise = (f[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - f[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rise, fall))


def features(file):
    """[frames, BANDS]: logarithms of the energy in mel bands, over the recording of mean 0 and variance 1."""
    with wave.open(str(file)) as recording:
        rate, data = recording.getframerate(), recording.readframes(recording.getnframes())
    x = np.frombuffer(data, "<i2").astype(np.float64) / 32768
    x = np.pad(x, (0, max(0, WINDOW - len(x))))
    frames = np.lib.stride_tricks.sliding_window_view(x, WINDOW)[::HOP] * np.hanning(WINDOW)
    energy = np.log(np.abs(np.fft.rfft(frames)) ** 2 @ mel_filters(rate).T + 1e-6)
    return ((energy - energy.mean()) / energy.std()).astype(np.float32)


def synthesised():
    """A folder of synthesised voices; made once, with espeak-ng, flite and sox."""
    folder = pathlib.Path(__file__).resolve().parent.parent / "build/voices"
    if not folder.is_dir():
        tool = folder.parent.parent / "tools/make_voices.py"
        subprocess.run([sys.executable, str(tool), str(folder), "--connected", "0"], check=True)
    return folder


def load(folder=None):
    """((words, digits) to train with, (words, digits) to test with); words are [frames, BANDS]. Of real recordings the first five of
    each speaker and digit are tested, of synthesised ones every fifth voice."""
    files = sorted(f for f in pathlib.Path(folder or synthesised()).rglob("*.wav") if len(f.name.split("_")[0]) == 1)
    if not files:
        raise SystemExit(f"{folder}: no recordings named {{digit}}_{{speaker}}_{{index}}.wav")
    voices = sorted({f.stem.split("_")[1] for f in files})
    tested = [int(f.stem.split("_")[2]) < 5 if folder else voices.index(f.stem.split("_")[1]) % 5 == 0 for f in files]
    words, digits = [features(f) for f in files], [int(f.name[0]) for f in files]
    return [tuple(map(list, zip(*((w, d) for w, d, t in zip(words, digits, tested) if t == part)))) for part in (False, True)]
