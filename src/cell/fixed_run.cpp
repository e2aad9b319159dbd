#include "cell/fixed_run.hpp"

#include <utility>

#include "cell/fixed_model.hpp"

namespace erngen {

FixedRun run_fixed(const QuantNetwork& network, const Sequences& x, const std::string& what,
                   const std::function<void(size_t, size_t)>& progress) {
  x.require_features(network.graph.input_size(), what);
  const int output_size = network.graph.output_size();
  FixedRun run{x.lengths(), x.shape(output_size), output_size, {}, {}, {}};
  SignalSaturation input{"input", false, {0, static_cast<std::int64_t>(x.values().size())}};
  const Format format = network.input_format();
  run.inputs.reserve(x.values().size());
  for (const float value : x.values()) {
    const std::int64_t raw = quantise(value, format);
    if (raw != quantise(value, {62, format.fraction})) ++input.count.saturated;
    run.inputs.push_back(static_cast<std::int32_t>(raw));
  }
  const auto features = static_cast<size_t>(x.features()), outputs = static_cast<size_t>(output_size);
  run.outputs.resize(x.frames() * outputs);
  FixedModel model(network);
  size_t n = 0;
  for (const int length : x.lengths()) {
    model.reset();
    for (const size_t end = n + static_cast<size_t>(length); n < end; ++n) {
      model.step(std::span(run.inputs).subspan(n * features, features),
                 std::span(run.outputs).subspan(n * outputs, outputs));
      if (progress) progress(n + 1, x.frames());
    }
  }
  run.saturations.push_back(input);
  for (SignalSaturation& s : model.saturations()) run.saturations.push_back(std::move(s));
  std::erase_if(run.saturations, [](const SignalSaturation& s) { return s.count.saturated == 0; });
  return run;
}

Array real_outputs(const FixedRun& run, const QuantNetwork& network) {
  Array y{run.shape, {}};
  y.values.reserve(run.outputs.size());
  for (const std::int32_t raw : run.outputs)
    y.values.push_back(static_cast<float>(to_double(raw, network.output_format())));
  return y;
}

}  // namespace erngen
