#!/usr/bin/env python3
"""Reads every template and the golden design with slang: no warning of any kind that is not argued here. lint_slang.py ROOT [PYTHON]

PYTHON is an interpreter that has pyslang (PyPI); without it the check is skipped (77). Templates are read as Verilog-2005, as benches
(ERN_SIMULATION), and for devices without pre-adders (ERN_NO_PREADDER). A mistake that slang must see is read, too.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ARGUED = {
    # A vector that becomes a signed number of the same width keeps its bits; concatenations and part-selects are unsigned by the language.
    "sign-conversion": "bits stay as they are",
    # Products of factors of different widths, both signed.
    "arith-op-mismatch": "both factors are signed, and the product is as wide as both together",
    # Numbers of fields, filled up with zeros, beside integers that count from 0.
    "sign-compare": "neither is negative",
    # Integers that count from 0, in functions that the elaboration calls.
    "signed-logical-shift": "what is shifted is not negative",
    # The product is taken modulo 2^ACC, as the head says.
    "presum_product.v: width-trunc": "bits above the sum's",
}
WARNING = re.compile(r"([\w/.]*?)(\w+\.v):\d+:\d+: warning: .*\[-W([\w-]+)\]")
READ = """
import sys
import pyslang
driver = pyslang.driver.Driver() if hasattr(pyslang, "driver") else pyslang.Driver()
driver.addStandardArgs()
good = driver.parseCommandLine(" ".join(["slang"] + sys.argv[1:])) and driver.processOptions() and driver.parseAllSources()
if good:
    compilation = driver.createCompilation()
    driver.reportCompilation(compilation, False)
    good = driver.reportDiagnostics(False) if hasattr(driver, "reportDiagnostics") else not any(d.isError() for d in compilation.getAllDiagnostics())
sys.exit(0 if good else 1)
"""


def is_argued(line):
    found = WARNING.search(line)
    if not found:
        return False
    _, file, name = found.groups()
    return name in ARGUED or any(key.endswith(f": {name}") and file.endswith(key.split(":")[0]) for key in ARGUED)


def complaints(python, files, options):
    command = [python, "-c", READ, "--std", "1364-2005", "-Weverything", *options, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    said = (done.stdout + done.stderr).splitlines()
    wrong = [line for line in said if ("warning:" in line or "error:" in line) and not is_argued(line)]
    if not wrong and (done.returncode or not any("Build succeeded" in line for line in said)):
        wrong = [f"status {done.returncode}"] + said[-5:]
    return "\n".join(wrong)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    python = sys.argv[2] if len(sys.argv) > 2 else sys.executable
    if not pathlib.Path(python).exists() or subprocess.run([python, "-c", "import pyslang"], capture_output=True).returncode:
        print("skipped: there is no pyslang (PyPI), tools/test.sh lint installs it")
        return 77
    templates = sorted((root / "templates").glob("*.v"))
    golden = [root / "rtl_out/golden" / line for line in (root / "rtl_out/golden/rtl/files.f").read_text().split()]
    said = [complaints(python, templates, options) for options in ([], ["-DERN_SIMULATION"], ["-DERN_NO_PREADDER"])]
    said.append(complaints(python, golden, []))
    with tempfile.TemporaryDirectory() as folder:
        wrong = pathlib.Path(folder) / "wrong.v"
        wrong.write_text("module wrong(input wire [3:0] a, output wire [2:0] y);\n  assign y = a;\nendmodule\n")
        if not complaints(python, [wrong], []):
            said.append("a width that does not fit is not seen")
    said = [text for text in said if text]
    print(*said, f"slang: {len(templates)} templates and the golden design, {len(said)} with complaints", sep="\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
