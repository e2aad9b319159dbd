// The element-wise functions of layers: y = f(z).
#pragma once

#include <string>

namespace erngen {

/// none: z; relu: max(z, 0); clip: z limited to alpha..beta (ReLU6 is clip 0..6, hard tanh clip -1..1);
/// leaky_relu: z for z > 0, else alpha z; hard_sigmoid: alpha z + beta limited to 0..1.
enum class Nonlinearity { none, relu, clip, leaky_relu, sigmoid, tanh, hard_sigmoid };

struct Activation {
  Nonlinearity kind = Nonlinearity::none;
  float alpha = 0;
  float beta = 0;

  constexpr Activation(Nonlinearity kind_ = Nonlinearity::none, float alpha_ = 0, float beta_ = 0)
      : kind(kind_), alpha(alpha_), beta(beta_) {}

  double operator()(double z) const;
  friend bool operator==(const Activation&, const Activation&) = default;
};

/// Whether a table of the engine computes it.
constexpr bool is_unit(const Activation& f) { return f.kind == Nonlinearity::sigmoid || f.kind == Nonlinearity::tanh; }

/// "relu", ...
const char* kind_name(Nonlinearity kind);
/// "clip(0, 6)", "tanh".
std::string activation_name(const Activation& activation);

/// Throws Error(bad_input) beginning with `what` unless the parameters are finite and clip's limits are in order, and
/// those that the function does not have are 0.
void check_activation(const Activation& activation, const std::string& what);

}  // namespace erngen
