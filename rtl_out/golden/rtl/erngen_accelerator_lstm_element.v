// erngen_accelerator_lstm_element: one LSTM cell, element-wise part.
//
// Purpose:    i = sigmoid(z_i + p_i c'), f = sigmoid(z_f + p_f c'), g = psi(z_g), c = f c' + i g,
//             o = sigmoid(z_o + p_o c), m = o psi_h(c), psi_h tanh as a rule, with the integers of docs/reference/arithmetic.md ("Cells").
// Parameters: as in erngen_accelerator_cell_lstm.
// Latency:    to c_o: ACT_LATENCY + (PEEPHOLE ? 4 : 2) + 2 SUMS cycles. To m_o: ACT_LATENCY + 1 + SUMS cycles after c_o, with peepholes
//             ACT_LATENCY + 2 + 2 SUMS. All inputs in the same cycle.
//             Cycles, with L = ACT_LATENCY and SUMS 1, without / with peepholes: arguments 1 / 3; i, f, g 1 + L / 3 + L; products + 1;
//             their sum + 1; c and the argument of tanh(c) + 1; tanh(c) + L; o in that cycle / 2 later; product and
//             rounding + 2.
// Rounding:   half up, where the definition rounds; the rounding of c and that of tanh's argument are one sum from f c' + i g:
//             floor((floor((s + h) / 2^n) + h') / 2^d) = floor((s + h + h' 2^n) / 2^(n+d)).
// Overflow:   c saturates to CW bits, m to A; the argument of tanh(c) follows c.
`default_nettype none

module erngen_accelerator_lstm_element #(
    parameter         WRITABLE      = 0,
    parameter         A             = 12,
    parameter         G             = 12,
    parameter         P             = 14,
    parameter         F_P           = 10,
    parameter         ZW            = 26,
    parameter         F_T           = 15,
    parameter         CW            = 16,
    parameter         F_C           = 11,
    parameter         W             = 12,
    parameter         F_Q           = 10,
    parameter         SHIFTS        = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd11}},
    parameter         PEEPHOLE      = 1,
    parameter         OPEN          = 0,
    parameter [2*SHIFTS-1:0] CANDIDATES = {SHIFTS{2'd1}},
    parameter [(G+OPEN)*SHIFTS-1:0] CANDIDATE_LOWS = {SHIFTS{1'b1, {(G + OPEN - 1) {1'b0}}}},
    parameter [(G+OPEN)*SHIFTS-1:0] CANDIDATE_HIGHS = {SHIFTS{1'b0, {(G + OPEN - 1) {1'b1}}}},
    parameter [2*SHIFTS-1:0] OUTPUTS = {SHIFTS{2'd1}},
    parameter [(G+OPEN)*SHIFTS-1:0] OUTPUT_LOWS = {SHIFTS{1'b1, {(G + OPEN - 1) {1'b0}}}},
    parameter [(G+OPEN)*SHIFTS-1:0] OUTPUT_HIGHS = {SHIFTS{1'b0, {(G + OPEN - 1) {1'b1}}}},
    parameter         ACT_LATENCY   = 3,
    parameter         ACT_DSP       = 0,
    parameter         PRODUCT_DSP   = 1,
    parameter         SUMS          = 1,
    parameter [319:0] SIGMOID       = 320'd0,
    parameter         SIGMOID_IMAGE = "",
    parameter [319:0] TANH          = 320'd0,
    parameter         TANH_IMAGE    = "",
    // Derived, not to be set.
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                 clk,
    input  wire [         57:0] table_i,   // see erngen_accelerator_activation
    input  wire signed [ZW-1:0] z_i_i,
    input  wire signed [ZW-1:0] z_f_i,
    input  wire signed [ZW-1:0] z_g_i,
    input  wire signed [ZW-1:0] z_o_i,
    input  wire signed [CW-1:0] c_prev_i,
    input  wire signed [ W-1:0] p_i_i,
    input  wire signed [ W-1:0] p_f_i,
    input  wire signed [ W-1:0] p_o_i,
    input  wire                 keep_i,    // 0: m is 0
    input  wire [SELECT_BITS-1:0] candidate_select_i,  // number of m's shift, SUMS cycles after z
    input  wire [SELECT_BITS-1:0] output_select_i,     // the same with c_o
    input  wire [SELECT_BITS-1:0] half_select_i,  // number of m's shift, SUMS cycles before m_o
    input  wire [SELECT_BITS-1:0] select_i,       // the same with m_o
    output reg  signed [CW-1:0] c_o,
    output wire signed [ A-1:0] m_o
);
  localparam R = F_T - F_P;        // bits that the activations drop
  localparam E = F_Q + F_C - F_T;  // bits that peephole products drop
  // Width of a gate's argument; see erngen_accelerator_preactivation.
  localparam PRODUCT_WIDTH = W + CW + (E < 0 ? -E : 0);
  localparam SUMMAND_WIDTH = ZW + 1 + (E > 0 ? E : 0);
  localparam X_SUM         = (PRODUCT_WIDTH > SUMMAND_WIDTH ? PRODUCT_WIDTH : SUMMAND_WIDTH) + 1;
  localparam X_NATURAL     = PEEPHOLE == 1 ? X_SUM - (E > 0 ? E : 0) - R : ZW + 1 - R;
  localparam X_WIDTH       = X_NATURAL > P ? X_NATURAL : P;
  localparam Z_WIDTH       = ZW + 1 - R > P ? ZW + 1 - R : P;
  localparam GATE          = (PEEPHOLE == 1 ? 2 : 0) + SUMS + ACT_LATENCY;  // cycle of i, f and g

  // --- gates i, f and g ------------------------------------------------------
  wire signed [X_WIDTH-1:0] x_i, x_f;
  wire signed [Z_WIDTH-1:0] x_g;
  localparam GC            = G + OPEN;                               // width of g and of the function of c
  wire signed [G-1:0] i, forget;
  wire signed [GC-1:0] g;

  generate
    if (PEEPHOLE == 1) begin : g_peephole
      reg signed [ZW-1:0] z_i_q, z_f_q;
      reg signed [CW-1:0] c_i_q, c_f_q;
      reg signed [W-1:0] p_i_q, p_f_q;
      always @(posedge clk) begin
        z_i_q <= z_i_i;
        z_f_q <= z_f_i;
        c_i_q <= c_prev_i;
        c_f_q <= c_prev_i;
        p_i_q <= p_i_i;
        p_f_q <= p_f_i;
      end
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(1), .Z_WIDTH(ZW), .A_WIDTH(CW), .B_WIDTH(W), .E(E), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_i (.clk(clk), .z_i(z_i_q), .a_i(c_i_q), .b_i(p_i_q), .x_o(x_i));
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(1), .Z_WIDTH(ZW), .A_WIDTH(CW), .B_WIDTH(W), .E(E), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_f (.clk(clk), .z_i(z_f_q), .a_i(c_f_q), .b_i(p_f_q), .x_o(x_f));
    end else begin : g_no_peephole
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(CW), .B_WIDTH(W), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_i (.clk(clk), .z_i(z_i_i), .a_i(c_prev_i), .b_i(p_i_i), .x_o(x_i));
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(CW), .B_WIDTH(W), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_f (.clk(clk), .z_i(z_f_i), .a_i(c_prev_i), .b_i(p_f_i), .x_o(x_f));
    end
  endgenerate

  wire signed [GC-1:0] g_early;
  erngen_accelerator_preactivation #(
      .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(Z_WIDTH)
  ) u_x_g (.clk(clk), .z_i(z_g_i), .a_i(1'b0), .b_i(1'b0), .x_o(x_g));

  erngen_accelerator_activation_bank #(
      .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
  ) u_i (.clk(clk), .table_i(table_i), .x_i(x_i), .y_o(i));
  erngen_accelerator_activation_bank #(
      .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
  ) u_f (.clk(clk), .table_i(table_i), .x_i(x_f), .y_o(forget));
  erngen_accelerator_cell_function #(
      .IN_WIDTH(Z_WIDTH), .F_P(F_P), .G(G), .WIDTH(GC), .NUMBERS(SHIFTS), .KINDS(CANDIDATES), .LOWS(CANDIDATE_LOWS),
      .HIGHS(CANDIDATE_HIGHS), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH),
      .TANH_IMAGE(TANH_IMAGE), .WRITABLE(WRITABLE)
  ) u_g (.clk(clk), .table_i(table_i), .select_i(candidate_select_i), .x_i(x_g), .y_o(g_early));

  erngen_accelerator_delay #(.WIDTH(GC), .DEPTH(GATE - SUMS - ACT_LATENCY)) u_g_delay (.clk(clk), .data_i(g_early), .data_o(g));

  // --- c = f c' + i g, in cycles GATE + 1 to GATE + 2 + SUMS --------------------
  localparam SCALE   = F_C - (G - 1);  // i g has the fraction 2 (G - 1), f c' G - 1 + F_C
  localparam FC      = G + CW;
  localparam IG      = G + GC + SCALE;
  localparam S_WIDTH = (FC > IG ? FC : IG) + 1;

  wire signed [CW-1:0] c_prev;
  erngen_accelerator_delay #(.WIDTH(CW), .DEPTH(GATE)) u_c_prev (.clk(clk), .data_i(c_prev_i), .data_o(c_prev));

  reg signed [G+GC-1:0] i_g_q;
  wire signed [G+GC-1:0] i_times_g;
  generate
    if (PRODUCT_DSP != 0) begin : g_product_dsp
      assign i_times_g = i * g;
    end else begin : g_product_lut
      erngen_accelerator_lut_product #(.A_WIDTH(GC), .B_WIDTH(G)) u_product (.a_i(g), .b_i(i), .p_o(i_times_g));
    end
  endgenerate
  always @(posedge clk) i_g_q <= i_times_g;

  wire signed [IG-1:0] i_g = {i_g_q, {SCALE{1'b0}}};
  wire signed [S_WIDTH-1:0] s;
  erngen_accelerator_multiply_add #(
      .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .A_WIDTH(CW), .B_WIDTH(G), .C_WIDTH(IG), .P_WIDTH(S_WIDTH)
  ) u_s (.clk(clk), .a_i(c_prev), .b_i(forget), .c_i(i_g), .zero_i(1'b0), .p_o(s));

  // c is s rounded, without its last G - 1 bits; the argument t of tanh drops D more.
  localparam D       = F_C - F_P;
  localparam C_DROP  = G - 1;
  localparam T_DROP  = D > 0 ? C_DROP + D : C_DROP;
  localparam T_SHIFT = D < 0 ? -D : 0;
  localparam R_WIDTH = S_WIDTH + 1;
  localparam T_SUM   = R_WIDTH - T_DROP + T_SHIFT;
  localparam T_WIDTH = T_SUM > P ? T_SUM : P;
  localparam [63:0] C_HALF = 64'd1 << (C_DROP - 1);
  localparam [63:0] T_HALF = D > 0 ? C_HALF + (64'd1 << (T_DROP - 1)) : C_HALF;
  localparam [63:0] C_MAX  = (64'd1 << (CW - 1)) - 64'd1;
  localparam [63:0] C_MIN  = -(64'd1 << (CW - 1));
  // round_shift of these by D.
  localparam [63:0] T_MAX  = D > 0 ? (C_MAX + (64'd1 << (D > 0 ? D - 1 : 0))) >> (D > 0 ? D : 0) : C_MAX << T_SHIFT;
  localparam [63:0] T_MIN  = D > 0 ? -(64'd1 << (D > 0 ? CW - 1 - D : 0)) : C_MIN << T_SHIFT;

  wire signed [R_WIDTH-1:0] c_sum = {s[S_WIDTH-1], s} + C_HALF[R_WIDTH-1:0];
  wire signed [R_WIDTH-1:0] t_sum = {s[S_WIDTH-1], s} + T_HALF[R_WIDTH-1:0];
  wire signed [T_WIDTH-1:0] t = {{(T_WIDTH - T_SUM) {t_sum[R_WIDTH-1]}}, t_sum[R_WIDTH-1:T_DROP], {T_SHIFT{1'b0}}};
  wire c_sign = c_sum[R_WIDTH-1];
  wire c_fits = &c_sum[R_WIDTH-1:C_DROP+CW-1] | ~|c_sum[R_WIDTH-1:C_DROP+CW-1];
  wire unused_fraction_ok = &{1'b0, c_sum[C_DROP-1:0], t_sum[T_DROP-1:0]};

  reg signed [T_WIDTH-1:0] t_q;
  always @(posedge clk) begin
    if (c_fits) begin
      c_o <= c_sum[C_DROP+:CW];
      t_q <= t;
    end else begin
      c_o <= c_sign ? C_MIN[CW-1:0] : C_MAX[CW-1:0];
      t_q <= c_sign ? T_MIN[T_WIDTH-1:0] : T_MAX[T_WIDTH-1:0];
    end
  end

  // --- m = o tanh(c) ---------------------------------------------------------
  localparam CELL   = GATE + 2 + SUMS;                                      // cycle of c
  localparam OUTPUT = CELL + (PEEPHOLE == 1 ? 1 + SUMS : 0) + ACT_LATENCY;  // cycle of o and tanh(c)

  wire signed [X_WIDTH-1:0] x_o;
  wire signed [G-1:0] o_early, o;
  wire signed [GC-1:0] tanh_c_early, tanh_c;

  generate
    if (PEEPHOLE == 1) begin : g_output_peephole
      wire signed [ZW-1:0] z_o;
      wire signed [W-1:0] p_o;
      erngen_accelerator_delay #(.WIDTH(ZW), .DEPTH(CELL)) u_z_o (.clk(clk), .data_i(z_o_i), .data_o(z_o));
      erngen_accelerator_delay #(.WIDTH(W), .DEPTH(CELL)) u_p_o (.clk(clk), .data_i(p_o_i), .data_o(p_o));
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(1), .Z_WIDTH(ZW), .A_WIDTH(CW), .B_WIDTH(W), .E(E), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_o (.clk(clk), .z_i(z_o), .a_i(c_o), .b_i(p_o), .x_o(x_o));
      assign o = o_early;
    end else begin : g_output
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(CW), .B_WIDTH(W), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_o (.clk(clk), .z_i(z_o_i), .a_i(c_prev_i), .b_i(p_o_i), .x_o(x_o));
      erngen_accelerator_delay #(.WIDTH(G), .DEPTH(OUTPUT - SUMS - ACT_LATENCY)) u_o_delay (.clk(clk), .data_i(o_early), .data_o(o));
    end
  endgenerate

  erngen_accelerator_activation_bank #(
      .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
  ) u_o (.clk(clk), .table_i(table_i), .x_i(x_o), .y_o(o_early));
  erngen_accelerator_cell_function #(
      .IN_WIDTH(T_WIDTH), .F_P(F_P), .G(G), .WIDTH(GC), .NUMBERS(SHIFTS), .KINDS(OUTPUTS), .LOWS(OUTPUT_LOWS), .HIGHS(OUTPUT_HIGHS),
      .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE),
      .WRITABLE(WRITABLE)
  ) u_tanh_c (.clk(clk), .table_i(table_i), .select_i(output_select_i), .x_i(t_q), .y_o(tanh_c_early));
  erngen_accelerator_delay #(.WIDTH(GC), .DEPTH(OUTPUT - CELL - ACT_LATENCY)) u_tanh_delay (.clk(clk), .data_i(tanh_c_early), .data_o(tanh_c));

  wire keep;
  erngen_accelerator_delay #(.WIDTH(1), .DEPTH(OUTPUT + 1)) u_keep (.clk(clk), .data_i(keep_i), .data_o(keep));

  // Whether m may leave A bits: at the fraction A - 1 it is at most 2^(A-1) (1 - 2^(1-G))^2, rounded.
  localparam SATURATE = SHIFTS > 1 || {24'd0, SHIFT_LIST[7:0]} != 2 * (G - 1) - (A - 1) || G > A + 1 || OPEN > 0 ? 1 : 0;
  wire signed [G+GC-1:0] m;
  wire [G+GC-1:0] half;
  erngen_accelerator_round_half #(.SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .WIDTH(G + GC)) u_half (.select_i(half_select_i), .half_o(half));
  erngen_accelerator_multiply_add #(
      .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .A_WIDTH(GC), .B_WIDTH(G), .C_WIDTH(G + GC), .P_WIDTH(G + GC)
  ) u_m (.clk(clk), .a_i(tanh_c), .b_i(o), .c_i(half), .zero_i(~keep), .p_o(m));
  erngen_accelerator_shift_saturate #(
      .IN_WIDTH(G + GC), .OUT_WIDTH(A), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .SATURATE(SATURATE)
  ) u_m_output (.select_i(select_i), .x_i(m), .y_o(m_o));
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
