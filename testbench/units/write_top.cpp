// Prints the generated Verilog top of a bench's cases; with --replay CYCLES, a run for lattice_tb.v instead:
// a line a cycle with the reset, the stimulus, the expected response and the compared bits, in hexadecimal.
// Mutants are not compared. The cases' memory images are written into the current directory.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "lattice.hpp"

using namespace erngen::lattice;

namespace {

std::string hex(const Bits& bits) {
  std::string text;
  for (size_t n = bits.words().size(); n-- > 0;) text += fmt::format("{:08x}", bits.words()[n]);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const Cases cases = make_cases();
  if (argc == 1) {
    fmt::print("{}", top_module(cases));
    return 0;
  }
  if (argc != 3 || std::strcmp(argv[1], "--replay")) return 2;
  write_files(cases);
  Run run(cases, 1);
  for (int cycle = std::atoi(argv[2]); cycle > 0; --cycle) {
    run.next();
    int at = 0;
    for (const auto& unit : cases) {
      for (int bit = 0; unit->mutant && bit < unit->output_bits(); ++bit) run.compared.set(at + bit, 1, 0);
      at += unit->output_bits();
    }
    fmt::print("{:x}{}{}{}\n", run.reset ? 1 : 0, hex(run.stimulus), hex(run.expected), hex(run.compared));
  }
  return 0;
}
