// What LSTM, GRU and RNN nodes have in common: direction, layout, states, weights by gate.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "import/onnx/context.hpp"
#include "import/onnx/gate_function.hpp"

namespace erngen::onnx {

/// How a kind of node stores its weights, and what its functions are by default.
struct NodeKind {
  int gates;                          ///< rows of W and R are gates x hidden
  std::vector<std::string> defaults;  ///< activations f, g, h
};

/// A node, read and checked. Throws Error(unsupported) for what the table of docs/how-to/import.md refuses.
class RecurrentNode {
 public:
  RecurrentNode(Context& context, const GraphNode& node, const std::vector<Value>& inputs, const NodeKind& kind);

  int input() const { return input_; }
  int hidden() const { return hidden_; }

  /// Y and Y_h of the layers, one for each direction, that `layer()` makes of the weights of the direction in work.
  template <class MakeLayer>
  std::vector<Value> apply(MakeLayer&& layer) {
    std::vector<Signal> outputs;
    for (direction_ = 0; direction_ < static_cast<int>(backward_.size()); ++direction_)
      outputs.push_back(context_.builder.recurrent(layer(), x_.signal, node_.label(), backward_[direction_]));
    return results(outputs);
  }

  // Of the direction in work.

  /// Of gates, candidate, cell state.
  std::span<const GateFunction> functions() const;
  /// The input that is W, R or P, without the axis of directions; nothing if it is left out.
  std::optional<Constant> weights(size_t at, const char* name) const;
  /// Rows of one gate of W or R.
  BlockMatrix gate(const Constant& weights, int gate) const;
  /// A gate's part of B: `at` counts Wb first, then Rb. Empty if the node has no B.
  std::vector<float> bias(int at) const;
  /// An initial state, [hidden]; empty if it is zero.
  std::vector<float> initial(size_t at, const char* name) const;
  /// Throws Error(unsupported) unless attribute clip is absent, or the functions saturate before it.
  void require_no_clip() const;

 private:
  /// Y and Y_h, where the layers of all directions give `outputs`.
  std::vector<Value> results(const std::vector<Signal>& outputs) const;
  void read_direction();
  void read_axes();
  void read_sizes(int gates);
  void require_full_length() const;
  void require_no_projection() const;

  Context& context_;
  const GraphNode& node_;
  const std::vector<Value>& inputs_;
  Traced x_;                    ///< axes: time, sequences, elements
  std::vector<bool> backward_;  ///< [direction]
  int direction_ = 0;           ///< in work
  bool batch_first_ = false;
  int input_ = 0, hidden_ = 0;
  std::vector<GateFunction> functions_;  ///< [direction][function]
};

}  // namespace erngen::onnx
