#include "cell/graph.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "spectral/packing.hpp"

namespace erngen {

namespace {

SpectralMatrix<double> spectral(const BlockMatrix& matrix) {
  SpectralMatrix<double> result{matrix.rows, matrix.cols, matrix.block, {}};
  result.words.resize(matrix.columns.size());
  std::vector<double> column(matrix.block);
  for (size_t at = 0; at < matrix.columns.size(); at += matrix.block) {
    std::copy_n(matrix.columns.begin() + static_cast<std::ptrdiff_t>(at), matrix.block, column.begin());
    packed_spectrum(column.data(), result.words.data() + at, matrix.block);
  }
  return result;
}

/// Builds the graph layer by layer.
class Lowering {
 public:
  explicit Lowering(const Network& network) {
    current_ = add_vector("x", network.input(), false);
    for (const Layer& layer : network.layers) {
      std::visit([this](const auto& l) { lower_layer(l); }, layer);
      ++graph_.layers;
    }
  }

  Graph<double> take() { return std::move(graph_); }

 private:
  int add_vector(const std::string& name, int size, bool recurrent) {
    graph_.vectors.push_back({name, size, 0, recurrent, {}});
    return static_cast<int>(graph_.vectors.size()) - 1;
  }

  /// A term over `matrices`; registers the vector's transform.
  Term<double> term(int vector, bool previous, const std::string& family,
                    const std::vector<const BlockMatrix*>& matrices) {
    const BlockMatrix* first = matrices.front();
    auto& spectra = graph_.vectors[vector].spectra;
    auto found =
        std::find_if(spectra.begin(), spectra.end(), [&](const Spectrum& s) { return s.block == first->block; });
    if (found == spectra.end()) found = spectra.insert(spectra.end(), Spectrum{first->block, 0});
    Term<double> result{vector,   static_cast<int>(found - spectra.begin()),
                        previous, fmt::format("layers.{}.{}", graph_.layers, family),
                        0,        {}};
    for (const BlockMatrix* matrix : matrices) result.matrices.push_back(spectral(*matrix));
    return result;
  }

  /// Terms of equal block size share one accumulation.
  static std::vector<Part<double>> parts(std::vector<Term<double>> terms) {
    std::vector<Part<double>> result;
    for (auto& t : terms) {
      const int block = t.matrices.front().block;
      if (result.empty() || result.back().block != block) result.push_back({block, 0, {}});
      result.back().terms.push_back(std::move(t));
    }
    return result;
  }

  Phase<double>& add_phase(Op op, int size, std::vector<Term<double>> terms, int output) {
    Phase<double> phase;
    phase.op = op;
    phase.layer = graph_.layers;
    phase.size = size;
    phase.parts = parts(std::move(terms));
    phase.output = output;
    graph_.phases.push_back(std::move(phase));
    return graph_.phases.back();
  }

  static std::vector<double> widen(const std::vector<float>& values) { return {values.begin(), values.end()}; }

  void lower_layer(const LstmLayer& layer) {
    const int hidden_vector =
        add_vector(fmt::format("{}{}", layer.projection ? "m" : "h", graph_.layers), layer.hidden, !layer.projection);
    const int output =
        layer.projection ? add_vector(fmt::format("y{}", graph_.layers), layer.output(), true) : hidden_vector;
    std::vector<const BlockMatrix*> input, recurrent;
    for (int gate = 0; gate < 4; ++gate) {
      input.push_back(&layer.input_weights[gate]);
      recurrent.push_back(&layer.recurrent_weights[gate]);
    }
    auto& phase =
        add_phase(Op::lstm, layer.hidden,
                  {term(current_, false, "input", input), term(output, true, "recurrent", recurrent)}, hidden_vector);
    phase.candidate = layer.candidate;
    if (layer.has_bias())
      for (const auto& bias : layer.bias) phase.bias.push_back(widen(bias));
    if (layer.has_peephole())
      for (const auto& peephole : layer.peephole) phase.peephole.push_back(widen(peephole));
    if (layer.projection)
      add_phase(Op::linear, layer.output(), {term(hidden_vector, false, "projection", {&*layer.projection})}, output);
    current_ = output;
  }

