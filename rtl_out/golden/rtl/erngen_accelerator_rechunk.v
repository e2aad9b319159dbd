// erngen_accelerator_rechunk: repacks the elements of a frame from chunks of IN elements into chunks of OUT elements.
//
// Purpose:    A frame is SIZE elements in order. It arrives in ceil(SIZE / IN) chunks and leaves in
//             ceil(SIZE / OUT) chunks; element e of a chunk is data[e*BITS +: BITS]. The elements of the last
//             chunk that lie beyond SIZE are ignored on input and zero on output. `last` marks the
//             last chunk of a frame on both sides (last_i must be right: it, not a count, ends the frame).
//             `meta` travels with the elements; a chunk that leaves carries the meta of the chunk that
//             completed it.
// Parameters: IN, OUT >= 1, one a multiple of the other by a power of two; BITS of an element; SIZE of a
//             frame; META, bits of meta.
// Latency:    0 cycles for IN = OUT (wires), else 1 cycle, from the input chunk that completes an output chunk
//             to valid_o. One chunk a cycle on the side with the smaller chunks.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_rechunk #(
    parameter IN   = 4,
    parameter OUT  = 8,
    parameter BITS = 12,
    parameter SIZE = 20,
    parameter META = 1
) (
    input  wire                clk,
    input  wire                rst_i,    // synchronous, active high
    input  wire                valid_i,
    output wire                ready_o,
    input  wire [ IN*BITS-1:0] data_i,
    input  wire                last_i,
    input  wire [    META-1:0] meta_i,
    output wire                valid_o,
    input  wire                ready_i,
    output wire [OUT*BITS-1:0] data_o,
    output wire                last_o,
    output wire [    META-1:0] meta_o
);
  localparam RATIO = (IN > OUT) ? IN / OUT : OUT / IN;
  generate
    if ((IN > OUT ? RATIO * OUT != IN : RATIO * IN != OUT) || (RATIO & (RATIO - 1)) != 0) begin : g_bad_ratio
      ERROR_ern_rechunk_IN_and_OUT_must_differ_by_a_power_of_two u_error ();
    end
    if (SIZE < 1) begin : g_bad_size
      ERROR_ern_rechunk_SIZE_must_be_at_least_1 u_error ();
    end
  endgenerate

  localparam IN_CHUNKS = (SIZE + IN - 1) / IN;
  localparam OUT_CHUNKS = (SIZE + OUT - 1) / OUT;
  localparam TAIL = SIZE - (OUT_CHUNKS - 1) * OUT;  // elements of a frame's last output chunk, 1..OUT
  localparam PART_BITS = (RATIO > 1) ? $clog2(RATIO) : 1;

  wire [OUT*BITS-1:0] chunk;  // what leaves, before the elements beyond SIZE are cleared

  generate
    if (IN == OUT) begin : g_same
      assign ready_o = ready_i;
      assign valid_o = valid_i;
      assign chunk   = data_i;
      assign last_o  = last_i;
      assign meta_o  = meta_i;
      // Neither a clock nor a state.
      wire unused = &{1'b0, clk, rst_i};
    end else if (IN < OUT) begin : g_gather
      // Parts are written to their place; the first part clears the others, so that a frame that ends
      // within a chunk leaves zeros behind it.
      reg [OUT*BITS-1:0] chunk_q;
      reg [PART_BITS-1:0] part_q;
      reg valid_q;
      reg last_q;
      reg [META-1:0] meta_q;

      wire take = valid_i & ready_o;
      wire complete = last_i | (part_q == {PART_BITS{1'b1}});

      always @(posedge clk) begin
        if (rst_i) begin
          part_q  <= {PART_BITS{1'b0}};
          valid_q <= 1'b0;
        end else begin
          if (take) part_q <= complete ? {PART_BITS{1'b0}} : part_q + 1'b1;
          if (take & complete) valid_q <= 1'b1;
          else if (ready_i) valid_q <= 1'b0;
        end
      end

      genvar p;
      for (p = 0; p < RATIO; p = p + 1) begin : g_part
        localparam [31:0] INDEX = p;
        always @(posedge clk) begin
          if (take) begin
            if (part_q == INDEX[PART_BITS-1:0]) chunk_q[p*IN*BITS+:IN*BITS] <= data_i;
            else if (part_q == {PART_BITS{1'b0}}) chunk_q[p*IN*BITS+:IN*BITS] <= {IN * BITS{1'b0}};
          end
        end
      end

      always @(posedge clk) begin
        if (take) begin
          last_q <= last_i;
          meta_q <= meta_i;
        end
      end

      assign ready_o = ready_i | ~valid_q;
      assign valid_o = valid_q;
      assign chunk   = chunk_q;
      assign last_o  = last_q;
      assign meta_o  = meta_q;
    end else begin : g_split
      // The held chunk moves down by OUT elements for every chunk that leaves.
      localparam [31:0] LAST_PART = OUT_CHUNKS - (IN_CHUNKS - 1) * RATIO - 1;  // of a frame's last input chunk
      reg [IN*BITS-1:0] hold_q;
      reg [PART_BITS-1:0] part_q;
      reg valid_q;
      reg last_q;
      reg [META-1:0] meta_q;

      wire final_part = last_q ? (part_q == LAST_PART[PART_BITS-1:0]) : (part_q == {PART_BITS{1'b1}});
      wire advance = ~valid_q | (ready_i & final_part);

      always @(posedge clk) begin
        if (rst_i) valid_q <= 1'b0;
        else if (advance) valid_q <= valid_i;

        if (advance) part_q <= {PART_BITS{1'b0}};
        else if (ready_i) part_q <= part_q + 1'b1;

        if (advance) begin
          hold_q <= data_i;
          last_q <= last_i;
          meta_q <= meta_i;
        end else if (ready_i) begin
          hold_q <= {{OUT * BITS{1'b0}}, hold_q[IN*BITS-1:OUT*BITS]};
        end
      end

      assign ready_o = advance;
      assign valid_o = valid_q;
      assign chunk   = hold_q[OUT*BITS-1:0];
      assign last_o  = last_q & final_part;
      assign meta_o  = meta_q;
    end
  endgenerate

  assign data_o[TAIL*BITS-1:0] = chunk[TAIL*BITS-1:0];
  generate
    if (TAIL < OUT) begin : g_tail
      assign data_o[OUT*BITS-1:TAIL*BITS] = chunk[OUT*BITS-1:TAIL*BITS] & {(OUT - TAIL) * BITS{~last_o}};
    end
  endgenerate
endmodule

`default_nettype wire
