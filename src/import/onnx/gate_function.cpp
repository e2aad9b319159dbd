#include "import/onnx/gate_function.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/spelling.hpp"

namespace erngen::onnx {
namespace {

/// Parameters of a function of the operator specification: how many, and those it has by default.
struct Parameters {
  int count;
  float alpha, beta;
};

// https://onnx.ai/onnx/operators/onnx__LSTM.html
const std::map<std::string, Parameters> specified = {
    {"affine", {2, 1, 0}}, {"relu", {0, 0, 0}},       {"leakyrelu", {1, 0.01f, 0}}, {"thresholdedrelu", {1, 1, 0}},
    {"tanh", {0, 0, 0}},   {"scaledtanh", {2, 1, 1}}, {"sigmoid", {0, 0, 0}},       {"hardsigmoid", {2, 0.2f, 0.5f}},
    {"elu", {1, 1, 0}},    {"softsign", {0, 0, 0}},   {"softplus", {0, 0, 0}},
};

GateFunction function(const std::string& name, float alpha, float beta) {
  const std::string kind = lower_case(name);
  if (kind == "relu") return {Nonlinearity::relu};
  if (kind == "tanh") return {Nonlinearity::tanh};
  if (kind == "sigmoid") return {Nonlinearity::sigmoid};
  if (kind == "affine") return {Nonlinearity::none, alpha, beta};
  if (kind == "leakyrelu") return {{Nonlinearity::leaky_relu, alpha}};
  if (kind == "hardsigmoid") return {{Nonlinearity::hard_sigmoid, alpha, beta}};
  if (kind == "scaledtanh" && alpha == 1) return {Nonlinearity::tanh, beta};
  throw unsupported(
      kind == "scaledtanh"
          ? fmt::format("activation ScaledTanh has alpha {}: erngen has tanh times 1 only", alpha)
          : fmt::format("activation {}: erngen has Sigmoid, Tanh, Relu, HardSigmoid, LeakyRelu and Affine", name));
}

}  // namespace

std::vector<GateFunction> gate_functions(const GraphNode& node, const std::vector<std::string>& defaults,
                                         int directions) {
  std::vector<std::string> names = node.texts("activations");
  if (names.empty())
    for (int d = 0; d < directions; ++d) names.insert(names.end(), defaults.begin(), defaults.end());
  if (names.size() != defaults.size() * static_cast<size_t>(directions))
    throw bad_input(fmt::format("activations has {} functions, not {}", names.size(), defaults.size() * directions));
  const auto alphas = node.reals("activation_alpha"), betas = node.reals("activation_beta");
  // Values are taken in turn by the functions that have such a parameter.
  size_t alpha = 0, beta = 0;
  std::vector<GateFunction> functions;
  for (const std::string& name : names) {
    const auto found = specified.find(lower_case(name));
    if (found == specified.end()) throw bad_input(fmt::format("activation '{}' is none of ONNX", name));
    Parameters values = found->second;
    if (values.count > 0 && !alphas.empty()) values.alpha = alpha < alphas.size() ? alphas[alpha] : values.alpha;
    if (values.count > 1 && !betas.empty()) values.beta = beta < betas.size() ? betas[beta] : values.beta;
    alpha += values.count > 0;
    beta += values.count > 1;
    functions.push_back(function(name, values.alpha, values.beta));
  }
  const auto doubtful = [](size_t given, size_t taken) { return taken > 0 && given > 0 && given != taken; };
  if (doubtful(alphas.size(), alpha) || doubtful(betas.size(), beta))
    throw unsupported(
        fmt::format("activation_alpha has {} values and activation_beta {}, but {} and {} of the functions "
                    "have such a parameter: whose they are is not clear",
                    alphas.size(), betas.size(), alpha, beta),
        "write one value for each function that has the parameter");
  return functions;
}

bool saturates_within(const GateFunction& function, float limit) {
  // In float tanh is 1 from 9.02 on; exp(-104) is 0.
  const float low = function.offset - std::fabs(function.scale) * limit;
  const float high = function.offset + std::fabs(function.scale) * limit;
  const Activation& f = function.activation;
  switch (f.kind) {
    case Nonlinearity::tanh: return low <= -9.1f && high >= 9.1f;
    case Nonlinearity::sigmoid: return low <= -104 && high >= 104;
    case Nonlinearity::clip: return low <= f.alpha && high >= f.beta;
    case Nonlinearity::hard_sigmoid: return f.alpha > 0 && f.alpha * low + f.beta <= 0 && f.alpha * high + f.beta >= 1;
    default: return false;
  }
}

}  // namespace erngen::onnx
