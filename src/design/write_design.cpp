#include "design/write_design.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/random.hpp"
#include "cell/fixed_run.hpp"
#include "device/device_file.hpp"
#include "rtl/generate.hpp"
#include "simulate/stimulus.hpp"

namespace erngen {
namespace {

constexpr int example_frames = 3;  ///< of each stream, sent by the core file's target sim

/// Seeded frames over the whole range of the input's format.
Array random_frames(const QuantNetwork& network, std::vector<int> shape, Rng& random) {
  const double range = std::ldexp(1.0, network.input_format().width - 1 - network.input_format().fraction);
  Array x{std::move(shape), {}};
  const int count = std::accumulate(x.shape.begin(), x.shape.end(), 1, std::multiplies<>());
  for (int n = 0; n < count; ++n) x.values.push_back(static_cast<float>((2 * random.uniform() - 1) * range));
  return x;
}

/// Such frames, and what the fixed-point model makes of them.
std::vector<GeneratedFile> example(const QuantNetwork& network, int streams) {
  Rng random(1);
  const int features = network.structure.input();
  const FixedRun run =
      run_fixed(network, random_frames(network, {streams, example_frames, features}, random), "example");
  return hex_files(interleave(streams, run.lengths, run.input_size, run.output_size, run.inputs, run.outputs));
}

/// For cocotb_files(): in each round a sequence for every stream, of different lengths where the streams' sequences can
/// end independently.
Json cocotb_rounds(const QuantNetwork& network, int streams, const StreamProtocol& protocol) {
  constexpr std::array lengths{4, 1, 3};
  const bool equal = protocol.sequence_end == SequenceEnd::frames || protocol.rounds(streams);
  Rng random(2);
  const int features = network.structure.input();
  const auto rows = [](const std::vector<std::int32_t>& words, int columns) {
    Json json = Json::array();
    for (auto at = words.begin(); at != words.end(); at += columns) json.push_back(std::vector(at, at + columns));
    return json;
  };
  Json rounds = Json::array();
  for (size_t round = 0; round < lengths.size(); ++round) {
    Json sequences = Json::array();
    for (int stream = 0; stream < streams; ++stream) {
      const int length = lengths[(round + (equal ? 0 : static_cast<size_t>(stream))) % lengths.size()];
      const FixedRun run = run_fixed(network, random_frames(network, {length, features}, random), "example");
      sequences.push_back({{"stream", stream},
                           {"input", rows(run.inputs, run.input_size)},
                           {"output", rows(run.outputs, run.output_size)}});
    }
    rounds.push_back(std::move(sequences));
  }
  return rounds;
}

/// The device's family as Edalize's Yosys backend calls it; empty for those that it does not know.
std::string architecture(Family family) {
  switch (family) {
    case Family::series7:
    case Family::ultrascale:
    case Family::ultrascale_plus: return "xilinx";
    case Family::ecp5: return "ecp5";
    case Family::ice40: return "ice40";
    case Family::cyclone5:
    case Family::generic: break;
  }
  return "";
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
  if (request.cocotb) full.cocotb_rounds = cocotb_rounds(network, plan.shape.contexts, plan.protocol);
  full.architecture = architecture(device.family);
  if (!device.listed) full.device = device_to_json(device);
  if (full.architecture == "xilinx") full.part = device.part;
  full.examples = example(network, plan.shape.contexts);
  full.example_frames = example_frames * plan.shape.contexts;
  generate(network, plan, full, directory);
}

}  // namespace erngen
