"""Words that everybody has: two tones a digit, in noise."""
import wave

import numpy as np

RATE = 8000


def word(digit, rng):
    """A rising or falling pair of tones of a random length, level and pitch."""
    t = np.arange(int(rng.uniform(0.25, 0.45) * RATE)) / RATE
    pitch = rng.uniform(0.95, 1.05)
    low, high = (300 + 150 * (digit % 5)) * pitch, (1500 + 300 * (digit // 5)) * pitch
    x = np.sin(2 * np.pi * low * t * (1 + t)) + np.sin(2 * np.pi * high * t * (1 - 0.3 * t))
    return (rng.uniform(1000, 8000) * (x + 0.2 * rng.normal(size=len(t)))).astype("<i2")


def write_words(folder, words):
    """As many recordings of each digit, named as in the Free Spoken Digit Dataset."""
    rng = np.random.default_rng(1)
    for digit in range(10):
        for index in range(words):
            with wave.open(str(folder / f"{digit}_tones_{index}.wav"), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes(word(digit, rng).tobytes())
