#!/usr/bin/env python3
"""Largest fan-outs of a mapped netlist.

    tools/fan_out.py NETLIST.json [TOP]

NETLIST.json is Yosys's `write_json` after `synth_xilinx`, with its hierarchy or without. Counted are the cell pins that one driver reaches, through
module borders; clock pins are left out, because they have a network of their own.
"""
import collections
import json
import re
import sys

CLOCKS = re.compile(r"C|CLK\w*|WCLK|\w*CLK|G")


def fan_outs(netlist, top):
    """[(pins, "module: net")] of the nets that cells or modules drive, the largest first; a net that leaves a module is counted outside it."""
    modules = netlist["modules"]
    ports_of = {}   # module -> {(port, index): pins inside}
    nets = []

    def visit(name):
        if name in ports_of:
            return
        module = modules[name]
        pins, driven, clocks = collections.Counter(), set(), set()
        for cell in module["cells"].values():
            child = cell["type"] if cell["type"] in modules and modules[cell["type"]]["cells"] else None
            if child:
                visit(child)
            if cell["type"] == "BUFG":
                clocks.update(cell["connections"]["O"])
            for port, bits in cell["connections"].items():
                if cell["port_directions"][port] == "output":
                    driven.update(bits)
                else:
                    for n, bit in enumerate(bits):
                        pins[bit] += ports_of[child].get((port, n), 0) if child else not CLOCKS.fullmatch(port)
        ports_of[name] = {(port, n): pins[bit] for port, value in module["ports"].items() if value["direction"] == "input"
                          for n, bit in enumerate(value["bits"])}
        names = {}
        for net, value in module["netnames"].items():
            for n, bit in enumerate(value["bits"]):
                if bit not in names or len(net) < len(names[bit].rsplit("[", 1)[0]):
                    names[bit] = f"{net}[{n}]"
        short = re.sub(r"\$paramod\$?\w*\\+", "", name).lstrip("\\")
        nets.extend((count, f"{short}: {names.get(bit, bit)}") for bit, count in pins.items()
                    if bit in driven and bit not in clocks)

    visit(top)
    return sorted(nets, reverse=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        for count, place in fan_outs(json.load(file), sys.argv[2] if len(sys.argv) > 2 else "erngen_accelerator")[:20]:
            print(f"{count:6d}  {place}")


if __name__ == "__main__":
    main()
