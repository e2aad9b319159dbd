// RAMB18E1 and RAMB36E1: block RAM of the 7 series, for simulating what Yosys maps.
//
// Purpose:    Yosys declares these blocks in cells_sim.v without what they do. Here they do what its mapping uses: both ports, 1 to 36 bits
//             each (RAM_MODE "TDP"), or a read port A and a write port B of up to 72 bits (36 in the RAMB18E1; "SDP"), bytes written by their
//             enables, contents from INIT and INITP, a synchronous reset of the output. What it does not use names an undefined module.
// Latency:    1 cycle; no output registers. A read of a word that the other port writes gives the old word.
// Words:      Of AMD's UG473: an address counts bits without parity; a parity bit belongs to a byte.
`default_nettype none

// One block: BYTES of 8 bits and a parity bit.
module ern_block_ram #(
    parameter LOG_BYTES = 12,
    parameter PORT = 32,              // data bits of a port
    parameter SDP = 0,
    parameter READ_A = 0, READ_B = 0, WRITE_A = 0, WRITE_B = 0,   // widths with parity, 0 where unused
    parameter MODE_A = "WRITE_FIRST", MODE_B = "WRITE_FIRST",
    parameter [(8<<LOG_BYTES)-1:0] DATA = 0,
    parameter [(1<<LOG_BYTES)-1:0] PARITY = 0,
    parameter [2*PORT-1:0] START = 0, START_RESET = 0,            // outputs at first, and after a reset: B, A
    parameter [PORT/4-1:0] START_PARITY = 0, START_RESET_PARITY = 0
) (
    input  wire                   clk_a, clk_b, en_a, en_b, reset_a, reset_b,
    input  wire [LOG_BYTES+2:0]   address_a, address_b,
    input  wire [PORT-1:0]        in_a, in_b,
    input  wire [PORT/8-1:0]      parity_a, parity_b,
    input  wire [PORT/8-1:0]      write_a,
    input  wire [PORT/4-1:0]      write_b,
    output reg  [PORT-1:0]        out_a, out_b,
    output reg  [PORT/8-1:0]      out_parity_a, out_parity_b
);
  localparam BYTES = 1 << LOG_BYTES;
  reg [8:0] words[0:BYTES-1];
  integer n;
  reg [8*BYTES-1:0] contents;        // variables, because Icarus writes a parameter out wherever it is used
  reg [BYTES-1:0] parities;
  initial begin
    contents = DATA;
    parities = PARITY;
    for (n = 0; n < BYTES; n = n + 1) words[n] = {parities[n], contents[8*n+:8]};
    {out_b, out_a} = START;
    {out_parity_b, out_parity_a} = START_PARITY;
  end

  // `width` bits with parity at `address`: {parity, data}
  function [PORT/4+2*PORT-1:0] read(input [LOG_BYTES+2:0] address, input integer width);
    reg [2*PORT-1:0] data;
    reg [PORT/4-1:0] parity;
    integer k, first;
    begin
      data = 0;
      parity = 0;
      first = address >> 3;
      if (width < 8) begin
        data = (words[first] & 9'h0ff) >> (address[2:0] & ~(width - 1));
        data = data & ((1 << width) - 1);
      end else begin
        first = first & ~(width / 9 - 1);
        for (k = 0; k < width / 9; k = k + 1) {parity[k], data[8*k+:8]} = words[first+k];
      end
      read = {parity, data};
    end
  endfunction

  task write(input [LOG_BYTES+2:0] address, input integer width, input [2*PORT-1:0] data, input [PORT/4-1:0] parity,
             input [PORT/4-1:0] enable);
    integer k, first;
    reg [7:0] mask;
    begin
      first = address >> 3;
      if (width < 8) begin
        mask = ((1 << width) - 1) << (address[2:0] & ~(width - 1));
        if (enable[0]) words[first][7:0] <= (words[first][7:0] & ~mask) | ((data << (address[2:0] & ~(width - 1))) & mask);
      end else begin
        first = first & ~(width / 9 - 1);
        for (k = 0; k < width / 9; k = k + 1) if (enable[k]) words[first+k] <= {parity[k], data[8*k+:8]};
      end
    end
  endtask

  generate
    if (SDP) begin : g_simple
      always @(posedge clk_a)
        if (en_a) begin
          if (READ_A > PORT / 8 * 9) begin
            if (reset_a) {out_parity_b, out_parity_a, out_b, out_a} <= {START_RESET_PARITY, START_RESET};
            else {out_parity_b, out_parity_a, out_b, out_a} <= read(address_a, READ_A);
          end else begin
            if (reset_a) {out_parity_a, out_a} <= {START_RESET_PARITY[PORT/8-1:0], START_RESET[PORT-1:0]};
            else begin : b_read
              reg [PORT/4-1:0] parity;
              reg [2*PORT-1:0] data;
              {parity, data} = read(address_a, READ_A);
              out_a <= data[PORT-1:0];
              out_parity_a <= parity[PORT/8-1:0];
            end
          end
        end
      always @(posedge clk_b)
        if (en_b && WRITE_B > 0) begin
          if (WRITE_B > PORT / 8 * 9) write(address_b, WRITE_B, {in_b, in_a}, {parity_b, parity_a}, write_b);
          else write(address_b, WRITE_B, in_b, parity_b, write_b);
        end
    end else begin : g_true
      always @(posedge clk_a)
        if (en_a) begin : b_a
          reg [PORT/4-1:0] parity;
          reg [2*PORT-1:0] data;
          {parity, data} = read(address_a, READ_A);
          if (WRITE_A > 0 && write_a != 0 && MODE_A == "WRITE_FIRST") {parity, data} = {parity_a + {PORT/4{1'b0}}, in_a + {2*PORT{1'b0}}};
          if (reset_a) {out_parity_a, out_a} <= {START_RESET_PARITY[PORT/8-1:0], START_RESET[PORT-1:0]};
          else if (READ_A > 0 && !(write_a != 0 && MODE_A == "NO_CHANGE")) {out_parity_a, out_a} <= {parity[PORT/8-1:0], data[PORT-1:0]};
          if (WRITE_A > 0) write(address_a, WRITE_A, in_a, parity_a, write_a);
        end
      always @(posedge clk_b)
        if (en_b) begin : b_b
          reg [PORT/4-1:0] parity;
          reg [2*PORT-1:0] data;
          {parity, data} = read(address_b, READ_B);
          if (WRITE_B > 0 && write_b != 0 && MODE_B == "WRITE_FIRST") {parity, data} = {parity_b + {PORT/4{1'b0}}, in_b + {2*PORT{1'b0}}};
          if (reset_b) {out_parity_b, out_b} <= {START_RESET_PARITY[PORT/4-1:PORT/8], START_RESET[2*PORT-1:PORT]};
          else if (READ_B > 0 && !(write_b != 0 && MODE_B == "NO_CHANGE")) {out_parity_b, out_b} <= {parity[PORT/8-1:0], data[PORT-1:0]};
          if (WRITE_B > 0) write(address_b, WRITE_B, in_b, parity_b, write_b);
        end
    end
  endgenerate
endmodule

module RAMB18E1 #(
    parameter [255:0] INIT_00 = 0, INIT_01 = 0, INIT_02 = 0, INIT_03 = 0,
    parameter [255:0] INIT_04 = 0, INIT_05 = 0, INIT_06 = 0, INIT_07 = 0, INIT_08 = 0, INIT_09 = 0, INIT_0A = 0, INIT_0B = 0,
    parameter [255:0] INIT_0C = 0, INIT_0D = 0, INIT_0E = 0, INIT_0F = 0, INIT_10 = 0, INIT_11 = 0, INIT_12 = 0, INIT_13 = 0,
    parameter [255:0] INIT_14 = 0, INIT_15 = 0, INIT_16 = 0, INIT_17 = 0, INIT_18 = 0, INIT_19 = 0, INIT_1A = 0, INIT_1B = 0,
    parameter [255:0] INIT_1C = 0, INIT_1D = 0, INIT_1E = 0, INIT_1F = 0, INIT_20 = 0, INIT_21 = 0, INIT_22 = 0, INIT_23 = 0,
    parameter [255:0] INIT_24 = 0, INIT_25 = 0, INIT_26 = 0, INIT_27 = 0, INIT_28 = 0, INIT_29 = 0, INIT_2A = 0, INIT_2B = 0,
    parameter [255:0] INIT_2C = 0, INIT_2D = 0, INIT_2E = 0, INIT_2F = 0, INIT_30 = 0, INIT_31 = 0, INIT_32 = 0, INIT_33 = 0,
    parameter [255:0] INIT_34 = 0, INIT_35 = 0, INIT_36 = 0, INIT_37 = 0, INIT_38 = 0, INIT_39 = 0, INIT_3A = 0, INIT_3B = 0,
    parameter [255:0] INIT_3C = 0, INIT_3D = 0, INIT_3E = 0, INIT_3F = 0,
    parameter [255:0] INITP_00 = 0, INITP_01 = 0, INITP_02 = 0, INITP_03 = 0, INITP_04 = 0, INITP_05 = 0, INITP_06 = 0, INITP_07 = 0,
    parameter [17:0] INIT_A = 0, INIT_B = 0, SRVAL_A = 0, SRVAL_B = 0,   // parity above data
    parameter RAM_MODE = "TDP", WRITE_MODE_A = "WRITE_FIRST", WRITE_MODE_B = "WRITE_FIRST",
    parameter READ_WIDTH_A = 0, READ_WIDTH_B = 0, WRITE_WIDTH_A = 0, WRITE_WIDTH_B = 0, DOA_REG = 0, DOB_REG = 0,
    parameter IS_CLKARDCLK_INVERTED = 0, IS_CLKBWRCLK_INVERTED = 0, IS_ENARDEN_INVERTED = 0, IS_ENBWREN_INVERTED = 0,
    parameter IS_RSTRAMARSTRAM_INVERTED = 0, IS_RSTRAMB_INVERTED = 0, IS_RSTREGARSTREG_INVERTED = 0, IS_RSTREGB_INVERTED = 0
) (
    input  wire        CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input  wire [13:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [15:0] DIADI, DIBDI,
    input  wire [1:0]  DIPADIP, DIPBDIP, WEA,
    input  wire [3:0]  WEBWE,
    output wire [15:0] DOADO, DOBDO,
    output wire [1:0]  DOPADOP, DOPBDOP
);
  generate
    if (DOA_REG || DOB_REG || IS_CLKARDCLK_INVERTED || IS_CLKBWRCLK_INVERTED) begin : g_unknown
      ern_block_ram_without_output_registers_inverted_clocks_and_cascades u_unknown ();
    end
  endgenerate
  ern_block_ram #(
      .LOG_BYTES(11), .PORT(16), .SDP(RAM_MODE == "SDP"), .READ_A(READ_WIDTH_A), .READ_B(READ_WIDTH_B), .WRITE_A(WRITE_WIDTH_A),
      .WRITE_B(WRITE_WIDTH_B), .MODE_A(WRITE_MODE_A), .MODE_B(WRITE_MODE_B),
      .DATA({
        INIT_3F, INIT_3E, INIT_3D, INIT_3C, INIT_3B, INIT_3A, INIT_39, INIT_38, INIT_37, INIT_36, INIT_35, INIT_34,
        INIT_33, INIT_32, INIT_31, INIT_30, INIT_2F, INIT_2E, INIT_2D, INIT_2C, INIT_2B, INIT_2A, INIT_29, INIT_28,
        INIT_27, INIT_26, INIT_25, INIT_24, INIT_23, INIT_22, INIT_21, INIT_20, INIT_1F, INIT_1E, INIT_1D, INIT_1C,
        INIT_1B, INIT_1A, INIT_19, INIT_18, INIT_17, INIT_16, INIT_15, INIT_14, INIT_13, INIT_12, INIT_11, INIT_10,
        INIT_0F, INIT_0E, INIT_0D, INIT_0C, INIT_0B, INIT_0A, INIT_09, INIT_08, INIT_07, INIT_06, INIT_05, INIT_04,
        INIT_03, INIT_02, INIT_01, INIT_00}),
      .PARITY({INITP_07, INITP_06, INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00}),
      .START({INIT_B[15:0], INIT_A[15:0]}), .START_RESET({SRVAL_B[15:0], SRVAL_A[15:0]}),
      .START_PARITY({INIT_B[17:16], INIT_A[17:16]}), .START_RESET_PARITY({SRVAL_B[17:16], SRVAL_A[17:16]})
  ) u_block (
      .clk_a(CLKARDCLK), .clk_b(CLKBWRCLK), .en_a(ENARDEN ^ IS_ENARDEN_INVERTED[0]), .en_b(ENBWREN ^ IS_ENBWREN_INVERTED[0]),
      .reset_a(RSTRAMARSTRAM ^ IS_RSTRAMARSTRAM_INVERTED[0]), .reset_b(RSTRAMB ^ IS_RSTRAMB_INVERTED[0]),
      .address_a(ADDRARDADDR[13:0]), .address_b(ADDRBWRADDR[13:0]), .in_a(DIADI), .in_b(DIBDI), .parity_a(DIPADIP), .parity_b(DIPBDIP),
      .write_a(WEA), .write_b(WEBWE), .out_a(DOADO), .out_b(DOBDO), .out_parity_a(DOPADOP), .out_parity_b(DOPBDOP)
  );
endmodule

module RAMB36E1 #(
    parameter [255:0] INIT_00 = 0, INIT_01 = 0, INIT_02 = 0, INIT_03 = 0,
    parameter [255:0] INIT_04 = 0, INIT_05 = 0, INIT_06 = 0, INIT_07 = 0, INIT_08 = 0, INIT_09 = 0, INIT_0A = 0, INIT_0B = 0,
    parameter [255:0] INIT_0C = 0, INIT_0D = 0, INIT_0E = 0, INIT_0F = 0, INIT_10 = 0, INIT_11 = 0, INIT_12 = 0, INIT_13 = 0,
    parameter [255:0] INIT_14 = 0, INIT_15 = 0, INIT_16 = 0, INIT_17 = 0, INIT_18 = 0, INIT_19 = 0, INIT_1A = 0, INIT_1B = 0,
    parameter [255:0] INIT_1C = 0, INIT_1D = 0, INIT_1E = 0, INIT_1F = 0, INIT_20 = 0, INIT_21 = 0, INIT_22 = 0, INIT_23 = 0,
    parameter [255:0] INIT_24 = 0, INIT_25 = 0, INIT_26 = 0, INIT_27 = 0, INIT_28 = 0, INIT_29 = 0, INIT_2A = 0, INIT_2B = 0,
    parameter [255:0] INIT_2C = 0, INIT_2D = 0, INIT_2E = 0, INIT_2F = 0, INIT_30 = 0, INIT_31 = 0, INIT_32 = 0, INIT_33 = 0,
    parameter [255:0] INIT_34 = 0, INIT_35 = 0, INIT_36 = 0, INIT_37 = 0, INIT_38 = 0, INIT_39 = 0, INIT_3A = 0, INIT_3B = 0,
    parameter [255:0] INIT_3C = 0, INIT_3D = 0, INIT_3E = 0, INIT_3F = 0, INIT_40 = 0, INIT_41 = 0, INIT_42 = 0, INIT_43 = 0,
    parameter [255:0] INIT_44 = 0, INIT_45 = 0, INIT_46 = 0, INIT_47 = 0, INIT_48 = 0, INIT_49 = 0, INIT_4A = 0, INIT_4B = 0,
    parameter [255:0] INIT_4C = 0, INIT_4D = 0, INIT_4E = 0, INIT_4F = 0, INIT_50 = 0, INIT_51 = 0, INIT_52 = 0, INIT_53 = 0,
    parameter [255:0] INIT_54 = 0, INIT_55 = 0, INIT_56 = 0, INIT_57 = 0, INIT_58 = 0, INIT_59 = 0, INIT_5A = 0, INIT_5B = 0,
    parameter [255:0] INIT_5C = 0, INIT_5D = 0, INIT_5E = 0, INIT_5F = 0, INIT_60 = 0, INIT_61 = 0, INIT_62 = 0, INIT_63 = 0,
    parameter [255:0] INIT_64 = 0, INIT_65 = 0, INIT_66 = 0, INIT_67 = 0, INIT_68 = 0, INIT_69 = 0, INIT_6A = 0, INIT_6B = 0,
    parameter [255:0] INIT_6C = 0, INIT_6D = 0, INIT_6E = 0, INIT_6F = 0, INIT_70 = 0, INIT_71 = 0, INIT_72 = 0, INIT_73 = 0,
    parameter [255:0] INIT_74 = 0, INIT_75 = 0, INIT_76 = 0, INIT_77 = 0, INIT_78 = 0, INIT_79 = 0, INIT_7A = 0, INIT_7B = 0,
    parameter [255:0] INIT_7C = 0, INIT_7D = 0, INIT_7E = 0, INIT_7F = 0,
    parameter [255:0] INITP_00 = 0, INITP_01 = 0, INITP_02 = 0, INITP_03 = 0, INITP_04 = 0, INITP_05 = 0, INITP_06 = 0, INITP_07 = 0,
    parameter [255:0] INITP_08 = 0, INITP_09 = 0, INITP_0A = 0, INITP_0B = 0, INITP_0C = 0, INITP_0D = 0, INITP_0E = 0, INITP_0F = 0,
    parameter [35:0] INIT_A = 0, INIT_B = 0, SRVAL_A = 0, SRVAL_B = 0,   // parity above data
    parameter RAM_MODE = "TDP", WRITE_MODE_A = "WRITE_FIRST", WRITE_MODE_B = "WRITE_FIRST",
    parameter READ_WIDTH_A = 0, READ_WIDTH_B = 0, WRITE_WIDTH_A = 0, WRITE_WIDTH_B = 0, DOA_REG = 0, DOB_REG = 0,
    parameter RAM_EXTENSION_A = "NONE", RAM_EXTENSION_B = "NONE",
    parameter IS_CLKARDCLK_INVERTED = 0, IS_CLKBWRCLK_INVERTED = 0, IS_ENARDEN_INVERTED = 0, IS_ENBWREN_INVERTED = 0,
    parameter IS_RSTRAMARSTRAM_INVERTED = 0, IS_RSTRAMB_INVERTED = 0, IS_RSTREGARSTREG_INVERTED = 0, IS_RSTREGB_INVERTED = 0
) (
    input  wire        CLKARDCLK, CLKBWRCLK, ENARDEN, ENBWREN, REGCEAREGCE, REGCEB, RSTRAMARSTRAM, RSTRAMB, RSTREGARSTREG, RSTREGB,
    input  wire        CASCADEINA, CASCADEINB, INJECTDBITERR, INJECTSBITERR,
    output wire        CASCADEOUTA, CASCADEOUTB, SBITERR, DBITERR,
    output wire [7:0]  ECCPARITY,
    output wire [8:0]  RDADDRECC,
    input  wire [15:0] ADDRARDADDR, ADDRBWRADDR,
    input  wire [31:0] DIADI, DIBDI,
    input  wire [3:0]  DIPADIP, DIPBDIP, WEA,
    input  wire [7:0]  WEBWE,
    output wire [31:0] DOADO, DOBDO,
    output wire [3:0]  DOPADOP, DOPBDOP
);
  generate
    if (DOA_REG || DOB_REG || IS_CLKARDCLK_INVERTED || IS_CLKBWRCLK_INVERTED ||
        RAM_EXTENSION_A != "NONE" || RAM_EXTENSION_B != "NONE") begin : g_unknown
      ern_block_ram_without_output_registers_inverted_clocks_and_cascades u_unknown ();
    end
  endgenerate
  ern_block_ram #(
      .LOG_BYTES(12), .PORT(32), .SDP(RAM_MODE == "SDP"), .READ_A(READ_WIDTH_A), .READ_B(READ_WIDTH_B), .WRITE_A(WRITE_WIDTH_A),
      .WRITE_B(WRITE_WIDTH_B), .MODE_A(WRITE_MODE_A), .MODE_B(WRITE_MODE_B),
      .DATA({
        INIT_7F, INIT_7E, INIT_7D, INIT_7C, INIT_7B, INIT_7A, INIT_79, INIT_78, INIT_77, INIT_76, INIT_75, INIT_74,
        INIT_73, INIT_72, INIT_71, INIT_70, INIT_6F, INIT_6E, INIT_6D, INIT_6C, INIT_6B, INIT_6A, INIT_69, INIT_68,
        INIT_67, INIT_66, INIT_65, INIT_64, INIT_63, INIT_62, INIT_61, INIT_60, INIT_5F, INIT_5E, INIT_5D, INIT_5C,
        INIT_5B, INIT_5A, INIT_59, INIT_58, INIT_57, INIT_56, INIT_55, INIT_54, INIT_53, INIT_52, INIT_51, INIT_50,
        INIT_4F, INIT_4E, INIT_4D, INIT_4C, INIT_4B, INIT_4A, INIT_49, INIT_48, INIT_47, INIT_46, INIT_45, INIT_44,
        INIT_43, INIT_42, INIT_41, INIT_40, INIT_3F, INIT_3E, INIT_3D, INIT_3C, INIT_3B, INIT_3A, INIT_39, INIT_38,
        INIT_37, INIT_36, INIT_35, INIT_34, INIT_33, INIT_32, INIT_31, INIT_30, INIT_2F, INIT_2E, INIT_2D, INIT_2C,
        INIT_2B, INIT_2A, INIT_29, INIT_28, INIT_27, INIT_26, INIT_25, INIT_24, INIT_23, INIT_22, INIT_21, INIT_20,
        INIT_1F, INIT_1E, INIT_1D, INIT_1C, INIT_1B, INIT_1A, INIT_19, INIT_18, INIT_17, INIT_16, INIT_15, INIT_14,
        INIT_13, INIT_12, INIT_11, INIT_10, INIT_0F, INIT_0E, INIT_0D, INIT_0C, INIT_0B, INIT_0A, INIT_09, INIT_08,
        INIT_07, INIT_06, INIT_05, INIT_04, INIT_03, INIT_02, INIT_01, INIT_00}),
      .PARITY({INITP_0F, INITP_0E, INITP_0D, INITP_0C, INITP_0B, INITP_0A, INITP_09, INITP_08,
        INITP_07, INITP_06, INITP_05, INITP_04, INITP_03, INITP_02, INITP_01, INITP_00}),
      .START({INIT_B[31:0], INIT_A[31:0]}), .START_RESET({SRVAL_B[31:0], SRVAL_A[31:0]}),
      .START_PARITY({INIT_B[35:32], INIT_A[35:32]}), .START_RESET_PARITY({SRVAL_B[35:32], SRVAL_A[35:32]})
  ) u_block (
      .clk_a(CLKARDCLK), .clk_b(CLKBWRCLK), .en_a(ENARDEN ^ IS_ENARDEN_INVERTED[0]), .en_b(ENBWREN ^ IS_ENBWREN_INVERTED[0]),
      .reset_a(RSTRAMARSTRAM ^ IS_RSTRAMARSTRAM_INVERTED[0]), .reset_b(RSTRAMB ^ IS_RSTRAMB_INVERTED[0]),
      .address_a(ADDRARDADDR[14:0]), .address_b(ADDRBWRADDR[14:0]), .in_a(DIADI), .in_b(DIBDI), .parity_a(DIPADIP), .parity_b(DIPBDIP),
      .write_a(WEA), .write_b(WEBWE), .out_a(DOADO), .out_b(DOBDO), .out_parity_a(DOPADOP), .out_parity_b(DOPBDOP)
  );
endmodule
`default_nettype wire
