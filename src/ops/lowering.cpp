#include "ops/lowering.hpp"

#include "ops/graph_builder.hpp"

namespace erngen {

Graph<double> lower(const Network& network) { return GraphBuilder(network).take(); }

Graph<std::int32_t> lower_structure(const Network& structure) {
  return without_numbers<std::int32_t>(lower(structure));
}

}  // namespace erngen
