// ern_activation_bank: N activation units side by side.
//
// Purpose:    Element n of y_o is the unit's function of element n of x_i. All instances read the same image.
// Parameters: N >= 1 elements; IN_WIDTH, OUT_WIDTH, DSP, LATENCY, IMAGE as in ern_activation; UNIT, ten 32-bit fields
//             of ern_activation's parameters, FUNCTION in the lowest bits: FUNCTION, KIND, RANGE_BITS, ADDR_BITS,
//             ENTRY_WIDTH, SLOPE_WIDTH, SHIFT, ENTRY_SHIFT, SAT_HIGH, SAT_LOW.
// Latency:    LATENCY cycles.
// Rounding:   as in ern_activation.
// Overflow:   none; x_i saturates.
`default_nettype none

module ern_activation_bank #(
    parameter         WRITABLE  = 0,
    parameter         N         = 8,
    parameter         IN_WIDTH  = 16,
    parameter         OUT_WIDTH = 12,
    parameter [319:0] UNIT      = 320'd0,
    parameter         DSP       = 0,
    parameter         LATENCY   = 3,
    parameter         IMAGE     = ""
) (
    input  wire                   clk,
    input  wire [           57:0] table_i,   // see ern_activation
    input  wire [ N*IN_WIDTH-1:0] x_i,
    output wire [N*OUT_WIDTH-1:0] y_o
);
  // A unit of tanh from 14 to 12 bits stands for none, for whoever looks at a template by itself.
  localparam [319:0] USUAL  = {-32'd2047, 32'd2047, 32'd2, 32'd4, 32'd6, 32'd13, 32'd7, 32'd12, 32'd1, 32'd1};
  localparam [319:0] FIELDS = UNIT == 320'd0 ? USUAL : UNIT;

  genvar n;
  generate
    for (n = 0; n < N; n = n + 1) begin : g_element
      ern_activation #(
          .FUNCTION   (FIELDS[0*32+:32]),
          .KIND       (FIELDS[1*32+:32]),
          .RANGE_BITS (FIELDS[2*32+:32]),
          .ADDR_BITS  (FIELDS[3*32+:32]),
          .ENTRY_WIDTH(FIELDS[4*32+:32]),
          .SLOPE_WIDTH(FIELDS[5*32+:32]),
          .SHIFT      (FIELDS[6*32+:32]),
          .ENTRY_SHIFT(FIELDS[7*32+:32]),
          .SAT_HIGH   (FIELDS[8*32+:32]),
          .SAT_LOW    (FIELDS[9*32+:32]),
          .IN_WIDTH   (IN_WIDTH),
          .OUT_WIDTH  (OUT_WIDTH),
          .DSP        (DSP),
          .LATENCY    (LATENCY),
          .IMAGE      (IMAGE), .WRITABLE(WRITABLE)
      ) u_activation (
          .clk(clk), .table_i(table_i),
          .x_i(x_i[n*IN_WIDTH+:IN_WIDTH]),
          .y_o(y_o[n*OUT_WIDTH+:OUT_WIDTH])
      );
    end
  endgenerate
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
