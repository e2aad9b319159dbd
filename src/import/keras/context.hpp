// What the layers of a Keras model are made with.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "import/keras/model.hpp"
#include "import/keras/weights.hpp"
#include "import/network_builder.hpp"

namespace erngen::keras {

/// A value of the model that the network computes.
struct Traced {
  Signal signal;
  bool last = false;  ///< of the last frame only
  std::string cut;    ///< the function that was cut off behind it: nothing may read it
};

struct Context {
  NetworkBuilder& builder;
  int version;  ///< of Keras, its first number
  bool frames;  ///< the input is [sequences, frames, features], not [sequences, features]
  const Weights& weights;
  std::vector<std::string>& notes;
};

/// One layer, applied at one place.
struct Applied {
  Context& context;
  const Layer& layer;
  const Call& call;
  const std::vector<Traced>& inputs;

  /// The only input. Throws Error(bad_input) for another number.
  const Traced& input() const;
  const Config& config() const { return layer.config; }
  /// Whether an axis is that of the features, the last one: -1, 2 of [sequences, frames, features], or 1 of [sequences,
  /// features]; also as a list of one.
  bool is_feature_axis(const Json& axis) const;
};

using LayerReader = Traced (*)(const Applied&);

/// By class name: LSTM, GRU and SimpleRNN, and Bidirectional.
const std::map<std::string, LayerReader>& recurrent_layers();
/// Dense, activations, normalisations, and what computes nothing at inference.
const std::map<std::string, LayerReader>& frame_layers();
/// Add, Concatenate and their kin.
const std::map<std::string, LayerReader>& merging_layers();
/// Functions of keras.ops, such as x + y of two values.
const std::map<std::string, LayerReader>& operations();

/// The layer's output. Throws Error(unsupported) by its class for layers that erngen does not have.
Traced apply(const Applied& applied);

}  // namespace erngen::keras
