// A plain recurrent layer: a sum over its input and its own vector, ended as a dense layer.
#include <fmt/format.h>

#include "ops/graph_builder.hpp"
#include "ops/lowering.hpp"

namespace erngen {

int lower_layer(GraphBuilder& b, const RnnLayer& layer) {
  const int h = b.add_vector(fmt::format("h{}", b.index()), layer.hidden, true);
  const BlockMatrix& u = layer.recurrent_weights[0];
  Sum sum{joined(b.input_terms(b.index(), "input", {&layer.input_weights[0]}),
                 {b.term(h, true, b.family("recurrent"), {&u})}),
          widen(layer.bias[0]),
          {}};
  if (!layer.initial_hidden.empty()) {
    sum.first_bias = sum.bias;
    sum.first_bias.resize(static_cast<size_t>(layer.hidden));
    add_product(u, layer.initial_hidden, sum.first_bias);
  }
  b.end_sum(std::move(sum), layer.activation, h);
  return h;
}

}  // namespace erngen
