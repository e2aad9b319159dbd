// A dense layer: a sum, ended by its function.
#include <fmt/format.h>

#include "ops/graph_builder.hpp"
#include "ops/lowering.hpp"

namespace erngen {

int lower_layer(GraphBuilder& b, const DenseLayer& layer) {
  const int y = b.add_vector(fmt::format("y{}", b.index()), layer.output(), false);
  b.end_sum({b.input_terms(b.index(), "weight", {&layer.weights}), widen(layer.bias), {}}, layer.activation, y);
  return y;
}

}  // namespace erngen
