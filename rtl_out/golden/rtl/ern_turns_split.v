// ern_turns_split: one vector of a unit, a part a turn.
//
// Purpose:    Holds K elements and gives K / TURNS of them a cycle, the first ones first (ern_turns). With TURNS = 1 they pass.
// Parameters: K elements of WIDTH bits; TURNS, a power of two that divides K.
// Latency:    1 cycle to the first part (none with TURNS = 1).
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_turns_split #(
    parameter K     = 8,
    parameter TURNS = 2,
    parameter WIDTH = 12
) (
    input  wire                     clk,
    input  wire                     valid_i,
    input  wire [      K*WIDTH-1:0] data_i,
    output wire [K/TURNS*WIDTH-1:0] part_o
);
  localparam PART = K / TURNS * WIDTH;
  generate
    if (K % TURNS != 0) begin : g_bad_turns
      ERROR_ern_turns_split_TURNS_must_divide_K u_error ();
    end
    if (TURNS == 1) begin : g_once
      assign part_o = data_i;
      wire unused = &{1'b0, clk, valid_i};
    end else begin : g_turns
      reg [K*WIDTH-1:0] data_q;
      always @(posedge clk) data_q <= valid_i ? data_i : data_q >> PART;
      assign part_o = data_q[PART-1:0];
    end
  endgenerate
endmodule

`default_nettype wire
