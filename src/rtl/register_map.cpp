#include "rtl/register_map.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace erngen {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::span<const Register> registers() {
  static constexpr Register all[] = {
      {0x000, "VERSION", Access::read, "erngen's version, 0x00MMmmpp; constant", "-"},
      {0x004, "CONFIGURATION", Access::read, "hash of the design, the manifest's `configuration`; constant", "-"},
      {0x008, "STATUS", Access::both, "bits below", "any value clears the error bits"},
      {0x00c, "CONTROL", Access::both, "bits below", "the same"},
      {0x010, "CYCLES", Access::read, "clock cycles since reset, low word; latches the high word", "-"},
      {0x014, "CYCLES_HIGH", Access::read, "high word as latched", "-"},
      {0x018, "FRAMES", Access::read, "frames computed since reset, all streams, modulo 2^32", "-"},
      {0x01c, "SHAPE", Access::read, "K [7:0], R [15:8], C [23:16], S [31:24], each modulo 256; constant", "-"},
      {0x020, "STATE_CLEAR", Access::both, "bit s: the next frame of stream s starts from zero, s = 0..31",
       "bit s: stream s starts again from zero"},
      {0x024, "STATE_TILE", Access::both, "tile", "tile: the row of the state memories, 16 bits"},
      {0x028, "STATE_ROW", Access::both, "lane, row", "row [15:0] and lane [23:16] of the spectrum memory"},
      {0x02c, "STATE_FLAGS", Access::both, "flags", "the manifest's `flags`, 18 bits"},
      {0x030, "STATE_COMMAND", Access::write, "0", "moves a block, see below"},
      {0x034, "STATE_CLEAR_HIGH", Access::both, "bit s: the next frame of stream 32 + s starts from zero",
       "bit s: stream 32 + s starts again from zero"},
      {0x038, "FRAMES_DROPPED", Access::read, "broken and foreign input frames since reset, modulo 2^32", "-"},
      {0x040, "WEIGHT_LANE", Access::both, "lane", "lane that weights go to, 16 bits"},
      {0x044, "WEIGHT_ROW", Access::both, "row", "next row to be written, 20 bits; the next word is its first"},
      {0x048, "WEIGHT_DATA", Access::write, "0", "the next word of a row"},
      {0x04c, "WEIGHT_CRC", Access::both, "CRC-32 of the words written", "any value starts a new CRC"},
      {0x050, "WEIGHT_WORDS", Access::read, "words of a weight row; constant", "-"},
      {0x054, "WEIGHT_CHECK", Access::write, "0", "sets ERROR_WEIGHTS in STATUS unless it is WEIGHT_CRC"},
      {0x058, "CONSTANT_WORDS", Access::read, "words of a row of constants; 0: they cannot be loaded; constant", "-"},
      {0x060, "INTERRUPT_ENABLE", Access::both, "causes that raise the interrupt", "the same"},
      {0x064, "INTERRUPT_CAUSE", Access::both, "bits below", "clears the causes whose bits are 1"},
      {0x068, "INTERRUPT_STATUS", Access::read, "causes that raise it now: INTERRUPT_CAUSE and INTERRUPT_ENABLE", "-"},
      {0x06c, "INTERRUPT_FRAMES", Access::both, "N [15:0], see below", "N; counting begins anew"},
      {0x070, "SEQUENCE_FRAMES", Access::both, "frames of a sequence; only with `--sequence-end register`",
       "the same, 0 to 65535; counting begins anew"},
      {0x074, "STREAM", Access::both, "stream of the input's frames; only with `--stream-by register`",
       "the same, below `streams`"},
  };
  return all;
}

std::span<const RegisterBit> register_bits() {
  static constexpr RegisterBit all[] = {
      {"STATUS", "BUSY", 0, "busy: a frame is being computed, or something of it may still be on its way to a memory"},
      {"STATUS", "HALTED", 1, "halted: `halt` is set and the engine is not busy"},
      {"STATUS", "ERROR_FRAME", 2, "a frame's `tlast` or `tid` was not where it belongs; it was dropped; sticky"},
      {"STATUS", "ERROR_STREAM", 3, "a frame of a stream that does not exist was dropped; sticky"},
      {"STATUS", "ERROR_OVERFLOW", 4, "the output buffer overflowed, which the plan excludes; sticky"},
      {"STATUS", "ERROR_QUEUE", 5, "the tile queue overflowed, which the plan excludes; sticky"},
      {"STATUS", "ERROR_WEIGHTS", 6, "WEIGHT_CHECK was not the CRC of the weights that were written; sticky"},
      {"CONTROL", "HALT", 0, "admit no more frames"},
      {"CONTROL", "RESET", 1, "reset all but the registers and the weights, see below; reads 0"},
      {"CONTROL", "KEEP", 2, "with RESET: keep the states; reads 0"},
      {"CONTROL", "COUNT_FRAMES", 3, "ignore the input's `tlast`: the count of beats alone ends a frame"},
      {"INTERRUPT_CAUSE", "SEQUENCE", 0, "a frame that ends its sequence has left"},
      {"INTERRUPT_CAUSE", "FRAMES", 1,
       "N frames have left since INTERRUPT_FRAMES was written or since this cause was set"},
      {"INTERRUPT_CAUSE", "ERROR", 2, "an error bit of STATUS went from 0 to 1"},
      {"STATE_COMMAND", "WRITE", 0, "write a block; 0: read it"},
      {"STATE_COMMAND", "CELL", 1, "the block is of a cell; 0: of a vector"},
      {"STATE_COMMAND", "SPECTRUM", 2, "the block is of a spectrum"},
  };
  return all;
}

