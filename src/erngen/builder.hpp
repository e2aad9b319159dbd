// A model from weights in memory, layer after layer.
#pragma once

#include <memory>
#include <vector>

#include "erngen/export.hpp"
#include "erngen/model.hpp"

namespace erngen {

struct Matrix {
  int rows = 0, cols = 0;
  std::vector<float> values;  ///< [rows][cols]
};

/// Gates i, f, g, o below one another, as nn.LSTM has them.
struct LstmWeights {
  Matrix input;             ///< [4 hidden, inputs]
  Matrix recurrent;         ///< [4 hidden, outputs]
  std::vector<float> bias;  ///< [4 hidden], or empty
  Matrix projection;        ///< [outputs, hidden]; without rows: none, and as many outputs as cells
};

/// Gates r, z, n below one another, as nn.GRU has them; h = (1 - z) n + z h(t-1).
struct GruWeights {
  Matrix input;                ///< [3 hidden, inputs]
  Matrix recurrent;            ///< [3 hidden, hidden]
  std::vector<float> bias;     ///< [3 hidden], or empty
  std::vector<float> bias_hn;  ///< [hidden]: n's bias inside the reset product, where reset comes after it; or empty
  bool reset_before = false;   ///< the matrix product
};

/// y = W x + b.
struct DenseWeights {
  Matrix weights;           ///< [outputs, inputs]
  std::vector<float> bias;  ///< [outputs], or empty
};

/// Each layer reads what the one before computes. Throws Error(bad_input) for shapes that do not fit.
class ERNGEN_API ModelBuilder {
 public:
  ModelBuilder();
  ~ModelBuilder();

  void lstm(const LstmWeights& weights);
  void gru(const GruWeights& weights);
  void dense(const DenseWeights& weights);

  /// The layers so far. Throws Error(bad_input) for none, sizes that do not chain and values that are not finite.
  Model model() const;

 private:
  std::unique_ptr<Network> network_;
};

}  // namespace erngen
