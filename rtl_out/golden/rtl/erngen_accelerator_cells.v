// erngen_accelerator_cells: the element-wise units with the state memories, and the register where their results meet.
//
// Purpose:    Sends each tile (the gates of one block of cells) to the operation that its tag names, with h(t-1), c(t-1) and
//             what a GRU's earlier passes left; stores the new states; and joins the operations' results, which the
//             planner keeps from arriving together, in one block register a port. Port 0 has every operation, the others
//             those of one gate.
// Tag:        the tag of a tile, whose fields are below.
//             A GRU's state H is kept with HW bits; what goes on, h, is H rounded to A bits. Where HW > A, other recurrent vectors
//             are kept sign-extended.
// Parameters: formats as in the cells, HW = A without a GRU; shift lists: LSTM of erngen_accelerator_cell_lstm, RESET of s in
//             erngen_accelerator_cell_gru_before, STATE from what is kept to what goes on, for GRUs and the host; HAS_* which operations exist; KEEPS_SUMS
//             whether vectors that end with erngen_accelerator_linear or erngen_accelerator_nonlinear are kept beside a GRU's;
//             OPEN, LSTM_CANDIDATES, LSTM_OUTPUTS, STATE_CANDIDATES, their _LOWS and _HIGHS of the cells (CANDIDATE: 1 tanh, 0 sigmoid in
//             all LSTMs); FOLDING of erngen_accelerator_fold for every cell; PORTS, a power of two; TILES of the state memories;
//             PEEPHOLE_ROWS and PEEPHOLE_PREFIX of the images PREFIX_I.hex,
//             PREFIX_F.hex, PREFIX_O.hex; INITIAL_CELL_ROWS, INITIAL_STATE_ROWS and INITIAL_PREFIX of the images PREFIX_C.hex and,
//             for port p, PREFIX_p.hex: what cells keep before a sequence's first frame, an LSTM's c and
//             a GRU's H (0 rows: zero); SHIFT_COUNT, SHIFTS, LIMITED, LOWS, HIGHS of erngen_accelerator_linear; NONLINEAR_SHIFTS,
//             NONLINEAR_SHIFT_LIST, NONLINEAR_TANH of erngen_accelerator_nonlinear. The tag says which of its operation's shifts.
// Latency:    the operation's, and 1 for the block register.
// Rounding:   as the operations.
// Overflow:   as the operations.
// Host:       while the engine is idle, host_read_i puts host_tile_i on the state memories (data 2 cycles later), the
//             write strobes store a block of c, or put a block of a recurrent vector, which is there a cycle before, on the
//             block register.
`default_nettype none

module erngen_accelerator_cells #(
    parameter         K               = 8,
    parameter         A               = 12,
    parameter         G               = 12,
    parameter         HW              = 12,
    parameter         P               = 14,
    parameter         F_P             = 10,
    parameter         ZW              = 26,
    parameter         F_T             = 15,
    parameter         CW              = 16,
    parameter         F_C             = 11,
    parameter         W               = 12,
    parameter         F_Q             = 10,
    parameter         V               = 18,
    parameter         F_V             = 12,
    parameter         LSTM_SHIFTS     = 1,
    parameter [8*LSTM_SHIFTS-1:0] LSTM_SHIFT_LIST = {LSTM_SHIFTS{8'd11}},
    parameter         RESET_SHIFTS    = 1,
    parameter [8*RESET_SHIFTS-1:0] RESET_SHIFT_LIST = {RESET_SHIFTS{8'd11}},
    parameter         STATE_SHIFTS    = 1,
    parameter [8*STATE_SHIFTS-1:0] STATE_SHIFT_LIST = {STATE_SHIFTS{8'd0}},
    parameter         GATES           = 4,
    parameter         PORTS           = 1,
    parameter         TILES           = 4,
    parameter         HAS_LSTM        = 1,
    parameter         HAS_GRU_BEFORE  = 1,
    parameter         HAS_GRU_AFTER   = 1,
    parameter         HAS_LINEAR      = 1,
    parameter         KEEPS_SUMS      = HAS_LSTM,
    parameter         CANDIDATE       = 1,
    parameter         OPEN            = 0,
    parameter [2*LSTM_SHIFTS-1:0] LSTM_CANDIDATES = {LSTM_SHIFTS{CANDIDATE == 1 ? 2'd1 : 2'd0}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_CANDIDATE_LOWS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_CANDIDATE_HIGHS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [2*LSTM_SHIFTS-1:0] LSTM_OUTPUTS = {LSTM_SHIFTS{2'd1}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_OUTPUT_LOWS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_OUTPUT_HIGHS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [2*STATE_SHIFTS-1:0] STATE_CANDIDATES = {STATE_SHIFTS{2'd1}},
    parameter [(G+OPEN)*STATE_SHIFTS-1:0] STATE_CANDIDATE_LOWS = {(G + OPEN) * STATE_SHIFTS{1'b0}},
    parameter [(G+OPEN)*STATE_SHIFTS-1:0] STATE_CANDIDATE_HIGHS = {(G + OPEN) * STATE_SHIFTS{1'b0}},
    parameter         FOLDING         = 1,
    parameter         PEEPHOLE_ROWS   = 0,
    parameter         PEEPHOLE_PREFIX = "",
    parameter         INITIAL_CELL_ROWS = 0,
    parameter         INITIAL_STATE_ROWS = 0,
    parameter         INITIAL_PREFIX  = "",
    parameter         SHIFT_COUNT     = 1,
    parameter signed [8*SHIFT_COUNT-1:0] SHIFTS = {SHIFT_COUNT{8'd4}},
    parameter         LIMITED         = 0,
    parameter [A*SHIFT_COUNT-1:0] LOWS = {SHIFT_COUNT{1'b1, {(A - 1) {1'b0}}}},
    parameter [A*SHIFT_COUNT-1:0] HIGHS = {SHIFT_COUNT{1'b0, {(A - 1) {1'b1}}}},
    parameter         HAS_NONLINEAR   = 0,
    parameter         NONLINEAR_SHIFTS = 1,
    parameter [8*NONLINEAR_SHIFTS-1:0] NONLINEAR_SHIFT_LIST = {NONLINEAR_SHIFTS{8'd0}},
    parameter [NONLINEAR_SHIFTS-1:0] NONLINEAR_TANH = {NONLINEAR_SHIFTS{1'b0}},
    parameter         ACT_LATENCY     = 3,
    parameter         SUMS            = 1,   // 0: no registers behind the sums of the cells
    parameter         ACT_DSP         = 0,
    parameter         PRODUCT_DSP     = 1,
    parameter [319:0] SIGMOID         = 320'd0,
    parameter         LOADABLE        = 0,   // 1: the host loads constants, 2: tables of the activations, too
    parameter         CB              = 40,
    parameter         SIGMOID_IMAGE   = "",
    parameter [319:0] TANH            = 320'd0,
    parameter         TANH_IMAGE      = "",
    // Derived, not to be set.
    parameter         TILE_TAG        = 83
) (
    input  wire                      clk,
    input  wire                      rst_i,
    input  wire [           CB+36:0] load_i,   // see erngen_accelerator_constants
    input  wire [              15:0] state_tile_i,     // 2 cycles before tile_valid_i
    input  wire [              15:0] constant_row_i,   // of peepholes and initial states
    input  wire [         PORTS-1:0] tile_valid_i,
    input  wire [PORTS*TILE_TAG-1:0] tile_tag_i,
    input  wire [    GATES*K*ZW-1:0] z_i,
    output reg  [         PORTS-1:0] block_valid_o,
    output reg  [PORTS*TILE_TAG-1:0] block_tag_o,
    output reg  [     PORTS*K*A-1:0] block_data_o,
    // host
    input  wire                      host_read_i,
    input  wire [              15:0] host_tile_i,
    output wire [          K*HW-1:0] host_vector_o,
    output wire [          K*CW-1:0] host_cell_o,
    input  wire                      host_write_cell_i,
    input  wire [          K*CW-1:0] host_cell_i,
    input  wire                      host_write_vector_i,
    input  wire [      TILE_TAG-1:0] host_tag_i,
    input  wire [          K*HW-1:0] host_vector_i
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_OPERATION = 0, TILE_OPERATION_W = 3;                  // as in a pass
  localparam TILE_STORE = 4;                                            // the vector is kept in the time domain
  localparam TILE_SHIFT = 8;                                            // number of the shift of its results
  localparam TILE_ELEMENTS = 23, TILE_ELEMENTS_W = 7;                   // elements of the phase's last tile
  localparam TILE_LAST = 30;                                            // it is the phase's last tile
  localparam TILE_STATE_TILE = 31;                                      // row of the state memories
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_FRESH = 81;                                           // it sees a zero state
  // --- end of the fields
  localparam TILE_BITS = (TILES > 1) ? $clog2(TILES) : 1;
  localparam LOG_PORTS = $clog2(PORTS);
  localparam BANK_TILES = (TILES + PORTS - 1) / PORTS;   // tile u lies in bank u mod PORTS, row u div PORTS
  localparam BANK_BITS = (BANK_TILES > 1) ? $clog2(BANK_TILES) : 1;
  localparam PORT_BITS = (PORTS > 1) ? LOG_PORTS : 1;
  localparam LSTM_BITS = (LSTM_SHIFTS > 1) ? $clog2(LSTM_SHIFTS) : 1;
  localparam RESET_BITS = (RESET_SHIFTS > 1) ? $clog2(RESET_SHIFTS) : 1;
  localparam STATE_BITS = (STATE_SHIFTS > 1) ? $clog2(STATE_SHIFTS) : 1;
  localparam HAS_GRU = (HAS_GRU_BEFORE != 0 || HAS_GRU_AFTER != 0) ? 1 : 0;

  wire [2:0] op = tile_tag_i[TILE_OPERATION+:TILE_OPERATION_W];
  wire fresh = tile_tag_i[TILE_FRESH];
  wire [15:0] read_tile = host_read_i ? host_tile_i : state_tile_i;
  wire [15:0] read_row = read_tile >> LOG_PORTS;
  wire [15:0] bank_row = constant_row_i >> LOG_PORTS;

  // --- elements beyond the vector's length are zero
  wire [PORTS*K-1:0] keep;
  genvar n;
  genvar p;
  generate
    for (p = 0; p < PORTS; p = p + 1) begin : g_keep
      for (n = 0; n < K; n = n + 1) begin : g_element
        localparam [31:0] ELEMENT = n;
        assign keep[p*K+n] = !tile_tag_i[p*TILE_TAG+TILE_LAST]
            || ELEMENT[TILE_ELEMENTS_W-1:0] < tile_tag_i[p*TILE_TAG+TILE_ELEMENTS+:TILE_ELEMENTS_W];
      end
    end
  endgenerate

  // --- tables of the activations: one word for all units of a function
  localparam WORD = CB < 40 ? CB : 40;
  wire [15:0] load_number = load_i[CB+20+:16];
  reg [57:0] table_q;
  initial table_q = 58'd0;  // else the first edge of the clock may write over the images
  always @(posedge clk) begin
    table_q <= 58'd0;
    if (LOADABLE == 2) begin
      table_q[57:56] <= {load_i[CB+36] && load_number == 16'hc001, load_i[CB+36] && load_number == 16'hc000};
      table_q[55:40] <= load_i[CB+:16];
      table_q[WORD-1:0] <= load_i[WORD-1:0];
    end
  end

  // --- the recurrent vectors in the time domain
  wire [PORTS*K*HW-1:0] block_state;   // with block_data_o
  wire [PORTS*K*HW-1:0] vectors;
  generate
    for (p = 0; p < PORTS; p = p + 1) begin : g_vector
      // Port 0 brings single tiles of any bank, or the first of PORTS; port p only bank p.
      localparam [31:0] PORT = p;
      wire store = block_valid_o[0] && block_tag_o[TILE_STORE] && block_tag_o[TILE_VALID]
          && (PORTS == 1 || block_tag_o[TILE_STATE_TILE+:PORT_BITS] == PORT[PORT_BITS-1:0]);
      if (p == 0) begin : g_first
        erngen_accelerator_ram #(.WIDTH(K*HW), .DEPTH(BANK_TILES)) u_vector (
            .clk(clk), .write_i(store), .write_address_i(block_tag_o[TILE_STATE_TILE+LOG_PORTS+:BANK_BITS]),
            .write_data_i(block_state[0+:K*HW]), .read_address_i(read_row[BANK_BITS-1:0]), .read_data_o(vectors[0+:K*HW])
        );
      end else begin : g_beside
        wire own = block_valid_o[p] && block_tag_o[p*TILE_TAG+TILE_STORE] && block_tag_o[p*TILE_TAG+TILE_VALID];
        erngen_accelerator_ram #(.WIDTH(K*HW), .DEPTH(BANK_TILES)) u_vector (
            .clk(clk), .write_i(store || own),
            .write_address_i(own ? block_tag_o[p*TILE_TAG+TILE_STATE_TILE+LOG_PORTS+:BANK_BITS] : block_tag_o[TILE_STATE_TILE+LOG_PORTS+:BANK_BITS]),
            .write_data_i(own ? block_state[p*K*HW+:K*HW] : block_state[0+:K*HW]),
            .read_address_i(read_row[BANK_BITS-1:0]), .read_data_o(vectors[p*K*HW+:K*HW])
        );
      end
    end
  endgenerate
  wire [PORT_BITS-1:0] host_port = (PORTS == 1) ? {PORT_BITS{1'b0}} : host_tile_i[PORT_BITS-1:0];
  wire [PORT_BITS-1:0] tile_port = (PORTS == 1) ? {PORT_BITS{1'b0}} : tile_tag_i[TILE_STATE_TILE+:PORT_BITS];
  wire [K*HW-1:0] tile_vector;
  erngen_accelerator_select #(.COUNT(PORTS), .WIDTH(K*HW), .INDEX_BITS(PORT_BITS)) u_host_vector (
      .index_i(host_port), .data_i(vectors), .data_o(host_vector_o)
  );
  erngen_accelerator_select #(.COUNT(PORTS), .WIDTH(K*HW), .INDEX_BITS(PORT_BITS)) u_tile_vector (
      .index_i(tile_port), .data_i(vectors), .data_o(tile_vector)
  );

  // --- the states of GRUs before a sequence's first frame, in banks as the vectors
  wire [PORTS*K*HW-1:0] first;
  generate
    for (p = 0; p < PORTS; p = p + 1) begin : g_first_state
      localparam [7:0] DIGIT = 48 + p;
      if (INITIAL_STATE_ROWS > 0) begin : g_initial
        localparam BANK_ROWS = INITIAL_STATE_ROWS / PORTS;
        localparam ROW_BITS = (BANK_ROWS > 1) ? $clog2(BANK_ROWS) : 1;
        localparam [15:0] NUMBER = 16'ha000 + p;
        erngen_accelerator_constants #(
            .WIDTH(K*HW), .DEPTH(BANK_ROWS), .FILE({INITIAL_PREFIX, "_", DIGIT, ".hex"}), .LOADABLE(LOADABLE > 0), .CB(CB), .NUMBER(NUMBER)
        ) u_first (
            .clk(clk), .load_i(load_i), .address_i(bank_row[ROW_BITS-1:0]), .data_o(first[p*K*HW+:K*HW])
        );
      end else begin : g_from_zero
        assign first[p*K*HW+:K*HW] = {K * HW{1'b0}};
      end
    end
  endgenerate

  // --- port 0: results of the operations; zero where an operation does not exist
  wire [5:0] valid;
  wire [TILE_TAG-1:0] tag[0:5];
  wire [K*A-1:0] data[0:5];
  wire [K*HW-1:0] state[2:3];   // of the GRUs

  generate
    if (HAS_LSTM != 0) begin : g_lstm
      wire c_valid;
      wire [TILE_TAG-1:0] c_tag;
      wire [K*CW-1:0] c_new;
      wire [K*CW-1:0] c_read;
      wire [K*W-1:0] p_i;
      wire [K*W-1:0] p_f;
      wire [K*W-1:0] p_o;
      assign host_cell_o = c_read;
      wire c_write = host_write_cell_i || (c_valid && c_tag[TILE_VALID]);
      erngen_accelerator_ram #(.WIDTH(K*CW), .DEPTH(TILES)) u_c (
          .clk(clk), .write_i(c_write),
          .write_address_i(host_write_cell_i ? host_tile_i[TILE_BITS-1:0] : c_tag[TILE_STATE_TILE+:TILE_BITS]),
          .write_data_i(host_write_cell_i ? host_cell_i : c_new),
          .read_address_i(read_tile[TILE_BITS-1:0]), .read_data_o(c_read)
      );
      if (PEEPHOLE_ROWS > 0) begin : g_peephole
        localparam ROW_BITS = (PEEPHOLE_ROWS > 1) ? $clog2(PEEPHOLE_ROWS) : 1;
        wire [ROW_BITS-1:0] row = constant_row_i[ROW_BITS-1:0];
        if (PEEPHOLE_PREFIX != "") begin : g_image
          erngen_accelerator_constants #(
              .WIDTH(K*W), .DEPTH(PEEPHOLE_ROWS), .FILE({PEEPHOLE_PREFIX, "_i.hex"}), .LOADABLE(LOADABLE > 0), .CB(CB), .NUMBER(16'h9000)
          ) u_i (
              .clk(clk), .load_i(load_i), .address_i(row), .data_o(p_i)
          );
          erngen_accelerator_constants #(
              .WIDTH(K*W), .DEPTH(PEEPHOLE_ROWS), .FILE({PEEPHOLE_PREFIX, "_f.hex"}), .LOADABLE(LOADABLE > 0), .CB(CB), .NUMBER(16'h9001)
          ) u_f (
              .clk(clk), .load_i(load_i), .address_i(row), .data_o(p_f)
          );
          erngen_accelerator_constants #(
              .WIDTH(K*W), .DEPTH(PEEPHOLE_ROWS), .FILE({PEEPHOLE_PREFIX, "_o.hex"}), .LOADABLE(LOADABLE > 0), .CB(CB), .NUMBER(16'h9002)
          ) u_o (
              .clk(clk), .load_i(load_i), .address_i(row), .data_o(p_o)
          );
        end else begin : g_no_image
          assign {p_i, p_f, p_o} = {3 * K * W{1'b0}};
        end
      end else begin : g_no_peephole
        assign {p_i, p_f, p_o} = {3 * K * W{1'b0}};
      end
      wire [K*CW-1:0] c_first;   // before a sequence's first frame
      if (INITIAL_CELL_ROWS > 0) begin : g_initial
        localparam ROW_BITS = (INITIAL_CELL_ROWS > 1) ? $clog2(INITIAL_CELL_ROWS) : 1;
        erngen_accelerator_constants #(
            .WIDTH(K*CW), .DEPTH(INITIAL_CELL_ROWS), .FILE({INITIAL_PREFIX, "_c.hex"}), .LOADABLE(LOADABLE > 0), .CB(CB), .NUMBER(16'hb000)
        ) u_c_first (
            .clk(clk), .load_i(load_i), .address_i(constant_row_i[ROW_BITS-1:0]), .data_o(c_first)
        );
      end else begin : g_from_zero
        assign c_first = {K * CW{1'b0}};
      end
      erngen_accelerator_cell_lstm #(
          .K(K), .FOLDING(FOLDING), .A(A), .G(G), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q),
          .SHIFTS(LSTM_SHIFTS), .SHIFT_LIST(LSTM_SHIFT_LIST),
          .PEEPHOLE(PEEPHOLE_ROWS > 0 ? 1 : 0), .OPEN(OPEN),
          .CANDIDATES(LSTM_CANDIDATES), .CANDIDATE_LOWS(LSTM_CANDIDATE_LOWS), .CANDIDATE_HIGHS(LSTM_CANDIDATE_HIGHS),
          .OUTPUTS(LSTM_OUTPUTS), .OUTPUT_LOWS(LSTM_OUTPUT_LOWS), .OUTPUT_HIGHS(LSTM_OUTPUT_HIGHS), .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS),
          .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP),
          .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TILE_TAG), .WRITABLE(LOADABLE == 2)
      ) u_cell (
          .clk(clk), .table_i(table_q), .rst_i(rst_i), .valid_i(tile_valid_i[0] && op == 3'd0), .tag_i(tile_tag_i[TILE_TAG-1:0]),
          .keep_i(keep[K-1:0]),
          .select_i(tile_tag_i[TILE_SHIFT+:LSTM_BITS]),
          .z_i_i(z_i[0*K*ZW+:K*ZW]), .z_f_i(z_i[1*K*ZW+:K*ZW]), .z_g_i(z_i[2*K*ZW+:K*ZW]), .z_o_i(z_i[3*K*ZW+:K*ZW]),
          .c_prev_i(fresh ? c_first : c_read), .p_i_i(p_i), .p_f_i(p_f), .p_o_i(p_o),
          .c_valid_o(c_valid), .c_tag_o(c_tag), .c_o(c_new), .valid_o(valid[0]), .tag_o(tag[0]), .m_o(data[0])
      );
      wire unused = &{1'b0, c_tag};
    end else begin : g_no_lstm
      assign host_cell_o = {K * CW{1'b0}};
      assign valid[0] = 1'b0;
      assign tag[0] = {TILE_TAG{1'b0}};
      assign data[0] = {K * A{1'b0}};
      wire unused = &{1'b0, host_write_cell_i, host_cell_i};
    end

    wire [PORTS*K*G-1:0] q_read;
    wire [K*G-1:0] q_port;
    erngen_accelerator_select #(.COUNT(PORTS), .WIDTH(K*G), .INDEX_BITS(PORT_BITS)) u_q (.index_i(tile_port), .data_i(q_read), .data_o(q_port));
    wire [K*HW-1:0] tile_first;
    erngen_accelerator_select #(.COUNT(PORTS), .WIDTH(K*HW), .INDEX_BITS(PORT_BITS)) u_first (.index_i(tile_port), .data_i(first), .data_o(tile_first));
    wire [K*HW-1:0] state_prev = fresh ? tile_first : tile_vector;
    if (HAS_GRU_BEFORE != 0) begin : g_gru_before
      // The first pass leaves one tile a cycle, the second takes PORTS.
      wire [K*G-1:0] q_new;
      for (p = 0; p < PORTS; p = p + 1) begin : g_q
        localparam [31:0] PORT = p;
        erngen_accelerator_ram #(.WIDTH(K*G), .DEPTH(BANK_TILES)) u_q (
            .clk(clk),
            .write_i(valid[1] && tag[1][TILE_VALID] && (PORTS == 1 || tag[1][TILE_STATE_TILE+:PORT_BITS] == PORT[PORT_BITS-1:0])),
            .write_address_i(tag[1][TILE_STATE_TILE+LOG_PORTS+:BANK_BITS]), .write_data_i(q_new),
            .read_address_i(read_row[BANK_BITS-1:0]), .read_data_o(q_read[p*K*G+:K*G])
        );
      end
      erngen_accelerator_cell_gru_before #(
          .K(K), .FOLDING(FOLDING), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .RESET_SHIFTS(RESET_SHIFTS),
          .RESET_SHIFT_LIST(RESET_SHIFT_LIST), .SHIFTS(STATE_SHIFTS), .SHIFT_LIST(STATE_SHIFT_LIST), .OPEN(OPEN),
          .CANDIDATES(STATE_CANDIDATES), .CANDIDATE_LOWS(STATE_CANDIDATE_LOWS), .CANDIDATE_HIGHS(STATE_CANDIDATE_HIGHS),
          .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE),
          .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TILE_TAG), .WRITABLE(LOADABLE == 2)
      ) u_cell (
          .clk(clk), .table_i(table_q), .rst_i(rst_i),
          .gates_valid_i(tile_valid_i[0] && op == 3'd1), .gates_tag_i(tile_tag_i[TILE_TAG-1:0]), .gates_keep_i(keep[K-1:0]),
          .gates_select_i(tile_tag_i[TILE_SHIFT+:RESET_BITS]), .z_r_i(z_i[0+:K*ZW]), .z_z_i(z_i[K*ZW+:K*ZW]), .gates_state_i(state_prev),
          .gates_valid_o(valid[1]), .gates_tag_o(tag[1]), .s_o(data[1]), .q_o(q_new),
          .output_valid_i(tile_valid_i[0] && op == 3'd2), .output_tag_i(tile_tag_i[TILE_TAG-1:0]), .output_keep_i(keep[K-1:0]),
          .output_select_i(tile_tag_i[TILE_SHIFT+:STATE_BITS]), .z_n_i(z_i[0+:K*ZW]), .q_i(q_port), .output_state_i(state_prev),
          .output_valid_o(valid[2]), .output_tag_o(tag[2]), .state_o(state[2]), .h_o(data[2])
      );
    end else begin : g_no_gru_before
      assign q_read = {PORTS * K * G{1'b0}};
      assign valid[2:1] = 2'b0;
      assign tag[1] = {TILE_TAG{1'b0}};
      assign tag[2] = {TILE_TAG{1'b0}};
      assign data[1] = {K * A{1'b0}};
      assign data[2] = {K * A{1'b0}};
      assign state[2] = {K * HW{1'b0}};
    end

    if (HAS_GRU_AFTER != 0) begin : g_gru_after
      // The passes of z_x and z_h leave PORTS tiles a cycle, in the bank of their port; that of the gates takes one.
      wire [PORTS*K*ZW-1:0] x_read;
      wire [PORTS*K*ZW-1:0] h_read;
      for (p = 0; p < PORTS; p = p + 1) begin : g_sum
        wire [TILE_TAG-1:0] sum_tag = tile_tag_i[p*TILE_TAG+:TILE_TAG];
        wire write = tile_valid_i[p] && sum_tag[TILE_VALID];
        wire unused_tag = &{1'b0, sum_tag};
        erngen_accelerator_ram #(.WIDTH(K*ZW), .DEPTH(BANK_TILES)) u_x (
            .clk(clk), .write_i(write && sum_tag[TILE_OPERATION+:TILE_OPERATION_W] == 3'd5),
            .write_address_i(sum_tag[TILE_STATE_TILE+LOG_PORTS+:BANK_BITS]),
            .write_data_i(z_i[p*K*ZW+:K*ZW]), .read_address_i(read_row[BANK_BITS-1:0]), .read_data_o(x_read[p*K*ZW+:K*ZW])
        );
        erngen_accelerator_ram #(.WIDTH(K*ZW), .DEPTH(BANK_TILES)) u_h (
            .clk(clk), .write_i(write && sum_tag[TILE_OPERATION+:TILE_OPERATION_W] == 3'd6),
            .write_address_i(sum_tag[TILE_STATE_TILE+LOG_PORTS+:BANK_BITS]),
            .write_data_i(z_i[p*K*ZW+:K*ZW]), .read_address_i(read_row[BANK_BITS-1:0]), .read_data_o(h_read[p*K*ZW+:K*ZW])
        );
      end
      wire [K*ZW-1:0] x_tile;
      wire [K*ZW-1:0] h_tile;
      erngen_accelerator_select #(.COUNT(PORTS), .WIDTH(K*ZW), .INDEX_BITS(PORT_BITS)) u_x_tile (.index_i(tile_port), .data_i(x_read), .data_o(x_tile));
      erngen_accelerator_select #(.COUNT(PORTS), .WIDTH(K*ZW), .INDEX_BITS(PORT_BITS)) u_h_tile (.index_i(tile_port), .data_i(h_read), .data_o(h_tile));
      erngen_accelerator_cell_gru_after #(
          .K(K), .FOLDING(FOLDING), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .V(V), .F_V(F_V),
          .SHIFTS(STATE_SHIFTS), .SHIFT_LIST(STATE_SHIFT_LIST), .OPEN(OPEN),
          .CANDIDATES(STATE_CANDIDATES), .CANDIDATE_LOWS(STATE_CANDIDATE_LOWS), .CANDIDATE_HIGHS(STATE_CANDIDATE_HIGHS),
          .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP),
          .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE),
          .TAG_WIDTH(TILE_TAG), .WRITABLE(LOADABLE == 2)
      ) u_cell (
          .clk(clk), .table_i(table_q), .rst_i(rst_i), .valid_i(tile_valid_i[0] && op == 3'd3), .tag_i(tile_tag_i[TILE_TAG-1:0]),
          .keep_i(keep[K-1:0]),
          .select_i(tile_tag_i[TILE_SHIFT+:STATE_BITS]), .z_r_i(z_i[0*K*ZW+:K*ZW]), .z_z_i(z_i[1*K*ZW+:K*ZW]), .z_nx_i(x_tile),
          .z_nh_i(h_tile), .state_i(state_prev), .valid_o(valid[3]), .tag_o(tag[3]), .state_o(state[3]), .h_o(data[3])
      );
    end else begin : g_no_gru_after
      assign valid[3] = 1'b0;
      assign tag[3] = {TILE_TAG{1'b0}};
      assign data[3] = {K * A{1'b0}};
      assign state[3] = {K * HW{1'b0}};
    end

    erngen_accelerator_sum_end #(
        .K(K), .A(A), .G(G), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .HAS_LINEAR(HAS_LINEAR), .HAS_NONLINEAR(HAS_NONLINEAR),
        .SHIFT_COUNT(SHIFT_COUNT), .SHIFTS(SHIFTS), .LIMITED(LIMITED), .LOWS(LOWS), .HIGHS(HIGHS), .NONLINEAR_SHIFTS(NONLINEAR_SHIFTS),
        .NONLINEAR_SHIFT_LIST(NONLINEAR_SHIFT_LIST), .NONLINEAR_TANH(NONLINEAR_TANH), .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP),
        .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TILE_TAG(TILE_TAG), .WRITABLE(LOADABLE == 2)
    ) u_sum_end (
        .clk(clk), .table_i(table_q), .rst_i(rst_i), .valid_i(tile_valid_i[0]), .tag_i(tile_tag_i[TILE_TAG-1:0]), .keep_i(keep[K-1:0]),
        .z_i(z_i[0+:K*ZW]),
        .linear_valid_o(valid[4]), .linear_tag_o(tag[4]), .linear_o(data[4]),
        .nonlinear_valid_o(valid[5]), .nonlinear_tag_o(tag[5]), .nonlinear_o(data[5])
    );
    wire unused_vector = &{1'b0, (HAS_GRU != 0) ? 1'b0 : ^state_prev, q_port};
  endgenerate

  // --- the block register
  wire [TILE_TAG-1:0] joined_tag = (host_write_vector_i ? host_tag_i : {TILE_TAG{1'b0}}) | (valid[0] ? tag[0] : {TILE_TAG{1'b0}})
      | (valid[1] ? tag[1] : {TILE_TAG{1'b0}}) | (valid[2] ? tag[2] : {TILE_TAG{1'b0}}) | (valid[3] ? tag[3] : {TILE_TAG{1'b0}})
      | (valid[4] ? tag[4] : {TILE_TAG{1'b0}}) | (valid[5] ? tag[5] : {TILE_TAG{1'b0}});
  wire [K*A-1:0] host_data;
  wire [K*A-1:0] joined_data = (host_write_vector_i ? host_data : {K * A{1'b0}}) | (valid[0] ? data[0] : {K * A{1'b0}})
      | (valid[1] ? data[1] : {K * A{1'b0}}) | (valid[2] ? data[2] : {K * A{1'b0}}) | (valid[3] ? data[3] : {K * A{1'b0}})
      | (valid[4] ? data[4] : {K * A{1'b0}}) | (valid[5] ? data[5] : {K * A{1'b0}});
  always @(posedge clk) begin
    block_valid_o[0] <= !rst_i && (host_write_vector_i || |valid);
    block_tag_o[TILE_TAG-1:0] <= joined_tag;
    block_data_o[0+:K*A] <= joined_data;
  end

  // --- the other ports: operations of one gate
  generate
    for (p = 1; p < PORTS; p = p + 1) begin : g_port
      wire [2:0] port_valid;
      wire [TILE_TAG-1:0] port_tag[0:2];
      wire [K*A-1:0] port_data[0:2];
      wire [K*HW-1:0] port_state;
      wire [TILE_TAG-1:0] tile_tag = tile_tag_i[p*TILE_TAG+:TILE_TAG];
      if (HAS_GRU_BEFORE != 0) begin : g_gru_before
        wire [1:0] none;
        wire [TILE_TAG-1:0] tag_none;
        wire [K*A-1:0] s_none;
        wire [K*G-1:0] q_none;
        erngen_accelerator_cell_gru_before #(
            .K(K), .FOLDING(FOLDING), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .RESET_SHIFTS(RESET_SHIFTS),
            .RESET_SHIFT_LIST(RESET_SHIFT_LIST), .SHIFTS(STATE_SHIFTS), .SHIFT_LIST(STATE_SHIFT_LIST), .OPEN(OPEN),
          .CANDIDATES(STATE_CANDIDATES), .CANDIDATE_LOWS(STATE_CANDIDATE_LOWS), .CANDIDATE_HIGHS(STATE_CANDIDATE_HIGHS),
            .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID),
            .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TILE_TAG), .WRITABLE(LOADABLE == 2)
        ) u_cell (
            .clk(clk), .table_i(table_q), .rst_i(rst_i),
            .gates_valid_i(1'b0), .gates_tag_i({TILE_TAG{1'b0}}), .gates_keep_i({K{1'b0}}), .gates_select_i({RESET_BITS{1'b0}}),
            .z_r_i({K * ZW{1'b0}}), .z_z_i({K * ZW{1'b0}}), .gates_state_i({K * HW{1'b0}}), .gates_valid_o(none[0]),
            .gates_tag_o(tag_none), .s_o(s_none), .q_o(q_none),
            .output_valid_i(tile_valid_i[p] && tile_tag[TILE_OPERATION+:TILE_OPERATION_W] == 3'd2), .output_tag_i(tile_tag),
            .output_keep_i(keep[p*K+:K]),
            .output_select_i(tile_tag[TILE_SHIFT+:STATE_BITS]), .z_n_i(z_i[p*K*ZW+:K*ZW]), .q_i(q_read[p*K*G+:K*G]),
            .output_state_i(fresh ? first[p*K*HW+:K*HW] : vectors[p*K*HW+:K*HW]),
            .output_valid_o(port_valid[0]), .output_tag_o(port_tag[0]), .state_o(port_state), .h_o(port_data[0])
        );
        assign none[1] = 1'b0;
        wire unused = &{1'b0, none, tag_none, s_none, q_none, port_state};
      end else begin : g_no_gru_before
        assign port_valid[0] = 1'b0;
        assign port_tag[0] = {TILE_TAG{1'b0}};
        assign port_data[0] = {K * A{1'b0}};
        assign port_state = {K * HW{1'b0}};
      end
      erngen_accelerator_sum_end #(
          .K(K), .A(A), .G(G), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .HAS_LINEAR(HAS_LINEAR), .HAS_NONLINEAR(HAS_NONLINEAR),
          .SHIFT_COUNT(SHIFT_COUNT), .SHIFTS(SHIFTS), .LIMITED(LIMITED), .LOWS(LOWS), .HIGHS(HIGHS), .NONLINEAR_SHIFTS(NONLINEAR_SHIFTS),
          .NONLINEAR_SHIFT_LIST(NONLINEAR_SHIFT_LIST), .NONLINEAR_TANH(NONLINEAR_TANH), .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP),
          .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TILE_TAG(TILE_TAG), .WRITABLE(LOADABLE == 2)
      ) u_sum_end (
          .clk(clk), .table_i(table_q), .rst_i(rst_i), .valid_i(tile_valid_i[p]), .tag_i(tile_tag), .keep_i(keep[p*K+:K]), .z_i(z_i[p*K*ZW+:K*ZW]),
          .linear_valid_o(port_valid[1]), .linear_tag_o(port_tag[1]), .linear_o(port_data[1]),
          .nonlinear_valid_o(port_valid[2]), .nonlinear_tag_o(port_tag[2]), .nonlinear_o(port_data[2])
      );
      always @(posedge clk) begin
        block_valid_o[p] <= !rst_i && |port_valid;
        block_tag_o[p*TILE_TAG+:TILE_TAG] <= port_valid[0] ? port_tag[0] : port_valid[2] ? port_tag[2] : port_tag[1];
        block_data_o[p*K*A+:K*A] <= port_valid[0] ? port_data[0] : port_valid[1] ? port_data[1]
            : port_valid[2] ? port_data[2] : {K * A{1'b0}};
      end
    end
  endgenerate

  // --- what is kept of a block: with more bits than go on, in a register of its own
  generate
    if (HW == A) begin : g_same
      assign block_state = block_data_o;
      assign host_data = host_vector_i;
      wire unused = &{1'b0, state[2], state[3]};
    end else begin : g_finer
      localparam [HW:0] ONLY_HALF = STATE_SHIFT_LIST[7:0] == 8'd0 ? {(HW + 1) {1'b0}}
                                  : {{HW{1'b0}}, 1'b1} << (STATE_SHIFT_LIST[7:0] - 8'd1);
      wire [HW:0] chosen_half;
      wire [HW:0] half = STATE_SHIFTS == 1 ? ONLY_HALF : chosen_half;
      erngen_accelerator_round_half #(.SHIFTS(STATE_SHIFTS), .SHIFT_LIST(STATE_SHIFT_LIST), .WIDTH(HW + 1)) u_half (
          .select_i(host_tag_i[TILE_SHIFT+:STATE_BITS]), .half_o(chosen_half)
      );
      wire unused = &{1'b0, chosen_half};
      reg [PORTS*K*HW-1:0] state_q;
      assign block_state = state_q;
      for (n = 0; n < K; n = n + 1) begin : g_element
        wire [HW-1:0] host = host_vector_i[n*HW+:HW];
        // Without these operations only GRUs keep a vector.
        wire [A-1:0] other = (valid[0] && HAS_LSTM != 0 ? data[0][n*A+:A] : {A{1'b0}})
            | (valid[4] && KEEPS_SUMS != 0 ? data[4][n*A+:A] : {A{1'b0}}) | (valid[5] ? data[5][n*A+:A] : {A{1'b0}});
        always @(posedge clk)
          state_q[n*HW+:HW] <= (host_write_vector_i ? host : {HW{1'b0}}) | (valid[2] ? state[2][n*HW+:HW] : {HW{1'b0}})
              | (valid[3] ? state[3][n*HW+:HW] : {HW{1'b0}}) | {{(HW - A) {other[A-1]}}, other};

        reg signed [HW:0] rounded_q;
        always @(posedge clk) rounded_q <= {host[HW-1], host} + half;
        erngen_accelerator_shift_saturate #(
            .IN_WIDTH(HW + 1), .OUT_WIDTH(A), .SHIFTS(STATE_SHIFTS), .SHIFT_LIST(STATE_SHIFT_LIST)
        ) u_host (.select_i(host_tag_i[TILE_SHIFT+:STATE_BITS]), .x_i(rounded_q), .y_o(host_data[n*A+:A]));
      end
      for (p = 1; p < PORTS; p = p + 1) begin : g_port_state
        wire [K*HW-1:0] other;
        for (n = 0; n < K; n = n + 1) begin : g_element
          wire [A-1:0] sum = g_port[p].port_valid[2] ? g_port[p].port_data[2][n*A+:A] : g_port[p].port_data[1][n*A+:A];
          assign other[n*HW+:HW] = {{(HW - A) {sum[A-1]}}, sum};
        end
        always @(posedge clk)
          state_q[p*K*HW+:K*HW] <= (KEEPS_SUMS == 0 || g_port[p].port_valid[0]) ? g_port[p].port_state : other;
      end
    end
  endgenerate
  wire unused = &{1'b0, load_i, load_number, read_tile, read_row, constant_row_i, bank_row, host_tile_i, tile_tag_i, z_i, keep};

`ifdef ERN_SIMULATION
  // Results never meet in the block register, nor does the host's block meet one.
  wire [6:0] arriving = {host_write_vector_i, valid};
  erngen_accelerator_assert u_alone (.clk(clk), .rst_i(rst_i), .holds_i((arriving & (arriving - 7'd1)) == 7'd0));
`endif
endmodule

`default_nettype wire
