#!/usr/bin/env python3
# Tests of the report of longest paths on small netlists, with delays added up by hand: python3 longest_paths_test.py.
import contextlib
import io
import unittest

import longest_paths

DIRECTIONS = {"output": {"Q", "O", "CO", "P", "PCOUT", "DOADO", "DOBDO", "S0", "S1", "COUT", "Z", "DO", "Q31"} | {f"P{n}" for n in range(36)}}
CLOCK = 2


class Netlist:
    """Modules in Yosys's JSON form."""

    def __init__(self):
        self.modules = {}

    def module(self, name, ports=None):
        self.modules[name] = {"attributes": {}, "ports": {p: {"direction": d, "bits": bits} for p, (d, bits) in (ports or {}).items()},
                              "cells": {}, "netnames": {}}
        return self.modules[name]

    def cell(self, module, name, kind, parameters=None, source="", **pins):
        module["cells"][name] = {"type": kind, "parameters": parameters or {}, "attributes": {"src": source},
                                 "port_directions": {p: self.direction(kind, p) for p in pins},
                                 "connections": {p: bits if isinstance(bits, list) else [bits] for p, bits in pins.items()}}

    def direction(self, kind, port):
        if kind in self.modules:
            return self.modules[kind]["ports"][port]["direction"]
        return "output" if port in DIRECTIONS["output"] else "input"

    def register(self, module, name, d, q, kind="FDRE"):
        """A register whose output net has the register's name."""
        self.cell(module, f"$cell_{name}", kind, source=f"rtl/ern_test.v:{q}.1-{q}.9", **{"C" if kind == "FDRE" else "CLK": CLOCK,
                                                                                         "D" if kind == "FDRE" else "DI": d, "Q": q})
        module["netnames"][name] = {"hide_name": 0, "bits": [q], "attributes": {}}

    def longest(self, count=20, top="top"):
        return self.timing(top).longest(count)

    def timing(self, top="top"):
        return longest_paths.timing_of({"modules": self.modules}, top)


