// From a graph back to the layers that it was lowered from, without their numbers.
#pragma once

#include "base/json.hpp"
#include "cell/graph.hpp"

namespace erngen {

/// Sets the values of a network whose layers have shapes only so that lower() gives the structure of its graph: each
/// matrix gets one zero block and each bias and peephole that is there one zero.
void fill_outline(Layer& layer, bool bias, bool peephole);

/// The outline of the network that lower() made `graph` of.
Network outline_network(const Graph<std::int32_t>& graph);

/// The structure of a lowered outline, for the values of a quantised network to be filled in: the number of bias and
/// peephole vectors is right, their length and all words are not.
Graph<std::int32_t> outline_graph(const Network& outline);

/// What executes, for people, scripts and comparisons: {"vectors": [...], "phases": [...]} (docs/network-format.md).
Json graph_json(const Graph<std::int32_t>& graph);

}  // namespace erngen
