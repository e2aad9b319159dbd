// Prints the generated Verilog top of a bench's cases.
#include <cstdio>

#include "lattice.hpp"

int main() {
  std::fputs(erngen::lattice::top_module(erngen::lattice::make_cases()).c_str(), stdout);
  return 0;
}
