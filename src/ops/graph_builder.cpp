#include "ops/graph_builder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "ops/lowering.hpp"
#include "ops/selection.hpp"
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

/// Terms of equal block size share one accumulation.
std::vector<Part<double>> parts(std::vector<Term<double>> terms) {
  std::vector<Part<double>> result;
  for (auto& t : terms) {
    const int block = t.matrices.front().block;
    auto part = std::find_if(result.begin(), result.end(), [&](const auto& p) { return p.block == block; });
    if (part == result.end()) part = result.insert(result.end(), {block, 0, {}});
    part->terms.push_back(std::move(t));
  }
  return result;
}

bool is_hard_tanh(const Activation& f) { return f == Activation(Nonlinearity::clip, -1, 1); }

std::vector<double> zeros(int size) { return std::vector<double>(static_cast<size_t>(size)); }

}  // namespace

bool is_sigmoid(const Activation& f) { return f == Nonlinearity::sigmoid || f.kind == Nonlinearity::hard_sigmoid; }

void rescale(Phase<double>& phase, const SumScale& argument, std::initializer_list<int> gates) {
  if (argument.factor == 1 && argument.offset == 0) return;
  if (phase.bias.empty()) phase.bias.assign(static_cast<size_t>(gate_count(phase.op)), zeros(phase.size));
  const auto bring = [&](std::vector<double>& sums) {
    for (double& b : sums) b = b * argument.factor + argument.offset;
  };
  for (const int gate : gates) {
    for (auto& part : phase.parts)
      for (auto& term : part.terms)
        for (double& word : term.matrices[static_cast<size_t>(gate)].words) word *= argument.factor;
    bring(phase.bias[static_cast<size_t>(gate)]);
    if (!phase.first_bias.empty()) bring(phase.first_bias[static_cast<size_t>(gate)]);
  }
  for (auto& peephole : phase.peephole)
    for (double& p : peephole) p *= argument.factor;
}

void add_product(const BlockMatrix& matrix, const std::vector<float>& state, std::vector<double>& sum) {
  for (int row = 0; !matrix.columns.empty() && row < matrix.rows; ++row)
    for (int column = 0; column < matrix.cols; ++column)
      sum[static_cast<size_t>(row)] +=
          static_cast<double>(matrix.element(row, column)) * static_cast<double>(state[static_cast<size_t>(column)]);
}

void begin_products(Phase<double>& phase, const Matrices& matrices, const std::vector<float>& state) {
  for (size_t g = 0; !state.empty() && g < matrices.size(); ++g) {
    phase.first_bias.push_back(phase.bias.empty() ? zeros(phase.size) : phase.bias[g]);
    add_product(*matrices[g], state, phase.first_bias.back());
  }
}

GraphBuilder::GraphBuilder(const Network& network) : network_(network), heads_(network.outputs.size() > 1) {
  find_merged();
  choose_tanh();
  const std::vector<FramePart> parts = network.frame_parts();
  const std::vector<int> offsets = network.frame_offsets();
  graph_.inputs = static_cast<int>(parts.size());
  for (int part = 0; part < graph_.inputs; ++part) {
    const auto at = static_cast<size_t>(part);
    vector_of_[Node::part(part)] = add_vector(part == 0 ? "x" : fmt::format("x{}", part), parts[at].size, false);
    graph_.vectors.back().first = offsets[at];
  }
  for (; index_ < static_cast<int>(network.nodes.size()); ++index_)
    if (!merged_.contains(index_))
      std::visit([this](const auto& layer) { vector_of_[index_] = lower_layer(*this, layer); }, node().layer);
  --index_;
  if (heads_) lower_outputs();
  graph_.layers = static_cast<int>(network.nodes.size()) + helper_phases_;
}

void GraphBuilder::refuse(const std::string& what, const std::string& way_out) const {
  throw unsupported(fmt::format("layers.{}{}: {}", index_,
                                node().name.empty() ? std::string() : fmt::format(" ({})", node().name), what),
                    way_out);
}

void GraphBuilder::find_merged() {
  std::map<int, int> readers;
  for (const Node& n : network_.nodes)
    for (const int input : n.inputs) ++readers[input];
  for (const int output : network_.outputs) ++readers[output];
  for (const Node& n : network_.nodes)
    if (std::holds_alternative<AddLayer>(n.layer))
      for (const int input : n.inputs)
        if (input >= 0 && readers[input] == 1)
          if (const auto* dense = std::get_if<DenseLayer>(&network_.nodes[static_cast<size_t>(input)].layer);
              dense && dense->activation == Activation())
            merged_.insert(input);
}

int GraphBuilder::add_vector(const std::string& name, int size, bool recurrent) {
  graph_.vectors.push_back({name, size, 0, recurrent, {}});
  return static_cast<int>(graph_.vectors.size()) - 1;
}

