#include "cell/fixed_run.hpp"

#include "cell/fixed_model.hpp"

namespace erngen {

FixedRun run_fixed(const QuantNetwork& network, const Array& x, const std::string& what,
                   const std::function<void(size_t, size_t)>& progress) {
  FixedRun run{Sequences(x, network.graph.input_size(), what), network.graph.output_size(), {}, {}, 0};
  const Format format = network.input_format();
  run.inputs.reserve(x.size());
  for (const float value : x.values) {
    const std::int64_t raw = quantise(value, format);
    if (raw != quantise(value, {62, format.fraction})) ++run.saturated;
    run.inputs.push_back(static_cast<std::int32_t>(raw));
  }
  const size_t features = run.shape.features, outputs = run.output_size;
  const size_t frames = static_cast<size_t>(run.shape.streams) * run.shape.frames;
  run.outputs.resize(frames * outputs);
  FixedModel model(network);
  for (size_t n = 0; n < frames; ++n) {
    if (n % run.shape.frames == 0) model.reset();
    model.step(std::span(run.inputs).subspan(n * features, features),
               std::span(run.outputs).subspan(n * outputs, outputs));
    if (progress) progress(n + 1, frames);
  }
  return run;
}

Array real_outputs(const FixedRun& run, const QuantNetwork& network) {
  Array y{run.shape.shape(run.output_size), {}};
  y.values.reserve(run.outputs.size());
  for (const std::int32_t raw : run.outputs)
    y.values.push_back(static_cast<float>(to_double(raw, network.output_format())));
  return y;
}

}  // namespace erngen
