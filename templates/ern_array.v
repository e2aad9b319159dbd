// ern_array: STAGES stages in a chain, and the readout that collects their rows.
//
// Purpose:    Stage h works one cycle after stage h - 1. A pass therefore hands out READOUT rows a cycle, a stage's in each,
//             through one multiplexer and, over the COLUMNS lanes of a row, one adder tree.
//             Where FORM is not 0, the operands that ern_correction takes leave as many stages behind the first as the multiplexer takes cycles.
// Parameters: as ern_array_stage; CHOICE of ern_readout_mux and ADDITIONS of ern_adder_tree (where FORM is not 0, these and LANE as they
//             are by themselves); STAGES >= 1. ACC also holds a row's sum over all its columns.
// Latency:    from x_i with readout_i to the first rows_o: 1 + LANE (stage and lane), the multiplexer, the tree.
// Rounding:   none.
// Overflow:   required: passes of fewer steps than their stages do not follow each other (the planner's duty).
`default_nettype none

module ern_array #(
    parameter K       = 8,
    parameter SX      = 16,
    parameter W       = 12,
    parameter ACC     = 36,
    parameter FORM    = 0,
    parameter LANE    = 4,
    parameter CHOICE  = 4,
    parameter ADDITIONS = 1,
    parameter MIXED   = 0,
    parameter STAGES  = 2,
    parameter READOUT = 1,
    parameter COLUMNS = 1,
    parameter DEPTH   = 16,
    parameter PREFIX  = "",
    // Derived, not to be set.
    parameter XPAIR = (FORM != 1) ? 3*SX+1 : (MIXED != 0) ? 3*SX : 2*SX,
    parameter XB = 2*SX+(K/2-1)*XPAIR,
    parameter WB = (FORM != 1 || MIXED != 0) ? K*W+K/2-1 : K*W,
    parameter SETS = (FORM == 2) ? COLUMNS/2 : COLUMNS,
    parameter SUMS = (FORM != 1) ? 3*K/2-1 : K,
    parameter AB = SUMS*ACC,
    parameter SELECT = (STAGES > 32) ? 3 : (STAGES > 4) ? 2 : (STAGES > 1) ? 1 : 0
) (
    input  wire                  clk,
    input  wire                  rst_i,
    input  wire [COLUMNS*XB-1:0] x_i,
    input  wire                  clear_i,
    input  wire                  idle_i,
    input  wire                  readout_i,   // with x_i: last step of a pass
    input  wire [          19:0] weight_i,    // two cycles before x_i
    input  wire                  load_i,
    input  wire [          15:0] load_lane_i,
    input  wire [          19:0] load_row_i,
    input  wire [        WB-1:0] load_data_i,
    output wire [READOUT*AB-1:0] rows_o,
    output wire [COLUMNS*XB-1:0] later_x_o,     // SELECT, the latency of the multiplexer, cycles after x_i
    output wire                  later_clear_o
);
  wire [COLUMNS*XB-1:0] x[0:STAGES];
  wire [STAGES:0] clear;
  wire [STAGES:0] idle;
  wire [19:0] weight[0:STAGES];
  wire [STAGES:0] load;
  wire [15:0] load_lane[0:STAGES];
  wire [19:0] load_row[0:STAGES];
  wire [WB-1:0] load_data[0:STAGES];
  wire [READOUT*SETS*AB-1:0] acc[0:STAGES-1];

  assign x[0] = x_i;
  assign clear[0] = clear_i;
  assign idle[0] = idle_i;
  assign later_x_o = (FORM == 0) ? {COLUMNS * XB{1'b0}} : x[SELECT];
  assign later_clear_o = (FORM == 0) ? 1'b0 : clear[SELECT];
  assign weight[0] = weight_i;
  assign load[0] = load_i;
  assign load_lane[0] = load_lane_i;
  assign load_row[0] = load_row_i;
  assign load_data[0] = load_data_i;

  // --- the stage that is read out: the first one's accumulators are complete 1 + LANE cycles after its readout_i, the others' one by one behind it.
  //     The number goes through a register for each lane of the readout and one for each accumulator to its multiplexers.
  wire begins;
  ern_valid_delay #(.WIDTH(1), .DEPTH(LANE - 2)) u_begins (.clk(clk), .rst_i(rst_i), .data_i(readout_i), .data_o(begins));
  reg [7:0] stage_q;
  always @(posedge clk) stage_q <= begins ? 8'd0 : stage_q + 8'd1;

  genvar a;
  genvar h;
  genvar r;
  genvar c;
  generate
    if (FORM != 0 && (LANE != 4 || CHOICE != 4 || ADDITIONS != 1)) begin : g_bad_form
      ERROR_ern_array_LANE_CHOICE_and_ADDITIONS_must_be_4_4_1_where_FORM_is_not_0 u_error ();
    end
    for (h = 0; h < STAGES; h = h + 1) begin : g_stage
      ern_array_stage #(
          .K(K), .SX(SX), .W(W), .ACC(ACC), .FORM(FORM), .LANE(LANE), .MIXED(MIXED), .READOUT(READOUT), .COLUMNS(COLUMNS),
          .DEPTH(DEPTH), .STAGE(h), .PREFIX(PREFIX)
      ) u_stage (
          .clk(clk),
          .rst_i(rst_i),
          .x_i(x[h]),
          .clear_i(clear[h]),
          .idle_i(idle[h]),
          .weight_i(weight[h]),
          .x_o(x[h+1]),
          .clear_o(clear[h+1]),
          .idle_o(idle[h+1]),
          .weight_o(weight[h+1]),
          .load_i(load[h]),
          .load_lane_i(load_lane[h]),
          .load_row_i(load_row[h]),
          .load_data_i(load_data[h]),
          .load_o(load[h+1]),
          .load_lane_o(load_lane[h+1]),
          .load_row_o(load_row[h+1]),
          .load_data_o(load_data[h+1]),
          .acc_o(acc[h])
      );
    end

    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      wire [SETS*AB-1:0] selected;
      for (c = 0; c < SETS; c = c + 1) begin : g_column
        (* keep = "true" *) reg [7:0] lane_stage_q;
        always @(posedge clk) lane_stage_q <= stage_q;
        for (a = 0; a < SUMS; a = a + 1) begin : g_accumulator
          wire [STAGES*ACC-1:0] words;
          for (h = 0; h < STAGES; h = h + 1) begin : g_candidate
            assign words[h*ACC+:ACC] = acc[h][(r*SETS+c)*AB+a*ACC+:ACC];
          end
          ern_readout_mux #(.N(STAGES), .WIDTH(ACC), .CHOICE(CHOICE)) u_mux (
              .clk(clk), .select_i(lane_stage_q), .data_i(words), .data_o(selected[c*AB+a*ACC+:ACC])
          );
        end
      end
      ern_adder_tree #(.N(SETS), .VALUES(SUMS), .WIDTH(ACC), .OUT_WIDTH(ACC), .ADDITIONS(ADDITIONS)) u_tree (
          .clk(clk), .data_i(selected), .data_o(rows_o[r*AB+:AB])
      );
    end
  endgenerate
  wire unused = &{1'b0, x[STAGES], clear[STAGES], idle[STAGES], weight[STAGES], load[STAGES],
                   load_lane[STAGES], load_row[STAGES], load_data[STAGES]};
endmodule

`default_nettype wire
