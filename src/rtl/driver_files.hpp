// The part of the C driver that knows one design: its constant erngen_design (src/driver/erngen.h).
#pragma once

#include <cstdint>
#include <vector>

#include "base/json.hpp"
#include "bench/bench_files.hpp"

namespace erngen {

/// TOP_design.h and TOP_design.c, from the manifest; `version` is the register VERSION.
std::vector<GeneratedFile> driver_files(const Json& manifest, std::uint32_t version);

}  // namespace erngen
