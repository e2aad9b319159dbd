// Builds the graph of a network node by node: what the layers' own files say with it (lower() of each).
#pragma once

#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ops/graph.hpp"

namespace erngen {

using Matrices = std::vector<const BlockMatrix*>;

inline std::vector<double> widen(const std::vector<float>& values) { return {values.begin(), values.end()}; }

/// The factor and the offset of a gate's sum before the unit of sigmoid, of its kind or of the hard one:
/// clip(alpha z + beta, 0, 1) = hard_sigmoid(4 alpha z + 4 (beta - 1/2)).
struct SumScale {
  double factor = 1, offset = 0;
};

/// What the cells compute in place of `f`: sigmoid or tanh for what the units do, or limits; and what its sum
/// becomes.
struct CellFunction {
  Activation activation;
  SumScale argument{};
};

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

inline std::vector<Term<double>> joined(std::vector<Term<double>> a, std::vector<Term<double>> b) {
  for (auto& t : b) a.push_back(std::move(t));
  return a;
}

template <size_t n>
Matrices pointers(const std::array<BlockMatrix, n>& matrices, std::initializer_list<int> gates) {
  Matrices result;
  for (const int gate : gates) result.push_back(&matrices[static_cast<size_t>(gate)]);
  return result;
}

bool is_sigmoid(const Activation& f);
/// Brings the sums of some gates of a phase to what their unit takes.
void rescale(Phase<double>& phase, const SumScale& argument, std::initializer_list<int> gates);
/// sum += matrix state; nothing for the matrices of a structure, which have no values.
void add_product(const BlockMatrix& matrix, const std::vector<float>& state, std::vector<double>& sum);
/// The state before a sequence's first frame, which `matrices` multiply, one a gate. required: the biases are set.
void begin_products(Phase<double>& phase, const Matrices& matrices, const std::vector<float>& state);

class GraphBuilder {
 public:
  /// Keeps a reference to `network`. Throws Error(unsupported) naming a layer that the engine cannot execute.
  explicit GraphBuilder(const Network& network);
  Graph<double> take() { return std::move(graph_); }

  const Network& network() const { return network_; }
  /// The node in work, and its number.
  const Node& node() const { return network_.nodes[static_cast<size_t>(index_)]; }
  int index() const { return index_; }
  /// What a node produces, or the input.
  int vector_of(int node) const { return vector_of_.at(node); }
  const std::vector<Spectrum>& spectra_of(int vector) const { return graph_.vectors[vector].spectra; }
  /// Whether a node is a term of the addition that reads it.
  bool is_merged(int node) const { return merged_.contains(node); }

  [[noreturn]] void refuse(const std::string& what,
                           const std::string& way_out = "let the host compute this layer") const;
  int add_vector(const std::string& name, int size, bool recurrent);
  /// A vector that no layer has.
  int add_helper(int size) { return add_vector(fmt::format("v{}", helpers_++), size, false); }
  /// A term over `matrices`; registers the vector's transform.
  Term<double> term(int vector, bool previous, const std::string& family, const Matrices& matrices);
  static std::string family(const std::string& name, int n) { return fmt::format("layers.{}.{}", n, name); }
  std::string family(const std::string& name) const { return family(name, index_); }
  /// The terms of matrices over what a node reads: one for each input where the blocks of the matrices do not span
  /// two of them, else one over their concatenation.
  std::vector<Term<double>> input_terms(int reader, const std::string& name, const Matrices& matrices);
  /// The vector that holds several one behind the other: products with rows of the identity.
  int concatenation(const std::vector<int>& inputs);
  /// A phase of no layer: moves values. It counts as a layer of its own behind all others.
  Phase<double>& add_helper_phase(std::vector<Term<double>> terms, int output);
  Phase<double>& add_phase(Op op, int size, std::vector<Term<double>> terms, int output);
  /// Claims the unit of sigmoid for a function of gates or of a sum.
  SumScale use_sigmoid(const Activation& f);
  CellFunction cell_function(const char* what, const Activation& f);
  SumScale gate_argument(const Activation& f);
  /// The phase of output = f(sum).
  void end_sum(Sum sum, const Activation& f, int output);

 private:
  /// A dense layer without an activation that only an addition reads is a term of that sum.
  void find_merged();
  bool has_spectrum(int vector, int block) const;
  /// The block size at which the parts of the input are read; 0: none yet.
  int input_block() const;
  bool can_have_spectrum(int vector, int block) const;
  /// A vector of the same values that can be read in blocks of this size: itself, or a copy by a product with 1.
  int readable(int vector, int block);
  void claim(Function& unit, Function wanted, bool& used) const;
  /// The engine's unit of tanh computes the hard form where no layer has the other one; else hard tanh is a limit.
  void choose_tanh();
  [[noreturn]] void refuse_function(const char* what, const Activation& f, const char* known) const;
  /// The outputs one behind the other are what the last phase produces.
  void lower_outputs();

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

}  // namespace erngen
