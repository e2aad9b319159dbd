// erngen_accelerator_fold_split: one vector of a tile, a part a cycle.
//
// Purpose:    Holds K elements and gives K / FOLDING of them a cycle, the first ones first (erngen_accelerator_fold). With FOLDING = 1 they pass.
// Parameters: K elements of WIDTH bits; FOLDING, a power of two that divides K.
// Latency:    1 cycle to the first part (none with FOLDING = 1).
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_fold_split #(
    parameter K       = 8,
    parameter FOLDING = 2,
    parameter WIDTH   = 12
) (
    input  wire                       clk,
    input  wire                       valid_i,
    input  wire [        K*WIDTH-1:0] data_i,
    output wire [K/FOLDING*WIDTH-1:0] part_o
);
  localparam PART = K / FOLDING * WIDTH;
  generate
    if (K % FOLDING != 0) begin : g_bad_folding
      ERROR_ern_fold_split_FOLDING_must_divide_K u_error ();
    end
    if (FOLDING == 1) begin : g_once
      assign part_o = data_i;
      wire unused = &{1'b0, clk, valid_i};
    end else begin : g_folded
      reg [K*WIDTH-1:0] data_q;
      always @(posedge clk) data_q <= valid_i ? data_i : data_q >> PART;
      assign part_o = data_q[PART-1:0];
    end
  endgenerate
endmodule

`default_nettype wire
