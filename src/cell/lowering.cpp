#include "cell/lowering.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/selection.hpp"
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

std::vector<double> widen(const std::vector<float>& values) { return {values.begin(), values.end()}; }

/// Builds the graph node by node.
class Lowering {
 public:
  explicit Lowering(const Network& network) : network_(network), heads_(network.outputs.size() > 1) {
    find_merged();
    choose_tanh();
    vector_of_[Node::network_input] = add_vector("x", network.input(), false);
    for (; index_ < static_cast<int>(network.nodes.size()); ++index_)
      if (!merged_.contains(index_))
        std::visit([this](const auto& layer) { vector_of_[index_] = lower_layer(layer); }, node().layer);
    --index_;
    if (heads_) lower_outputs();
    graph_.layers = static_cast<int>(network.nodes.size()) + helper_phases_;
  }

  Graph<double> take() { return std::move(graph_); }

 private:
  using Matrices = std::vector<const BlockMatrix*>;

  const Node& node() const { return network_.nodes[static_cast<size_t>(index_)]; }

  [[noreturn]] void refuse(const std::string& what,
                           const std::string& way_out = "let the host compute this layer") const {
    throw unsupported(fmt::format("layers.{}{}: {}", index_,
                                  node().name.empty() ? std::string() : fmt::format(" ({})", node().name), what),
                      way_out);
  }

  /// A dense layer without an activation that only an addition reads is a term of that sum.
  void find_merged() {
    std::map<int, int> readers;
    for (const Node& n : network_.nodes)
      for (const int input : n.inputs) ++readers[input];
    for (const int output : network_.outputs) ++readers[output];
    for (const Node& n : network_.nodes)
      if (std::holds_alternative<AddLayer>(n.layer))
        for (const int input : n.inputs)
          if (input != Node::network_input && readers[input] == 1)
            if (const auto* dense = std::get_if<DenseLayer>(&network_.nodes[static_cast<size_t>(input)].layer);
                dense && dense->activation == Activation())
              merged_.insert(input);
  }

  int add_vector(const std::string& name, int size, bool recurrent) {
    graph_.vectors.push_back({name, size, 0, recurrent, {}});
    return static_cast<int>(graph_.vectors.size()) - 1;
  }

  /// The engine transforms the input at one block size, and what it produces at two.
  static size_t most_spectra(int vector) { return vector == 0 ? 1 : 2; }

  bool has_spectrum(int vector, int block) const {
    const auto& spectra = graph_.vectors[vector].spectra;
    return std::any_of(spectra.begin(), spectra.end(), [&](const Spectrum& s) { return s.block == block; });
  }

  /// A vector of the same values that can be read in blocks of this size: itself, or a copy by a product with 1.
  int readable(int vector, int block) {
    while (!has_spectrum(vector, block) && graph_.vectors[vector].spectra.size() == most_spectra(vector)) {
      const auto found = copies_.find(vector);
      if (found != copies_.end()) {
        vector = found->second;
        continue;
      }
      const int size = graph_.vectors[vector].size;
      const BlockMatrix one = identity(size, graph_.vectors[vector].spectra[0].block, 1);
      const int copy = add_helper(size);
      add_helper_phase({term(vector, false, family("copy"), {&one})}, copy);
      vector = copies_[vector] = copy;
    }
    return vector;
  }

  /// A vector that no layer has.
  int add_helper(int size) { return add_vector(fmt::format("v{}", helpers_++), size, false); }

  /// A term over `matrices`; registers the vector's transform.
  Term<double> term(int vector, bool previous, const std::string& family, const Matrices& matrices) {
    const BlockMatrix* first = matrices.front();
    if (!previous) vector = readable(vector, first->block);
    auto& spectra = graph_.vectors[vector].spectra;
    auto found =
        std::find_if(spectra.begin(), spectra.end(), [&](const Spectrum& s) { return s.block == first->block; });
    if (found == spectra.end()) found = spectra.insert(spectra.end(), Spectrum{first->block, 0});
    Term<double> result{vector, static_cast<int>(found - spectra.begin()), previous, family, 0, {}};
    for (const BlockMatrix* matrix : matrices) result.matrices.push_back(spectral(*matrix));
    return result;
  }

  static std::string family(const std::string& name, int n) { return fmt::format("layers.{}.{}", n, name); }
  std::string family(const std::string& name) const { return family(name, index_); }

