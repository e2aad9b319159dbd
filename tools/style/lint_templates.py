#!/usr/bin/env python3
"""Lints every Verilog template where it lies, alone and with its default parameters.

lint_templates.py TOOL DIRECTORY, TOOL one of verilator, iverilog, yosys: exits 1 if the tool says anything. The simulators read them a second
time with ERN_SIMULATION, as the benches do.
"""
import pathlib
import subprocess
import sys


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    said = (done.stdout + done.stderr).strip()
    return said or (f"status {done.returncode}" if done.returncode else "")


def verilator(directory, template, *define):
    said = output_of(["verilator", "--lint-only", "-Wall", *define, "-y", str(directory), "--top-module", template.stem, str(template)])
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