std::string register_verilog() {
  std::string text;
  for (const Register& r : registers())
    text += fmt::format("  localparam [15:0] {:<18} = 16'h{:04x};\n", fmt::format("AT_{}", r.name), r.address);
  text += fmt::format("  localparam [7:0] {:<19} = 8'h{:02x};   // bits 15:8 of its addresses\n", "AT_WINDOW",
                      window_address >> 8);
  return text;
}

std::string register_table() {
  std::string text = "| address | name | read | write |\n|---|---|---|---|\n";
  for (const Register& r : registers())
    text += fmt::format("| 0x{:03x} | {} | {} | {} |\n", r.address, r.name, r.read, r.write);
  return text + fmt::format("| 0x{:03x} + 4 n | WINDOW | element n of a block, n < K | the same |\n", window_address);
}

std::string bit_table(const std::string& reg) {
  std::string text = "| bit | | |\n|---|---|---|\n";
  for (const RegisterBit& b : register_bits())
    if (b.reg == reg) text += fmt::format("| {} | {} | {} |\n", b.bit, b.name, b.meaning);
  return text;
}

std::string register_header(const Json& manifest) {
  const std::string top = manifest.at("top").get<std::string>(), prefix = upper(top);
  const Json& plan = manifest.at("predicted");
  std::string text = fmt::format(
      "/* Registers of {}, made by erngen {}; what they do: docs/reference/registers.md of erngen. */\n#ifndef "
      "{}_REGISTERS_H\n#define {}_REGISTERS_H\n\n",
      top, manifest.at("version").get<std::string>(), prefix, prefix);
  const auto define = [&](const std::string& name, const std::string& value, const std::string& comment = "") {
    text += fmt::format("#define {:<44} {}{}\n", prefix + "_" + name, value,
                        comment.empty() ? "" : " /* " + comment + " */");
  };
  text += "/* Byte addresses of 32-bit words. */\n";
  for (const Register& r : registers()) {
    const std::string how = r.access == Access::read ? "read" : r.access == Access::write ? "write" : "read, write";
    define(r.name, fmt::format("0x{:03x}u", r.address), how);
  }
  define("STATE_UNIT", prefix + "_STATE_TILE", "its former name");
  define("WINDOW(n)", fmt::format("(0x{:03x}u + 4u * (n))", window_address), "n < WORDS; read, write");
  text += "\n/* Bits. */\n";
  for (const RegisterBit& b : register_bits())
    define(fmt::format("{}_{}", b.reg, b.name), fmt::format("0x{:02x}u", 1u << b.bit));
  define("STATE_COMMAND_STREAM(s)", "((s) << 8)");
  text += "\n/* This design. */\n";
  define("CONFIGURATION_HASH", fmt::format("0x{}u", manifest.at("configuration").get<std::string>()),
         "CONFIGURATION reads so");
  define("STREAMS", fmt::format("{}u", manifest.at("streams").get<int>()));
  define("WORDS", fmt::format("{}u", plan.at("words").get<int>()));
  define("ROWS", fmt::format("{}u", plan.at("rows").get<int>()));
  define("COLUMNS", fmt::format("{}u", plan.at("columns").get<int>()));
  for (const char* side : {"input", "output"}) {
    const Json& stream = manifest.at(side);
    const std::string name = upper(side);
    define(name + "_SIZE", fmt::format("{}u", stream.at("size").get<int>()), "elements of a frame");
    define(name + "_WIDTH", fmt::format("{}u", stream.at("width").get<int>()));
    define(name + "_FRACTION", fmt::format("{}", stream.at("fraction").get<int>()));
    define(name + "_ELEMENT_BITS", fmt::format("{}u", stream.at("element_bits").get<int>()));
    define(name + "_BEAT_ELEMENTS", fmt::format("{}u", stream.at("beat_elements").get<int>()));
  }
  return text + "\n#endif\n";
}

}  // namespace erngen
