// ern_reset_sync: an asynchronous reset for the registers of one clock.
//
// Purpose:    reset_n_o falls with aresetn, whatever the clock does, and rises with the second edge of the clock after it.
// Parameters: none.
// Latency:    two cycles to leave the reset.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_reset_sync (
    input  wire clk,
    input  wire aresetn,
    output wire reset_n_o
);
  (* ASYNC_REG = "TRUE" *) reg [1:0] line_q;
  always @(posedge clk or negedge aresetn)
    if (!aresetn) line_q <= 2'b00;
    else line_q <= {line_q[0], 1'b1};
  assign reset_n_o = line_q[1];
endmodule

`default_nettype wire
