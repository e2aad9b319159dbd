#!/usr/bin/env python3
"""Runs the cocotb bench of this directory: run.py [icarus|verilator] [WORK_DIRECTORY]. Exit status 0 if every test passes, else 1.

A design with clocks/ is run with two unrelated clocks. Needs cocotb 2, cocotbext-axi and the simulator; Verilator from 5.022 on.
"""
import pathlib
import sys
import xml.etree.ElementTree

from cocotb_tools.runner import get_runner

HERE = pathlib.Path(__file__).resolve().parent
DESIGN = HERE.parent.parent


def main():
    simulator = sys.argv[1] if len(sys.argv) > 1 else "icarus"
    work = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else DESIGN / "build" / f"cocotb-{simulator}").resolve()
    test, = HERE.glob("test_*.py")
    top = test.stem.removeprefix("test_")
    lists = [DESIGN / "rtl/files.f"]
    if (DESIGN / "clocks").is_dir():
        lists.append(DESIGN / "clocks/files.f")
        top += "_clocks"
    options = ["-g2005", "-DERN_SIMULATION"] if simulator == "icarus" else ["-Wno-fatal", "-DERN_SIMULATION", "--x-initial", "unique"]
    runner = get_runner(simulator)
    runner.build(sources=[DESIGN / line for file in lists for line in file.read_text().split()], hdl_toplevel=top, build_args=options,
                 build_dir=work, parameters={"IMAGE_DIR": f'"{DESIGN / "images"}"'}, timescale=("1ns", "1ps"))
    sys.path.insert(0, str(HERE))
    report = runner.test(hdl_toplevel=top, test_module=test.stem, build_dir=work, test_dir=work)
    cases = list(xml.etree.ElementTree.parse(report).iter("testcase"))
    failed = [case.get("name") for case in cases if case.find("failure") is not None or case.find("error") is not None]
    print(f"{len(cases) - len(failed)} tests passed, {len(failed)} failed" + "".join(f"\nfailed: {name}" for name in failed))
    return 0 if cases and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
