"""Counts toggles of a netlist's nets by what drives them, from waves that are read as a stream.

A module of switching_activity.py. Every net is looked at once a clock, with the value that it has settled on before the rising edge; a toggle is
a difference to the clock before. Simulations of netlists have no delays, so what a net does between two edges (glitches) is not in it. A bit
that is undefined keeps the value that it had.
"""
import collections
import re

LUTS = re.compile(r"LUT[1-6]|INV")
REGISTERS = re.compile(r"FD[RSCP]E(_1)?")
LUT_MEMORIES = re.compile(r"RAM(16|32|64|128|256)[XM].*")
SHIFT_REGISTERS = re.compile(r"SRL(16|C32)E?")
WIDE_MULTIPLEXERS = re.compile(r"MUXF[789]")
BLOCK_RAMS = re.compile(r"RAMB(18|36)E1")


def output_kind(cell, port):
    """Of a net that this port of a 7-series cell drives; None where it has none of its own (the chain inside a carry, cascades)."""
    if LUTS.fullmatch(cell):
        return "lut"
    if REGISTERS.fullmatch(cell):
        return "register"
    if cell == "CARRY4":
        return {"O": "carry_sum", "CO": "carry_chain"}[port]
    if WIDE_MULTIPLEXERS.fullmatch(cell):
        return "wide_multiplexer"
    if SHIFT_REGISTERS.fullmatch(cell):
        return "shift_register"
    if LUT_MEMORIES.fullmatch(cell):
        return "lut_memory"
    if cell == "DSP48E1":
        return "dsp_output" if port == "P" else None
    if BLOCK_RAMS.fullmatch(cell):
        return "block_ram_output" if port.startswith("DO") else None
    return None


def input_kind(cell, port):
    """Of a net at this port, counted once more: the operands of DSP blocks, and what block RAM is given."""
    if cell == "DSP48E1":
        return "dsp_operand" if port in "ABCD" else None
    if BLOCK_RAMS.fullmatch(cell):
        return {"ADDR": "block_ram_address", "DIAD": "block_ram_input", "DIBD": "block_ram_input", "DIPA": "block_ram_input",
                "DIPB": "block_ram_input"}.get(port[:4])
    return None


class Netlist:
    """The nets of a hierarchical netlist (Yosys's write_json), by the names that a simulation of the same Verilog gives them."""

    def __init__(self, netlist, top):
        def flag(module, name):
            return int(str(module["attributes"].get(name, "0")) or "0", 2)
        self.modules = {n: m for n, m in netlist["modules"].items() if not flag(m, "blackbox") and not flag(m, "whitebox")}
        self.top = top
        self.cells = collections.Counter()
        self.counted = {name: self.kinds_of(module) for name, module in self.modules.items()}
        self.scopes = {}                 # path -> module
        self.visit(top, ())

    def visit(self, name, path):
        self.scopes[path] = name
        for cell_name, cell in self.modules[name]["cells"].items():
            if cell["type"] in self.modules:
                self.visit(cell["type"], path + (cell_name,))
            else:
                self.cells[cell["type"]] += 1

    @staticmethod
    def kinds_of(module):
        """{net name: {kind: [bit of the net]}}: every bit that something drives and something reads, once."""
        used, driven, read = set(), {}, collections.defaultdict(list)
        for port in module["ports"].values():
            if port["direction"] != "input":
                used.update(port["bits"])
        for cell in module["cells"].values():
            for port, bits in cell["connections"].items():
                if cell["port_directions"].get(port) == "output":
                    kind = output_kind(cell["type"], port)
                    if kind:
                        driven.update(dict.fromkeys(bits, kind))
                else:
                    used.update(bits)
                    kind = input_kind(cell["type"], port)
                    if kind:
                        for bit in bits:
                            read[bit].append(kind)
        result, placed = {}, set()
        for name, net in module["netnames"].items():
            kinds = collections.defaultdict(list)
            for place, bit in enumerate(net["bits"]):
                if not isinstance(bit, int) or bit in placed:
                    continue
                placed.add(bit)
                if bit in driven and bit in used:
                    kinds[driven[bit]].append(place)
                for kind in read[bit]:
                    kinds[kind].append(place)
            if kinds:
                result[name] = dict(kinds)
        return result


class Net:
    __slots__ = ("value", "masks")

    def __init__(self):
        self.value, self.masks = 0, []


