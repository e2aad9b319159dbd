#!/usr/bin/env python3
"""Writes erngen.core, the FuseSoC core file (CAPI=2) of the template library: library_core.py ROOT [--check]."""
import pathlib
import sys

HEAD = """CAPI=2:
# The hand-written templates of erngen as a library. Made by tools/library_core.py.
#   fusesoc --cores-root . run --target=lint erngen:library:templates
name: erngen:library:templates:0.2.0
description: Spectral engine for recurrent networks with block-circulant weights

filesets:
  rtl:
    files:
"""
TAIL = """    file_type: verilogSource-2005
  bench:
    files:
      - testbench/edges/ern_axis_tb.v
    file_type: verilogSource-2005

scripts:
  passed:
    cmd: [grep, -q, ^PASS, icarus.log]

targets:
  default: &default
    filesets: [rtl]
    toplevel: ern_engine
  lint:
    <<: *default
    default_tool: verilator
    tools:
      verilator:
        mode: lint-only
        verilator_options: [-Wall]
  sim:
    filesets: [rtl, bench]
    toplevel: ern_axis_tb
    default_tool: icarus
    hooks: {post_run: [passed]}
    tools:
      icarus:
        iverilog_options: [-g2005, -DERN_SIMULATION]
        timescale: 1ns/1ns
  synth:
    filesets: [rtl]
    toplevel: ern_lane
    default_tool: yosys
    tools:
      yosys:
        arch: xilinx
        yosys_synth_options: [-family, xc7, -noiopad]
"""


def main():
    root = pathlib.Path(sys.argv[1])
    files = "".join(f"      - templates/{path.name}\n" for path in sorted((root / "templates").glob("*.v")))
    text, core = HEAD + files + TAIL, root / "erngen.core"
    if "--check" not in sys.argv[2:]:
        core.write_text(text)
        return 0
    if core.exists() and core.read_text() == text:
        return 0
    print("erngen.core is not what tools/library_core.py writes: run it")
    return 1


if __name__ == "__main__":
    sys.exit(main())
