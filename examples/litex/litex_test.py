#!/usr/bin/env python3
"""The RISC-V of soc.py prints the digits: litex_test.py ERNGEN PYTHON, PYTHON with litex. Exits 77 (skipped) where that is missing."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

erngen, python = (pathlib.Path(word).absolute() for word in sys.argv[1:])
missing = [tool for tool in ("riscv64-unknown-elf-gcc", "verilator") if not shutil.which(tool)]
if not python.exists() or missing or subprocess.run([python, "-c", "import litex"], capture_output=True).returncode:
    print("skipped:", ", ".join(missing or ["litex"]), "missing; tools/test.sh installs it")
    sys.exit(77)
with tempfile.TemporaryDirectory() as directory:
    done = subprocess.run([python, pathlib.Path(__file__).resolve().parent / "soc.py", "--erngen", erngen, "--output", directory],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(done.stdout[-4000:])
    print(*(path.read_text()[-2000:] for path in pathlib.Path(directory).glob("build.txt") if done.returncode))
sys.exit(done.returncode or any(line not in done.stdout for line in ("digits-31415: 3 1 4 1 5\n", "digits-271828: 2 7 1 8 2 8\n",
                                                                    "digits-31415, first network again: 3 1 4 1 5\n")))
