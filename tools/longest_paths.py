#!/usr/bin/env python3
"""Longest paths of a mapped netlist between registers, by a stated delay model.

    tools/longest_paths.py NETLIST.json [TOP] [--number N] [--steps] [--json FILE]

NETLIST.json is Yosys's `write_json` after `synth_xilinx`, `synth_ecp5` or `synth_ice40`, with its hierarchy or without. A path runs from a
register, memory, DSP block or input to the next one. Of all bits between two vectors of registers the slowest is shown, and how many there
are. Beside the delay stand the LUTs in series, the carry chains in series with the bits that the carry passes, and the widest net: a chain
behind a chain is as slow as two.

It ranks paths before placement; it does not predict a clock. Delays (nanoseconds) and where they are from: DELAYS below. A LUT's late inputs
get its fast pins, as routers do. A net takes `net` and `net_double` for each doubling of its fan-out; none inside a slice: from carry to carry,
from a LUT to the multiplexer behind it, from a LUT or sum to the one register that it has.
"""
import argparse
import collections
import json
import math
import re
import sys

# 7 series: arcs, setup times and clock-to-output times of Yosys's models (xilinx/cells_sim.v and abc9_model.v, taken there from Project
# X-Ray's database for Artix-7; LUTs by pin, DSP48E1 by the registers that it uses). The carry is made simple: into the chain (S to CO), a bit
# (CI to CO[3] / 4), out of it (CI to O). No open router for this family is at hand, so nets are an assumption.
#
# ECP5, speed grade 6: cells as nextpnr-ecp5 0.11 (Project Trellis' database) has them in its timing reports of small designs: a register,
# an adder, a multiplier, a memory, multiplexers. Nets: the line through the medians of nets that registers drive, by fan-out, in the digit
# LSTM with 2 lanes on an LFE5U-45F, routed with seed 1 (1.080 + 0.209 log2; the slowest of ten takes about half as much again). Registers
# inside a multiplier or behind a block RAM are assumed: Yosys makes none.
#
# iCE40 UP5K: Yosys's models (ice40/cells_sim.v, ICE40_U; Project IceStorm). Multipliers, of which these have no times, and nets are assumed.
DELAYS = {
    "xc7": {"lut": [0.127, 0.238, 0.407, 0.472, 0.631, 0.642], "mux": [0.223, 0.296], "carry_in": 0.34, "carry_bit": 0.0285, "carry_out": 0.23,
            "carry_sum": 0.223, "clock_to_q": 0.303, "setup": 0.0, "setup_enable": 0.109, "setup_reset": 0.404, "lut_ram": 0.642,
            "lut_ram_clock": 1.153, "lut_ram_setup": 0.453, "shift_clock": 1.472, "ram": 2.454, "ram_registered": 0.882, "ram_setup": 0.737,
            "net": 0.55, "net_double": 0.15},
    "ecp5": {"lut": [0.236], "mux": [0.17, 0.2], "carry_in": 0.45, "carry_bit": 0.0355, "carry_out": 0.38, "carry_sum": 0.45,
             "clock_to_q": 0.525, "setup": 0.0, "setup_enable": 0.0, "setup_reset": 0.0, "lut_ram": 0.236, "lut_ram_clock": 0.525,
             "lut_ram_setup": 0.0, "shift_clock": 0.525, "ram": 5.83, "ram_registered": 1.0, "ram_setup": 0.1,
             "dsp": 3.93, "dsp_setup": 0.5, "dsp_clock": 0.7, "net": 1.08, "net_double": 0.21},
    "ice40": {"lut": [0.874, 1.205, 1.232, 1.285], "mux": [0, 0], "carry_in": 0.675, "carry_bit": 0.278, "carry_out": 0.874,
              "carry_sum": 0.874, "clock_to_q": 1.391, "setup": 0.0, "setup_enable": 0.0, "setup_reset": 0.0, "lut_ram": 0, "lut_ram_clock": 0,
              "lut_ram_setup": 0, "shift_clock": 0, "ram": 1.179, "ram_registered": 1.179, "ram_setup": 0.403, "dsp": 6.0, "dsp_setup": 0.3,
              "dsp_clock": 1.4, "net": 1.4, "net_double": 0.35},
}

