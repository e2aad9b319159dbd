#include "design/simulation_vectors.hpp"

#include <algorithm>

#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "network/passes.hpp"
#include "simulate/simulate.hpp"

namespace erngen {
namespace {

/// Frames of zeros that each stream lacks to the longest, fewest frames first: interleave() gives them to these
/// streams.
std::vector<int> missing_frames(const std::vector<int>& lengths, int streams) {
  std::vector<int> totals(static_cast<size_t>(streams));
  for (const int length : lengths) *std::ranges::min_element(totals) += length;
  std::ranges::sort(totals);
  std::vector<int> missing;
  for (const int total : totals)
    if (total < totals.back()) missing.push_back(totals.back() - total);
  return missing;
}

void append(FixedRun& run, const FixedRun& more) {
  run.lengths.insert(run.lengths.end(), more.lengths.begin(), more.lengths.end());
  run.inputs.insert(run.inputs.end(), more.inputs.begin(), more.inputs.end());
  run.outputs.insert(run.outputs.end(), more.outputs.begin(), more.outputs.end());
}

}  // namespace

SimulationVectors simulation_vectors(const std::filesystem::path& design, const Sequences& x,
                                     const std::string& x_name) {
  const BenchShape shape = design_shape(design);
  const QuantNetwork network = read_quant_network(design / "network.safetensors");
  FixedRun run = run_fixed(network, x, x_name);
  int padding = 0;
  if (shape.protocol.rounds(shape.streams))
    for (const int frames : missing_frames(run.lengths, shape.streams)) {
      const int size = frames * x.features();
      append(run,
             run_fixed(network, Sequences({{frames, x.features()}, std::vector<float>(static_cast<size_t>(size))})));
      ++padding;
    }
  OutputForm form(network.structure, network.metadata);
  form.last = form.last || shape.protocol.ends_only;
  return {std::move(run.lengths),
          shape.streams,
          padding,
          run.input_size,
          run.output_size,
          network.structure,
          std::move(form),
          network.output_format(),
          std::move(run.inputs),
          std::move(run.outputs),
          std::move(run.saturations)};
}

Stimulus SimulationVectors::stimulus() const {
  return interleave(streams, lengths, input_size, output_size, inputs, expected);
}

std::vector<float> SimulationVectors::real_outputs(const Stimulus& sent, std::span<const std::int32_t> outputs) const {
  std::vector<std::int32_t> raw = in_given_order(sent, outputs);
  for (int n = 0; n < padding; ++n)
    raw.resize(raw.size() - static_cast<size_t>(lengths[lengths.size() - 1 - static_cast<size_t>(n)] * output_size));
  const std::vector<int> own(lengths.begin(), lengths.end() - padding);
  return result_of(structure, own, real_values(raw, output_format));
}

}  // namespace erngen
