// erngen_accelerator_assert: what must hold in every cycle.
//
// Purpose:    Other templates state what they rely on and what they promise by instances of this one, which exist only with
//             ERN_SIMULATION: the benches define it, synthesis does not. In simulation the first cycle in which holds_i is not 1, or is
//             undefined, ends the run with a message that names the instance, which every bench takes for a failure; in a proof (FORMAL) it is an
//             assertion.
// Parameters: none.
// Latency:    none.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_assert (
    input wire clk,
    input wire rst_i,    // nothing is asked while it is 1
    input wire holds_i
);
`ifdef FORMAL
  always @(posedge clk) if (!rst_i) assert (holds_i);
`elsif ERN_SIMULATION
  always @(posedge clk)
    if (rst_i === 1'b0 && holds_i !== 1'b1) begin
      $display("FAIL %m does not hold at %0t", $time);
      $finish;
    end
`else
  wire unused = &{1'b0, clk, rst_i, holds_i};
`endif
endmodule

`default_nettype wire
