"""The keyword spotter on words that everybody has: two tones a digit, in noise."""
import os
import pathlib
import re
import subprocess
import sys
import wave

import numpy as np

from helpers import InFolder, main, needs_torch

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "examples/keyword_spotter.py"
RATE = 8000


def word(digit, rng):
    """A rising or falling pair of tones of a random length, level and pitch."""
    t = np.arange(int(rng.uniform(0.25, 0.45) * RATE)) / RATE
    pitch = rng.uniform(0.95, 1.05)
    low, high = (300 + 150 * (digit % 5)) * pitch, (1500 + 300 * (digit // 5)) * pitch
    x = np.sin(2 * np.pi * low * t * (1 + t)) + np.sin(2 * np.pi * high * t * (1 - 0.3 * t))
    return (rng.uniform(1000, 8000) * (x + 0.2 * rng.normal(size=len(t)))).astype("<i2")


@needs_torch
class Example(InFolder):
    def test_from_training_to_hardware(self):
        rng = np.random.default_rng(1)
        for digit in range(10):
            for index in range(40):
                with wave.open(str(self.path / f"{digit}_tones_{index}.wav"), "wb") as file:
                    file.setparams((1, 2, RATE, 0, "NONE", ""))
                    file.writeframes(word(digit, rng).tobytes())
        done = subprocess.run([sys.executable, str(EXAMPLE), str(self.path)], capture_output=True, text=True, timeout=1500, env=os.environ)
        self.assertEqual(done.returncode, 0, done.stderr)
        dense, circulant, fixed = (float(n) for n in re.findall(r"([\d.]+) %", done.stdout))
        self.assertGreaterEqual(min(dense, circulant, fixed), 95)
        self.assertRegex(done.stdout, r"simulated +\d+ outputs of 50 words, all as predicted")


if __name__ == "__main__":
    main()
