// A cocotb bench of a design.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "bench/bench_files.hpp"

namespace erngen {

/// testbench/cocotb/{test_TOP.py, test_TOP.json, run.py}. `rounds` is a list of lists of {"stream", "input", "output"}:
/// one sequence for each of some streams, sent together, with the words of each frame.
std::vector<GeneratedFile> cocotb_files(const Json& manifest, const Json& rounds);

}  // namespace erngen