class Paths(unittest.TestCase):
    def only(self, paths):
        self.assertEqual(len(paths), 1)
        return paths[0]

    def test_luts_between_registers(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10)
        n.cell(top, "l1", "LUT2", I0=10, I1="1", O=11)
        n.cell(top, "l2", "LUT3", I0=11, I1=10, I2="0", O=12)
        n.register(top, "b", 12, 13)
        p = self.only(n.longest())
        # Clock to output; the net with two pins; a LUT with one input, which is a wire: its fastest pin, no level; the net between the
        # LUTs; the fastest pin of the second one; no net from a LUT into its own register.
        self.assertAlmostEqual(p["delay"], 0.303 + (0.55 + 0.15) + 0.127 + 0.55 + 0.127, 3)
        self.assertEqual((p["luts"], p["chains"], p["fan_out"], p["start"], p["end"]), (1, 0, 2, "a", "b"))
        self.assertEqual((p["start_source"], p["end_source"]), ("ern_test:10", "ern_test:13"))
        self.assertAlmostEqual(p["logic"], 0.303 + 2 * 0.127, 3)

    def test_most_luts_in_series_are_counted_apart(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10)
        for k in range(4):
            n.cell(top, f"l{k}", "LUT2", I0=10 + k, I1=10 + k, O=11 + k)
        n.register(top, "b", 14, 15)
        n.cell(top, "m", "DSP48E1", parameters={f"{r}REG": "0" for r in ("A", "B", "C", "D", "AD", "M", "P")}, CLK=CLOCK, A=[10], B=["0"], P=[16])
        n.register(top, "c", 16, 17)
        self.assertEqual(n.longest()[0]["end"], "c")
        self.assertEqual(n.timing().levels(), (4, "b"))

    def test_the_later_input_has_the_faster_pin(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10)
        n.register(top, "c", "0", 14)
        n.cell(top, "l1", "LUT2", I0=10, I1=14, O=11)
        n.register(top, "b", 11, 13)
        # Both inputs come at the same time: one of them has the second pin.
        self.assertAlmostEqual(n.longest()[0]["delay"], 0.303 + 0.55 + 0.238, 3)

    def carry(self, n, top, name, ci, s, di, o, co):
        n.cell(top, name, "CARRY4", CI=ci, CYINIT="0", S=s, DI=di, O=o, CO=co)

    def test_carry_chains_in_series_count_both(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10)
        self.carry(n, top, "c1", "0", [10, "0", "0", "0"], ["0"] * 4, [20, 21, 22, 23], [24, 25, 26, 27])
        self.carry(n, top, "c2", 27, ["0"] * 4, ["0"] * 4, [30, 31, 32, 33], [34, 35, 36, 37])
        self.carry(n, top, "c3", "0", [33, "0", "0", "0"], ["0"] * 4, [40, 41, 42, 43], [44, 45, 46, 47])
        n.register(top, "b", 43, 50)
        p = self.only(n.longest())
        first = 0.34 + 3 * 0.0285 + 3 * 0.0285 + 0.23   # into the chain, to CO[3], three bits on, out at O[3]; no net between the two
        second = 0.34 + 2 * 0.0285 + 0.23               # out at O[3] behind three bits, of which the way in is one
        self.assertAlmostEqual(p["delay"], 0.303 + 0.55 + first + 0.55 + second, 3)
        self.assertEqual((p["luts"], p["chains"], p["carry_bits"]), (0, 2, 4 + 3 + 3))

    def test_ecp5_carry_and_multiplexers(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10, "TRELLIS_FF")
        n.cell(top, "c1", "CCU2C", CIN="0", A0=10, B0="0", C0="0", D0="0", A1="0", B1="0", C1="0", D1="0", S0=20, S1=21, COUT=22)
        n.cell(top, "c2", "CCU2C", CIN=22, A0="0", B0="0", C0="0", D0="0", A1="0", B1="0", C1="0", D1="0", S0=23, S1=24, COUT=25)
        n.cell(top, "l1", "LUT4", A=24, B="0", C="0", D="0", Z=26)
        n.cell(top, "l2", "LUT4", A=24, B="0", C="0", D="0", Z=27)
        n.cell(top, "m", "PFUMX", ALUT=26, BLUT=27, C0="0", Z=28)
        n.register(top, "b", 28, 29, "TRELLIS_FF")
        p = self.only(n.longest())
        self.assertAlmostEqual(p["delay"], 0.525 + 1.08 + (0.45 + 0.0355) + (0.0355 + 0.38) + (1.08 + 0.21) + 0.236 + 0.17, 3)
        self.assertEqual((p["chains"], p["carry_bits"], p["luts"]), (1, 2 + 1, 0))

    def test_a_lut_and_a_dsp_block_have_a_data_input_c(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10, "TRELLIS_FF")
        n.cell(top, "l", "LUT4", A="0", B=10, C=10, D="0", Z=11)
        n.register(top, "b", 11, 12, "TRELLIS_FF")
        self.assertEqual(self.only(n.longest())["luts"], 1)
        m = Netlist()
        top = m.module("top")
        m.register(top, "a", "0", 10)
        m.cell(top, "m", "DSP48E1", parameters={**{f"{r}REG": "0" for r in ("A", "B", "C", "D", "AD", "M")}, "PREG": "1"}, CLK=CLOCK, A=["0"], C=[10],
               P=[12])
        self.assertEqual([(p["end"], p["delay"]) for p in m.longest()], [("m.C", round(0.303 + 0.55 + 1.244, 3))])

    def test_fan_out_costs(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10)
        for k in range(8):
            n.register(top, f"b[{k}]", 10, 20 + k)
        p = self.only(n.longest())   # one line for the vector
        self.assertAlmostEqual(p["delay"], 0.303 + 0.55 + 3 * 0.15, 3)
        self.assertEqual((p["bits"], p["fan_out"]), (8, 8))

    def test_a_dsp_block_by_its_registers(self):
        def delay(**registers):
            n = Netlist()
            top = n.module("top")
            n.register(top, "a", "0", 10)
            n.register(top, "x", "0", 11)   # keeps the family known
            n.cell(top, "m", "DSP48E1", parameters={**{f"{r}REG": "0" for r in ("A", "B", "C", "D", "AD", "M", "P")}, "USE_MULT": "MULTIPLY",
                                                    "USE_DPORT": "FALSE", **registers}, CLK=CLOCK, A=[10], B=["0"], P=[12])
            n.register(top, "b", 12, 13)
            return [(p["start"], p["end"], p["delay"]) for p in n.longest()]

        whole = 0.303 + 0.55 + 2.823 + 0.55
        self.assertEqual(delay(), [("a", "b", round(whole, 3))])
        two = delay(PREG="1")   # the product before the register, almost nothing behind it
        self.assertEqual(two, [("a", "m.A", round(0.303 + 0.55 + 2.739, 3)), ("m", "b", round(0.329 + 0.55, 3))])
        self.assertEqual(delay(AREG="1", MREG="1", PREG="1")[0][2], round(0.303 + 0.55 + 0.254, 3))

    def test_block_ram_with_and_without_output_register(self):
        for registered, clock in (("0", 2.454), ("1", 0.882)):
            n = Netlist()
            top = n.module("top")
            n.register(top, "address", "0", 10)
            n.cell(top, "memory", "RAMB36E1", parameters={"DOA_REG": registered}, CLKARDCLK=CLOCK, ADDRARDADDR=[10], DOADO=[20])
            n.register(top, "word", 20, 21)
            found = {(p["start"], p["end"]): p["delay"] for p in n.longest()}
            self.assertEqual(found, {("memory", "word"): round(clock + 0.55, 3),
                                     ("address", "memory.ADDRARDADDR"): round(0.303 + 0.55 + 0.737, 3)})

    def test_through_module_borders(self):
        n = Netlist()
        inner = n.module("\\half", {"d": ("input", [5]), "q": ("output", [6])})
        n.register(inner, "state_q", 5, 7)
        n.cell(inner, "l", "LUT2", I0=7, I1="0", O=6)
        wire = n.module("\\wire", {"i": ("input", [5]), "o": ("output", [5])})   # a way through
        self.assertEqual(wire["cells"], {})
        top = n.module("top", {"x": ("input", [100])})
        n.cell(top, "u_a", "\\half", d=100, q=101)
        n.cell(top, "u_w", "\\wire", i=101, o=102)
        n.cell(top, "u_b", "\\half", d=102, q=103)
        paths = {(p["start"], p["end"]): p["delay"] for p in n.longest()}
        self.assertEqual(paths[("u_a.state_q", "u_b.state_q")], round(0.303 + 0.55 + 0.127, 3))
        self.assertEqual(paths[("input x[0]", "u_a.state_q")], round(0.303 + 0.55, 3))

    def test_what_it_does_not_know_it_says(self):
        n = Netlist()
        top = n.module("top")
        n.register(top, "a", "0", 10)
        n.cell(top, "odd", "SOMETHING", I=10)
        self.assertRaisesRegex(SystemExit, "SOMETHING", n.longest)
        loop = Netlist()
        top = loop.module("top")
        loop.register(top, "a", 11, 10)
        loop.cell(top, "l1", "LUT2", I0=12, I1=10, O=11)
        loop.cell(top, "l2", "LUT2", I0=11, I1=10, O=12)
        self.assertRaisesRegex(SystemExit, "loop", loop.longest)
        self.assertRaisesRegex(SystemExit, "no module other", lambda: n.longest(top="other"))

    def test_names_of_arguments(self):
        with contextlib.redirect_stdout(io.StringIO()) as out, self.assertRaises(SystemExit) as end:
            longest_paths.sys.argv = ["longest_paths.py", "--help"]
            longest_paths.main()
        self.assertEqual(end.exception.code, 0)
        self.assertIn("NETLIST", out.getvalue().upper())


if __name__ == "__main__":
    unittest.main()
