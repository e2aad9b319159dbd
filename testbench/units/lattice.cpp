#include "lattice.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "base/error.hpp"

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

namespace {

constexpr int reset_cycles = 4;

void place(Bits& whole, int& at, const Bits& part, int width) {
  for (int bit = 0; bit < width; bit += 32) {
    const int chunk = std::min(32, width - bit);
    whole.set(at + bit, chunk, part.get(bit, chunk));
  }
  at += width;
}

int sum_bits(const Cases& cases, int (Case::*bits)() const) {
  int sum = 0;
  for (const auto& unit : cases) sum += ((*unit).*bits)();
  return sum;
}

}  // namespace

Run::Run(const Cases& cases, std::uint64_t seed)
    : stimulus(sum_bits(cases, &Case::input_bits)),
      expected(sum_bits(cases, &Case::output_bits)),
      compared(sum_bits(cases, &Case::output_bits)),
      cases_(cases),
      rng_(seed),
      pending_(cases.size()) {}

void Run::next() {
  reset = cycle_ < reset_cycles;
  stimulus.clear(), expected.clear(), compared.clear();
  int in = 0, out = 0;
  for (size_t n = 0; n < cases_.size(); ++n) {
    Case& unit = *cases_[n];
    Case::Cycle now(unit);
    if (!reset) {
      unit.cycle(rng_, now);
      pending_[n].push_back(now);
    }
    place(stimulus, in, now.inputs, unit.input_bits());
    if (cycle_ - reset_cycles >= unit.latency) {
      int same = out;
      place(expected, same, pending_[n].front().expected, unit.output_bits());
      same = out;
      place(compared, same, pending_[n].front().compared, unit.output_bits());
      pending_[n].pop_front();
    }
    out += unit.output_bits();
  }
  ++cycle_;
}

void write_files(const Cases& cases) {
  for (const auto& unit : cases)
    for (const auto& [name, text] : unit->files) {
      std::ofstream file(name, std::ios::binary);
      file << text;
      if (!file.flush()) throw Error(ExitCode::output, fmt::format("{}: cannot be written", name));
    }
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
    if (style == 0)
      words[n] = rng.below(2) ? top : -top - 1;
    else if (style == 1)
      words[n] = n % 2 ? -top - 1 : top;
    else
      words[n] = draw(rng, width);
  }
}

}  // namespace erngen::lattice