CLOCKS = re.compile(r"CLK|CLK[A-D0-3]|CLKARDCLK|CLKBWRCLK|WCLK|RCLK|WCK|SCLK")
REGISTERS = ("FD", "LD", "TRELLIS_FF", "SB_DFF")   # whose clock or gate may be C or G, which elsewhere are data
CONSTANT_CELLS = ("GND", "VCC", "VLO", "VHI")

Cell = collections.namedtuple("Cell", "kind name source parameters pins")   # pins: {port: [net]}, net None where constant
Arc = collections.namedtuple("Arc", "net delay cell lut carry bits")         # from `net`; lut 1 for a LUT, carry 1 for the way into a chain


class Flat:
    """The cells of a netlist below `top`, its hierarchy resolved. A net is a number; names[net] is a register's name there."""

    def __init__(self, netlist, top=None):
        modules = {name: m for name, m in netlist["modules"].items()
                   if not any(int(m["attributes"].get(a, "0") or "0", 2) for a in ("blackbox", "whitebox"))}
        used = {cell["type"] for m in modules.values() for cell in m["cells"].values()}
        self.modules = modules
        self.local_names = {}
        self.joined = []                # union-find over nets
        self.names, self.cells, self.inputs, self.outputs = {}, [], [], []
        if top is None:
            top = next((name for name, m in modules.items() if int(m["attributes"].get("top", "0") or "0", 2)), None)
            top = top or next(name for name in modules if name not in used)
        if top not in modules:
            sys.exit(f"there is no module {top} in the netlist; it has {', '.join(sorted(modules)[:5])}")
        nets = self.visit(top, "", {})
        for port, value in modules[top]["ports"].items():
            place = self.inputs if value["direction"] == "input" else self.outputs
            place += [(f"{port}[{n}]", nets[bit]) for n, bit in enumerate(value["bits"]) if bit in nets]
        self.cells = [Cell(c.kind, c.name, c.source, c.parameters, {p: [None if n is None else self.find(n) for n in nn] for p, nn in c.pins.items()})
                      for c in self.cells]
        self.inputs = [(name, self.find(n)) for name, n in self.inputs]
        self.outputs = [(name, self.find(n)) for name, n in self.outputs]
        self.names = {self.find(n): name for n, name in self.names.items()}

    def find(self, net):
        while self.joined[net] != net:
            self.joined[net] = self.joined[self.joined[net]]
            net = self.joined[net]
        return net

    def new(self):
        self.joined.append(len(self.joined))
        return len(self.joined) - 1

    def bit_names(self, name):
        """bit -> its shortest public name in the module, or None."""
        if name not in self.local_names:
            best = {}
            for net, value in self.modules[name]["netnames"].items():
                if value.get("hide_name", 0):
                    continue
                several = len(value["bits"]) > 1
                for n, bit in enumerate(value["bits"]):
                    # a register's own name: deeper than the wires that it drives in a flattened netlist, and no input of a child
                    rank = (net.endswith("_i"), -net.count("."), not net.endswith("_q"), len(net))
                    if isinstance(bit, int) and (bit not in best or rank < best[bit][0]):
                        best[bit] = (rank, f"{net}[{n}]" if several else net)
            self.local_names[name] = {bit: text for bit, (_, text) in best.items()}
        return self.local_names[name]

    def visit(self, name, path, nets):
        """Adds the cells of an instance. nets: bits of its ports -> nets outside."""
        module, names = self.modules[name], self.bit_names(name)

        def net_of(bit):
            if not isinstance(bit, int):
                return None
            if bit not in nets:
                nets[bit] = self.new()
            return nets[bit]

        for cell_name, cell in module["cells"].items():
            kind = cell["type"].lstrip("\\")
            if cell["type"] in self.modules:
                inside = {}
                for port, bits in cell["connections"].items():
                    for bit, outer in zip(self.modules[cell["type"]]["ports"][port]["bits"], bits):
                        net = net_of(outer)
                        if not isinstance(bit, int) or net is None:
                            continue
                        if bit in inside:      # a way through: an input port is an output port
                            self.joined[self.find(net)] = self.find(inside[bit])
                        else:
                            inside[bit] = net
                self.visit(cell["type"], f"{path}{cell_name}.", inside)
                continue
            pins = {port: [net_of(bit) for bit in bits] for port, bits in cell["connections"].items()}
            words = [w for w in re.sub(r"\$flatten|\\", "", cell_name).split("$")[0].split(".") if w]
            clean = ".".join(words + [f"({kind})"] * ("$" in cell_name.replace("$flatten", "")))
            self.cells.append(Cell(kind, path + clean, template_line(cell["attributes"].get("src", "")), cell.get("parameters", {}), pins))
            for port, bits in cell["connections"].items():
                if cell["port_directions"][port] == "output":
                    for bit in bits:
                        if bit in names:
                            self.names.setdefault(nets[bit], path + names[bit])
        return nets


