// What a Keras model is made of: layers, and which values each of them reads.
#pragma once

#include <string>
#include <vector>

#include "import/keras/config.hpp"

namespace erngen::keras {

/// What a layer gives at one of its calls.
struct ValueRef {
  int layer = 0;
  int call = 0;
  int output = 0;  ///< 0 but for layers that also give their states

  friend auto operator<=>(const ValueRef&, const ValueRef&) = default;
};

/// One use of a layer.
struct Call {
  std::vector<ValueRef> inputs;
  std::vector<std::string> named;  ///< arguments by which it reads other values, such as initial_state
  Json arguments;                  ///< of an operation: all, in order, the values as null
};

struct Layer {
  std::string class_name;  ///< "LSTM"
  std::string name;        ///< "encoder"
  bool operation;          ///< no layer but a function of keras.ops
  Config config;
  std::vector<Call> calls;

  std::string text() const { return layer_text(class_name, name); }
};

struct Model {
  int version;  ///< of Keras, its first number
  std::vector<Layer> layers;
  std::vector<int> inputs;  ///< layers that are the model's inputs
  std::vector<ValueRef> outputs;
};

/// A model of its JSON description: Sequential, or Functional by its nodes. Throws Error(bad_input) for descriptions
/// that contradict themselves, Error(unsupported) for models in Python code, which are not described.
Model parse_model(const Json& json, int version, const std::string& what);

}  // namespace erngen::keras