  void lower_layer(const GruLayer& layer) {
    using G = GruLayer;
    const auto& w = layer.input_weights;
    const auto& u = layer.recurrent_weights;
    if (layer.reset == Reset::after) {
      const int h = add_vector(fmt::format("h{}", graph_.layers), layer.hidden, true);
      auto& from_input = add_phase(Op::gru_after_input, layer.hidden, {term(current_, false, "input", {&w[G::n]})}, h);
      if (layer.has_bias()) from_input.bias = {widen(layer.bias[G::n])};
      auto& from_state = add_phase(Op::gru_after_state, layer.hidden, {term(h, true, "recurrent", {&u[G::n]})}, h);
      if (layer.has_bias()) from_state.bias = {widen(layer.bias_hn)};
      auto& phase = add_phase(
          Op::gru_after, layer.hidden,
          {term(current_, false, "input", {&w[G::r], &w[G::z]}), term(h, true, "recurrent", {&u[G::r], &u[G::z]})}, h);
      if (layer.has_bias()) phase.bias = {widen(layer.bias[G::r]), widen(layer.bias[G::z])};
      phase.state = h;
      current_ = h;
      return;
    }
    const int s = add_vector(fmt::format("s{}", graph_.layers), layer.hidden, false);
    const int h = add_vector(fmt::format("h{}", graph_.layers), layer.hidden, true);
    auto& gates = add_phase(
        Op::gru_before_gates, layer.hidden,
        {term(current_, false, "input", {&w[G::r], &w[G::z]}), term(h, true, "recurrent", {&u[G::r], &u[G::z]})}, s);
    gates.state = h;
    if (layer.has_bias()) gates.bias = {widen(layer.bias[G::r]), widen(layer.bias[G::z])};
    auto& output = add_phase(Op::gru_before_output, layer.hidden,
                             {term(current_, false, "input", {&w[G::n]}), term(s, false, "recurrent", {&u[G::n]})}, h);
    output.state = h;
    if (layer.has_bias()) output.bias = {widen(layer.bias[G::n])};
    current_ = h;
  }

  void lower_layer(const DenseLayer& layer) {
    const int y = add_vector(fmt::format("y{}", graph_.layers), layer.output(), false);
    auto& phase = add_phase(Op::linear, layer.output(), {term(current_, false, "weight", {&layer.weights})}, y);
    if (!layer.bias.empty()) phase.bias = {widen(layer.bias)};
    current_ = y;
  }

  Graph<double> graph_;
  int current_ = 0;
};

}  // namespace

const char* op_name(Op op) {
  switch (op) {
    case Op::lstm: return "lstm";
    case Op::gru_before_gates: return "gru_before_gates";
    case Op::gru_before_output: return "gru_before_output";
    case Op::gru_after: return "gru_after";
    case Op::linear: return "linear";
    case Op::gru_after_input: return "gru_after_input";
    case Op::gru_after_state: return "gru_after_state";
  }
  return "";
}

int gate_count(Op op) {
  switch (op) {
    case Op::lstm: return 4;
    case Op::gru_before_gates:
    case Op::gru_after: return 2;
    case Op::gru_before_output:
    case Op::gru_after_input:
    case Op::gru_after_state:
    case Op::linear: return 1;
  }
  return 0;
}

const char* gate_name(Op op, int gate) {
  static constexpr const char* names[op_count][4] = {{"i", "f", "g", "o"}, {"r", "z", "", ""}, {"n", "", "", ""},
                                                     {"r", "z", "", ""},   {"y", "", "", ""},  {"nx", "", "", ""},
                                                     {"nh", "", "", ""}};
  return names[static_cast<int>(op)][gate];
}

Graph<double> lower(const Network& network) { return Lowering(network).take(); }

}  // namespace erngen