def template_line(source):
    """file:line of a cell whose place only one file names: of flattened ones the instance's name says more."""
    places = {re.sub(r".*/|\.v(?=:)", "", place).split(".")[0] for place in source.split("|") if "/yosys/" not in place}
    return places.pop() if len(places) == 1 else ""


def family_of(cells):
    kinds = {cell.kind for cell in cells}
    for family, signs in (("xc7", {"FDRE", "CARRY4", "LUT6"}), ("ecp5", {"TRELLIS_FF", "CCU2C"}), ("ice40", {"SB_LUT4", "SB_DFF"})):
        if kinds & signs:
            return family
    sys.exit("none of the netlist's cells is known; map it with synth_xilinx, synth_ecp5 or synth_ice40 first")


def number(cell, parameter, default=0):
    value = cell.parameters.get(parameter, default)
    return value if isinstance(value, int) else int(value, 2) if re.fullmatch(r"[01]+", value) else default


def dsp48(cell):
    """{port: its setup time or None}, {(port, output): delay of a way through}, clock to output: Yosys's abc9_model.v."""
    a, ad, b, c, d, m, p = (number(cell, f"{r}REG") for r in ("A", "AD", "B", "C", "D", "M", "P"))
    multiply = cell.parameters.get("USE_MULT", "MULTIPLY") != "NONE"
    adds = multiply and cell.parameters.get("USE_DPORT", "FALSE") == "TRUE"

    def required(*steps):
        return next((time for has, time in steps if has), None)

    setup = {"A": required((a, 0.254), (adds and ad, 1.283), (m, 2.4 if adds else 1.416), (p, (3.723 if adds else 2.739) if multiply else 1.441)),
             "B": required((b, 0.324), (m, 1.285), (p, 2.608 if multiply else 1.428)),
             "C": required((c, 0.168), (p, 1.244)),
             "D": required((d, 0.248), (ad, 1.195), (m, 2.31), (p, 3.635)), "PCIN": 1.025 if p else None}
    through = {"A": (3.806 if adds else 2.823) if multiply else 1.523, "B": 2.69 if multiply else 1.509, "C": 1.325, "D": 3.717, "PCIN": 1.107}
    clock = required((p, 0.329), (c, 1.687), (m, 1.671), (adds and a, 3.935), (adds and d, 3.908), (adds and ad, 2.958),
                     (a, 2.952 if multiply else 1.632), (b, 2.813 if multiply else 1.616))
    return setup, ({} if p else {port: t for port, t in through.items() if setup[port] is None}), clock


