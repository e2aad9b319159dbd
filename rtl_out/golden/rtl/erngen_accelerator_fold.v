// erngen_accelerator_fold: when the parts of a tile are worked on.
//
// Purpose:    A tile that comes is worked on in FOLDING cycles, one part of its cells in each. Says when, and which part is the last; the
//             vectors are cut by erngen_accelerator_fold_split and put together by erngen_accelerator_fold_join. With FOLDING = 1 everything passes as it is.
// Parameters: FOLDING, a power of two; TAG_WIDTH >= 1.
// Latency:    1 cycle to the first part (none with FOLDING = 1). Required: a tile comes at least FOLDING cycles after the one before.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_fold #(
    parameter FOLDING   = 2,
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
    if (FOLDING == 1) begin : g_once
      assign valid_o = valid_i;
      assign last_o = 1'b1;
      assign tag_o = tag_i;
      wire unused = &{1'b0, clk, rst_i};
    end else begin : g_folded
      localparam FOLD_BITS = $clog2(FOLDING);
      localparam [31:0] LAST = FOLDING - 1;
      reg busy_q;
      reg [FOLD_BITS-1:0] fold_q;
      reg [TAG_WIDTH-1:0] tag_q;
      assign valid_o = busy_q;
      assign last_o = fold_q == LAST[FOLD_BITS-1:0];
      assign tag_o = tag_q;
      always @(posedge clk) begin
        busy_q <= !rst_i && (valid_i || (busy_q && !last_o));
        fold_q <= valid_i ? {FOLD_BITS{1'b0}} : fold_q + 1'b1;
        if (valid_i) tag_q <= tag_i;
      end
    end
  endgenerate
endmodule

`default_nettype wire
