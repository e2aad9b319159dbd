// Recurrent layers of Keras's variables: kernel [input, gates * units], recurrent kernel [units, gates * units], bias.
#pragma once

#include <optional>
#include <string>

#include "network/network.hpp"
#include "network/safetensors.hpp"

namespace erngen::keras {

/// A layer's variables. Gates of an LSTM in the order i, f, c, o, of a GRU z, r, h.
struct Kernels {
  Tensor input;
  Tensor recurrent;
  std::optional<Tensor> bias;  ///< [gates * units]; of a GRU with the reset after the product [2, gates * units]
};

/// Throw Error(bad_input) beginning with `what` for shapes that do not fit `units`. Activations are the defaults.
LstmLayer lstm_layer(const Kernels& kernels, int units, const std::string& what);
GruLayer gru_layer(const Kernels& kernels, int units, Reset reset, const std::string& what);
RnnLayer rnn_layer(const Kernels& kernels, int units, const std::string& what);

/// A kernel [input, units] as the matrix of a dense layer.
BlockMatrix dense_matrix(const Tensor& kernel, int units, const std::string& what);

/// The values of a tensor of real numbers of that shape.
const std::vector<float>& values_of(const Tensor& tensor, const std::vector<int>& shape, const std::string& what);

}  // namespace erngen::keras