class Timing:
    """Arrival times. launches: {net: (delay, cell)}; arcs: {net: [Arc]} that drive it; captures: [(net, setup, cell, port)]."""

    def __init__(self, netlist, top=None):
        self.flat = Flat(netlist, top)
        self.family = family_of(self.flat.cells)
        self.delay = DELAYS[self.family]
        self.launches, self.arcs, self.captures, self.inside = {}, collections.defaultdict(list), [], set()
        self.fan_out = collections.Counter()
        for cell in self.flat.cells:
            self.add(cell)
        for name, net in self.flat.inputs:
            self.launches.setdefault(net, (self.delay["clock_to_q"], Cell("input", name, "", {}, {})))
        for name, net in self.flat.outputs:
            self.capture(net, self.delay["setup"], Cell("output", name, "", {}, {}), "")
        self.arrive()

    # --- cells
    def capture(self, net, setup, cell, port):
        if net is not None:
            self.captures.append((net, setup, cell, port))
            self.fan_out[net] += 1

    def arc(self, source, target, delay, cell, lut=0, carry=0, bits=0, inside=False):
        if source is None or target is None:
            return
        self.arcs[target].append(Arc(source, delay, cell, lut, carry, bits))
        if inside:
            self.inside.add((source, target))

    def pins(self, cell, *ports):
        return [(port, net) for port in ports for net in cell.pins.get(port, []) if net is not None]

    def inputs_of(self, cell, outputs):
        clocks = ("C", "G") if cell.kind.startswith(REGISTERS) else ()
        return [(port, net) for port, nets in cell.pins.items() if port not in outputs and port not in clocks and not CLOCKS.fullmatch(port)
                for net in nets if net is not None]

    def launch(self, cell, delay, *ports):
        for _, net in self.pins(cell, *ports):
            self.launches[net] = (delay, cell)

    def add(self, cell):
        d, kind = self.delay, cell.kind
        if re.fullmatch(r"LUT[1-7]|SB_LUT4", kind):
            output = "Z" if "Z" in cell.pins else "O"
            inputs = self.inputs_of(cell, (output,))
            for _, net in inputs:
                self.fan_out[net] += 1
                self.arc(net, cell.pins[output][0], None, cell, lut=len(inputs) > 1)
        elif kind in ("INV", "BUF", "BUFG", "IBUF", "OBUF", "SB_GB") or kind in CONSTANT_CELLS:
            for _, net in self.inputs_of(cell, ("O",)):
                self.fan_out[net] += 1
                self.arc(net, cell.pins["O"][0], 0, cell)
        elif kind in ("MUXF7", "MUXF8", "PFUMX", "L6MUX21"):
            output = "O" if "O" in cell.pins else "Z"
            for port, net in self.inputs_of(cell, (output,)):
                select = port in ("S", "SD", "C0")
                if select:
                    self.fan_out[net] += 1
                self.arc(net, cell.pins[output][0], d["mux"][select], cell, inside=not select)
        elif kind in ("CARRY4", "CCU2C", "SB_CARRY"):
            self.add_carry(cell)
        elif kind.startswith(("RAM32", "RAM64", "RAM128", "RAM256", "TRELLIS_DPR", "SRL")) or kind == "TRELLIS_RAM16X2":
            self.add_lut_ram(cell)
        elif kind == "DSP48E1":
            setup, through, clock = dsp48(cell)
            if clock is not None:
                self.launch(cell, clock, "P", "PCOUT")
            for port, net in self.inputs_of(cell, ("P", "PCOUT", "ACOUT", "BCOUT", "CARRYCASCOUT", "CARRYOUT", "OVERFLOW", "UNDERFLOW",
                                                   "PATTERNDETECT", "PATTERNBDETECT", "MULTSIGNOUT")):
                cascade = port == "PCIN"
                if port in through:
                    self.fan_out[net] += not cascade
                    for _, out in self.pins(cell, "P", "PCOUT"):
                        self.arc(net, out, through[port], cell, inside=cascade)
                elif cascade:
                    self.captures.append((net, setup[port], cell, port))
                else:
                    self.capture(net, setup.get(port) if setup.get(port) is not None else 0.3, cell, port)
        elif kind in ("MULT18X18D", "SB_MAC16"):
            self.add_multiplier(cell)
        elif kind.startswith(("RAMB", "DP16KD", "PDPW16KD", "SB_RAM40")):
            outputs = [p for p in cell.pins if re.fullmatch(r"DO\w*|RDATA", p)]
            for port in outputs:
                registered = number(cell, "DOB_REG" if port.startswith("DOB") else "DOA_REG") or \
                    cell.parameters.get(f"REGMODE_{port[2:3]}") == "OUTREG"
                self.launch(cell, d["ram_registered" if registered else "ram"], port)
            for port, net in self.inputs_of(cell, outputs):
                self.capture(net, d["ram_setup"], cell, port)
        elif kind.startswith(REGISTERS):
            self.launch(cell, d["clock_to_q"], "Q")
            for port, net in self.inputs_of(cell, ("Q",)):
                name = "setup" if port in ("D", "DI", "M") else "setup_enable" if port in ("CE", "E") else "setup_reset"
                self.capture(net, d[name], cell, port)
        else:
            sys.exit(f"{cell.name}: cells of type {kind} are not known; add it to tools/longest_paths.py")

    def add_carry(self, cell):
        d = self.delay

        def entry(source, carries, sums):
            """From an operand into the chain: carries [(net, bits behind)], sums [(net, bits behind)], the first of the same bit."""
            if source is None:
                return
            self.fan_out[source] += 1
            for net, bits in carries:
                self.arc(source, net, d["carry_in"] + bits * d["carry_bit"], cell, carry=1, bits=bits + 1)
            for net, bits in sums:
                self.arc(source, net, d["carry_sum"] if bits == 0 else d["carry_in"] + (bits - 1) * d["carry_bit"] + d["carry_out"], cell,
                         carry=1, bits=bits)

        def on(source, carries, sums):
            """From the carry before; in the fabric where another net drives it."""
            for net, bits in carries:
                self.arc(source, net, bits * d["carry_bit"], cell, bits=bits, inside=True)
            for net, bits in sums:
                self.arc(source, net, (bits - 1) * d["carry_bit"] + d["carry_out"], cell, bits=bits - 1, inside=True)

        def pin(port, n=0):
            return cell.pins[port][n] if port in cell.pins else None

        if cell.kind == "CARRY4":
            co, o = ([pin(port, n) for n in range(4)] for port in ("CO", "O"))
            for n in range(4):
                carries = [(co[m], m - n) for m in range(n, 4)]
                entry(pin("S", n), carries, [(o[m], m - n) for m in range(n, 4)])
                entry(pin("DI", n), carries, [(o[m], m - n) for m in range(n + 1, 4)])
            every = [(co[m], m + 1) for m in range(4)], [(o[m], m + 1) for m in range(4)]
            on(pin("CI"), *every)
            entry(pin("CYINIT"), *every)
        elif cell.kind == "CCU2C":
            out, s0, s1 = pin("COUT"), pin("S0"), pin("S1")
            for port, net in self.pins(cell, "A0", "B0", "C0", "D0"):
                entry(net, [(out, 1)], [(s0, 0), (s1, 1)])
            for port, net in self.pins(cell, "A1", "B1", "C1", "D1"):
                entry(net, [(out, 0)], [(s1, 0)])
            on(pin("CIN"), [(out, 2)], [(s0, 1), (s1, 2)])
        else:
            for _, net in self.pins(cell, "I0", "I1"):
                entry(net, [(pin("CO"), 0)], [])
            on(pin("CI"), [(pin("CO"), 1)], [])

    def add_lut_ram(self, cell):
        d = self.delay
        if cell.kind.startswith("SRL"):
            self.launch(cell, d["shift_clock"], "Q", "Q31")
            address = re.compile(r"A\d?")
        else:
            address = re.compile(r"ADDR[A-H]|DPRA\d?|A\d|RAD\d?")
        outputs = [p for p in cell.pins if re.fullmatch(r"DO\w*|[SD]PO|O|Q|Q31", p)]
        if not cell.kind.startswith("SRL"):
            self.launch(cell, d["lut_ram_clock"], *outputs)
        for port, net in self.inputs_of(cell, outputs):
            if address.fullmatch(port):
                self.fan_out[net] += 1
                mate = {"ADDR" + c: ["DO" + c] for c in "ABCDEFGH"}.get(port, outputs)
                for _, out in self.pins(cell, *mate):
                    self.arc(net, out, d["lut_ram"], cell, lut=1)
            else:
                self.capture(net, d["lut_ram_setup"], cell, port)

    def add_multiplier(self, cell):
        d = self.delay
        outputs = [p for p in cell.pins if re.fullmatch(r"P\d+|O|CO|RO[ABC]\d+|SRO[AB]\d+|SIGNEDP|ROA\d+|ACCUMCO|SIGNEXTOUT", p)]
        values = [p for p in outputs if re.fullmatch(r"P\d+|O|CO", p)]
        if cell.kind == "MULT18X18D":
            first = cell.parameters.get("REG_INPUTA_CLK", "NONE") != "NONE"
            middle = cell.parameters.get("REG_PIPELINE_CLK", "NONE") != "NONE"
            last = cell.parameters.get("REG_OUTPUT_CLK", "NONE") != "NONE"
        else:
            first = number(cell, "A_REG")
            middle = number(cell, "PIPELINE_16x16_MULT_REG1")
            last = number(cell, "TOPOUTPUT_SELECT", 0) == 1
        if first or middle or last:
            self.launch(cell, d["dsp_clock"] if last else d["dsp"] / 2 if middle else d["dsp"], *values)
        for port, net in self.inputs_of(cell, outputs):
            if first or middle or last:
                self.capture(net, d["dsp_setup"] if first else d["dsp"] / 2 if middle else d["dsp"], cell, port)
            else:
                self.fan_out[net] += 1
                for _, out in self.pins(cell, *values):
                    self.arc(net, out, d["dsp"], cell)

    # --- nets
    def wire(self, net, target_cell, port, target=None):
        """Delay of a net to a cell."""
        if (net, target) in self.inside and target is not None:
            return 0.0
        if target_cell.kind == "SB_LUT4" and net in self.arcs and self.arcs[net][0].cell.kind == "SB_CARRY":
            return 0.0
        if target is None and port in ("D", "DI") and self.fan_out[net] == 1 and self.driver_is_logic(net):
            return 0.0
        return self.delay["net"] + self.delay["net_double"] * math.log2(max(1, self.fan_out[net]))

    def driver_is_logic(self, net):
        return net in self.arcs and self.arcs[net][0].cell.kind not in ("DSP48E1", "MULT18X18D", "SB_MAC16")

    def arrive(self):
        """self.arrival: {net: (time, Arc or None, net before)}."""
        waiting = {net: len(arcs) for net, arcs in self.arcs.items()}
        readers = collections.defaultdict(list)
        for net, arcs in self.arcs.items():
            for arc in arcs:
                readers[arc.net].append(net)
        self.arrival = {}
        sources = [arc.net for arcs in self.arcs.values() for arc in arcs if arc.net not in self.arcs]
        sources += [n for n in self.launches if n not in self.arcs]
        ready = list(dict.fromkeys(sources))
        self.order = order = []
        while ready:
            net = ready.pop()
            order.append(net)
            for reader in readers[net]:
                waiting[reader] -= 1
                if waiting[reader] == 0:
                    ready.append(reader)
        for net in order:
            best = (self.launches[net][0], None) if net in self.launches else None
            arcs = self.arcs.get(net, ())
            times = [(self.arrival[a.net][0] + self.wire(a.net, a.cell, "", net), a) for a in arcs if a.net in self.arrival]
            if times and times[0][1].delay is None:     # a LUT: the latest input has the fastest pin
                times.sort(key=lambda t: -t[0])
                pins = self.delay["lut"]
                times = [(time + pins[min(n, len(pins) - 1)], arc) for n, (time, arc) in enumerate(times)]
            else:
                times = [(time + arc.delay, arc) for time, arc in times]
            for time, arc in times:
                if best is None or time > best[0]:
                    best = (time, arc)
            if best is not None:
                self.arrival[net] = best
        self.loops = sorted(net for net in self.arcs if net not in self.arrival and waiting[net] > 0)

    def levels(self):
        """The most LUTs in series, whatever they take, and where: (levels, name of the end)."""
        most = collections.defaultdict(int)
        for net in self.order:
            most[net] = max((most[a.net] + a.lut for a in self.arcs.get(net, ())), default=0)
        return max(((most[net], self.place_of_end(cell, port)) for net, _, cell, port in self.captures), default=(0, ""))

    # --- paths
    def name(self, net, cell):
        if cell.kind in ("input", "output"):
            return f"{cell.kind} {cell.name}"
        return self.flat.names.get(net) or cell.name

    def place_of_end(self, cell, port):
        """A register by its own name, another cell by its name and port."""
        if cell.kind in ("output",):
            return f"output {cell.name}"
        q = next((net for net in cell.pins.get("Q", []) if net is not None), None)
        if q is not None and q in self.flat.names:
            return self.flat.names[q]
        out = next((self.flat.names[n] for p in cell.pins for n in cell.pins[p] if n in self.flat.names and n in self.launches and
                    self.launches[n][1] is cell), None)
        return f"{out or cell.name}.{port}"

    def trace(self, net):
        """[(arc, net driven by it)] from the start."""
        steps = []
        while self.arrival[net][1] is not None:
            arc = self.arrival[net][1]
            steps.append((arc, net))
            net = arc.net
        return net, steps[::-1]

    def path(self, net, setup, cell, port):
        begin, steps = self.trace(net)
        launch = self.launches[begin]
        wires = [self.wire(a.net, a.cell, "", n) for a, n in steps] + [self.wire(net, cell, port)]
        total = self.arrival[net][0] + wires[-1] + setup
        touched = [begin] + [n for _, n in steps]
        widest = max((self.fan_out[n] for n, w in zip(touched, wires) if w > 0), default=0)
        return {"delay": round(total, 3), "logic": round(total - sum(wires), 3), "nets": round(sum(wires), 3), "luts": sum(a.lut for a, _ in steps),
                "chains": sum(a.carry for a, _ in steps), "carry_bits": sum(a.bits for a, _ in steps), "fan_out": widest,
                "start": self.name(begin, launch[1]), "start_cell": launch[1].kind, "start_source": launch[1].source,
                "end": self.place_of_end(cell, port), "end_port": port, "end_source": cell.source,
                "steps": [f"{launch[0]:6.2f}  {launch[1].kind} {self.name(begin, launch[1])}"] +
                         [f"{w:6.2f}    net, {self.fan_out[a.net]} pins\n{self.arrival[n][0] - self.arrival[a.net][0] - w:6.2f}  "
                          f"{a.cell.kind} {self.flat.names.get(n, a.cell.name)} {a.cell.source}" for (a, n), w in zip(steps, wires)] +
                         [f"{wires[-1]:6.2f}    net, {self.fan_out[net]} pins\n{setup:6.2f}  {cell.kind}.{port} {self.place_of_end(cell, port)}"]}

    def longest(self, count):
        """[{delay, logic, nets, luts, chains, carry_bits, fan_out, start, end, bits, steps}], the longest first: one between any two vectors of
        registers, with `bits` ends that are so slow or faster."""
        ends = sorted(((self.arrival[net][0] + self.wire(net, cell, port) + setup, n)
                       for n, (net, setup, cell, port) in enumerate(self.captures) if net in self.arrival), key=lambda e: (-e[0], e[1]))
        found = {}
        for _, n in ends:
            net, setup, cell, port = self.captures[n]
            begin, _ = self.trace(net)
            key = (vector(self.name(begin, self.launches[begin][1])), vector(self.place_of_end(cell, port)))
            if key in found:
                found[key]["bits"] += 1
            elif len(found) < count:
                found[key] = {**self.path(*self.captures[n]), "bits": 1}
            elif len(ends) > 20000 and sum(f["bits"] for f in found.values()) > 20000:
                break
        return list(found.values())


