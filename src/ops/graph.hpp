// The network as the engine executes it: vectors, and phases that turn vectors into vectors.
//
// A phase is one set of gate rows: matrix-vector sums followed by an element-wise operation. The same
// structure carries real numbers (Graph<double>, made by lower()) and integers (Graph<std::int32_t>,
// made by the quantiser); the fixed-point model, the planner and the RTL writer all walk it, so that a
// cell type is described in one place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "activation/activation.hpp"
#include "base/bits.hpp"
#include "network/network.hpp"
#include "ops/operation.hpp"

namespace erngen {

/// The packed spectra of a block-circulant matrix (packing: docs/reference/arithmetic.md).
template <class T>
struct SpectralMatrix {
  int rows = 0;
  int cols = 0;
  int block = 1;
  std::vector<T> words;  ///< [row_blocks()][col_blocks()][block]

  int row_blocks() const { return (rows + block - 1) / block; }
  int col_blocks() const { return (cols + block - 1) / block; }
  const T* at(int i, int j) const { return words.data() + (static_cast<size_t>(i) * col_blocks() + j) * block; }
};

/// One transform of a vector: the block size, and the guard bits of the fixed-point spectrum.
struct Spectrum {
  int block = 1;
  int guard = 0;
};

/// A vector of the dataflow. `spectra` has one entry for each block size at which it is consumed.
struct Vector {
  std::string name;  ///< "x", "x1", "h0", "m0", "y0", "s0"
  int size = 0;
  int fraction = 0;        ///< of its quantised elements (A bits)
  bool recurrent = false;  ///< its value at t-1 is read: kept twice, alternating
  std::vector<Spectrum> spectra;
  int first = 0;  ///< of a part of the input: its first element in the frame
};

/// gates() matrices times one vector.
template <class T>
struct Term {
  int vector = 0;
  int spectrum = 0;                         ///< index into Vector::spectra
  bool previous = false;                    ///< reads the vector's value at t-1
  std::string family;                       ///< "layers.0.recurrent", for reports
  int weight_fraction = 0;                  ///< of the quantised spectra
  std::vector<SpectralMatrix<T>> matrices;  ///< one a gate
};

/// Terms of one block size, accumulated together before one inverse transform.
template <class T>
struct Part {
  int block = 1;
  int accumulator_fraction = 0;
  std::vector<Term<T>> terms;
};

template <class T>
struct Phase {
  Op op = Op::linear;
  int layer = 0;
  int size = 0;                          ///< rows of a gate
  std::vector<Part<T>> parts;            ///< one, or two when input and recurrent matrix differ in block size
  std::vector<std::vector<T>> bias;      ///< [gates][size], or empty
  std::vector<std::vector<T>> peephole;  ///< i, f, o [size], or empty (lstm)
  /// Of a sequence's first frame, where vectors at t - 1 read as zero: the bias plus what the matrices make of the
  /// initial state, [gates][size]; or empty: `bias`.
  std::vector<std::vector<T>> first_bias;
  std::vector<T> initial;  ///< c (lstm) or h (gru) before a sequence's first frame, [size]; or empty: zero
  /// lstm, gru: of the candidate; nonlinear: of the result; sigmoid or tanh for what the unit computes. linear: of the
  /// result.
  Activation activation{};
  Activation squash = Nonlinearity::tanh;  ///< lstm: the function of the cell state, tanh for what the unit computes
  int output = 0;            ///< index of the vector that it produces, or helps to (Operation::leaves_sums)
  int state = 0;             ///< gru: index of the vector h whose value at t-1 enters element by element
  int output_fraction = 0;   ///< linear: fraction of the result
  int readout_fraction = 0;  ///< F_d of its readout spectra; the same for all cells

  const Operation& operation() const { return erngen::operation(op); }
  /// The bias of a frame; empty: none.
  const std::vector<std::vector<T>>& bias_of(bool first_frame) const {
    return first_frame && !first_bias.empty() ? first_bias : bias;
  }
};

/// What the two activation units of an engine compute: sigmoid or its hard form, tanh or its hard form.
struct UnitFunctions {
  Function sigmoid = Function::sigmoid;
  Function tanh = Function::tanh;
};

template <class T>
struct Graph {
  UnitFunctions functions{};
  std::vector<Vector> vectors;  ///< the first ones are the parts of the input
  std::vector<Phase<T>> phases;
  int layers = 0;
  int inputs = 1;  ///< parts of the input; between two of them the frame has zeros where a block ends behind the first

  int max_block() const {
    int k = 1;
    for (const auto& phase : phases)
      for (const auto& part : phase.parts) k = std::max(k, part.block);
    return k;
  }
  bool is_input(int vector) const { return vector < inputs; }
  /// Elements of a frame.
  int input_size() const {
    const Vector& last = vectors[static_cast<size_t>(inputs) - 1];
    return last.first + last.size;
  }
  int output_vector() const { return phases.back().output; }
  int output_size() const { return vectors[output_vector()].size; }
};

/// The same graph for other numbers, without them: matrices have their shapes and no words, biases and peepholes their
/// count and no elements, initial states are zero.
template <class To, class From>
Graph<To> without_numbers(const Graph<From>& graph) {
  Graph<To> result{graph.functions, graph.vectors, {}, graph.layers, graph.inputs};
  for (const Phase<From>& from : graph.phases) {
    Phase<To> phase;
    phase.op = from.op;
    phase.layer = from.layer;
    phase.size = from.size;
    phase.bias.resize(from.bias.size());
    phase.peephole.resize(from.peephole.size());
    phase.first_bias.resize(from.first_bias.size());
    phase.initial.resize(from.initial.size());
    phase.activation = from.activation;
    phase.squash = from.squash;
    phase.output = from.output;
    phase.state = from.state;
    phase.output_fraction = from.output_fraction;
    phase.readout_fraction = from.readout_fraction;
    for (const Part<From>& part : from.parts) {
      phase.parts.push_back({part.block, part.accumulator_fraction, {}});
      for (const Term<From>& term : part.terms) {
        phase.parts.back().terms.push_back(
            {term.vector, term.spectrum, term.previous, term.family, term.weight_fraction, {}});
        for (const auto& matrix : term.matrices)
          phase.parts.back().terms.back().matrices.push_back({matrix.rows, matrix.cols, matrix.block, {}});
      }
    }
    result.phases.push_back(std::move(phase));
  }
  return result;
}

/// Whether the spectrum of the phase's output is that of its sums, so that no transform lies between the two: the
/// output is linear in one part without a bias, consists of whole blocks, and is read at this part's block size only.
template <class T>
bool feeds_spectrum(const Graph<T>& graph, const Phase<T>& phase) {
  const Vector& output = graph.vectors[phase.output];
  return phase.operation().is_linear() && phase.activation == Activation() && phase.parts.size() == 1 &&
         phase.bias.empty() && phase.first_bias.empty() && output.spectra.size() == 1 &&
         output.spectra[0].block == phase.parts[0].block && phase.size % phase.parts[0].block == 0;
}

}  // namespace erngen
