// erngen_accelerator_source: the spectrum memories, and the operands of each array step.
//
// Purpose:    Holds the spectra of the input frames (two banks a context) and of the engine's own vectors, and turns a
//             step (memory, row, rotation, mode) into the prepared operands of COLUMNS lanes. Lanes below seam_i read
//             the input in any case: the end of the input and the beginning of another vector share a step.
// Parameters: K, SX, COLUMNS; SEAM 1 when some step has a seam; INPUT_DEPTH, STATE_DEPTH rows, powers of two whose top address bit is the bank or the
//             parity; STATE_DYNAMIC 1 when the state memory has two parity halves; SECOND 1 when vectors are consumed
//             at a second block size; MODES, FORM as in erngen_accelerator_column; INPUT_WRITES, STATE_WRITES, SECOND_WRITES blocks written in a cycle;
//             FETCH, cycles from the step to the chosen row: 3, or 1 without the registers behind the memories and the choice.
// Latency:    FETCH + COLUMN_LATENCY cycles from the step to x_o; a written row can be read by a step one cycle later.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_source #(
    parameter K              = 8,
    parameter SX             = 16,
    parameter COLUMNS        = 1,
    parameter SEAM           = 0,
    parameter INPUT_DEPTH    = 4,
    parameter STATE_DEPTH    = 4,
    parameter STATE_DYNAMIC  = 1,
    parameter SECOND         = 0,
    parameter MODES          = 8,
    parameter FORM           = 0,
    parameter INPUT_WRITES   = 1,
    parameter STATE_WRITES   = 1,
    parameter SECOND_WRITES  = 1,
    parameter FETCH          = 3,
    // Derived, not to be set.
    parameter ROTATE_BITS = $clog2(K),
    parameter INPUT_BITS = (INPUT_DEPTH > 1) ? $clog2(INPUT_DEPTH) : 1,
    parameter STATE_BITS = (STATE_DEPTH > 1) ? $clog2(STATE_DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1,
    parameter READ = (FETCH == 1) ? 1 : 2,
    parameter XPAIR = (FORM != 1) ? 3*SX+1 : (MODES != K) ? 3*SX : 2*SX,
    parameter XB = 2*SX+(K/2-1)*XPAIR
) (
    input  wire                   clk,
    // step
    input  wire                   step_i,
    input  wire [            1:0] source_i,   // 0 input, 1 state, 2 second state
    input  wire [           15:0] row_i,
    input  wire                   bank_i,
    input  wire [            7:0] seam_i,
    input  wire [           15:0] step_input_row_i,
    input  wire                   step_input_bank_i,
    input  wire [            2:0] mode_i,
    input  wire [ROTATE_BITS-1:0] rotate_i,
    input  wire                   zero_i,
    output wire [ COLUMNS*XB-1:0] x_o,
    output wire [COLUMNS*K*SX-1:0] state_data_o,   // the row of the state memory, READ cycles after row_i
    // writes
    input  wire [           INPUT_WRITES-1:0] input_write_i,
    input  wire [ INPUT_WRITES*LANE_BITS-1:0] input_lane_i,
    input  wire [INPUT_WRITES*INPUT_BITS-1:0] input_row_i,
    input  wire [      INPUT_WRITES*K*SX-1:0] input_data_i,
    input  wire [           STATE_WRITES-1:0] state_write_i,
    input  wire [ STATE_WRITES*LANE_BITS-1:0] state_lane_i,
    input  wire [STATE_WRITES*STATE_BITS-1:0] state_row_i,
    input  wire [      STATE_WRITES*K*SX-1:0] state_data_i,
    input  wire [           SECOND_WRITES-1:0] second_write_i,
    input  wire [ SECOND_WRITES*LANE_BITS-1:0] second_lane_i,
    input  wire [SECOND_WRITES*STATE_BITS-1:0] second_row_i,
    input  wire [      SECOND_WRITES*K*SX-1:0] second_data_i
);
  wire [INPUT_BITS-1:0] input_row;
  wire [STATE_BITS-1:0] state_row;
  wire [COLUMNS*K*SX-1:0] input_data;
  wire [COLUMNS*K*SX-1:0] state_data;
  wire [COLUMNS*K*SX-1:0] second_data;

  generate
    if (FETCH != 1 && FETCH != 3) begin : g_bad_fetch
      ERROR_ern_source_FETCH_must_be_1_or_3 u_error ();
    end
    if (INPUT_BITS > 1) begin : g_input_rows
      assign input_row = {step_input_bank_i, step_input_row_i[INPUT_BITS-2:0]};
    end else begin : g_input_bank
      assign input_row = step_input_bank_i;
    end
    if (STATE_DYNAMIC != 0 && STATE_BITS > 1) begin : g_dynamic
      assign state_row = {bank_i, row_i[STATE_BITS-2:0]};
    end else if (STATE_DYNAMIC != 0) begin : g_one_row
      assign state_row = bank_i;
    end else begin : g_static
      assign state_row = row_i[STATE_BITS-1:0];
    end
  endgenerate

  erngen_accelerator_spectrum_memory #(.WIDTH(K*SX), .COLUMNS(COLUMNS), .DEPTH(INPUT_DEPTH), .WRITES(INPUT_WRITES), .READ(READ)) u_input (
      .clk(clk), .write_i(input_write_i), .write_lane_i(input_lane_i), .write_row_i(input_row_i),
      .write_data_i(input_data_i), .read_row_i(input_row), .read_data_o(input_data)
  );
  erngen_accelerator_spectrum_memory #(.WIDTH(K*SX), .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .WRITES(STATE_WRITES), .READ(READ)) u_state (
      .clk(clk), .write_i(state_write_i), .write_lane_i(state_lane_i), .write_row_i(state_row_i),
      .write_data_i(state_data_i), .read_row_i(state_row), .read_data_o(state_data)
  );
  generate
    if (SECOND != 0) begin : g_second
      erngen_accelerator_spectrum_memory #(.WIDTH(K*SX), .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .WRITES(SECOND_WRITES), .READ(READ)) u_second (
          .clk(clk), .write_i(second_write_i), .write_lane_i(second_lane_i), .write_row_i(second_row_i),
          .write_data_i(second_data_i), .read_row_i(state_row), .read_data_o(second_data)
      );
    end else begin : g_no_second
      assign second_data = {COLUMNS * K * SX{1'b0}};
      wire unused = &{1'b0, second_write_i, second_lane_i, second_row_i, second_data_i};
    end
  endgenerate

  assign state_data_o = state_data;

  // --- the step's control, beside the memories' cycles and the register of the choice
  wire [1:0] read_source;   // with the rows
  wire [7:0] early_seam;    // a cycle before them
  wire [2:0] mode;          // with the chosen row
  wire [ROTATE_BITS-1:0] rotate;
  wire idle;
  wire fresh;
  erngen_accelerator_delay #(.WIDTH(2), .DEPTH(READ)) u_source (.clk(clk), .data_i(source_i), .data_o(read_source));
  erngen_accelerator_delay #(.WIDTH(5 + ROTATE_BITS), .DEPTH(FETCH)) u_control (
      .clk(clk), .data_i({!step_i, zero_i, mode_i, rotate_i}), .data_o({idle, fresh, mode, rotate})
  );

  erngen_accelerator_delay #(.WIDTH(8), .DEPTH(READ - 1)) u_seam (.clk(clk), .data_i(seam_i), .data_o(early_seam));

  genvar c;
  generate
    for (c = 0; c < COLUMNS; c = c + 1) begin : g_column
      localparam [31:0] LANE = c;
      reg before_q;   // this lane lies before the seam
      always @(posedge clk) before_q <= SEAM != 0 && LANE[7:0] < early_seam;
      wire [K*SX-1:0] chosen = (read_source == 2'd0 || before_q) ? input_data[c*K*SX+:K*SX] :
                               (SECOND != 0 && read_source == 2'd2) ? second_data[c*K*SX+:K*SX] : state_data[c*K*SX+:K*SX];
      wire [K*SX-1:0] row;
      wire at_input;   // the row is the input's
      if (FETCH == 1) begin : g_direct
        assign row = chosen;
        assign at_input = before_q;
      end else begin : g_register
        reg before_q2;
        reg [K*SX-1:0] chosen_q;
        always @(posedge clk) begin
          before_q2 <= before_q;
          chosen_q <= chosen;
        end
        assign row = chosen_q;
        assign at_input = before_q2;
      end
      erngen_accelerator_column #(.K(K), .MODES(MODES), .SX(SX), .FORM(FORM)) u_column (
          .clk(clk), .mode_i(mode), .rotate_i(rotate), .zero_i(idle || (fresh && !at_input)), .data_i(row), .x_o(x_o[c*XB+:XB])
      );
    end
  endgenerate
  wire unused_row = &{1'b0, row_i, bank_i, step_input_row_i, early_seam};
endmodule

`default_nettype wire
