// Runs a bench's cases in Verilator: lattice [--cycles N] [--seed N].
//
// Exit status 0 only when every case agrees with its model in every compared bit and every mutant differs at
// least once.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/format.h>
#include <verilated.h>

#include "Vlattice.h"
#include "lattice.hpp"

using namespace erngen::lattice;

namespace {

/// The words of a Verilated port, whatever its width.
template <class Signal>
std::uint32_t* words_of(Signal& signal) {
  if constexpr (std::is_integral_v<Signal>)
    return reinterpret_cast<std::uint32_t*>(&signal);
  else
    return &signal[0];
}

struct Verdict {
  long compared = 0;    ///< words of up to 32 bits
  long mismatches = 0;  ///< cycles with a difference
  std::string first;    ///< where the first one is
};

/// "port[bit]" of bit `at` of the unit's outputs.
std::string output_name(const Case& unit, int at) {
  for (const Port& port : unit.outputs) {
    if (at < port.width) return fmt::format("{}[{}]", port.name, at);
    at -= port.width;
  }
  return "?";
}

/// Compares the unit's outputs, which lie at bit `at` of the response.
void compare(const Case& unit, const Run& run, const Bits& response, int at, int cycle, Verdict& verdict) {
  bool same = true;
  for (int bit = 0; bit < unit.output_bits(); bit += 32) {
    const int chunk = std::min(32, unit.output_bits() - bit);
    const auto mask = static_cast<std::uint32_t>(run.compared.get(at + bit, chunk));
    if (mask == 0) continue;
    ++verdict.compared;
    const auto difference =
        static_cast<std::uint32_t>(response.get(at + bit, chunk) ^ run.expected.get(at + bit, chunk)) & mask;
    if (difference == 0) continue;
    if (same && verdict.mismatches == 0)
      verdict.first = fmt::format("cycle {}, {}", cycle, output_name(unit, bit + __builtin_ctz(difference)));
    same = false;
  }
  if (!same) ++verdict.mismatches;
}

}  // namespace

int main(int argc, char** argv) {
  int cycles = 2000;
  std::uint64_t seed = 1;
  for (int n = 1; n + 1 < argc; n += 2) {
    if (!std::strcmp(argv[n], "--cycles"))
      cycles = std::atoi(argv[n + 1]);
    else if (!std::strcmp(argv[n], "--seed"))
      seed = std::strtoull(argv[n + 1], nullptr, 10);
    else
      return 2;
  }
  const Cases cases = make_cases();
  write_files(cases);
  VerilatedContext context;
  Vlattice top(&context);
  Run run(cases, seed);
  Bits response = run.expected;
  std::vector<Verdict> verdicts(cases.size());
  top.clk = 0;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    run.next();
    top.rst_i = run.reset;
    std::copy(run.stimulus.words().begin(), run.stimulus.words().end(), words_of(top.stimulus_i));
    top.eval();
    std::copy_n(words_of(top.response_o), response.words().size(), response.words().begin());
    int at = 0;
    for (size_t n = 0; n < cases.size(); ++n) {
      compare(*cases[n], run, response, at, cycle, verdicts[n]);
      at += cases[n]->output_bits();
    }
    top.clk = 1;
    top.eval();
    top.clk = 0;
    top.eval();
  }

  bool good = true;
  long words = 0;
  for (size_t n = 0; n < cases.size(); ++n) {
    const Verdict& verdict = verdicts[n];
    const bool fine = (verdict.mismatches > 0) == cases[n]->mutant && verdict.compared > 0;
    good = good && fine;
    words += verdict.compared;
    if (!fine)
      fmt::print("WRONG {}: {} mismatches, first at {}\n", cases[n]->title(), verdict.mismatches, verdict.first);
  }
  fmt::print("{} cases, seed {}, {} cycles, {} words compared: {}\n", cases.size(), seed, cycles, words,
             good ? "good" : "wrong");
  return good ? 0 : 1;
}
