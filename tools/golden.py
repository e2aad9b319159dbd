#!/usr/bin/env python3
"""Makes the golden design and compares it with the committed one, byte for byte.

golden.py ERNGEN DIRECTORY: compares; exits 1 and names the files that differ, are missing or are too many.
golden.py ERNGEN DIRECTORY --write: replaces the committed design.
"""
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

INPUTS, CELLS, OUTPUTS, BLOCK, WIDTH, FRAMES = 3, 4, 2, 2, 8, 32


def calibration():
    """FRAMES frames between -1 and 1, as a .npy file of float32: a linear congruential generator, the same everywhere."""
    state, values = 1, []
    for _ in range(FRAMES * INPUTS):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append(state / 2**31 - 1)
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({FRAMES}, {INPUTS}), }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(values)}f", *values)


def make(erngen, directory):
    """Runs new, quantise and generate in `directory`; returns the design's directory."""
    (directory / "x.npy").write_bytes(calibration())
    for command in (f"new --cell lstm --input {INPUTS} --hidden {CELLS} --dense {OUTPUTS} --block {BLOCK} --seed 1 -o golden.net",
                    f"quantise golden.net --calibration x.npy --weights {WIDTH} --activations {WIDTH} -o golden.qnet",
                    "generate golden.qnet --rows 4 --columns 1 --readout 2 --goal rate --overlap off -o golden"):
        done = subprocess.run([erngen, *command.split()], cwd=directory, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"erngen {command}: status {done.returncode}\n{done.stderr}")
    return directory / "golden"


def files(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*"))
            if path.is_file() and "build" not in path.relative_to(root).parts}


def main():
    erngen, committed = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as temporary:
        made = make(erngen, pathlib.Path(temporary))
        if "--write" in sys.argv[3:]:
            shutil.rmtree(committed, ignore_errors=True)
            shutil.copytree(made, committed)
            return 0
        new, old = files(made), files(committed)
    wrong = [f"{name}: differs" for name in sorted(new.keys() & old.keys()) if new[name] != old[name]]
    wrong += [f"{name}: is not made any more" for name in sorted(old.keys() - new.keys())]
    wrong += [f"{name}: is not committed" for name in sorted(new.keys() - old.keys())]
    print(*wrong, f"{len(new)} files compared, {len(wrong)} differences", sep="\n")
    if wrong:
        print("if that is intended: golden.py ERNGEN rtl_out/golden --write")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
