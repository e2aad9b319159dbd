#!/usr/bin/env python3
# Tests of the counts of toggles, on netlists whose toggles are known: python3 switching_activity_test.py.
import io
import json
import pathlib
import tempfile
import unittest

import netlist as mapping
import switching_activity
from toggle_counter import Netlist, ToggleCounter

# A counter of 8 bits below a top module, a register that a constant feeds, and a block of memory that the counter addresses.
DESIGN = """
module counter(input clk, input reset, output [7:0] count_o);
  reg [7:0] count_q;
  always @(posedge clk) if (reset) count_q <= 0; else count_q <= count_q + 1;
  assign count_o = count_q;
endmodule
module top(input clk, input reset, input still, output [7:0] q, output [17:0] word, output reg still_q);
  counter \\u_count[0] (.clk(clk), .reset(reset), .count_o(q));
  reg [17:0] words[0:1023];
  integer n;
  initial for (n = 0; n < 1024; n = n + 1) words[n] = n[0] ? 18'h3ffff : 18'd0;
  reg [17:0] word_q;
  always @(posedge clk) word_q <= words[{2'd0, q}];
  assign word = word_q;
  always @(posedge clk) still_q <= still;
endmodule
"""
BENCH = """
`timescale 1ns / 1ns
module bench;
  reg clk = 0, reset = 1, still = 1'bx;
  reg window = 0;
  reg [8*1024-1:0] name;
  wire [7:0] q;
  wire [17:0] word;
  wire still_q;
  top u_top (.clk(clk), .reset(reset), .still(still), .q(q), .word(word), .still_q(still_q));
  always #5 clk = ~clk;
  initial begin
    if ($value$plusargs("switching=%s", name)) $dumpfile(name);
    $dumpvars(1, bench);
    $dumpvars(1, bench.u_top);
    $dumpvars(1, bench.u_top.\\u_count[0] );
    repeat (4) @(negedge clk);
    reset = 0;
    repeat (4) @(negedge clk);
    window = 1;
    repeat (512) @(negedge clk);
    window = 0;
    repeat (4) @(negedge clk);
    $finish;
  end
endmodule
"""


class Mapped(unittest.TestCase):
    def test_a_counter_toggles_as_counters_do(self):
        with tempfile.TemporaryDirectory() as temporary:
            work = pathlib.Path(temporary)
            (work / "top.v").write_text(DESIGN)
            (work / "bench.v").write_text(BENCH)
            mapping.run(["yosys", "-q", "-p", "read_verilog top.v; synth_xilinx -family xc7 -noiopad -top top; write_verilog -noattr mapped.v"],
                        cwd=work)
            netlist = switching_activity.netlist_of(work / "mapped.v", "top", work)
            models, share = mapping.cell_models("xc7a100t", work)
            mapping.run(["iverilog", "-g2012", "-Wno-timescale", "-I", share, "-s", "bench", "-o", work / "run", work / "bench.v", work / "mapped.v",
                         *models])
            counter = ToggleCounter(netlist, "bench.u_top", "bench.clk", "bench.window")
            switching_activity.count(["vvp", "-n", work / "run"], counter, work)
        self.assertEqual(counter.cycles, {1: 512})
        self.assertEqual(netlist.cells["RAMB18E1"] + netlist.cells["RAMB36E1"], 1)
        self.assertEqual(counter.bits["register"], 9)
        # bit i of a counter toggles every 2**i clocks; the ninth register holds an undefined value
        self.assertEqual(counter.toggles[1]["register"], sum(512 >> i for i in range(8)))
        # all 18 bits of the memory's words toggle in every clock
        self.assertEqual(counter.bits["block_ram_output"], 18)
        self.assertEqual(counter.toggles[1]["block_ram_output"], 512 * 18)
        self.assertEqual(counter.toggles[1]["block_ram_address"], counter.toggles[1]["register"])


def netlist(**nets):
    """A module of registers whose outputs are the nets, each a vector of so many bits."""
    cells, names, bit = {}, {}, 2
    for name, width in nets.items():
        names[name] = {"bits": list(range(bit, bit + width))}
        for place in names[name]["bits"]:
            cells[f"r{place}"] = {"type": "FDRE", "connections": {"Q": [place], "D": [place]}, "port_directions": {"Q": "output", "D": "input"}}
        bit += width
    return Netlist({"modules": {"top": {"attributes": {}, "ports": {}, "cells": cells, "netnames": names}}}, "top")


