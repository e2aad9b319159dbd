// All that `erngen generate` writes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "device/device.hpp"
#include "plan/plan.hpp"

namespace erngen {

struct DesignRequest {
  std::string top = "erngen_accelerator";  ///< name of the top module, a Verilog identifier
  std::string prefix = {};                 ///< of all other modules; empty: the top's name and _
  std::string version = {};                ///< of erngen, "major.minor.patch"
  std::string command = {};                ///< for the headers of the files: what makes this design again
  std::vector<std::string> wrappers = {};  ///< of wrapper_names()
  bool cocotb = false;                     ///< with a cocotb bench
};

/// generate(), with seeded example frames for the design's own testbench and the names that the device has in synthesis
/// tools. Throws as generate().
void write_design(const QuantNetwork& network, const Plan& plan, const Device& device, const DesignRequest& request,
                  const std::filesystem::path& directory);

}  // namespace erngen