bool GraphBuilder::has_spectrum(int vector, int block) const {
  const auto& spectra = graph_.vectors[vector].spectra;
  return std::any_of(spectra.begin(), spectra.end(), [&](const Spectrum& s) { return s.block == block; });
}

int GraphBuilder::input_block() const {
  for (int part = 0; part < graph_.inputs; ++part)
    if (const auto& spectra = graph_.vectors[part].spectra; !spectra.empty()) return spectra[0].block;
  return 0;
}

/// The engine transforms the input at one block size, and what it produces at two.
bool GraphBuilder::can_have_spectrum(int vector, int block) const {
  if (graph_.is_input(vector)) return input_block() == 0 || input_block() == block;
  return has_spectrum(vector, block) || graph_.vectors[vector].spectra.size() < 2;
}

int GraphBuilder::readable(int vector, int block) {
  while (!can_have_spectrum(vector, block)) {
    const auto found = copies_.find(vector);
    if (found != copies_.end()) {
      vector = found->second;
      continue;
    }
    const int size = graph_.vectors[vector].size;
    const BlockMatrix one =
        identity(size, graph_.is_input(vector) ? input_block() : graph_.vectors[vector].spectra[0].block, 1);
    const int copy = add_helper(size);
    add_helper_phase({term(vector, false, family("copy"), {&one})}, copy);
    vector = copies_[vector] = copy;
  }
  return vector;
}

Term<double> GraphBuilder::term(int vector, bool previous, const std::string& family, const Matrices& matrices) {
  const BlockMatrix* first = matrices.front();
  if (!previous) vector = readable(vector, first->block);
  auto& spectra = graph_.vectors[vector].spectra;
  auto found = std::find_if(spectra.begin(), spectra.end(), [&](const Spectrum& s) { return s.block == first->block; });
  if (found == spectra.end()) found = spectra.insert(spectra.end(), Spectrum{first->block, 0});
  Term<double> result{vector, static_cast<int>(found - spectra.begin()), previous, family, 0, {}};
  for (const BlockMatrix* matrix : matrices) result.matrices.push_back(spectral(*matrix));
  return result;
}

std::vector<Term<double>> GraphBuilder::input_terms(int reader, const std::string& name, const Matrices& matrices) {
  const std::vector<int>& inputs = network_.nodes[static_cast<size_t>(reader)].inputs;
  if (inputs.size() == 1) return {term(vector_of_.at(inputs[0]), false, family(name, reader), matrices)};
  int at = 0;
  bool aligned = true;
  for (size_t n = 0; n + 1 < inputs.size(); ++n)
    aligned = aligned && (at += network_.size_of(inputs[n])) % matrices.front()->block == 0;
  if (!aligned) return {term(concatenation(inputs), false, family(name, reader), matrices)};
  std::vector<Term<double>> terms;
  at = 0;
  for (size_t n = 0; n < inputs.size(); ++n) {
    const int size = network_.size_of(inputs[n]);
    std::vector<BlockMatrix> parts;
    for (const BlockMatrix* matrix : matrices) parts.push_back(columns_of(*matrix, at, size));
    Matrices pointers;
    for (const BlockMatrix& part : parts) pointers.push_back(&part);
    terms.push_back(term(vector_of_.at(inputs[n]), false, fmt::format("{}.{}", family(name, reader), n), pointers));
    at += size;
  }
  return terms;
}

int GraphBuilder::concatenation(const std::vector<int>& inputs) {
  if (const auto found = concatenations_.find(inputs); found != concatenations_.end()) return found->second;
  int size = 0;
  for (const int input : inputs) size += network_.size_of(input);
  const int result = add_helper(size);
  std::vector<Term<double>> terms;
  int at = 0;
  for (size_t n = 0; n < inputs.size(); ++n) {
    const BlockMatrix rows = selection(size, at, network_.size_of(inputs[n]));
    terms.push_back(term(vector_of_.at(inputs[n]), false, fmt::format("{}.{}", family("select"), n), {&rows}));
    at += network_.size_of(inputs[n]);
  }
  add_helper_phase(std::move(terms), result);
  return concatenations_[inputs] = result;
}

Phase<double>& GraphBuilder::add_helper_phase(std::vector<Term<double>> terms, int output) {
  auto& phase = add_phase(Op::linear, graph_.vectors[output].size, std::move(terms), output);
  phase.layer = static_cast<int>(network_.nodes.size()) + helper_phases_++;
  return phase;
}

Phase<double>& GraphBuilder::add_phase(Op op, int size, std::vector<Term<double>> terms, int output) {
  Phase<double> phase;
  phase.op = op;
  phase.layer = index_;
  phase.size = size;
  phase.parts = parts(std::move(terms));
  phase.output = output;
  graph_.phases.push_back(std::move(phase));
  return graph_.phases.back();
}

