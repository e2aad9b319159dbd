#include "import/operations.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace erngen {

Operation operation(const std::string& name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != '-') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::string_view identities[] = {"dropout", "dropout1d", "alphadropout", "identity"};
  constexpr std::string_view missing[] = {
      "relu",      "relu6",        "leakyrelu", "prelu",      "elu",       "selu",       "celu",      "gelu",
      "silu",      "swish",        "mish",      "softplus",   "softsign",  "hardtanh",   "hardswish", "hardsigmoid",
      "sigmoid",   "logsigmoid",   "tanh",      "tanhshrink", "softmax",   "logsoftmax", "glu",       "exp",
      "log",       "sqrt",         "abs",       "clamp",      "argmax",    "layernorm",  "batchnorm", "batchnorm1d",
      "groupnorm", "instancenorm", "rmsnorm",   "norm",       "normalize", "conv",       "conv1d",    "conv2d",
      "pool",      "maxpool",      "maxpool1d", "avgpool",    "avgpool1d", "mean",       "sum",       "max",
      "attention", "embedding",    "residual",  "skip",       "add",       "mul",        "scale",     "cat",
      "concat",    "concatenate",  "stack",     "split",      "chunk",     "flip",       "reverse",   "flatten",
      "reshape",   "view",         "permute",   "transpose",  "squeeze",   "unsqueeze",  "upsample",  "interpolate"};
  if (std::ranges::find(identities, plain) != std::end(identities)) return Operation::identity;
  if (std::ranges::find(missing, plain) != std::end(missing)) return Operation::missing;
  return Operation::none;
}

}  // namespace erngen
