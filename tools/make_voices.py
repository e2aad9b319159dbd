#!/usr/bin/env python3
"""Speak digits with espeak-ng and flite, for training.

Writes 8 kHz mono WAV files {digits}_{voice}_{index}.wav: for every voice each digit alone, and connected
sequences of 3 to 7 digits with and without pauses. The same seed gives the same texts and voices. Needs espeak-ng, flite and sox.

    tools/make_voices.py DIRECTORY [--seed N] [--connected N]

The voice of the shipped examples (see make_examples.sh) is not among them.
"""
import argparse
import concurrent.futures
import pathlib
import random
import subprocess
import sys
import tempfile

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
RATE = 8000

ACCENTS = ["en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-us-nyc"]
VARIANTS = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "klatt", "klatt2", "Andy", "Annie", "Michael", "Mike",
            "steph", "linda", "paul", "rob", "edward"]
FLITE = ["kal", "kal16", "awb", "rms"]


def voices(rng):
    """Each voice is a name and a function text -> command that writes WAV to a file."""
    for variant in VARIANTS:
        for accent in rng.sample(ACCENTS, 2):
            speed, pitch = rng.randint(110, 200), rng.randint(25, 75)
            name = f"espeak-{accent}-{variant}-s{speed}-p{pitch}"
            base = ["espeak-ng", "-v", f"{accent}+{variant}", "-s", str(speed), "-p", str(pitch)]
            yield name, lambda text, out, base=base: base + ["-w", out, text]
    for voice in FLITE:
        for _ in range(4):
            stretch, f0 = rng.uniform(0.85, 1.3), rng.randint(85, 150)
            name = f"flite-{voice}-d{stretch:.2f}-f{f0}"
            base = ["flite", "-voice", voice, "--setf", f"duration_stretch={stretch:.2f}", "--seti", f"int_f0_target_mean={f0}"]
            yield name, lambda text, out, base=base: base + ["-t", text, "-o", out]


def speak(command, destination):
    """Runs the synthesiser, then to 8 kHz, level -6 dB, silence at both ends removed."""
    with tempfile.TemporaryDirectory() as folder:
        raw = str(pathlib.Path(folder) / "raw.wav")
        subprocess.run(command(raw), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        trim = ["silence", "1", "0.01", "0.4%", "reverse"]
        subprocess.run(["sox", "-R", "-D", raw, "-r", str(RATE), "-c", "1", "-b", "16", str(destination), *trim, *trim, "gain", "-n", "-6"],
                       check=True, stderr=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connected", type=int, default=10, help="connected sequences a voice")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.directory.mkdir(parents=True, exist_ok=True)

    rng = random.Random(options.seed)
    jobs = []
    for name, command in voices(rng):
        texts = [(str(d), WORDS[d]) for d in range(10)]
        for _ in range(options.connected):
            digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(3, 7)))
            texts.append((digits, rng.choice([" ", " ", ", "]).join(WORDS[int(d)] for d in digits)))
        for index, (digits, text) in enumerate(texts):
            destination = options.directory / f"{digits}_{name}_{index}.wav"
            jobs.append((lambda out, text=text, command=command: command(text, out), destination))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for _ in pool.map(lambda job: speak(*job), jobs):
            pass
    print(f"{len(jobs)} recordings in {options.directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
