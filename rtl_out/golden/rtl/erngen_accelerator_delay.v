// erngen_accelerator_delay: a word, DEPTH cycles later.
//
// Purpose:    Carries control beside a pipelined unit. No reset: what must not act before it is valid
//             carries a valid bit through an erngen_accelerator_valid_delay.
// Parameters: WIDTH >= 1; DEPTH >= 0.
// Latency:    DEPTH cycles.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_delay #(
    parameter WIDTH = 8,
    parameter DEPTH = 2
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] data_i,
    output wire [WIDTH-1:0] data_o
);
  generate
    if (DEPTH == 0) begin : g_none
      assign data_o = data_i;
      wire unused = &{1'b0, clk};
    end else begin : g_line
      reg [WIDTH-1:0] line[0:DEPTH-1];
      integer i;
      always @(posedge clk) begin
        line[0] <= data_i;
        for (i = 1; i < DEPTH; i = i + 1) line[i] <= line[i-1];
      end
      assign data_o = line[DEPTH-1];
    end
  endgenerate
endmodule

`default_nettype wire