def waves(*times):
    """Of a clock, a window that is 1 throughout, and a vector v of 4 bits: a list of changes for each time."""
    head = ["$scope module bench $end", "$var wire 1 ! clk $end", "$var reg 2 \" window [1:0] $end", "$scope module u $end",
            "$var wire 4 # v [3:0] $end", "$upscope $end", "$upscope $end", "$enddefinitions $end", "$dumpvars", "0!", "b01 \"", "b0 #", "$end"]
    return io.StringIO("\n".join(head + [line for n, changes in enumerate(times, 1) for line in (f"#{n}", *changes)] + ["#1000"]) + "\n")


class Counted(unittest.TestCase):
    def toggles(self, *times):
        counter = ToggleCounter(netlist(v=4), "bench.u", "bench.clk", "bench.window").read(waves(*times))
        return counter.cycles[1], counter.toggles[1]["register"]

    def test_a_change_counts_with_the_clock_that_it_precedes(self):
        self.assertEqual(self.toggles(["1!"], ["0!"], ["1!", "b11 #"], ["0!"]), (2, 0))
        self.assertEqual(self.toggles(["1!"], ["0!"], ["1!", "b11 #"], ["0!"], ["1!"]), (3, 2))

    def test_what_a_net_does_between_two_edges_counts_once(self):
        self.assertEqual(self.toggles(["1!", "b1111 #"], ["0!", "b0 #"], ["1!"]), (2, 0))
        self.assertEqual(self.toggles(["1!", "b1111 #"], ["0!", "b1000 #"], ["1!"]), (2, 1))

    def test_an_undefined_bit_keeps_its_value(self):
        self.assertEqual(self.toggles(["1!", "b1010 #"], ["0!"], ["1!", "bx #"], ["0!"], ["1!", "b1010 #"], ["0!"], ["1!"]), (4, 2))
        self.assertEqual(self.toggles(["1!", "b1010 #"], ["0!"], ["1!", "b1x1x #"], ["0!"], ["1!"]), (3, 2))
        self.assertEqual(self.toggles(["1!", "b1010 #"], ["0!"], ["1!", "b0x1x #"], ["0!"], ["1!"]), (3, 3))

    def test_waves_without_a_net_of_the_netlist_are_refused(self):
        with self.assertRaises(SystemExit):
            ToggleCounter(netlist(v=4, w=2), "bench.u", "bench.clk", "bench.window").read(waves(["1!"]))


def design(busy, idle, steady):
    """What a record has of a design with 200 LUTs, of which 100 drive nets, 50 registers and a DSP block of 10 bits on each side."""
    return {"resources": {"lut": 200}, "nets": {"lut": 100, "carry_sum": 100, "register": 50, "dsp_operand": 10, "dsp_output": 10},
            "idle": {"toggles": dict.fromkeys(("lut", "carry_sum", "register", "dsp_operand", "dsp_output"), idle)},
            "steady": {"busy": busy, "toggles": {"lut": steady, "carry_sum": 2 * steady, "register": steady, "dsp_operand": steady,
                                                 "dsp_output": 2 * steady}}}


class Modelled(unittest.TestCase):
    def test_toggles_of_a_busy_clock_are_those_beyond_the_idle_design_by_the_busy_share(self):
        of = switching_activity.model({"designs": {"a": design(0.5, 0.01, 0.11), "b": design(1, 0.01, 0.11)}})
        # registers: 0.01 + 0.1 / 0.5 and 0.11
        self.assertEqual(of["register"], [0.01, 0.11, 0.16, 0.21])
        # 100 nets at 0.11 and 100 at 0.22, by 200 LUTs: 0.165
        self.assertEqual(of["logic"], [0.01, 0.165, 0.2425, 0.32])
        # the ends are those of operands or outputs alone: 0.11 of the one, 0.01 + 0.21 / 0.5 of the other
        self.assertEqual(of["dsp"], [0.01, 0.11, 0.2425, 0.43])

    def test_the_model_is_read_from_its_source(self):
        source = "constexpr Toggles dsp_toggles{0.01, {0.11, 0.2, 0.43}};  // a bit"
        self.assertEqual(switching_activity.model_in_source(source), {"dsp": [0.01, 0.11, 0.2, 0.43]})

    def test_first_cells_are_the_first_blocks(self):
        examples = switching_activity.ROOT / "examples"
        whole = (examples / "digits-gru.safetensors").read_bytes()
        self.assertEqual(tensor(switching_activity.first_cells(whole, 16), "layers.0.recurrent.z"),
                         b"".join(tensor(whole, "layers.0.recurrent.z")[row * 512:row * 512 + 64] for row in range(2)))


def tensor(contents, name):
    length = int.from_bytes(contents[:8], "little")
    first, last = json.loads(contents[8:8 + length])[name]["data_offsets"]
    return contents[8 + length + first:8 + length + last]


if __name__ == "__main__":
    unittest.main()
