// One layer of the float model with its state.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "network/network.hpp"

namespace erngen {

class FloatLayer {
 public:
  virtual ~FloatLayer() = default;
  /// One frame, the layer's inputs one behind the other; the result is valid until the next call.
  virtual std::span<const double> step(std::span<const double> x) = 0;
  /// To the state in which a sequence begins.
  virtual void reset() = 0;
};

/// Copies what it needs of `layer`.
std::unique_ptr<FloatLayer> make_float_layer(const Layer& layer);

}  // namespace erngen
