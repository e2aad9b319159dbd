// erngen_accelerator_skid: a two-entry buffer that cuts every path of a valid/ready channel.
//
// Purpose:    valid_o, data_o and ready_o all come from registers, so a channel that passes through this
//             module has no combinational path in either direction, and still moves one word a cycle.
//             A word that arrives in the cycle in which the sink stops is caught in the spare entry; it
//             is held there exactly while ready_o is 0.
// Parameters: WIDTH, bits of the word, >= 1.
// Latency:    1 cycle when the sink is ready.
// Rounding:   none.
// Overflow:   none; a word offered while ready_o is 0 is not taken.
`default_nettype none

module erngen_accelerator_skid #(
    parameter WIDTH = 8
) (
    input  wire             clk,
    input  wire             rst_i,    // synchronous, active high
    input  wire             valid_i,
    output wire             ready_o,
    input  wire [WIDTH-1:0] data_i,
    output wire             valid_o,
    input  wire             ready_i,
    output wire [WIDTH-1:0] data_o
);
  generate
    if (WIDTH < 1) begin : g_bad_width
      ERROR_ern_skid_WIDTH_must_be_at_least_1 u_error ();
    end
  endgenerate

  reg             ready_q;
  reg             full_q;   // the spare has a word: not ready_q, in a register of its own, as it chooses among WIDTH bits
  reg             valid_q;
  reg [WIDTH-1:0] data_q;
  reg [WIDTH-1:0] spare_q;

  wire advance = ready_i | ~valid_q;  // the output register is loaded

  always @(posedge clk) begin
    if (rst_i) begin
      valid_q <= 1'b0;
      ready_q <= 1'b1;
      full_q  <= 1'b0;
    end else if (advance) begin
      valid_q <= valid_i | ~ready_q;
      ready_q <= 1'b1;
      full_q  <= 1'b0;
    end else if (valid_i) begin
      ready_q <= 1'b0;
      full_q  <= 1'b1;
    end
  end

  always @(posedge clk) begin
    if (advance) data_q <= full_q ? spare_q : data_i;
    if (!full_q) spare_q <= data_i;
  end

  assign ready_o = ready_q;
  assign valid_o = valid_q;
  assign data_o  = data_q;

`ifdef ERN_SIMULATION
  // A word that is offered stays until it is taken; the two registers say the same.
  reg held_q = 1'b0;
  reg [WIDTH-1:0] seen_q;
  always @(posedge clk) begin
    held_q <= !rst_i && valid_o && !ready_i;
    seen_q <= data_o;
  end
  erngen_accelerator_assert u_stays (.clk(clk), .rst_i(rst_i), .holds_i(!held_q || (valid_o && data_o === seen_q)));
  erngen_accelerator_assert u_full (.clk(clk), .rst_i(rst_i), .holds_i(full_q == !ready_q));
`endif
endmodule

`default_nettype wire
