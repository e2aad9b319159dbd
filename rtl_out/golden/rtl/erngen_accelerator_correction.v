// erngen_accelerator_correction: from the sums of Winograd's products to the sums of complex bins.
//
// Purpose:    The sums that lanes by Winograd's inner product hand out hold those of products of spectra too, Q, the same for all
//             rows of a pass, and those of products of weights, V, constants of a row (erngen_accelerator_lane_bins, erngen_accelerator_lane_blocks). Q is
//             accumulated here, once for the column lanes that share multipliers, and kept while the stages of its pass are read out;
//             V stands in a memory, a word for each row of each pass, which the host writes as it does a lane's weights.
//             FORM 1, erngen_accelerator_lane_bins: re = sum - (Q - V), im = sum - (Q + V); Q of xr xi, V of wr wi. Two real bins have xi = 0 and V = 0.
//             FORM 2, erngen_accelerator_lane_blocks: of each pair A, B, C are combined as in erngen_accelerator_recombine, and so are the sums Q, of xs xs', xi xi',
//             xr xr'; V is combined already. Then word = sum - (Q + V).
// Parameters: K, SX, ACC, FORM, MODES as in erngen_accelerator_column and the lanes; READOUT, COLUMNS as in erngen_accelerator_array; SELECT, latency of its
//             multiplexer; VW, bits of a constant, sign-extended: of each pair, or of each word where FORM is 2; PASSES, ROWS, WB,
//             FIRST_LANE, FILE, PREFIX as in erngen_accelerator_row_constants.
// Latency:    FORM cycles from rows_i; from x_i, which comes SELECT cycles after the array's, 5 and the adder tree to the rows_i of
//             the first stage.
// Rounding:   none.
// Overflow:   modulo 2^ACC, which holds the corrected sums.
`default_nettype none

module erngen_accelerator_correction #(
    parameter K          = 8,
    parameter SX         = 16,
    parameter ACC        = 36,
    parameter FORM       = 1,
    parameter MODES      = 8,
    parameter READOUT    = 1,
    parameter COLUMNS    = 1,
    parameter SELECT     = 0,
    parameter PASSES     = 1,
    parameter ROWS       = 1,
    parameter VW         = 30,
    parameter WB         = 96,
    parameter FIRST_LANE = 1,
    parameter FILE       = "",
    parameter PREFIX     = "",
    // Derived, not to be set.
    parameter XPAIR = (FORM == 2) ? 3*SX+1 : (MODES != K) ? 3*SX : 2*SX,
    parameter XB = 2*SX+(K/2-1)*XPAIR,
    parameter SUMS = (FORM == 2) ? 3*K/2-1 : K,
    parameter PASS_BITS = (PASSES > 1) ? $clog2(PASSES) : 1
) (
    input  wire                        clk,
    input  wire                        rst_i,
    input  wire [      COLUMNS*XB-1:0] x_i,
    input  wire                        clear_i,    // with x_i: new sums
    input  wire                        last_i,     // SELECT cycles before x_i: last step of a pass
    input  wire [       PASS_BITS-1:0] pass_i,     // its number, SELECT + TREE + FORM - 2 cycles after last_i
    input  wire [                 2:0] mode_i,     // log2 of its block size, SELECT + TREE + 3 cycles after last_i
    input  wire [READOUT*SUMS*ACC-1:0] rows_i,
    output reg  [   READOUT*K*ACC-1:0] rows_o,
    input  wire                        load_i,     // host write
    input  wire [                15:0] load_lane_i,
    input  wire [                19:0] load_row_i,
    input  wire [              WB-1:0] load_data_i
);
  localparam LOG_K = $clog2(K);
  localparam PAIRS = K / 2 - 1;
  localparam SETS = (FORM == 2) ? COLUMNS / 2 : COLUMNS;      // column lanes that share multipliers
  localparam TREE = (SETS > 1) ? $clog2(SETS) : 0;
  localparam SHARED = (FORM == 2) ? 3 * K / 2 - 1 : PAIRS;    // products of spectra of a set, and their sums
  localparam KEPT = (FORM == 2) ? K : PAIRS;                  // sums Q, and constants V of a row

  // --- Q: sums of products 3 cycles after x_i, over the columns, and from the cycle after, or two, on kept
  genvar c, e, j, n, r;
  wire [SETS*SHARED*ACC-1:0] sums;
  reg clear_q, clear_q2;
  always @(posedge clk) begin
    clear_q <= clear_i;
    clear_q2 <= clear_q;
  end
  generate
    if (K < 2 || (FORM == 1 && K < 4)) begin : g_bad_k
      ERROR_ern_correction_K_must_be_at_least_4_where_FORM_is_1 u_error ();
    end
    if (FORM == 2 && COLUMNS % 2 != 0) begin : g_bad_columns
      ERROR_ern_correction_COLUMNS_must_be_even_where_FORM_is_2 u_error ();
    end
    for (c = 0; c < SETS; c = c + 1) begin : g_set
      for (n = 0; n < SHARED; n = n + 1) begin : g_product
        // Of FORM 2 product n is that of the words n of both blocks: x0, x1, then xs (a bit wider), xi, xr of each pair.
        localparam WIDE = (FORM == 2 && n >= 2 && n % 3 == 2) ? SX + 1 : SX;
        localparam PAIR = (FORM == 2) ? (n - 2) / 3 : n;
        localparam PART = (FORM == 2 && n >= 2) ? ((n % 3 == 2) ? 0 : (n % 3 == 0) ? 2 * SX + 1 : SX + 1) : 0;
        localparam AT = (FORM == 2 && n < 2) ? n * SX : 2 * SX + PAIR * XPAIR + PART;
        localparam FIRST = c * XB * COLUMNS / SETS + AT;
        localparam SECOND = (FORM == 2) ? FIRST + XB : FIRST + XPAIR - SX;
        reg signed [WIDE-1:0] a_q, b_q;
        reg signed [2*WIDE-1:0] product_q;
        reg signed [ACC-1:0] sum_q;
        // verilator lint_off WIDTH
        always @(posedge clk) begin
          a_q <= $signed(x_i[FIRST+:WIDE]);
          b_q <= $signed(x_i[SECOND+:WIDE]);
          product_q <= a_q * b_q;
          sum_q <= (clear_q2 ? {ACC{1'b0}} : sum_q) + {{ACC{product_q[2*WIDE-1]}}, product_q};
        end
        // verilator lint_on WIDTH
        assign sums[(c*SHARED+n)*ACC+:ACC] = sum_q;
      end
    end
  endgenerate
  wire [SHARED*ACC-1:0] total;
  erngen_accelerator_adder_tree #(.N(SETS), .VALUES(SHARED), .WIDTH(ACC), .OUT_WIDTH(ACC)) u_tree (.clk(clk), .data_i(sums), .data_o(total));
  wire begins;   // two cycles before known
  wire known;    // with the total of the pass
  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(SELECT + TREE + FORM)) u_begins (.clk(clk), .rst_i(rst_i), .data_i(last_i), .data_o(begins));
  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(2)) u_known (.clk(clk), .rst_i(rst_i), .data_i(begins), .data_o(known));
  wire [KEPT*ACC-1:0] combined;
  reg [KEPT*ACC-1:0] shared_q;
  always @(posedge clk) if (known) shared_q <= combined;

  // --- V
  wire [READOUT*KEPT*VW-1:0] constants;
  erngen_accelerator_row_constants #(
      .READOUT(READOUT), .PASSES(PASSES), .ROWS(ROWS), .BITS(KEPT * VW), .WB(WB), .FIRST_LANE(FIRST_LANE), .FILE(FILE),
      .PREFIX(PREFIX)
  ) u_constants (
      .clk(clk), .begin_i(begins), .pass_i(pass_i), .words_o(constants), .load_i(load_i), .load_lane_i(load_lane_i),
      .load_row_i(load_row_i), .load_data_i(load_data_i)
  );

  generate
    if (FORM == 1) begin : g_bins
      assign combined = total;
      for (r = 0; r < READOUT; r = r + 1) begin : g_row
        localparam ROW = r * K * ACC;
        always @(posedge clk) rows_o[ROW+:2*ACC] <= rows_i[ROW+:2*ACC];
        for (j = 0; j < PAIRS; j = j + 1) begin : g_pair
          localparam AT = ROW + (2 * j + 2) * ACC;
          wire [VW-1:0] v = constants[(r*KEPT+j)*VW+:VW];
          wire [ACC+VW-1:0] v_extended = {{ACC{v[VW-1]}}, v};
          reg [ACC-1:0] re_q, im_q;
          always @(posedge clk) begin
            re_q <= shared_q[j*ACC+:ACC] - v_extended[ACC-1:0];
            im_q <= shared_q[j*ACC+:ACC] + v_extended[ACC-1:0];
            rows_o[AT+:ACC] <= rows_i[AT+:ACC] - re_q;
            rows_o[AT+ACC+:ACC] <= rows_i[AT+ACC+:ACC] - im_q;
          end
          wire unused = &{1'b0, v_extended};
        end
      end
      wire unused = &{1'b0, mode_i};
    end else begin : g_blocks
      // Whether a pair is complex: of the sums Q of the pass, and of its rows, which come from 2 cycles later on.
      wire [K/2-1:0] complex_sums;
      wire [K/2-1:0] complex_rows;
      if (MODES == K) begin : g_one_size
        assign complex_sums = {{(K / 2 - 1) {1'b1}}, 1'b0};
        assign complex_rows = complex_sums;
        wire unused = &{1'b0, mode_i};
      end else begin : g_sizes
        reg [K/2-1:0] sums_q, rows_q;
        for (j = 0; j < K / 2; j = j + 1) begin : g_pair
          wire [LOG_K:0] vote;
          for (e = 0; e <= LOG_K; e = e + 1) begin : g_mode
            localparam COMPLEX = ((MODES >> e) & 1) != 0 && e >= 2 && j % (((1 << e) + 1) / 2) != 0;
            assign vote[e] = COMPLEX && {29'b0, mode_i} == e;
          end
          assign complex_sums[j] = |vote;
        end
        always @(posedge clk) begin
          sums_q <= complex_sums;
          if (known) rows_q <= sums_q;
        end
        assign complex_rows = rows_q;
      end

      reg [K*ACC-1:0] combined_q;
      assign combined = combined_q;
      for (j = 0; j < K / 2; j = j + 1) begin : g_pair
        localparam AT = (j == 0) ? 0 : (3 * j - 1) * ACC;
        wire [ACC-1:0] a = total[AT+:ACC];
        wire [ACC-1:0] b = total[AT+ACC+:ACC];
        wire [ACC-1:0] last = total[AT+((j==0)?ACC:2*ACC)+:ACC];
        always @(posedge clk) begin
          combined_q[2*j*ACC+:ACC] <= a - (b & {ACC{complex_sums[j]}});
          combined_q[(2*j+1)*ACC+:ACC] <= (a & {ACC{complex_sums[j]}}) + last;
        end
      end
      for (r = 0; r < READOUT; r = r + 1) begin : g_row
        localparam ROW = r * SUMS * ACC;
        for (j = 0; j < K / 2; j = j + 1) begin : g_pair
          localparam AT = ROW + ((j == 0) ? 0 : (3 * j - 1) * ACC);
          wire [ACC-1:0] a = rows_i[AT+:ACC];
          wire [ACC-1:0] b = rows_i[AT+ACC+:ACC];
          wire [ACC-1:0] last = rows_i[AT+((j==0)?ACC:2*ACC)+:ACC];
          reg [ACC-1:0] first_q, second_q;
          always @(posedge clk) begin
            first_q <= a - (b & {ACC{complex_rows[j]}});
            second_q <= (a & {ACC{complex_rows[j]}}) + last;
          end
        end
        for (n = 0; n < K; n = n + 1) begin : g_word
          wire [VW-1:0] v = constants[(r*KEPT+n)*VW+:VW];
          wire [ACC+VW-1:0] v_extended = {{ACC{v[VW-1]}}, v};
          reg [ACC-1:0] correction_q;
          always @(posedge clk) correction_q <= shared_q[n*ACC+:ACC] + v_extended[ACC-1:0];
          if (n % 2 == 0) begin : g_first
            always @(posedge clk) rows_o[(r*K+n)*ACC+:ACC] <= g_row[r].g_pair[n/2].first_q - correction_q;
          end else begin : g_second
            always @(posedge clk) rows_o[(r*K+n)*ACC+:ACC] <= g_row[r].g_pair[n/2].second_q - correction_q;
          end
          wire unused = &{1'b0, v_extended};
        end
      end
    end
  endgenerate
  wire unused = &{1'b0, x_i};
endmodule

`default_nettype wire
