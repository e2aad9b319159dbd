#include "lattice.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace erngen::lattice {

void Bits::set(int at, int width, std::int64_t value) {
  for (int bit = 0; bit < width; ++bit) {
    std::uint32_t& word = words_[static_cast<size_t>(at + bit) / 32];
    const std::uint32_t mask = std::uint32_t{1} << ((at + bit) % 32);
    word = (value >> bit) & 1 ? word | mask : word & ~mask;
  }
}

std::int64_t Bits::get(int at, int width) const {
  std::uint64_t value = 0;
  for (int bit = 0; bit < width; ++bit)
    value |= static_cast<std::uint64_t>((words_[static_cast<size_t>(at + bit) / 32] >> ((at + bit) % 32)) & 1) << bit;
  return static_cast<std::int64_t>(value << (64 - width)) >> (64 - width);
}

namespace {

int total(const std::vector<Port>& ports) {
  int bits = 0;
  for (const Port& port : ports) bits += port.width;
  return bits;
}

int offset(const std::vector<Port>& ports, int index) {
  int bits = 0;
  for (int n = 0; n < index; ++n) bits += ports[n].width;
  return bits;
}

}  // namespace

Case::Cycle::Cycle(const Case& owner)
    : inputs(owner.input_bits()), expected(owner.output_bits()), compared(owner.output_bits()), owner_(owner) {}

void Case::Cycle::drive(int port, int at, int width, std::int64_t value) {
  inputs.set(offset(owner_.inputs, port) + at, width, value);
}

void Case::Cycle::expect(int port, int at, int width, std::int64_t value) {
  expected.set(offset(owner_.outputs, port) + at, width, value);
  compared.set(offset(owner_.outputs, port) + at, width, -1);
}

int Case::input_bits() const { return total(inputs); }
int Case::output_bits() const { return total(outputs); }

std::string Case::title() const {
  std::string text = module;
  for (const auto& [name, value] : parameters) text += fmt::format(" {}={}", name, value);
  return mutant ? text + " (mutant)" : text;
}

std::string top_module(const Cases& cases) {
  std::string body;
  int in = 0, out = 0, index = 0;
  for (const auto& unit : cases) {
    std::string parameters, ports = ".clk(clk)";
    for (const auto& [name, value] : unit->parameters)
      parameters += fmt::format("{}.{}({})", parameters.empty() ? "" : ", ", name, value);
    if (unit->has_reset) ports += ", .rst_i(rst_i)";
    for (const Port& port : unit->inputs) {
      ports += fmt::format(", .{}(stimulus_i[{}+:{}])", port.name, in, port.width);
      in += port.width;
    }
    for (const Port& port : unit->outputs) {
      ports += fmt::format(", .{}(response_o[{}+:{}])", port.name, out, port.width);
      out += port.width;
    }
    body += fmt::format("  {} #({}) u_{} ({});\n", unit->module, parameters, index++, ports);
  }
  return fmt::format(
      "// One instance of each case of a bench; its ports side by side.\n"
      "`define LATTICE_STIMULUS {0}\n"
      "`define LATTICE_RESPONSE {1}\n"
      "`default_nettype none\n"
      "module lattice (\n"
      "    input  wire clk,\n"
      "    input  wire rst_i,\n"
      "    input  wire [{0}-1:0] stimulus_i,\n"
      "    output wire [{1}-1:0] response_o\n"
      ");\n"
      "{2}"
      "endmodule\n"
      "`default_nettype wire\n",
      in, out, body);
}

std::int64_t draw(Rng& rng, int width) {
  const std::int64_t top = (std::int64_t{1} << (width - 1)) - 1;
  switch (rng.below(8)) {
    case 0: return top;
    case 1: return -top - 1;
    case 2: return rng.between(-1, std::min<std::int64_t>(1, top));
    default: return rng.between(-top - 1, top);
  }
}

void draw_words(Rng& rng, std::int64_t* words, int count, int width) {
  const std::int64_t top = (std::int64_t{1} << (width - 1)) - 1;
  const std::uint64_t style = rng.below(8);
  for (int n = 0; n < count; ++n) {
    if (style == 0) words[n] = rng.below(2) ? top : -top - 1;
    else if (style == 1) words[n] = n % 2 ? -top - 1 : top;
    else words[n] = draw(rng, width);
  }
}

}  // namespace erngen::lattice
