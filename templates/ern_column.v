// ern_column: prepares a column block's spectrum for the lanes.
//
// Purpose:    Takes a row of K words, K/k packed spectra of k = 2^mode words, rotates it by whole spectra (output
//             spectrum a is input spectrum (a + rotate_i) mod K/k, so that K/k steps meet every column of the row
//             with every row of a block diagonal), masks it to zero on demand, and forms each pair's operands:
//             complex pair: xs = re + im, xr = re, xi = im; two real bins: xs = first, xr = second, xi = 0. The sum is
//             made once here for all lanes. Pair j is complex when k >= 4 and j mod (k/2) != 0; pair 0 never is.
// Bundle:     x_o, from the low bits up: x0, x1 (SX each), then for j = 1..K/2-1: xs (SX + 1), xr, xi (SX each). Where FORM is 1 the
//             operands of ern_lane_bins: xr, xi, or with sizes below K xa, xb, xi: xr twice, or the two real bins.
// Parameters: K, words, a power of two, 2..64; MODES, bit e set: size 2^e is used (one bit: mode_i is ignored);
//             SX, bits of a word.
// Latency:    1 cycle when only the size K is used, else 2 (rotation and mask, operands).
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_column #(
    parameter K     = 8,
    parameter MODES = 8,
    parameter SX    = 16,
    parameter FORM  = 0,
    // Derived, not to be set.
    parameter ROTATE_BITS = $clog2(K),
    parameter XPAIR = (FORM != 1) ? 3*SX+1 : (MODES != K) ? 3*SX : 2*SX,
    parameter XB = 2*SX+(K/2-1)*XPAIR
) (
    input  wire                                clk,
    input  wire [                     2:0]     mode_i,
    input  wire [         ROTATE_BITS-1:0]     rotate_i,
    input  wire                                zero_i,
    input  wire [                K*SX-1:0]     data_i,
    output wire [                  XB-1:0] x_o
);
  localparam LOG_K = $clog2(K);
  localparam ROTATES = MODES != K;  // a size below K is used

  // Whether a used mode other than e can have this bit of rotate_i set: K / 2^mode spectra need log2 of it bits.
  function other_mode_has_bit(input integer e, input integer index);
    integer other;
    begin
      other_mode_has_bit = 1'b0;
      for (other = 0; other <= LOG_K; other = other + 1)
        if (other != e && ((MODES >> other) & 1) != 0 && index < LOG_K - other) other_mode_has_bit = 1'b1;
    end
  endfunction

  genvar e, r, j;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_column_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (MODES < 1 || MODES >= 2 * K) begin : g_bad_modes
      ERROR_ern_column_MODES_must_name_sizes_from_1_to_K u_error ();
    end

    wire [K*SX-1:0] words;  // rotated and masked
    wire [2:0] mode;
    if (ROTATES) begin : g_rotate
      wire [2:0] mode_of_use;
      if ((MODES & (MODES - 1)) == 0) begin : g_single
        localparam LOG_MODE = $clog2(MODES);
        localparam [2:0] ONLY = LOG_MODE[2:0];
        assign mode_of_use = ONLY;
        wire unused = &{1'b0, mode_i};
      end else begin : g_runtime
        assign mode_of_use = mode_i;
      end
      // A rotation by rotate_i spectra of 2^e words moves rotate_i 2^e words: one rotator, by words, serves all
      // modes. Level r moves 2^(r-1) words when bit r-1-e of rotate_i is set in mode e.
      for (r = 0; r <= LOG_K; r = r + 1) begin : g_level
        wire [K*SX-1:0] turned;
        if (r == 0) begin : g_input
          assign turned = data_i;
        end else if ((MODES & ((1 << r) - 1)) != 0) begin : g_turn
          localparam BY = SX * (1 << (r - 1));
          wire [r-1:0] vote;
          for (e = 0; e < r; e = e + 1) begin : g_mode
            if (((MODES >> e) & 1) == 0) begin : g_unused
              assign vote[e] = 1'b0;
            end else if (other_mode_has_bit(e, r - 1 - e)) begin : g_checked
              assign vote[e] = rotate_i[r-1-e] && {29'b0, mode_of_use} == e;
            end else begin : g_alone
              assign vote[e] = rotate_i[r-1-e];
            end
          end
          assign turned = (|vote) ? {g_level[r-1].turned[BY-1:0], g_level[r-1].turned[K*SX-1:BY]}
                                  : g_level[r-1].turned;
        end else begin : g_straight
          assign turned = g_level[r-1].turned;
        end
      end
      reg [K*SX-1:0] words_q;
      reg [2:0] mode_q;
      always @(posedge clk) begin
        words_q <= zero_i ? {K * SX{1'b0}} : g_level[LOG_K].turned;
        mode_q <= mode_of_use;
      end
      assign words = words_q;
      assign mode = mode_q;
      wire unused_rotate = &{1'b0, rotate_i, mode_of_use};
    end else begin : g_whole
      localparam [2:0] ONLY = LOG_K[2:0];
      assign words = zero_i ? {K * SX{1'b0}} : data_i;
      assign mode = ONLY;
      wire unused = &{1'b0, mode_i, rotate_i};
    end

    wire unused_mode = &{1'b0, mode};  // without pairs nothing asks for it
    reg [2*SX-1:0] first_q;
    always @(posedge clk) first_q <= words[0+:2*SX];
    assign x_o[0+:2*SX] = first_q;

    for (j = 1; j < K / 2; j = j + 1) begin : g_pair
      // Whether the pair is complex, for each used mode; a constant when all agree.
      wire [LOG_K:0] vote;
      for (e = 0; e <= LOG_K; e = e + 1) begin : g_mode
        localparam COMPLEX = ((MODES >> e) & 1) != 0 && e >= 2 && j % (((1 << e) + 1) / 2) != 0;
        assign vote[e] = COMPLEX && {29'b0, mode} == e;
      end
      wire is_complex = |vote;
      wire signed [SX-1:0] w0 = words[2*j*SX+:SX];
      wire signed [SX-1:0] w1 = words[(2*j+1)*SX+:SX];
      wire signed [SX-1:0] im = is_complex ? w1 : {SX{1'b0}};
      reg signed [SX-1:0] xr_q;
      reg signed [SX-1:0] xi_q;
      always @(posedge clk) begin
        xr_q <= is_complex ? w0 : w1;
        xi_q <= im;
      end
      if (FORM != 1) begin : g_three
        reg signed [SX:0] xs_q;
        always @(posedge clk) xs_q <= w0 + im;
        assign x_o[2*SX+(j-1)*XPAIR+:XPAIR] = {xi_q, xr_q, xs_q};
      end else if (ROTATES) begin : g_mixed
        reg signed [SX-1:0] xa_q;
        always @(posedge clk) xa_q <= w0;
        assign x_o[2*SX+(j-1)*XPAIR+:XPAIR] = {xi_q, xr_q, xa_q};
      end else begin : g_bin
        assign x_o[2*SX+(j-1)*XPAIR+:XPAIR] = {xi_q, xr_q};
      end
    end
  endgenerate
endmodule

`default_nettype wire
