#include "design/write_design.hpp"

#include <cmath>

#include "base/random.hpp"
#include "cell/fixed_run.hpp"
#include "device/device_file.hpp"
#include "rtl/generate.hpp"
#include "simulate/stimulus.hpp"

namespace erngen {
namespace {

constexpr int example_frames = 3;  ///< of each stream, sent by the core file's target sim

/// Seeded input over the whole range of its format, and what the fixed-point model makes of it.
std::vector<GeneratedFile> example(const QuantNetwork& network, int streams) {
  Rng random(1);
  const int size = network.graph.input_size();
  Array x{{streams, example_frames, size}, {}};
  const double range = std::ldexp(1.0, network.input_format().width - 1 - network.input_format().fraction);
  for (int n = 0; n < streams * example_frames * size; ++n)
    x.values.push_back(static_cast<float>((2 * random.uniform() - 1) * range));
  const FixedRun run = run_fixed(network, x, "example");
  return hex_files(interleave(streams, run.lengths, size, run.output_size, run.inputs, run.outputs));
}

/// The device's family as Edalize's Yosys backend calls it.
std::string architecture(Family family) {
  return family == Family::ecp5 ? "ecp5" : family == Family::ice40 ? "ice40" : "xilinx";
}

}  // namespace

void write_design(const QuantNetwork& network, const Plan& plan, const Device& device, const DesignRequest& request,
                  const std::filesystem::path& directory) {
  GenerateRequest full;
  full.top = request.top;
  full.prefix = request.prefix;
  full.version = request.version;
  full.command = request.command;
  full.wrappers = request.wrappers;
  full.architecture = architecture(device.family);
  if (!device.listed) full.device = device_to_json(device);
  if (full.architecture == "xilinx") full.part = device.part;
  full.examples = example(network, plan.shape.contexts);
  full.example_frames = example_frames * plan.shape.contexts;
  generate(network, plan, full, directory);
}

}  // namespace erngen
