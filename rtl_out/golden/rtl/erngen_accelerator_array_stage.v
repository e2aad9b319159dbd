// erngen_accelerator_array_stage: one stage of the systolic array: READOUT x COLUMNS lanes with their weights.
//
// Purpose:    Registers what comes from the previous stage, uses it, and passes it on: column operands are broadcast to
//             READOUT rows only, and each stage runs one cycle after the stage before it, so that its rows also
//             finish one cycle later and leave through the same readout, with no holding registers and no
//             high fan-out.
//             The weight row runs two cycles ahead of the operands, which is the latency of the weight memory.
//             A host write goes along the same chain and is taken by the lane whose number it bears.
// Parameters: K, SX, W, ACC as in erngen_accelerator_lane; LANE, its CYCLES (4 where FORM is not 0); FORM of the lanes: 0 erngen_accelerator_lane, 1 erngen_accelerator_lane_bins,
//             2 erngen_accelerator_lane_blocks for two columns; MIXED as in erngen_accelerator_lane_bins; READOUT, COLUMNS; DEPTH weight rows; STAGE, number of this
//             stage; PREFIX of the image names: PREFIX_HHLLL.hex for lane LLL = row * COLUMNS + column of stage HH (three digits each).
// Latency:    1 cycle to the next stage; LANE + 1 cycles from x_i to acc_o.
// Rounding:   none.
// Overflow:   as erngen_accelerator_lane.
`default_nettype none

module erngen_accelerator_array_stage #(
    parameter K       = 8,
    parameter SX      = 16,
    parameter W       = 12,
    parameter ACC     = 36,
    parameter FORM    = 0,
    parameter LANE    = 4,
    parameter MIXED   = 0,
    parameter READOUT = 1,
    parameter COLUMNS = 1,
    parameter DEPTH   = 16,
    parameter STAGE   = 0,
    parameter PREFIX  = "",
    // Derived, not to be set.
    parameter XPAIR = (FORM != 1) ? 3*SX+1 : (MIXED != 0) ? 3*SX : 2*SX,
    parameter XB = 2*SX+(K/2-1)*XPAIR,
    parameter WB = (FORM != 1 || MIXED != 0) ? K*W+K/2-1 : K*W,
    parameter SETS = (FORM == 2) ? COLUMNS/2 : COLUMNS,
    parameter AB = ((FORM != 1) ? 3*K/2-1 : K)*ACC
) (
    input  wire                          clk,
    input  wire                          rst_i,
    input  wire [        COLUMNS*XB-1:0] x_i,
    input  wire                          clear_i,   // with x_i: new sums
    input  wire                          idle_i,    // with x_i: no step; where FORM is not 0
    input  wire [                  19:0] weight_i,  // weight row, two cycles before x_i
    output reg  [        COLUMNS*XB-1:0] x_o,
    output reg                           clear_o,
    output wire                          idle_o,
    output reg  [                  19:0] weight_o,
    input  wire                          load_i,    // host write
    input  wire [                  15:0] load_lane_i,
    input  wire [                  19:0] load_row_i,
    input  wire [                WB-1:0] load_data_i,
    output reg                           load_o,
    output reg  [                  15:0] load_lane_o,
    output reg  [                  19:0] load_row_o,
    output reg  [                WB-1:0] load_data_o,
    output wire [   READOUT*SETS*AB-1:0] acc_o
);
  localparam ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
  localparam [7:0] H2 = 48 + (STAGE / 100) % 10;
  localparam [7:0] H1 = 48 + (STAGE / 10) % 10;
  localparam [7:0] H0 = 48 + STAGE % 10;

  always @(posedge clk) begin
    x_o <= x_i;
    clear_o <= clear_i;
    weight_o <= weight_i;
    load_o <= rst_i ? 1'b0 : load_i;
    load_lane_o <= load_lane_i;
    load_row_o <= load_row_i;
    load_data_o <= load_data_i;
  end

  genvar r;
  genvar c;
  generate
    if (FORM == 0) begin : g_stepless
      assign idle_o = 1'b0;
      wire unused_idle = &{1'b0, idle_i};
    end else begin : g_idle
      reg idle_q;
      always @(posedge clk) idle_q <= idle_i;
      assign idle_o = idle_q;
    end
    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      for (c = 0; c < COLUMNS; c = c + 1) begin : g_lane
        localparam INDEX = r * COLUMNS + c;
        localparam [31:0] NUMBER = STAGE * READOUT * COLUMNS + INDEX;
        localparam [7:0] L2 = 48 + (INDEX / 100) % 10;
        localparam [7:0] L1 = 48 + (INDEX / 10) % 10;
        localparam [7:0] L0 = 48 + INDEX % 10;
        // As in erngen_accelerator_ram; what a step reads while the host writes it is undefined. (A module of its own would be one for each image.)
        reg write = 1'b0;   // load_o for this lane; not before the reset, when it could be anything
        always @(posedge clk) write <= !rst_i && load_i && load_lane_i == NUMBER[15:0];
        reg [WB-1:0] read_q;
        reg [WB-1:0] weights_q;
        always @(posedge clk) weights_q <= read_q;
        if (DEPTH >= 512 && WB * DEPTH >= 4096) begin : g_block
          (* no_rw_check, ram_style = "block", ramstyle = "no_rw_check", syn_ramstyle = "no_rw_check", rw_addr_collision = "no" *)
          reg [WB-1:0] memory[0:DEPTH-1];
          if (PREFIX != "") begin : g_image
            initial $readmemh({PREFIX, "_", H2, H1, H0, L2, L1, L0, ".hex"}, memory);
          end
          always @(posedge clk) begin
            if (write) memory[load_row_o[ROW_BITS-1:0]] <= load_data_o;
            read_q <= memory[weight_o[ROW_BITS-1:0]];
          end
        end else begin : g_any
          (* no_rw_check, ramstyle = "no_rw_check", syn_ramstyle = "no_rw_check", rw_addr_collision = "no" *)
          reg [WB-1:0] memory[0:DEPTH-1];
          if (PREFIX != "") begin : g_image
            initial $readmemh({PREFIX, "_", H2, H1, H0, L2, L1, L0, ".hex"}, memory);
          end
          always @(posedge clk) begin
            if (write) memory[load_row_o[ROW_BITS-1:0]] <= load_data_o;
            read_q <= memory[weight_o[ROW_BITS-1:0]];
          end
        end
        if (FORM == 0) begin : g_plain
          erngen_accelerator_lane #(
              .K  (K),
              .SX (SX),
              .W  (W),
              .ACC(ACC),
              .CYCLES(LANE)
          ) u_lane (
              .clk(clk),
              .clear_i(clear_o),
              .x_i(x_o[c*XB+:XB]),
              .w_i(weights_q),
              .acc_o(acc_o[INDEX*AB+:AB])
          );
        end else if (FORM == 2) begin : g_blocks
          if (c % 2 == 1) begin : g_both
            erngen_accelerator_lane_blocks #(.K(K), .SX(SX), .W(W), .ACC(ACC)) u_lane (
                .clk(clk), .clear_i(clear_o), .idle_i(idle_o), .x_i(x_o[(c-1)*XB+:2*XB]), .w_i({weights_q, g_lane[c-1].weights_q}),
                .acc_o(acc_o[(r*SETS+c/2)*AB+:AB])
            );
          end
        end else begin : g_bins
          erngen_accelerator_lane_bins #(.K(K), .SX(SX), .W(W), .ACC(ACC), .MIXED(MIXED)) u_lane (
              .clk(clk), .clear_i(clear_o), .idle_i(idle_o), .x_i(x_o[c*XB+:XB]), .w_i(weights_q),
              .acc_o(acc_o[INDEX*AB+:AB])
          );
        end
      end
    end
  endgenerate
  wire unused = &{1'b0, weight_o, load_row_o};
endmodule

`default_nettype wire
