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

  /// Of the first part of the input; the others differ in their fractions at most.
  Format input_format() const { return part_format(0); }
  Format part_format(int part) const { return {formats.activation_width, graph.vectors[part].fraction}; }
  Format output_format() const { return {formats.activation_width, graph.vectors[graph.output_vector()].fraction}; }
};

/// Fraction of a vector's spectrum words: vector fraction + guard - drop.
inline int spectrum_fraction(const NumberFormats& formats, const Vector& vector, int spectrum) {
  return vector.fraction + vector.spectra[spectrum].guard - formats.spectrum_drop;
}

}  // namespace erngen
