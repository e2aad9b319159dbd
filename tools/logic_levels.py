#!/usr/bin/env python3
"""Longest paths of a mapped netlist in LUT levels, outside carry chains.

    tools/logic_levels.py NETLIST.json [TOP]

NETLIST.json is Yosys's `write_json` after `synth_xilinx`, with its hierarchy or without. A path runs from a register, memory, DSP block or
input to the next one. Each LUT on it counts one level, as does the asynchronous read of a LUT RAM; carry chains and the multiplexers
MUXF7 and MUXF8 inside a slice count nothing. Paths are followed through module borders: each module is reduced, bottom up, to the levels between
its ports, from its registers to its outputs and from its inputs to its registers.
"""
import collections
import json
import re
import sys

COMBINATIONAL = re.compile(r"LUT[1-6]|CARRY4|MUXF[78]|INV|BUF|BUFG|GND|VCC|RAM\d.*")
LEVELS = re.compile(r"LUT[2-6]|RAM\d.*")  # a LUT1 is a wire or an inverter, which later steps absorb
ASYNCHRONOUS_READ = re.compile(r"ADDR?[A-D]?\d*|A[0-5]|DPRA[0-5]?|ADDR[A-H]")


class Module:
    """Levels through one module. `source` is a bit driven by a register (None) or by an input port (its name)."""

    def __init__(self, name, module, done):
        self.name = name
        self.worst = (0, "")          # within and below, between registers
        self.to_register = {}         # input port -> levels
        self.from_register = {}       # output port -> levels
        self.through = {}             # (input port, output port) -> levels
        self.net_names = {}
        for net, value in module["netnames"].items():
            for n, bit in enumerate(value["bits"]):
                if isinstance(bit, int) and (bit not in self.net_names or len(net) < len(self.net_names[bit].split("[")[0])):
                    self.net_names[bit] = f"{net}[{n}]"
        self.analyse(module, done)

    def analyse(self, module, done):
        edges = collections.defaultdict(list)   # driven bit -> [(bit it depends on, levels)]
        start = {}                              # bit -> levels at which a register drives it
        ends = []                               # (bit, levels) read by registers
        for cell in module["cells"].values():
            kind, directions = cell["type"].lstrip("\\"), cell["port_directions"]
            pins = [(port, bit) for port, bits in cell["connections"].items() for bit in bits if isinstance(bit, int)]
            inputs = [pin for pin in pins if directions[pin[0]] == "input"]
            outputs = [pin for pin in pins if directions[pin[0]] == "output"]
            if cell["type"] in done:
                child = done[cell["type"]]
                if child.worst[0] > self.worst[0]:
                    self.worst = child.worst
                for port, bit in inputs:
                    if port in child.to_register:
                        ends.append((bit, child.to_register[port]))
                for port, bit in outputs:
                    if port in child.from_register:
                        start[bit] = max(start.get(bit, 0), child.from_register[port])
                    for other, levels in ((i, n) for (i, o), n in child.through.items() if o == port):
                        edges[bit] += [(b, levels) for p, b in inputs if p == other]
            elif COMBINATIONAL.fullmatch(kind):
                memory = kind.startswith("RAM")
                levels = 1 if LEVELS.fullmatch(kind) else 0
                reads = [(p, b) for p, b in inputs if not memory or ASYNCHRONOUS_READ.fullmatch(p)]
                for _, bit in outputs:
                    edges[bit] += [(b, levels) for _, b in reads]
                    if memory:
                        start[bit] = 1
                if memory:
                    ends += [(b, 0) for _, b in inputs]
            else:  # register, shift register, block RAM, DSP block
                for _, bit in outputs:
                    start[bit] = max(start.get(bit, 0), 0)
                ends += [(b, 0) for _, b in inputs]
        self.reduce(module, edges, start, ends)

    def reduce(self, module, edges, start, ends):
        ports = {"input": {}, "output": {}}
        for port, value in module["ports"].items():
            for bit in value["bits"]:
                if isinstance(bit, int):
                    ports[value["direction"]][bit] = port
        order, seen = [], set()
        for root in [*edges, *(b for b, _ in ends)]:   # depth first, without recursion
            stack = [(root, False)]
            while stack:
                bit, expanded = stack.pop()
                if expanded:
                    order.append(bit)
                elif bit not in seen:
                    seen.add(bit)
                    stack.append((bit, True))
                    stack += [(b, False) for b, _ in edges.get(bit, ()) if b not in seen]
        depth = {}       # bit -> levels from a register, None if there is none
        reach = {}       # bit -> {input port: levels}
        for bit in order:
            best, from_ports = start.get(bit), {}
            if bit in ports["input"]:
                from_ports[ports["input"][bit]] = 0
            for before, levels in edges.get(bit, ()):
                d = depth.get(before, start.get(before))
                if d is not None and (best is None or d + levels > best):
                    best = d + levels
                for port, n in reach.get(before, {ports["input"][before]: 0} if before in ports["input"] else {}).items():
                    if n + levels > from_ports.get(port, -1):
                        from_ports[port] = n + levels
            depth[bit] = best
            reach[bit] = from_ports
        for bit, levels in ends:
            if depth.get(bit) is not None and depth[bit] + levels > self.worst[0]:
                self.worst = (depth[bit] + levels, f"{self.name}: {self.net_names.get(bit, bit)}")
            for port, n in reach.get(bit, {}).items():
                self.to_register[port] = max(self.to_register.get(port, 0), n + levels)
        for bit, port in ports["output"].items():
            d = depth.get(bit, start.get(bit))
            if d is not None:
                self.from_register[port] = max(self.from_register.get(port, 0), d)
            for other, n in reach.get(bit, {ports["input"][bit]: 0} if bit in ports["input"] else {}).items():
                self.through[other, port] = max(self.through.get((other, port), 0), n)


def analyse(netlist, top=None):
    """All modules of a netlist below `top`, by name, each after those that it instantiates."""
    modules = netlist["modules"]
    modules = {name: m for name, m in modules.items() if not int(m["attributes"].get("blackbox", "0") or "0", 2)
               and not int(m["attributes"].get("whitebox", "0") or "0", 2)}
    done = {}

    def visit(name):
        if name in done:
            return
        for cell in modules[name]["cells"].values():
            if cell["type"] in modules:
                visit(cell["type"])
        done[name] = Module(name, modules[name], done)

    used = {cell["type"] for m in modules.values() for cell in m["cells"].values()}
    visit(top or next(name for name in modules if name not in used))
    return done


def ranking(netlist, top=None):
    """[(levels, place)] of the modules, the longest first; at the top, inputs and outputs count as registers."""
    done = analyse(netlist, top)
    last = list(done.values())[-1]
    places = {m.worst for m in done.values()} | {(n, f"input {port}") for port, n in last.to_register.items()}
    places |= {(n, f"output {port}") for port, n in last.from_register.items()}
    return sorted(((n, re.sub(r"\$paramod\$?\w*\\+", "", place).lstrip("\\")) for n, place in places), reverse=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        for levels, place in ranking(json.load(file), sys.argv[2] if len(sys.argv) > 2 else None)[:20]:
            print(f"{levels:3d}  {place}")


if __name__ == "__main__":
    main()
