// erngen_accelerator_valid_delay: control bits, DEPTH cycles later, zero after reset.
//
// Purpose:    As erngen_accelerator_delay, for bits that start actions.
// Parameters: WIDTH >= 1; DEPTH >= 0.
// Latency:    DEPTH cycles.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_valid_delay #(
    parameter WIDTH = 1,
    parameter DEPTH = 2
) (
    input  wire             clk,
    input  wire             rst_i,
    input  wire [WIDTH-1:0] data_i,
    output wire [WIDTH-1:0] data_o
);
  generate
    if (DEPTH == 0) begin : g_none
      assign data_o = data_i;
      wire unused = &{1'b0, clk, rst_i};
    end else begin : g_line
      reg [WIDTH*DEPTH-1:0] line;
      if (DEPTH == 1) begin : g_one
        always @(posedge clk) line <= rst_i ? {WIDTH{1'b0}} : data_i;
      end else begin : g_many
        always @(posedge clk) line <= rst_i ? {WIDTH * DEPTH{1'b0}} : {line[WIDTH*(DEPTH-1)-1:0], data_i};
      end
      assign data_o = line[WIDTH*DEPTH-1-:WIDTH];
    end
  endgenerate
endmodule

`default_nettype wire
