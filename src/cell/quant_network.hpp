// The quantised network: integers and formats, nothing real left.
#pragma once

#include <filesystem>

#include "activation/activation.hpp"
#include "fixed/number_formats.hpp"
#include "ops/graph.hpp"

namespace erngen {

struct QuantNetwork {
  NumberFormats formats;
  Network structure;  ///< the layers that were lowered, without their numbers
  Graph<std::int32_t> graph;
  ActivationUnit sigmoid;
  ActivationUnit tanh;
  nlohmann::ordered_json metadata = nlohmann::ordered_json::object();

  Format input_format() const { return {formats.activation_width, graph.vectors.front().fraction}; }
  Format output_format() const { return {formats.activation_width, graph.vectors[graph.output_vector()].fraction}; }
};

/// Fraction of a vector's spectrum words: vector fraction + guard - drop.
inline int spectrum_fraction(const NumberFormats& formats, const Vector& vector, int spectrum) {
  return vector.fraction + vector.spectra[spectrum].guard - formats.spectrum_drop;
}

}  // namespace erngen
