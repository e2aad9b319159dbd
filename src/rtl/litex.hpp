// A design as a module for LiteX.
#pragma once

#include "bench/bench_files.hpp"

namespace erngen {

/// litex/TOP_litex.py: src/rtl/systems/litex.py with this design's name and numbers.
GeneratedFile litex_module(const BenchShape& shape);

}  // namespace erngen