SumScale GraphBuilder::use_sigmoid(const Activation& f) {
  const bool hard = f.kind == Nonlinearity::hard_sigmoid;
  claim(graph_.functions.sigmoid, hard ? Function::hard_sigmoid : Function::sigmoid, sigmoid_used_);
  if (!hard) return {};
  return {4 * static_cast<double>(f.alpha), 4 * (static_cast<double>(f.beta) - 0.5)};
}

void GraphBuilder::claim(Function& unit, Function wanted, bool& used) const {
  if (used && unit != wanted)
    refuse(fmt::format("{} beside {} in another layer: an engine has one unit for both", function_name(wanted),
                       function_name(unit)),
           "make one design for each part of the network");
  unit = wanted;
  used = true;
}

void GraphBuilder::choose_tanh() {
  bool smooth = false, hard = false;
  const auto see = [&](const Activation& f) {
    smooth |= f == Nonlinearity::tanh;
    hard |= is_hard_tanh(f);
  };
  for (const Node& n : network_.nodes) {
    if (const auto* lstm = std::get_if<LstmLayer>(&n.layer)) see(lstm->candidate), see(lstm->cell_activation);
    if (const auto* gru = std::get_if<GruLayer>(&n.layer)) see(gru->candidate);
    if (const auto* rnn = std::get_if<RnnLayer>(&n.layer)) smooth |= rnn->activation == Nonlinearity::tanh;
    if (const auto* dense = std::get_if<DenseLayer>(&n.layer)) smooth |= dense->activation == Nonlinearity::tanh;
    if (const auto* add = std::get_if<AddLayer>(&n.layer)) smooth |= add->activation == Nonlinearity::tanh;
  }
  graph_.functions.tanh = hard && !smooth ? Function::hard_tanh : Function::tanh;
}

CellFunction GraphBuilder::cell_function(const char* what, const Activation& f) {
  if (f == Nonlinearity::tanh) return {f};
  if (is_hard_tanh(f)) return {graph_.functions.tanh == Function::hard_tanh ? Nonlinearity::tanh : f};
  if (f == Nonlinearity::sigmoid) return {f, use_sigmoid(f)};
  if (f.kind == Nonlinearity::hard_sigmoid) {
    if (sigmoid_used_ && graph_.functions.sigmoid == Function::sigmoid)
      return {{Nonlinearity::clip, 0, 1}, {static_cast<double>(f.alpha), static_cast<double>(f.beta)}};
    return {Nonlinearity::sigmoid, use_sigmoid(f)};
  }
  if (f.kind == Nonlinearity::leaky_relu)
    refuse(fmt::format("{} {}: the engine has tanh, sigmoid, their hard forms, ReLU, clip and none", what,
                       activation_name(f)));
  return {f};
}

void GraphBuilder::refuse_function(const char* what, const Activation& f, const char* known) const {
  refuse(fmt::format("{} {}: the engine has {}", what, activation_name(f), known));
}

SumScale GraphBuilder::gate_argument(const Activation& f) {
  if (!is_sigmoid(f)) refuse_function("gates with", f, "sigmoid and hard sigmoid");
  return use_sigmoid(f);
}

void GraphBuilder::end_sum(Sum sum, const Activation& f, int output) {
  const int size = graph_.vectors[output].size;
  if (f.kind == Nonlinearity::hard_sigmoid) {  // clip(alpha z + beta, 0, 1): the sum is scaled
    sum.scale(f.alpha);
    sum.add(size, f.beta);
    return end_sum(std::move(sum), {Nonlinearity::clip, 0, 1}, output);
  }
  if (f.kind == Nonlinearity::leaky_relu) {  // alpha z + (1 - alpha) relu(z): the sum is computed twice
    const int positive = add_helper(size);
    const int block = sum.terms.front().matrices.front().block;
    auto& phase = add_helper_phase(sum.terms, positive);
    phase.activation = Nonlinearity::relu;
    sum.give_biases(phase);
    sum.scale(f.alpha);
    const BlockMatrix one = identity(size, block, 1);
    Sum rest{{term(positive, false, family("positive"), {&one})}, {}, {}};
    rest.scale(1 - static_cast<double>(f.alpha));
    sum.terms.push_back(std::move(rest.terms.front()));
    return end_sum(std::move(sum), {}, output);
  }
  const bool unit = f.kind == Nonlinearity::sigmoid || f.kind == Nonlinearity::tanh;
  if (f.kind == Nonlinearity::sigmoid) use_sigmoid(f);
  auto& phase = add_phase(unit ? Op::nonlinear : Op::linear, size, std::move(sum.terms), output);
  phase.activation = f;
  sum.give_biases(phase);
}

void GraphBuilder::lower_outputs() {
  concatenations_.clear();
  concatenation(network_.outputs);
}

}  // namespace erngen
