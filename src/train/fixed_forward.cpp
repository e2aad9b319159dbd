#include "train/fixed_forward.hpp"

#include <map>
#include <string>

#include <ATen/ATen.h>

#include "cell/fixed_model.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quantiser.hpp"
#include "cell/real_model.hpp"
#include "cell/requantise.hpp"
#include "train/loss.hpp"

namespace erngen {
namespace {

/// Where the observed signals of a run go: a tensor [rows, width] for each name.
class Recorder {
 public:
  explicit Recorder(std::int64_t rows) : rows_(rows) {}
  void want(const std::string& name, std::int64_t width) { tensors_.emplace(name, torch::zeros({rows_, width})); }
  void record(const std::string& name, std::span<const double> values, std::int64_t row) {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) return;
    float* to = found->second.data_ptr<float>() + row * found->second.size(1);
    for (size_t n = 0; n < values.size(); ++n) to[n] = static_cast<float>(values[n]);
  }
  const torch::Tensor& at(const std::string& name) const { return tensors_.at(name); }

 private:
  std::int64_t rows_;
  std::map<std::string, torch::Tensor> tensors_;
};

torch::Tensor peephole_row(const std::vector<float>& values) { return torch::tensor(values); }

LstmSignals lstm_signals(const LstmLayer& layer, int n, const Recorder& r, const QuantNetwork& network, int output,
                         const Packing& packing) {
  const auto z = [&](int gate) { return r.at(sum_signal(n, Op::lstm, gate)).clone(); };
  LstmSignals s;
  s.cell = r.at(cell_signal(n));
  torch::Tensor i = z(0), f = z(1), g = z(2), o = z(3);
  if (layer.has_peephole()) {
    const torch::Tensor before = packing.delayed(s.cell);
    i += peephole_row(layer.peephole[0]) * before;
    f += peephole_row(layer.peephole[1]) * before;
    o += peephole_row(layer.peephole[2]) * s.cell;
  }
  s.gates = torch::cat(
      {i.sigmoid(), f.sigmoid(), layer.candidate == Nonlinearity::tanh ? g.tanh() : g.sigmoid(), o.sigmoid()}, 1);
  s.squashed = s.cell.tanh();
  s.output = r.at(network.graph.vectors[static_cast<size_t>(output)].name);
  s.hidden = layer.projection ? r.at("m" + std::to_string(n)) : s.output;
  return s;
}

GruSignals gru_signals(const GruLayer& layer, int n, const Recorder& r) {
  GruSignals s;
  s.output = r.at("h" + std::to_string(n));
  if (layer.reset == Reset::after) {
    const torch::Tensor reset = r.at(sum_signal(n, Op::gru_after, 0)).sigmoid();
    s.inner = r.at(sum_signal(n, Op::gru_after_state, 0));
    s.gates = torch::cat({reset, r.at(sum_signal(n, Op::gru_after, 1)).sigmoid(),
                          (r.at(sum_signal(n, Op::gru_after_input, 0)) + reset * s.inner).tanh()},
                         1);
  } else {
    s.inner = r.at("s" + std::to_string(n));
    s.gates = torch::cat(
        {r.at(sum_signal(n, Op::gru_before_gates, 0)).sigmoid(), r.at(sum_signal(n, Op::gru_before_gates, 1)).sigmoid(),
         r.at(sum_signal(n, Op::gru_before_output, 0)).tanh()},
        1);
  }
  return s;
}

}  // namespace

FixedForward::FixedForward(const Network& network, const TrainingData& data, const TrainOptions& options)
    : data_(data), loss_(options.loss) {
  QuantiseOptions q;
  q.weight_width = options.weight_bits;
  q.activation_width = options.activation_bits;
  formats_ = quantise(network, calibration_features(data), q, nullptr);
}

QuantNetwork FixedForward::quantised(const Network& network) const { return requantise(network, formats_); }

std::vector<GivenSignals> FixedForward::signals(const Network& network, const torch::Tensor& x,
                                                const Packing& packing) const {
  const QuantNetwork q = quantised(network);
  Recorder recorder(packing.rows());
  for (const auto& phase : q.graph.phases) {
    for (int g = 0; g < gate_count(phase.op); ++g) recorder.want(sum_signal(phase.layer, phase.op, g), phase.size);
    if (phase.operation().keeps_cell) recorder.want(cell_signal(phase.layer), phase.size);
    recorder.want(q.graph.vectors[static_cast<size_t>(phase.output)].name, phase.size);
  }
  FixedModel model(q);
  std::int64_t row = 0;
  model.observe([&](const std::string& name, std::span<const double> values) { recorder.record(name, values, row); });
  std::vector<std::int32_t> raw(static_cast<size_t>(x.size(1))), y(static_cast<size_t>(q.graph.output_size()));
  for (std::int64_t b = 0; b < packing.sequences(); ++b) {
    model.reset();
    for (std::int64_t t = 0; t < packing.frames() && b < packing.active(t); ++t) {
      row = packing.offset(t) + b;
      const float* from = x.data_ptr<float>() + row * x.size(1);
      for (size_t n = 0; n < raw.size(); ++n) raw[n] = static_cast<std::int32_t>(quantise(from[n], q.input_format()));
      model.step(raw, y);
    }
  }
  std::vector<GivenSignals> result(network.nodes.size());
  for (const auto& phase : q.graph.phases) {  // the last phase of a layer gives its output
    if (phase.operation().leaves_sums) continue;
    const auto n = static_cast<size_t>(phase.layer);
    const Layer& layer = network.nodes[n].layer;
    if (const auto* lstm = std::get_if<LstmLayer>(&layer))
      result[n].lstm = lstm_signals(*lstm, phase.layer, recorder, q, phase.output, packing);
    else if (const auto* gru = std::get_if<GruLayer>(&layer))
      result[n].gru = gru_signals(*gru, phase.layer, recorder);
    else
      result[n].linear = recorder.at(q.graph.vectors[static_cast<size_t>(phase.output)].name);
  }
  return result;
}

double FixedForward::error_rate(const Network& network) const {
  const QuantNetwork q = quantised(network);
  ErrorCount errors;
  for (const Example& e : data_.validation())
    errors += example_errors(real_outputs(run_fixed(q, e.features), q), e, data_, loss_);
  return errors.rate();
}

}  // namespace erngen
