#include "synth/design.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/module_name.hpp"
#include "bench/design_files.hpp"
#include "device/device_file.hpp"

namespace erngen {

SynthDesign read_design(const std::filesystem::path& directory, const std::string& device) {
  const auto file = directory / "manifest.json";
  if (!std::filesystem::is_directory(directory))
    throw bad_input(fmt::format("{}: no such directory", directory.string()),
                    "give the directory that 'erngen generate' wrote");
  const Json manifest = read_json(file.string());
  SynthDesign design;
  design.directory = std::filesystem::absolute(directory).lexically_normal();
  try {
    if (manifest.at("generator") != "erngen") throw bad_input(fmt::format("{}: not written by erngen", file.string()));
    design.top = manifest.at("top").get<std::string>();
    if (const std::string fault = module_name_fault(design.top); !fault.empty())
      throw bad_input(fmt::format("{}: \"top\" is '{}', not a module's name: {}", file.string(), design.top, fault),
                      "generate the design again");
    design.predicted = manifest.at("predicted");
    const std::string planned = design.predicted.at("device").get<std::string>();
    design.clock_mhz = design.predicted.at("clock_mhz").get<double>();
    design.cycles_per_frame = design.predicted.at("cycles_per_frame").get<double>();
    design.latency_cycles = design.predicted.at("latency_cycles").get<double>();
    design.device = !device.empty()               ? find_device(device)
                    : manifest.contains("device") ? device_from_json(manifest.at("device"), file.string())
                                                  : find_device(planned);
  } catch (const Json::exception& error) {
    throw bad_input(fmt::format("{}: {}", file.string(), error.what()), "generate the design again");
  }
  if (!(design.clock_mhz > 0 && design.cycles_per_frame > 0 && design.latency_cycles > 0))
    throw bad_input(fmt::format("{}: clock and cycles must be above 0", file.string()), "generate the design again");
  design.sources = design_files(directory);
  return design;
}

}  // namespace erngen