class ToggleCounter:
    """Counts from a VCD's lines. `clock`, `window` and `busy` are full names (dotted) of nets in it: a clock counts for the value of the
    window when it ends, 0 for none; busy may be None. `root`: the full name of the instance of the netlist's top module."""

    def __init__(self, netlist, root, clock, window, busy=None):
        self.netlist, self.root = netlist, tuple(root.split("."))
        self.watched = {tuple(name.split(".")): role for name, role in ((clock, "clock"), (window, "window"), (busy, "busy")) if name}
        self.nets = {}                                    # VCD's identifier -> Net
        self.roles = {}                                   # role -> identifier
        self.bits = collections.Counter()                 # kind -> bits
        self.toggles = collections.defaultdict(collections.Counter)   # window -> kind -> toggles
        self.cycles, self.busy_cycles = collections.Counter(), collections.Counter()

    def declare(self, path, width, identifier, name):
        name = name.lstrip("\\")
        full = path + (name,)
        if full in self.watched:
            self.roles[self.watched[full]] = identifier
            self.nets.setdefault(identifier, Net())
        if path[:len(self.root)] != self.root:
            return
        module = self.netlist.scopes.get(path[len(self.root):])
        for kind, places in (self.netlist.counted[module].get(name, {}) if module else {}).items():
            net = self.nets.setdefault(identifier, Net())
            if max(places) >= width:
                raise SystemExit(f"{'.'.join(full)} has {width} bits in the waves and more in the netlist")
            # a net at two pins of one kind counts twice
            for again in range(max(collections.Counter(places).values())):
                net.masks.append((kind, sum(1 << p for p, n in collections.Counter(places).items() if n > again)))
            self.bits[kind] += len(places)

    def declarations(self, lines):
        path = []
        for line in lines:
            words = line.split()
            if not words:
                continue
            if words[0] == "$scope":
                path.append(words[2].lstrip("\\"))
            elif words[0] == "$upscope":
                path.pop()
            elif words[0] == "$var":
                self.declare(tuple(path), int(words[2]), words[3], words[4])
            elif words[0] == "$enddefinitions":
                break
        missing = set(self.watched.values()) - set(self.roles)
        if missing:
            raise SystemExit(f"the waves have no {', '.join(sorted(missing))}")
        expected = collections.Counter()
        for module in self.netlist.scopes.values():
            for kinds in self.netlist.counted[module].values():
                expected.update({kind: len(places) for kind, places in kinds.items()})
        if expected != self.bits:
            raise SystemExit(f"of the netlist's nets {dict(expected)} the waves have {dict(self.bits)}")

    def read(self, lines):
        lines = iter(lines)
        self.declarations(lines)
        nets, clock = self.nets, self.roles["clock"]
        settled, now, rises = {}, {}, False     # changes up to this time of the waves, changes of this time
        for line in lines:
            first = line[0]
            if first in "01":
                identifier = line[1:].rstrip()
                if identifier in nets:
                    if identifier == clock and first == "1":
                        rises = nets[clock].value == 0
                        nets[clock].value = 1
                    elif identifier == clock:
                        nets[clock].value = 0
                    else:
                        now[identifier] = first
            elif first == "b":
                value, identifier = line[1:].split()
                if identifier in nets:
                    now[identifier] = value
            elif first == "#":
                if rises:
                    self.end_clock(settled)
                    settled, now, rises = now, {}, False
                else:
                    settled.update(now)
                    now = {}
        return self

    def value(self, role):
        return self.nets[self.roles[role]].value

    def end_clock(self, settled):
        """Takes the values that nets have settled on before a rising edge."""
        nets, toggles = self.nets, collections.Counter()
        for identifier, text in settled.items():
            net = nets[identifier]
            if "x" in text or "z" in text:
                value = int(re.sub("[xz]", "0", text), 2) | (net.value & int(re.sub("[xz]", "1", re.sub("1", "0", text)), 2))
                if text[0] in "xz":      # a VCD leaves out what repeats on the left
                    value |= net.value & ~((1 << len(text)) - 1)
            else:
                value = int(text, 2)
            changed = net.value ^ value
            if changed:
                net.value = value
                for kind, mask in net.masks:
                    toggles[kind] += (changed & mask).bit_count()
        window = self.value("window")
        if window:
            self.cycles[window] += 1
            self.toggles[window].update(toggles)
            if "busy" in self.roles:
                self.busy_cycles[window] += self.value("busy")

    def rates(self, window):
        """Toggles a bit and clock by kind."""
        return {kind: self.toggles[window][kind] / (bits * self.cycles[window]) for kind, bits in sorted(self.bits.items())}
