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

/// What a run left of one layer: its sums, as the descriptions of its operations name them ("i"; "nh" of a GRU's
/// state), the vectors that its phases gave, and the cells that one of them keeps.
class LayerRun {
 public:
  LayerRun(const Graph<std::int32_t>& graph, int layer, const Recorder& recorder) {
    for (const auto& phase : graph.phases) {
      if (phase.layer != layer) continue;
      const Operation& operation = phase.operation();
      for (int g = 0; g < operation.gates; ++g)
        sums_.emplace(operation.gate_names[static_cast<size_t>(g)], recorder.at(sum_signal(layer, phase.op, g)));
      if (operation.keeps_cell) cell_ = recorder.at(cell_signal(layer));
      if (!operation.leaves_sums)
        vectors_.push_back(recorder.at(graph.vectors[static_cast<size_t>(phase.output)].name));
    }
  }
  const torch::Tensor& sum(const char* gate) const { return sums_.at(gate); }
  const torch::Tensor& cell() const { return cell_; }
  const torch::Tensor& first_vector() const { return vectors_.front(); }
  const torch::Tensor& output() const { return vectors_.back(); }

 private:
  std::map<std::string, torch::Tensor> sums_;
  std::vector<torch::Tensor> vectors_;
  torch::Tensor cell_;
};

torch::Tensor peephole_row(const std::vector<float>& values) { return torch::tensor(values); }

LstmSignals lstm_signals(const LstmLayer& layer, const LayerRun& run, const Packing& packing) {
  LstmSignals s;
  s.cell = run.cell();
  torch::Tensor i = run.sum("i").clone(), f = run.sum("f").clone(), o = run.sum("o").clone();
  if (layer.has_peephole()) {
    const torch::Tensor before = packing.delayed(s.cell);
    i += peephole_row(layer.peephole[0]) * before;
    f += peephole_row(layer.peephole[1]) * before;
    o += peephole_row(layer.peephole[2]) * s.cell;
  }
  const torch::Tensor& g = run.sum("g");
  s.gates = torch::cat(
      {i.sigmoid(), f.sigmoid(), layer.candidate == Nonlinearity::tanh ? g.tanh() : g.sigmoid(), o.sigmoid()}, 1);
  s.squashed = s.cell.tanh();
  s.hidden = run.first_vector();
  s.output = run.output();
  return s;
}

/// With reset before the product the first vector is r h(t-1).
GruSignals gru_signals(const GruLayer& layer, const LayerRun& run) {
  GruSignals s;
  s.output = run.output();
  const bool after = layer.reset == Reset::after;
  const torch::Tensor reset = run.sum("r").sigmoid();
  s.inner = after ? run.sum("nh") : run.first_vector();
  const torch::Tensor candidate = after ? run.sum("nx") + reset * s.inner : run.sum("n");
  s.gates = torch::cat({reset, run.sum("z").sigmoid(), candidate.tanh()}, 1);
  return s;
}

}  // namespace

FixedForward::FixedForward(const Network& network, const TrainingData& data, const TrainOptions& options)
    : data_(data), loss_(options.loss) {
  QuantiseOptions q;
  q.weight_width = options.weight_bits;
  q.activation_width = options.activation_bits;
  q.exact_widths = true;
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
  for (size_t n = 0; n < result.size(); ++n) {
    const Layer& layer = network.nodes[n].layer;
    const LayerRun run(q.graph, static_cast<int>(n), recorder);
    if (const auto* lstm = std::get_if<LstmLayer>(&layer))
      result[n].lstm = lstm_signals(*lstm, run, packing);
    else if (const auto* gru = std::get_if<GruLayer>(&layer))
      result[n].gru = gru_signals(*gru, run);
    else
      result[n].linear = run.output();
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
