// Which reader makes a layer of a class, and why others are refused.
#include <fmt/format.h>

#include "import/keras/context.hpp"

namespace erngen::keras {
namespace {

struct Refusal {
  const char* class_name;
  const char* why;
  const char* way_out;
};

constexpr Refusal refusals[] = {
    {"Masking", "skips frames by their values", "give the accelerator sequences without the masked frames"},
    {"Embedding", "looks up indices", "let the host look them up, and save the model from its vectors on"},
    {"Conv1D", "is a convolution", "let the host compute it, and save the model from there on"},
    {"Conv2D", "is a convolution", "let the host compute it, and save the model from there on"},
    {"LayerNormalization", "normalises by each frame's own statistics", "train the model with BatchNormalization"},
    {"Multiply", "multiplies two computed values", "let the host do it, with the model cut before it"},
    {"Lambda", "is Python code", "let the host compute it, or build it of Keras layers"},
    {"RNN", "has cells of its own", "train the model with LSTM, GRU or SimpleRNN"},
    {"Sequential", "is a model inside the model", "put its layers into the outer model"},
    {"Functional", "is a model inside the model", "put its layers into the outer model"},
};

}  // namespace

const Traced& Applied::input() const {
  if (inputs.size() != 1)
    throw bad_input(fmt::format("{}: reads {} values, expected one", layer.text(), inputs.size()));
  return inputs.front();
}

bool Applied::is_feature_axis(const Json& axis) const {
  if (axis.is_array()) return axis.size() == 1 && is_feature_axis(axis[0]);
  const bool vectors = !context.frames || (!inputs.empty() && inputs.front().last);
  return axis == -1 || axis == (vectors ? 1 : 2);
}

Traced apply(const Applied& applied) {
  const Layer& layer = applied.layer;
  if (layer.operation) {
    const auto found = operations().find(layer.class_name);
    if (found == operations().end())
      throw unsupported(fmt::format("the operation {} is not supported", layer.text()),
                        "let the host compute it before or after the network, or build the model without it");
    return found->second(applied);
  }
  for (const auto* readers : {&recurrent_layers(), &frame_layers(), &merging_layers()})
    if (const auto found = readers->find(layer.class_name); found != readers->end()) return found->second(applied);
  for (const Refusal& refusal : refusals)
    if (layer.class_name == refusal.class_name)
      throw unsupported(fmt::format("the layer {} {}", layer.text(), refusal.why), refusal.way_out);
  throw unsupported(fmt::format("the layer {} is not supported", layer.text()),
                    "let the host compute it before or after the network, or train the model without it");
}

}  // namespace erngen::keras
