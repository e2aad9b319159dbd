// Networks of a given shape with seeded random weights, for benchmarks and tests.
#pragma once

#include <cstdint>

#include "network/block_sizes.hpp"
#include "network/network.hpp"

namespace erngen {

enum class CellKind { lstm, gru, rnn };

/// The shape of a stack of equal recurrent layers, with an optional dense layer on top.
struct NetworkShape {
  CellKind cell = CellKind::lstm;
  int input = 39;                                ///< elements of a frame
  int hidden = 128;                              ///< cells of each layer
  int projection = 0;                            ///< LSTM: rows of the projection; 0 = none
  bool peephole = false;                         ///< LSTM only
  Nonlinearity candidate = Nonlinearity::tanh;   ///< LSTM only
  Nonlinearity activation = Nonlinearity::tanh;  ///< plain recurrent layers only
  Reset reset = Reset::after;                    ///< GRU only
  bool bias = true;
  int layers = 1;  ///< recurrent layers
  int dense = 0;   ///< outputs of a dense layer after them; 0 = none
  Nonlinearity dense_activation = Nonlinearity::none;
  BlockChoice block;
  std::uint64_t seed = 1;
};

/// Weights are normal with the variance 1/fan-in (and peepholes 1/4), so that pre-activations stay near 1 for
/// inputs of variance 1 and states do not saturate; the forget gate's bias has the mean 1.
/// The same shape and seed give the same network everywhere. Throws Error(usage) naming a bad size and
/// Error(usage) for an option the cell does not have.
Network random_network(const NetworkShape& shape);

}  // namespace erngen
