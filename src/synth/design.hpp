// A generated design directory as the synthesis flows see it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "device/device.hpp"

namespace erngen {

struct SynthDesign {
  std::filesystem::path directory;
  std::string top;
  Device device;
  double clock_mhz = 0;  ///< that the plan assumed
  double cycles_per_frame = 0;
  double latency_cycles = 0;
  Json predicted;                    ///< the manifest's entry
  std::vector<std::string> sources;  ///< of rtl/files.f, relative to the directory
};

/// Reads DIR/manifest.json and DIR/rtl/files.f; `device` replaces the manifest's device unless empty. Throws
/// Error(bad_input) for a directory that erngen has not written or that misses a file, Error(usage) for an unknown
/// device.
SynthDesign read_design(const std::filesystem::path& directory, const std::string& device);

}  // namespace erngen