def vector(name):
    return re.sub(r"\[\d+\]", "", name)


def brackets(text):
    return f"({text})" if text else ""


def timing_of(netlist, top=None):
    timing = Timing(netlist, top)
    if timing.loops:
        sys.exit(f"{len(timing.loops)} nets are on combinational loops, {timing.flat.names.get(timing.loops[0], timing.loops[0])} is one")
    return timing


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="The delay model: see the head of this file.")
    parser.add_argument("netlist")
    parser.add_argument("top", nargs="?")
    parser.add_argument("--number", type=int, default=20, help="paths to show")
    parser.add_argument("--steps", action="store_true", help="show every cell and net of them")
    parser.add_argument("--json", help="write them to this file")
    args = parser.parse_args()
    with open(args.netlist) as file:
        timing = timing_of(json.load(file), args.top)
    paths, (levels, place) = timing.longest(args.number), timing.levels()
    print(f"{timing.family}, at most {levels} LUTs in series (to {place})\n"
          "delay = logic + nets in ns; LUTs and carry chains in series (bits that the carry passes); widest net; bits as slow or faster")
    for p in paths:
        print(f"{p['delay']:6.2f} = {p['logic']:.2f} + {p['nets']:.2f}  {p['luts']:2d} LUT  {p['chains']} chains ({p['carry_bits']})  "
              f"fan-out {p['fan_out']:4d}  "
              f"{p['bits']:4d} bits  {p['start']} {brackets(p['start_source'])} -> "
              f"{p['end']} {brackets(p['end_source'])}")
        if args.steps:
            print("\n".join(p["steps"]))
    if args.json:
        with open(args.json, "w") as file:
            json.dump({"family": timing.family, "levels": levels, "paths": paths}, file, indent=1)


if __name__ == "__main__":
    main()
