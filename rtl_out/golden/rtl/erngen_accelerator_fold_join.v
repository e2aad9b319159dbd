// erngen_accelerator_fold_join: the parts of a vector put together again.
//
// Purpose:    Gathers FOLDING parts of K / FOLDING elements; with the last part the whole vector is there. With FOLDING = 1 it passes.
// Parameters: K elements of WIDTH bits; FOLDING, a power of two that divides K.
// Latency:    none from the last part.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_fold_join #(
    parameter K       = 8,
    parameter FOLDING = 2,
    parameter WIDTH   = 12
) (
    input  wire                       clk,
    input  wire                       valid_i,  // with every part
    input  wire [K/FOLDING*WIDTH-1:0] part_i,
    output wire [        K*WIDTH-1:0] data_o
);
  localparam PART = K / FOLDING * WIDTH;
  generate
    if (FOLDING == 1) begin : g_once
      assign data_o = part_i;
      wire unused = &{1'b0, clk, valid_i};
    end else begin : g_folded
      reg [(FOLDING-1)*PART-1:0] parts_q;
      assign data_o = {part_i, parts_q};
      always @(posedge clk) if (valid_i) parts_q <= data_o[K*WIDTH-1:PART];
    end
  endgenerate
endmodule

`default_nettype wire
