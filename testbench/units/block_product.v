// block_product: ern_column, ern_lane and ern_recombine in a row, for the bench.
//
// Purpose:    Sums of block products of packed spectra, from a row of words and a row of weights to packed words, so
//             that the bundles' layouts and the latencies of the three units are checked against each other.
// Parameters: as the units'; COLUMN, latency of ern_column.
// Latency:    COLUMN + 4 + 3; the result includes the words of that many cycles ago.
// Rounding:   as ern_recombine.
// Overflow:   as ern_recombine.
`default_nettype none

module block_product #(
    parameter K      = 8,
    parameter MODES  = 8,
    parameter SX     = 16,
    parameter W      = 12,
    parameter ACC    = 36,
    parameter WD     = 20,
    parameter SHIFT  = 14,
    parameter COLUMN = 1,
    // Derived, not to be set.
    parameter ROTATE_BITS = $clog2(K)
) (
    input  wire                   clk,
    input  wire                   rst_i,
    input  wire [            2:0] mode_i,
    input  wire [ROTATE_BITS-1:0] rotate_i,
    input  wire                   zero_i,
    input  wire                   clear_i,
    input  wire                   last_i,
    input  wire [       K*SX-1:0] data_i,
    input  wire [K*W+K/2-1-1:0] weights_i,
    output wire                   valid_o,
    output wire [       K*WD-1:0] data_o
);
  localparam XB = 2 * SX + (K / 2 - 1) * (3 * SX + 1);
  localparam WB = K * W + K / 2 - 1;
  localparam AB = (3 * K / 2 - 1) * ACC;
  localparam [7:0] SHIFT_BYTE = SHIFT;

  wire [XB-1:0] x;
  ern_column #(.K(K), .MODES(MODES), .SX(SX)) u_column (
      .clk(clk), .mode_i(mode_i), .rotate_i(rotate_i), .zero_i(zero_i), .data_i(data_i), .x_o(x)
  );
  wire clear;
  wire [WB-1:0] weights;
  ern_delay #(.WIDTH(WB + 1), .DEPTH(COLUMN)) u_operands (
      .clk(clk), .data_i({clear_i, weights_i}), .data_o({clear, weights})
  );
  wire [AB-1:0] acc;
  ern_lane #(.K(K), .SX(SX), .W(W), .ACC(ACC)) u_lane (
      .clk(clk), .clear_i(clear), .x_i(x), .w_i(weights), .acc_o(acc)
  );
  wire [2:0] mode;
  wire last;
  ern_delay #(.WIDTH(3), .DEPTH(COLUMN + 4)) u_mode (.clk(clk), .data_i(mode_i), .data_o(mode));
  ern_valid_delay #(.WIDTH(1), .DEPTH(COLUMN + 4)) u_last (.clk(clk), .rst_i(rst_i), .data_i(last_i), .data_o(last));
  wire [2:0] mode_unused;
  wire tag_unused;
  ern_recombine #(.K(K), .MODES(MODES), .ACC(ACC), .WD(WD), .SHIFT_LIST(SHIFT_BYTE)) u_recombine (
      .clk(clk), .rst_i(rst_i), .valid_i(last), .mode_i(mode), .shift_i(1'b0), .tag_i(1'b0), .acc_i(acc),
      .valid_o(valid_o), .mode_o(mode_unused), .tag_o(tag_unused), .data_o(data_o)
  );
  wire unused = &{1'b0, mode_unused, tag_unused};
endmodule

`default_nettype wire
