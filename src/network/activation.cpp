#include "network/activation.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

double Activation::operator()(double z) const {
  switch (kind) {
    case Nonlinearity::none: return z;
    case Nonlinearity::relu: return std::max(z, 0.0);
    case Nonlinearity::clip: return std::clamp(z, static_cast<double>(alpha), static_cast<double>(beta));
    case Nonlinearity::leaky_relu: return z > 0 ? z : alpha * z;
    case Nonlinearity::sigmoid: return 1 / (1 + std::exp(-z));
    case Nonlinearity::tanh: return std::tanh(z);
    case Nonlinearity::hard_sigmoid: return std::clamp(alpha * z + beta, 0.0, 1.0);
  }
  return 0;
}

const char* kind_name(Nonlinearity kind) {
  constexpr const char* names[] = {"none", "relu", "clip", "leaky_relu", "sigmoid", "tanh", "hard_sigmoid"};
  return names[static_cast<int>(kind)];
}

std::string activation_name(const Activation& a) {
  switch (a.kind) {
    case Nonlinearity::clip:
    case Nonlinearity::hard_sigmoid: return fmt::format("{}({:g}, {:g})", kind_name(a.kind), a.alpha, a.beta);
    case Nonlinearity::leaky_relu: return fmt::format("leaky_relu({:g})", a.alpha);
    default: return kind_name(a.kind);
  }
}

void check_activation(const Activation& a, const std::string& what) {
  const bool two = a.kind == Nonlinearity::clip || a.kind == Nonlinearity::hard_sigmoid;
  const bool one = two || a.kind == Nonlinearity::leaky_relu;
  if (!std::isfinite(a.alpha) || !std::isfinite(a.beta) || (!one && a.alpha != 0) || (!two && a.beta != 0))
    throw bad_input(fmt::format("{}: {} with the parameters {:g} and {:g}", what, kind_name(a.kind), a.alpha, a.beta));
  if (a.kind == Nonlinearity::clip && a.alpha >= a.beta)
    throw bad_input(fmt::format("{}: clip to {:g}..{:g}, which is no range", what, a.alpha, a.beta));
}

}  // namespace erngen
