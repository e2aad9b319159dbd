// A GRU of either kind.
#include "ops/gru_after.hpp"
#include "ops/gru_before.hpp"
#include "ops/lowering.hpp"

namespace erngen {

int lower_layer(GraphBuilder& b, const GruLayer& layer) {
  return layer.reset == Reset::after ? lower_gru_after(b, layer) : lower_gru_before(b, layer);
}

}  // namespace erngen
