// A network from signals and what is done with them. What needs no layer of its own (scale and offset, batch
// normalisation, parts of a vector) is folded exactly into the weights that read or make it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "network/directions.hpp"

namespace erngen {

/// The elements that a node gives (or the network's input, Node::network_input), each times `scale` plus `offset`.
struct SignalPiece {
  int node = Node::network_input;
  int size = 0;
  std::vector<double> scale;   ///< [size], or empty: 1
  std::vector<double> offset;  ///< [size], or empty: 0

  bool plain() const { return scale.empty() && offset.empty(); }
};

/// scale * (weights x) + offset, a dense layer that is not made yet: what follows may still go into it.
struct LinearSignal {
  std::string name;
  std::vector<int> inputs;     ///< nodes whose concatenation x is
  BlockMatrix weights;         ///< [rows x sizes of the inputs]
  std::vector<double> scale;   ///< [rows], or empty: 1
  std::vector<double> offset;  ///< [rows], or empty: 0
};

/// A vector that each frame has: a concatenation of pieces, or a dense layer without activation.
class Signal {
 public:
  int size() const;

 private:
  friend class NetworkBuilder;
  using Linear = std::shared_ptr<const LinearSignal>;
  Signal(std::vector<SignalPiece> pieces) : value_(std::move(pieces)) {}
  Signal(Linear linear) : value_(std::move(linear)) {}

  std::variant<std::vector<SignalPiece>, Linear> value_;
};

/// Makes a network, node by node. All sizes are checked: Error(bad_input) for those that do not fit together.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(int input);

  Signal input() const;
  /// weights x + bias; `bias` [rows], or empty.
  Signal dense(const BlockMatrix& weights, std::span<const float> bias, const Signal& x, const std::string& name);
  /// scale x + offset; each [size of x], or empty.
  Signal affine(const Signal& x, std::span<const double> scale, std::span<const double> offset);
  /// activation(x), in the dense layer that makes x or else in one of its own.
  Signal activate(const Signal& x, const Activation& activation, const std::string& name);
  /// The sum; dense layers that are added become one.
  Signal add(const Signal& a, const Signal& b, const std::string& name);
  Signal concatenate(std::span<const Signal> parts);
  /// Elements begin .. begin + count - 1.
  Signal slice(const Signal& x, int begin, int count, const std::string& name);
  /// An LstmLayer, GruLayer or RnnLayer; scale and offset of x go into its input weights and biases. A backward one
  /// runs from the last frame to the first one; what it gives is in the order of the frames all the same.
  Signal recurrent(LstmLayer layer, const Signal& x, const std::string& name, bool backward = false);
  Signal recurrent(GruLayer layer, const Signal& x, const std::string& name, bool backward = false);
  Signal recurrent(RnnLayer layer, const Signal& x, const std::string& name, bool backward = false);
  /// Of networks that give the last frame only: the value at the first frame, which a backward layer gives last. Other
  /// parts may be there as long as no output needs them: finish() throws Error(unsupported).
  Signal first_frame(const Signal& x, const std::string& name);
  /// The frames in the other order.
  Signal flip(const Signal& x, const std::string& name);

  /// The network with these outputs, concatenated, without nodes that no output needs, as it runs frame by frame. The
  /// builder is used up.
  Network finish(std::span<const Signal> outputs);

  /// What was done that costs a layer, or changes what the user sees, a sentence each.
  std::vector<std::string> notes;

 private:
  std::vector<SignalPiece> pieces(const Signal& x);
  int node_of(const SignalPiece& piece, const std::string& name);
  int node_of(const Signal::Linear& linear);
  int make(const LinearSignal& linear, const Activation& activation);
  Signal whole(int node) const;
  LinearSignal linear(const std::vector<SignalPiece>& parts, const std::string& name) const;
  template <class LayerT>
  Signal add_recurrent(LayerT layer, const Signal& x, const std::string& name, bool backward);

  Network network_;
  std::map<int, Direction> directions_;  ///< of nodes that are not forward
  std::set<int> lost_;                   ///< nodes that stand for a first frame that nothing gives last
  std::map<Signal::Linear, int> made_;   ///< each dense layer is made once
};

}  // namespace erngen
