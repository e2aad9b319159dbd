// ern_turns: when the cells of a unit take turns.
//
// Purpose:    A unit that comes is worked on in TURNS cycles, one part of its cells in each. Says when, and which part is the last; the
//             vectors are cut by ern_turns_split and put together by ern_turns_join. With TURNS = 1 everything passes as it is.
// Parameters: TURNS, a power of two; TAG_WIDTH >= 1.
// Latency:    1 cycle to the first part (none with TURNS = 1). Required: a unit comes at least TURNS cycles after the one before.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_turns #(
    parameter TURNS     = 2,
    parameter TAG_WIDTH = 8
) (
    input  wire                 clk,
    input  wire                 rst_i,
    input  wire                 valid_i,
    input  wire [TAG_WIDTH-1:0] tag_i,
    output wire                 valid_o,
    output wire                 last_o,
    output wire [TAG_WIDTH-1:0] tag_o
);
  generate
    if (TURNS == 1) begin : g_once
      assign valid_o = valid_i;
      assign last_o = 1'b1;
      assign tag_o = tag_i;
      wire unused = &{1'b0, clk, rst_i};
    end else begin : g_turns
      localparam TURN_BITS = $clog2(TURNS);
      localparam [31:0] LAST = TURNS - 1;
      reg busy_q;
      reg [TURN_BITS-1:0] turn_q;
      reg [TAG_WIDTH-1:0] tag_q;
      assign valid_o = busy_q;
      assign last_o = turn_q == LAST[TURN_BITS-1:0];
      assign tag_o = tag_q;
      always @(posedge clk) begin
        busy_q <= !rst_i && (valid_i || (busy_q && !last_o));
        turn_q <= valid_i ? {TURN_BITS{1'b0}} : turn_q + 1'b1;
        if (valid_i) tag_q <= tag_i;
      end
    end
  endgenerate
endmodule

`default_nettype wire
