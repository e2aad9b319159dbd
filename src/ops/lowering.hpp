// From the layers of a network to the phases that the engine executes.
#pragma once

#include "ops/graph.hpp"

namespace erngen {

/// Lowers a validated network; weights become packed spectra in double precision. Element-wise functions end phases,
/// concatenated inputs become terms of a sum, and additions products with the identity, so that everything is a sum of
/// products followed by an operation. Throws Error(unsupported) naming a layer that the engine cannot execute.
Graph<double> lower(const Network& network);

/// The graph of a network without numbers (structure_of()), for those of a quantised network to be filled in: matrices
/// have their shapes and no words.
Graph<std::int32_t> lower_structure(const Network& structure);

class GraphBuilder;

/// What a layer becomes; returns the vector that it produces. Each lies with its operations.
int lower_layer(GraphBuilder& b, const LstmLayer& layer);
int lower_layer(GraphBuilder& b, const GruLayer& layer);
int lower_layer(GraphBuilder& b, const RnnLayer& layer);
int lower_layer(GraphBuilder& b, const DenseLayer& layer);
int lower_layer(GraphBuilder& b, const AddLayer& layer);

}  // namespace erngen
