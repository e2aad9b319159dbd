// The graph of phases as JSON.
#pragma once

#include "base/json.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// What executes, for people, scripts and comparisons: {"vectors": [...], "phases": [...]}
/// (docs/reference/network-format.md).
Json graph_json(const Graph<std::int32_t>& graph);

}  // namespace erngen