  /// The terms of matrices over what a node reads: one for each input where the blocks of the matrices do not span
  /// two of them, else one over their concatenation.
  std::vector<Term<double>> input_terms(int reader, const std::string& name, const Matrices& matrices) {
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

  /// The vector that holds several one behind the other: products with rows of the identity.
  int concatenation(const std::vector<int>& inputs) {
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

  /// Terms of equal block size share one accumulation.
  static std::vector<Part<double>> parts(std::vector<Term<double>> terms) {
    std::vector<Part<double>> result;
    for (auto& t : terms) {
      const int block = t.matrices.front().block;
      auto part = std::find_if(result.begin(), result.end(), [&](const auto& p) { return p.block == block; });
      if (part == result.end()) part = result.insert(result.end(), {block, 0, {}});
      part->terms.push_back(std::move(t));
    }
    return result;
  }

  /// A phase of no layer: moves values. It counts as a layer of its own behind all others.
  Phase<double>& add_helper_phase(std::vector<Term<double>> terms, int output) {
    auto& phase = add_phase(Op::linear, graph_.vectors[output].size, std::move(terms), output);
    phase.layer = static_cast<int>(network_.nodes.size()) + helper_phases_++;
    return phase;
  }

  Phase<double>& add_phase(Op op, int size, std::vector<Term<double>> terms, int output) {
    Phase<double> phase;
    phase.op = op;
    phase.layer = index_;
    phase.size = size;
    phase.parts = parts(std::move(terms));
    phase.output = output;
    graph_.phases.push_back(std::move(phase));
    return graph_.phases.back();
  }

  static std::vector<Term<double>> joined(std::vector<Term<double>> a, std::vector<Term<double>> b) {
    for (auto& t : b) a.push_back(std::move(t));
    return a;
  }

  template <size_t n>
  static Matrices pointers(const std::array<BlockMatrix, n>& matrices, std::initializer_list<int> gates) {
    Matrices result;
    for (const int gate : gates) result.push_back(&matrices[static_cast<size_t>(gate)]);
    return result;
  }

  /// The factor and the offset of a gate's sum before the unit of sigmoid, of its kind or of the hard one:
  /// clip(alpha z + beta, 0, 1) = hard_sigmoid(4 alpha z + 4 (beta - 1/2)).
  struct Argument {
    double factor = 1, offset = 0;
  };

  /// Claims the unit of sigmoid for a function of gates or of a sum.
  Argument use_sigmoid(const Activation& f) {
    const bool hard = f.kind == Nonlinearity::hard_sigmoid;
    claim(graph_.functions.sigmoid, hard ? Function::hard_sigmoid : Function::sigmoid, sigmoid_used_);
    if (!hard) return {};
    return {4 * static_cast<double>(f.alpha), 4 * (static_cast<double>(f.beta) - 0.5)};
  }

  void claim(Function& unit, Function wanted, bool& used) const {
    if (used && unit != wanted)
      refuse(fmt::format("{} beside {} in another layer: an engine has one unit for both", function_name(wanted),
                         function_name(unit)),
             "make one design for each part of the network");
    unit = wanted;
    used = true;
  }

  /// The engine's unit of tanh computes the hard form where no layer has the other one; else hard tanh is a limit.
  void choose_tanh() {
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

  /// What the cells compute in place of `f`: sigmoid or tanh for what the units do, or limits; and what its sum
  /// becomes.
  struct CellFunction {
    Activation activation;
    Argument argument{};
  };
  CellFunction cell_function(const char* what, const Activation& f) {
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

  static bool is_hard_tanh(const Activation& f) { return f == Activation(Nonlinearity::clip, -1, 1); }
  static bool is_sigmoid(const Activation& f) {
    return f == Nonlinearity::sigmoid || f.kind == Nonlinearity::hard_sigmoid;
  }

  [[noreturn]] void refuse_function(const char* what, const Activation& f, const char* known) const {
    refuse(fmt::format("{} {}: the engine has {}", what, activation_name(f), known));
  }

  Argument gate_argument(const Activation& f) {
    if (!is_sigmoid(f)) refuse_function("gates with", f, "sigmoid and hard sigmoid");
    return use_sigmoid(f);
  }

  /// Brings the sums of some gates of a phase to what their unit takes.
  static void rescale(Phase<double>& phase, const Argument& argument, std::initializer_list<int> gates) {
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

  static std::vector<double> zeros(int size) { return std::vector<double>(static_cast<size_t>(size)); }

  /// sum += matrix state; nothing for the matrices of a structure, which have no values.
  static void add_product(const BlockMatrix& matrix, const std::vector<float>& state, std::vector<double>& sum) {
    for (int row = 0; !matrix.columns.empty() && row < matrix.rows; ++row)
      for (int column = 0; column < matrix.cols; ++column)
        sum[static_cast<size_t>(row)] +=
            static_cast<double>(matrix.element(row, column)) * static_cast<double>(state[static_cast<size_t>(column)]);
  }

  /// The state before a sequence's first frame, which `matrices` multiply, one a gate. required: the biases are set.
  static void begin_products(Phase<double>& phase, const Matrices& matrices, const std::vector<float>& state) {
    for (size_t g = 0; !state.empty() && g < matrices.size(); ++g) {
      phase.first_bias.push_back(phase.bias.empty() ? zeros(phase.size) : phase.bias[g]);
      add_product(*matrices[g], state, phase.first_bias.back());
    }
  }

  int lower_layer(const LstmLayer& layer) {
    const Argument gate = gate_argument(layer.gate_activation);
    if (is_sigmoid(layer.cell_activation))
      refuse(fmt::format("a function of the cell state {}: the engine has tanh, hard tanh, ReLU, clip and none",
                         activation_name(layer.cell_activation)));
    const CellFunction candidate = cell_function("a candidate with", layer.candidate);
    const CellFunction squash = cell_function("a function of the cell state", layer.cell_activation);
    const int hidden_vector =
        add_vector(fmt::format("{}{}", layer.projection ? "m" : "h", index_), layer.hidden, !layer.projection);
    const int output = layer.projection ? add_vector(fmt::format("y{}", index_), layer.output(), true) : hidden_vector;
    const auto gates = {0, 1, 2, 3};
    auto& phase = add_phase(Op::lstm, layer.hidden,
                            joined(input_terms(index_, "input", pointers(layer.input_weights, gates)),
                                   {term(output, true, family("recurrent"), pointers(layer.recurrent_weights, gates))}),
                            hidden_vector);
    phase.activation = candidate.activation;
    phase.squash = squash.activation;
    if (layer.has_bias())
      for (const auto& bias : layer.bias) phase.bias.push_back(widen(bias));
    begin_products(phase, pointers(layer.recurrent_weights, gates), layer.initial_hidden);
    phase.initial = widen(layer.initial_cell);
    if (layer.has_peephole())
      for (const auto& peephole : layer.peephole) phase.peephole.push_back(widen(peephole));
    rescale(phase, gate, {LstmLayer::i, LstmLayer::f, LstmLayer::o});
    std::vector<std::vector<double>> peepholes;  // the candidate has none
    std::swap(phase.peephole, peepholes);
    rescale(phase, candidate.argument, {LstmLayer::g});
    std::swap(phase.peephole, peepholes);
    if (layer.projection)
      add_phase(Op::linear, layer.output(), {term(hidden_vector, false, family("projection"), {&*layer.projection})},
                output);
    return output;
  }

  int lower_layer(const GruLayer& layer) {
    using G = GruLayer;
    const Argument gate = gate_argument(layer.gate_activation);
    const CellFunction candidate = cell_function("a candidate with", layer.candidate);
    const auto& w = layer.input_weights;
    const auto& u = layer.recurrent_weights;
    const auto input = [&](std::initializer_list<int> gates) {
      return input_terms(index_, "input", pointers(w, gates));
    };
    const auto gate_terms = [&](int h) {
      return joined(input({G::r, G::z}), {term(h, true, family("recurrent"), pointers(u, {G::r, G::z}))});
    };
    if (layer.reset == Reset::after) {
      const int h = add_vector(fmt::format("h{}", index_), layer.hidden, true);
      auto& from_input = add_phase(Op::gru_after_input, layer.hidden, input({G::n}), h);
      if (layer.has_bias()) from_input.bias = {widen(layer.bias[G::n])};
      rescale(from_input, candidate.argument, {0});
      auto& from_state =
          add_phase(Op::gru_after_state, layer.hidden, {term(h, true, family("recurrent"), {&u[G::n]})}, h);
      if (layer.has_bias()) from_state.bias = {widen(layer.bias_hn)};
      begin_products(from_state, {&u[G::n]}, layer.initial_hidden);
      rescale(from_state, {candidate.argument.factor, 0}, {0});
      auto& phase = add_phase(Op::gru_after, layer.hidden, gate_terms(h), h);
      if (layer.has_bias()) phase.bias = {widen(layer.bias[G::r]), widen(layer.bias[G::z])};
      begin_products(phase, pointers(u, {G::r, G::z}), layer.initial_hidden);
      rescale(phase, gate, {0, 1});
      phase.activation = candidate.activation;
      phase.state = h;
      phase.initial = widen(layer.initial_hidden);
      return h;
    }
    const int s = add_vector(fmt::format("s{}", index_), layer.hidden, false);
    const int h = add_vector(fmt::format("h{}", index_), layer.hidden, true);
    auto& gates = add_phase(Op::gru_before_gates, layer.hidden, gate_terms(h), s);
    gates.state = h;
    if (layer.has_bias()) gates.bias = {widen(layer.bias[G::r]), widen(layer.bias[G::z])};
    begin_products(gates, pointers(u, {G::r, G::z}), layer.initial_hidden);
    rescale(gates, gate, {0, 1});
    gates.initial = widen(layer.initial_hidden);
    auto& output = add_phase(Op::gru_before_output, layer.hidden,
                             joined(input({G::n}), {term(s, false, family("recurrent"), {&u[G::n]})}), h);
    output.state = h;
    output.initial = widen(layer.initial_hidden);
    if (layer.has_bias()) output.bias = {widen(layer.bias[G::n])};
    output.activation = candidate.activation;
    rescale(output, candidate.argument, {0});
    return h;
  }

  int lower_layer(const RnnLayer& layer) {
    const int h = add_vector(fmt::format("h{}", index_), layer.hidden, true);
    const BlockMatrix& u = layer.recurrent_weights[0];
    Sum sum{joined(input_terms(index_, "input", {&layer.input_weights[0]}), {term(h, true, family("recurrent"), {&u})}),
            widen(layer.bias[0]),
            {}};
    if (!layer.initial_hidden.empty()) {
      sum.first_bias = sum.bias;
      sum.first_bias.resize(static_cast<size_t>(layer.hidden));
      add_product(u, layer.initial_hidden, sum.first_bias);
    }
    end_sum(std::move(sum), layer.activation, h);
    return h;
  }

  int lower_layer(const DenseLayer& layer) {
    const int y = add_vector(fmt::format("y{}", index_), layer.output(), false);
    end_sum({input_terms(index_, "weight", {&layer.weights}), widen(layer.bias), {}}, layer.activation, y);
    return y;
  }

  int lower_layer(const AddLayer& layer) {
    const int y = add_vector(fmt::format("y{}", index_), layer.size, false);
    const int block = network_.max_block();
    std::vector<Term<double>> terms;
    std::vector<double> bias;
    std::map<int, int> times;  // of the inputs that are no terms themselves
    const std::vector<int>& inputs = node().inputs;
    for (const int input : inputs) {
      if (!merged_.contains(input)) {
        ++times[input];
        continue;
      }
      const auto& dense = std::get<DenseLayer>(network_.nodes[static_cast<size_t>(input)].layer);
      terms = joined(std::move(terms), input_terms(input, "weight", {&dense.weights}));
      bias.resize(dense.bias.empty() ? bias.size() : static_cast<size_t>(layer.size));
      for (size_t n = 0; n < dense.bias.size(); ++n) bias[n] += static_cast<double>(dense.bias[n]);
    }
    for (const auto& [input, count] : times) {
      const int vector = vector_of_.at(input);
      const auto& spectra = graph_.vectors[vector].spectra;
      const BlockMatrix one =
          identity(layer.size, spectra.empty() ? block : spectra[0].block, static_cast<float>(count));
      terms.push_back(term(vector, false, fmt::format("{}.{}", family("add"), input + 1), {&one}));
    }
    end_sum({std::move(terms), std::move(bias), {}}, layer.activation, y);
    return y;
  }

  /// Products and a bias; the bias of first frames where they have one of their own, or both empty.
  struct Sum {
    std::vector<Term<double>> terms;
    std::vector<double> bias, first_bias;

    void scale(double factor) {
      for (auto& t : terms)
        for (auto& matrix : t.matrices)
          for (double& word : matrix.words) word *= factor;
      for (auto* values : {&bias, &first_bias})
        for (double& b : *values) b *= factor;
    }
    void add(int size, double offset) {
      bias.resize(static_cast<size_t>(size), 0.0);
      for (auto* values : {&bias, &first_bias})
        for (double& b : *values) b += offset;
    }
    void give_biases(Phase<double>& phase) const {
      if (!bias.empty()) phase.bias = {bias};
      if (!first_bias.empty()) phase.first_bias = {first_bias};
    }
  };

  /// The phase of output = f(sum).
  void end_sum(Sum sum, const Activation& f, int output) {
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

  /// The outputs one behind the other are what the last phase produces.
  void lower_outputs() {
    concatenations_.clear();
    concatenation(network_.outputs);
  }

  const Network& network_;
  bool heads_;
  Graph<double> graph_;
  int index_ = 0;                 ///< of the node
  std::set<int> merged_;          ///< nodes that are terms of another one
  std::map<int, int> vector_of_;  ///< by node: what it produces
  std::map<std::vector<int>, int> concatenations_;
  std::map<int, int> copies_;  ///< by vector
  int helpers_ = 0, helper_phases_ = 0;
  bool sigmoid_used_ = false;  ///< the unit
};

}  // namespace

Graph<double> lower(const Network& network) { return Lowering(network).take(); }

Graph<std::int32_t> lower_structure(const Network& structure) {
  return without_numbers<std::int32_t>(lower(structure));
}

}  // namespace erngen
