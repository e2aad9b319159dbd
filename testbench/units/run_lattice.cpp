// Runs a bench's cases in Verilator: lattice [--cycles N] [--seed N] [--dump FILE].
//
// Exit status 0 only when every case agrees with its model in every compared bit and every mutant differs at
// least once. --dump also writes the run for lattice_tb.v: a line a cycle with the stimulus, the expected
// response and the compared bits, in hexadecimal.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>

#include <fmt/format.h>
#include <verilated.h>

#include "Vlattice.h"
#include "lattice.hpp"

using namespace erngen;
using namespace erngen::lattice;

namespace {

constexpr int reset_cycles = 4;

/// The words of a Verilated port, whatever its width.
template <class Signal>
std::uint32_t* words_of(Signal& signal) {
  if constexpr (std::is_integral_v<Signal>) return reinterpret_cast<std::uint32_t*>(&signal);
  else return &signal[0];
}

void place(Bits& whole, int& at, const Bits& part, int width) {
  for (int bit = 0; bit < width; bit += 32) {
    const int chunk = std::min(32, width - bit);
    whole.set(at + bit, chunk, part.get(bit, chunk));
  }
  at += width;
}

std::string hex(const Bits& bits) {
  std::string text;
  for (size_t n = bits.words().size(); n-- > 0;) text += fmt::format("{:08x}", bits.words()[n]);
  return text;
}

struct Running {
  std::deque<Case::Cycle> pending;
  long compared = 0;
  long mismatches = 0;
  std::string first;
};

/// Compares one case's outputs, port by port, and notes the first difference.
void compare(const Case& unit, const Case::Cycle& due, const Bits& response, int at, int cycle, Running& state) {
  bool same = true;
  const int width = unit.output_bits();
  for (int bit = 0; bit < width; bit += 32) {
    const int chunk = std::min(32, width - bit);
    const auto mask = static_cast<std::uint32_t>(due.compared.get(bit, chunk));
    const auto difference = static_cast<std::uint32_t>(response.get(at + bit, chunk) ^ due.expected.get(bit, chunk)) & mask;
    if (mask) ++state.compared;
    if (!difference) continue;
    if (same && state.mismatches == 0) {
      const int wrong = bit + __builtin_ctz(difference);
      int begin = 0;
      for (const Port& port : unit.outputs) {
        if (wrong < begin + port.width) {
          state.first = fmt::format("cycle {}, {}[{}]", cycle, port.name, wrong - begin);
          break;
        }
        begin += port.width;
      }
    }
    same = false;
  }
  if (!same) ++state.mismatches;
}

}  // namespace

int main(int argc, char** argv) {
  int cycles = 2000;
  std::uint64_t seed = 1;
  std::FILE* dump = nullptr;
  for (int n = 1; n + 1 < argc; n += 2) {
    if (!std::strcmp(argv[n], "--cycles")) cycles = std::atoi(argv[n + 1]);
    else if (!std::strcmp(argv[n], "--seed")) seed = std::strtoull(argv[n + 1], nullptr, 10);
    else if (!std::strcmp(argv[n], "--dump")) dump = std::fopen(argv[n + 1], "w");
    else return 2;
  }
  const Cases cases = make_cases();
  int stimulus_bits = 0, response_bits = 0;
  for (const auto& unit : cases) stimulus_bits += unit->input_bits(), response_bits += unit->output_bits();

  for (const auto& unit : cases) {
    for (const auto& [name, text] : unit->files) {
      std::FILE* file = std::fopen(name.c_str(), "w");
      if (!file) return 2;
      fmt::print(file, "{}", text);
      std::fclose(file);
    }
  }

  VerilatedContext context;
  Vlattice top(&context);
  Rng rng(seed);
  std::vector<Running> running(cases.size());
  Bits stimulus(stimulus_bits), response(response_bits), expected(response_bits), compared(response_bits);
  top.clk = 0;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    const bool reset = cycle < reset_cycles;
    stimulus.clear(), expected.clear(), compared.clear();
    int in = 0;
    for (size_t n = 0; n < cases.size(); ++n) {
      Case::Cycle now(*cases[n]);
      if (!reset) {
        cases[n]->cycle(rng, now);
        running[n].pending.push_back(now);
      }
      place(stimulus, in, now.inputs, cases[n]->input_bits());
    }
    top.rst_i = reset;
    std::copy(stimulus.words().begin(), stimulus.words().end(), words_of(top.stimulus_i));
    top.eval();
    std::copy_n(words_of(top.response_o), response.words().size(), response.words().begin());
    int out = 0;
    for (size_t n = 0; n < cases.size(); ++n) {
      const int begin = out;
      Case::Cycle nothing(*cases[n]);
      const bool due = cycle - reset_cycles >= cases[n]->latency;
      const Case::Cycle& expects = due ? running[n].pending.front() : nothing;
      if (due) compare(*cases[n], expects, response, begin, cycle, running[n]);
      const Bits empty(cases[n]->output_bits());
      int same_place = out;
      place(expected, out, expects.expected, cases[n]->output_bits());
      place(compared, same_place, cases[n]->mutant ? empty : expects.compared, cases[n]->output_bits());
      if (due) running[n].pending.pop_front();
    }
    if (dump) fmt::print(dump, "{:x}{}{}{}\n", reset ? 1 : 0, hex(stimulus), hex(expected), hex(compared));
    top.clk = 1;
    top.eval();
    top.clk = 0;
    top.eval();
  }
  if (dump) std::fclose(dump);

  bool good = true;
  long words = 0;
  for (size_t n = 0; n < cases.size(); ++n) {
    const bool fine = (running[n].mismatches > 0) == cases[n]->mutant && running[n].compared > 0;
    good = good && fine;
    words += running[n].compared;
    if (!fine)
      fmt::print("WRONG {}: {} mismatches, first at {}\n", cases[n]->title(), running[n].mismatches, running[n].first);
  }
  fmt::print("{} cases, seed {}, {} cycles, {} words compared: {}\n", cases.size(), seed, cycles, words, good ? "good" : "wrong");
  return good ? 0 : 1;
}
