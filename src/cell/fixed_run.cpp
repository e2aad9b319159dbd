#include "cell/fixed_run.hpp"

#include <algorithm>
#include <utility>

#include "cell/fixed_model.hpp"
#include "network/passes.hpp"

namespace erngen {

void quantise_frame(const QuantNetwork& network, std::span<const float> frame, std::span<std::int32_t> raw,
                    SaturationCount* count) {
  std::ranges::fill(raw, 0);
  for (int part = 0; part < network.graph.inputs; ++part) {
    const Vector& vector = network.graph.vectors[part];
    const Format format = network.part_format(part);
    for (auto n = static_cast<size_t>(vector.first); n < static_cast<size_t>(vector.first + vector.size); ++n) {
      const std::int64_t word = quantise(frame[n], format);
      raw[n] = static_cast<std::int32_t>(word);
      if (!count) continue;
      ++count->values;
      if (word != quantise(frame[n], {62, format.fraction})) ++count->saturated;
    }
  }
}

std::vector<float> real_values(std::span<const std::int32_t> outputs, Format format) {
  std::vector<float> values;
  values.reserve(outputs.size());
  for (const std::int32_t raw : outputs) values.push_back(static_cast<float>(to_double(raw, format)));
  return values;
}

FixedRun run_fixed(const QuantNetwork& network, const Sequences& x, const std::string& what,
                   const std::function<void(size_t, size_t)>& progress, InstructionSet set) {
  const Network& structure = network.structure;
  x.require_features(structure.input(), what);
  FixedRun run{x.lengths(),
               x.shape(structure.output()),
               network.graph.input_size(),
               network.graph.output_size(),
               structure.output(),
               {},
               {},
               {}};
  const auto inputs = static_cast<size_t>(run.input_size), outputs = static_cast<size_t>(run.output_size);
  run.inputs.resize(x.frames() * inputs);
  run.outputs.resize(x.frames() * outputs);
  SignalSaturation input{"input", false, {}};
  std::vector<SignalSaturation> saturations;
  const size_t total = x.frames() * static_cast<size_t>(structure.passes());
  size_t done = 0;
  const auto pass = [&](const Sequences& frames) {
    FixedModel model(network, set);
    input.count = {};
    size_t n = 0;
    for (const int length : frames.lengths()) {
      model.reset();
      for (const size_t end = n + static_cast<size_t>(length); n < end; ++n) {
        const auto raw = std::span(run.inputs).subspan(n * inputs, inputs);
        quantise_frame(network, frames.frame(n), raw, &input.count);
        model.step(raw, std::span(run.outputs).subspan(n * outputs, outputs));
        if (progress) progress(++done, total);
      }
    }
    saturations = model.saturations();
    return real_values(run.outputs, network.output_format());
  };
  pass(frames_of_last_pass(structure, x, pass));
  run.saturations.push_back(input);
  for (SignalSaturation& s : saturations) run.saturations.push_back(std::move(s));
  std::erase_if(run.saturations, [](const SignalSaturation& s) { return s.count.saturated == 0; });
  return run;
}

Array real_outputs(const FixedRun& run, const QuantNetwork& network) {
  return {run.shape, result_of(network.structure, run.lengths, real_values(run.outputs, network.output_format()))};
}

}  // namespace erngen
