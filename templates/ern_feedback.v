// ern_feedback: from a finished vector block to its spectra.
//
// Purpose:    Transforms each block that the cells produce at one block size, for one of the spectrum memories, and
//             says where the spectrum goes.
// Tag:        the tile tag of ern_sum.v.
// Parameters: K, A, SX, DROP, TWIDDLES, ADDERS as in ern_fft; MODES, block sizes (bit mask); GUARDS, guards in use (bit mask);
//             MAX_GUARD of the network; COLUMNS; DEPTH of the memory; DYNAMIC 1 when its top address bit is the
//             parity; SECOND selects the second set of the tag's fields.
// Latency:    ern_fft.
// Rounding:   as ern_fft.
// Overflow:   none.
`default_nettype none

module ern_feedback #(
    parameter K         = 8,
    parameter A         = 12,
    parameter SX        = 16,
    parameter MODES     = 8,
    parameter GUARDS    = 2,
    parameter MAX_GUARD = 1,
    parameter DROP      = 0,
    parameter COLUMNS   = 1,
    parameter DEPTH     = 4,
    parameter DYNAMIC   = 1,
    parameter SECOND    = 0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    // Derived, not to be set.
    parameter ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1
) (
    input  wire                 clk,
    input  wire                 rst_i,
    input  wire                 valid_i,
    input  wire [         82:0] tag_i,
    input  wire [      K*A-1:0] data_i,
    output wire                 write_o,
    output wire [LANE_BITS-1:0] write_lane_o,
    output wire [ ROW_BITS-1:0] write_row_o,
    output wire [     K*SX-1:0] write_data_o
);
  localparam FW = A + MAX_GUARD;
  localparam SINGLE = (GUARDS & (GUARDS - 1)) == 0;

  wire [2:0] guard = (SECOND != 0) ? tag_i[16:14] : tag_i[13:11];
  wire [2:0] mode = (SECOND != 0) ? tag_i[22:20] : tag_i[19:17];
  wire wanted = ((SECOND != 0) ? tag_i[6] : tag_i[5]) && tag_i[79];

  // --- guard: a selection among the shifts in use
  wire [K*FW-1:0] guarded;
  genvar n;
  generate
    for (n = 0; n < K; n = n + 1) begin : g_element
      wire [FW-1:0] wide = {{MAX_GUARD + 1{data_i[n*A+A-1]}}, data_i[n*A+:A-1]};
      reg [FW-1:0] shifted;
      integer g;
      always @* begin
        shifted = {FW{1'b0}};
        for (g = 0; g <= MAX_GUARD; g = g + 1)
          if (((GUARDS >> g) & 1) != 0 && (SINGLE || {29'd0, guard} == g)) shifted = shifted | (wide << g);
      end
      assign guarded[n*FW+:FW] = shifted;
    end
  endgenerate

  wire [ROW_BITS-1:0] row;
  generate
    if (DYNAMIC != 0 && ROW_BITS > 1) begin : g_parity
      assign row = {tag_i[7] && tag_i[80], tag_i[47+:ROW_BITS-1]};
    end else if (DYNAMIC != 0) begin : g_parity_only
      assign row = tag_i[7] && tag_i[80];
    end else begin : g_plain
      assign row = tag_i[47+:ROW_BITS];
    end
  endgenerate

  wire [2:0] mode_unused;
  ern_fft #(
      .K(K), .MODES(MODES), .IN_WIDTH(FW), .DROP(DROP), .OUT_WIDTH(SX), .TAG_WIDTH(LANE_BITS + ROW_BITS), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS)
  ) u_fft (
      .clk(clk), .rst_i(rst_i), .valid_i(valid_i && wanted), .mode_i(mode), .tag_i({tag_i[63+:LANE_BITS], row}),
      .data_i(guarded), .valid_o(write_o), .mode_o(mode_unused), .tag_o({write_lane_o, write_row_o}), .data_o(write_data_o)
  );
  wire unused = &{1'b0, tag_i, mode_unused, guard};
endmodule

`default_nettype wire
