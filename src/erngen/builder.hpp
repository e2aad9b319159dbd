// A model from weights in memory: layers, each with what it reads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "erngen/export.hpp"
#include "erngen/model.hpp"

namespace erngen {

struct Matrix {
  int rows = 0, cols = 0;
  std::vector<float> values;  ///< [rows][cols]
};

/// What ends a sum: y = f(z). "none", "relu", "clip" (z limited to alpha..beta), "leaky_relu" (z for z > 0, else alpha
/// z), "sigmoid", "tanh", "hard_sigmoid" (alpha z + beta limited to 0..1).
struct ActivationFunction {
  std::string kind = "none";
  float alpha = 0, beta = 0;
};

/// Gates i, f, g, o below one another, as nn.LSTM has them.
struct LstmWeights {
  Matrix input;                       ///< [4 hidden, inputs]
  Matrix recurrent;                   ///< [4 hidden, outputs]
  std::vector<float> bias;            ///< [4 hidden], or empty
  Matrix projection;                  ///< [outputs, hidden]; without rows: none, and as many outputs as cells
  std::vector<float> initial_hidden;  ///< [outputs] at the beginning of a sequence, or empty: zero
  std::vector<float> initial_cell;    ///< [hidden], or empty: zero
};

/// Gates r, z, n below one another, as nn.GRU has them; h = (1 - z) n + z h(t-1).
struct GruWeights {
  Matrix input;                ///< [3 hidden, inputs]
  Matrix recurrent;            ///< [3 hidden, hidden]
  std::vector<float> bias;     ///< [3 hidden], or empty
  std::vector<float> bias_hn;  ///< [hidden]: n's bias inside the reset product, where reset comes after it; or empty
  bool reset_before = false;   ///< the matrix product
  std::vector<float> initial_hidden;  ///< [hidden] at the beginning of a sequence, or empty: zero
};

/// h = f(W x + U h(t-1) + b), as nn.RNN.
struct RnnWeights {
  Matrix input;             ///< [hidden, inputs]
  Matrix recurrent;         ///< [hidden, hidden]
  std::vector<float> bias;  ///< [hidden], or empty
  ActivationFunction activation{"tanh"};
  std::vector<float> initial_hidden;  ///< [hidden] at the beginning of a sequence, or empty: zero
};

/// y = f(W x + b).
struct DenseWeights {
  Matrix weights;           ///< [outputs, inputs]
  std::vector<float> bias;  ///< [outputs], or empty
  ActivationFunction activation;
};

/// `inputs` are numbers of earlier layers, or `input`; a layer reads them one behind the other. Each function returns
/// the number of the layer that it adds. Throws Error(bad_input) for shapes that do not fit and numbers that are not
/// there.
class ERNGEN_API ModelBuilder {
 public:
  static constexpr int input = -1;  ///< the network's input

  explicit ModelBuilder(int inputs);  ///< values of a frame
  ~ModelBuilder();

  int lstm(const LstmWeights& weights, const std::vector<int>& inputs, const std::string& name = "");
  int gru(const GruWeights& weights, const std::vector<int>& inputs, const std::string& name = "");
  int rnn(const RnnWeights& weights, const std::vector<int>& inputs, const std::string& name = "");
  int dense(const DenseWeights& weights, const std::vector<int>& inputs, const std::string& name = "");
  /// f(the sum of `inputs`), element by element.
  int add(const std::vector<int>& inputs, const ActivationFunction& activation = {}, const std::string& name = "");

  /// A recurrent layer runs from a sequence's last frame to its first one; its outputs are in the order of the frames.
  void run_backward(int layer);
  /// The frames of a layer in the other order.
  int flip(int layer, const std::string& name = "");
  /// Of a layer that runs backward, in a model of last frames only: its output for the first frame, the last it gives.
  int first_frame(int layer, const std::string& name = "");

  /// The model whose outputs are those of these layers, one behind the other; of interest may be those of a sequence's
  /// last frame alone. `cut`: what the host does with them, "softmax", "log_softmax" or "argmax"; check() and
  /// finished() do so, too. `blocks`: of every layer in their order, or none: dense. Throws Error(bad_input) for layers
  /// that nobody reads and values that are not finite.
  Model model(const std::vector<int>& outputs, bool last_frame_only = false, const std::string& cut = "",
              const std::vector<LayerBlocks>& blocks = {}) const;

 private:
  struct Directions;
  std::unique_ptr<Network> network_;
  std::unique_ptr<Directions> directions_;
};

}  // namespace erngen
