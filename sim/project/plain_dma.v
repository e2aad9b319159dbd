// plain_dma: a host and its DMA as a system has them, not knowing the design: for tests.
//
// Purpose:    Follows a script, a line after the other: writes a register by AXI4-Lite, sends a beat, or waits until so many beats have
//             come back. What comes back goes to a file, a line a beat: tlast, tkeep, tdata. All channels have random pauses.
// Parameters: IN_BITS and OUT_BITS of tdata; LINES of the file SCRIPT, {what, payload}, hexadecimal: what is 4 bits, 8: register write of
//             {address, data}, 4: wait for that many beats, else a beat with bit 0 tlast and bit 1 tuser; BEATS that must come back;
//             RESULT, a file; SEED.
`default_nettype none

module plain_dma #(
    parameter IN_BITS  = 32,
    parameter OUT_BITS = 32,
    parameter LINES    = 1,
    parameter BEATS    = 1,
    parameter SEED     = 1,
    parameter SCRIPT   = "",
    parameter RESULT   = "",
    // Derived, not to be set.
    parameter PAYLOAD = (IN_BITS > 48) ? IN_BITS : 48
) (
    input  wire              clk,
    input  wire              resetn,
    output reg               done_o,
    // registers
    output reg               awvalid_o,
    input  wire              awready_i,
    output wire [      15:0] awaddr_o,
    output reg               wvalid_o,
    input  wire              wready_i,
    output wire [      31:0] wdata_o,
    input  wire              bvalid_i,
    input  wire [       1:0] bresp_i,
    // to the design
    output reg               tvalid_o,
    input  wire              tready_i,
    output wire [IN_BITS-1:0] tdata_o,
    output wire              tlast_o,
    output wire              tuser_o,
    // from the design
    input  wire              tvalid_i,
    output reg               tready_o,
    input  wire [OUT_BITS-1:0] tdata_i,
    input  wire [OUT_BITS/8-1:0] tkeep_i,
    input  wire              tlast_i
);
  reg [PAYLOAD+3:0] script[0:LINES-1];
  integer line, beats, file;
  initial begin
    $readmemh(SCRIPT, script);
    file = $fopen(RESULT, "w");
  end

  reg [31:0] random_q;   // xorshift32 (Marsaglia 2003)
  wire [31:0] x = random_q ^ (random_q << 13);
  wire [31:0] y = x ^ (x >> 17);
  wire go_out = random_q[5:4] != 2'd0;
  wire go_in = random_q[9:8] != 2'd0;

  wire [PAYLOAD+3:0] now = script[line < LINES ? line : 0];
  wire is_write = now[PAYLOAD+3];
  wire is_wait = now[PAYLOAD+2];
  reg begun_q;   // the line's valids have been raised
  assign {awaddr_o, wdata_o} = now[47:0];
  assign tdata_o = now[IN_BITS-1:0];
  assign tlast_o = now[PAYLOAD];
  assign tuser_o = now[PAYLOAD+1];

  wire next = line < LINES && (is_write ? begun_q && bvalid_i : is_wait ? beats >= now[31:0] : tvalid_o && tready_i);
  always @(posedge clk)
    if (!resetn) begin
      random_q <= 32'h9e3779b9 ^ SEED;
      {awvalid_o, wvalid_o, tvalid_o, tready_o, done_o, begun_q} <= 6'd0;
      line <= 0;
      beats <= 0;
    end else begin
      random_q <= y ^ (y << 5);
      if (awready_i) awvalid_o <= 1'b0;
      if (wready_i) wvalid_o <= 1'b0;
      if (tready_i) tvalid_o <= 1'b0;
      if (next) begin
        line <= line + 1;
        begun_q <= 1'b0;
        if (is_write && bresp_i != 2'd0) $display("error: register %h answers %d", awaddr_o, bresp_i);
      end else if (line < LINES && !begun_q && go_out && !is_wait) begin
        begun_q <= 1'b1;
        awvalid_o <= is_write;
        wvalid_o <= is_write;
        tvalid_o <= !is_write;
      end
      tready_o <= go_in;
      if (tvalid_i && tready_o) begin
        $fdisplay(file, "%b %b %h", tlast_i, tkeep_i, tdata_i);
        beats <= beats + 1;
      end
      if (line == LINES && beats >= BEATS && !done_o) begin
        done_o <= 1'b1;
        $fclose(file);
      end
    end
endmodule

`default_nettype wire
