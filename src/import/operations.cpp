#include "import/operations.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace erngen {

Operation operation(const std::string& name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != '-') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::string_view identities[] = {"dropout", "dropout1d", "alphadropout", "identity"};
  static const std::pair<std::string_view, Activation> activations[] = {
      {"relu", Nonlinearity::relu},
      {"relu6", {Nonlinearity::clip, 0, 6}},
      {"hardtanh", {Nonlinearity::clip, -1, 1}},
      {"leakyrelu", {Nonlinearity::leaky_relu, 0.01f}},
      {"sigmoid", Nonlinearity::sigmoid},
      {"tanh", Nonlinearity::tanh},
      {"hardsigmoid", {Nonlinearity::hard_sigmoid, 1.0f / 6, 0.5f}},
  };
  constexpr std::pair<std::string_view, const char*> cuts[] = {
      {"softmax", "softmax"}, {"logsoftmax", "log_softmax"}, {"argmax", "argmax"}};
  constexpr std::string_view missing[] = {
      "prelu",     "elu",       "selu",      "celu",       "gelu",       "silu",        "swish",     "mish",
      "softplus",  "softsign",  "hardswish", "logsigmoid", "tanhshrink", "glu",         "exp",       "log",
      "sqrt",      "abs",       "clamp",     "layernorm",  "batchnorm",  "batchnorm1d", "groupnorm", "instancenorm",
      "rmsnorm",   "norm",      "normalize", "conv",       "conv1d",     "conv2d",      "pool",      "maxpool",
      "maxpool1d", "avgpool",   "avgpool1d", "mean",       "sum",        "max",         "attention", "embedding",
      "residual",  "skip",      "add",       "mul",        "scale",      "cat",         "concat",    "concatenate",
      "stack",     "split",     "chunk",     "flip",       "reverse",    "flatten",     "reshape",   "view",
      "permute",   "transpose", "squeeze",   "unsqueeze",  "upsample",   "interpolate"};
  for (const auto& [known, activation] : activations)
    if (plain == known) return {Operation::Kind::activation, activation, ""};
  for (const auto& [known, cut] : cuts)
    if (plain == known) return {Operation::Kind::cut, {}, cut};
  if (std::ranges::find(identities, plain) != std::end(identities)) return {Operation::Kind::identity, {}, ""};
  if (std::ranges::find(missing, plain) != std::end(missing)) return {Operation::Kind::missing, {}, ""};
  return {};
}

}  // namespace erngen
