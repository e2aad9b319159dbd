#include "erngen/accelerator.hpp"

#include "base/json.hpp"
#include "design/write_design.hpp"
#include "device/device.hpp"
#include "rtl/generate.hpp"

namespace erngen {

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (const Device& device : devices()) names.push_back(device.name);
  return names;
}

Prediction Accelerator::prediction() const {
  const Plan& p = *plan_;
  return {p.cycles_per_frame,
          p.shape.frames,
          p.latency_cycles,
          p.clock_mhz * 1e6 / p.cycles_per_frame,
          p.latency_cycles / p.clock_mhz,
          p.resources.dsp,
          p.resources.bram36,
          p.resources.lut,
          p.resources.ff,
          p.roofline_cycles};
}

std::string Accelerator::report() const { return json_text(plan_json(*plan_)); }

void Accelerator::write(const std::filesystem::path& directory, const std::string& name) const {
  write_design(*network_, *plan_, *device_,
               {.top = name, .version = ERNGEN_VERSION, .command = "erngen generate network.safetensors " + arguments_},
               directory);
}

}  // namespace erngen
