// Operations on each element of a vector: with constants, activations, sums of vectors; and what is cut off at the end.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/onnx/context.hpp"

namespace erngen::onnx {
namespace {

using Inputs = const std::vector<Value>&;
using Results = std::vector<Value>;

bool is_constant(Inputs inputs, size_t at) {
  return at < inputs.size() && std::holds_alternative<Constant>(inputs[at]);
}

/// scale x + offset with one of the two by element.
Traced affine(Context& context, const Traced& x, const Constant& constant, const char* what, bool scales,
              bool inverse) {
  Traced result = x;
  std::vector<double> values = by_element(constant, x, result.axes, what);
  for (double& value : values) {
    if (inverse && scales && value == 0) throw bad_input("divides by 0");
    if (inverse) value = scales ? 1 / value : -value;
  }
  result.signal = scales ? context.builder.affine(x.signal, values, {}) : context.builder.affine(x.signal, {}, values);
  result.state = false;
  return result;
}

Traced negated(Context& context, const Traced& x) {
  Traced result = x;
  result.signal = context.builder.affine(x.signal, std::vector<double>(x.signal.size(), -1), {});
  result.state = false;
  return result;
}

Traced sum(Context& context, const GraphNode& node, const Traced& a, const Traced& b) {
  const auto axes = aligned(a.axes, b.axes);
  if (!axes || a.last != b.last)
    throw unsupported(fmt::format("adds vectors of shapes {} and {}, one of which would be repeated",
                                  shape_text(shape_of(a.axes)), shape_text(shape_of(b.axes))));
  return {context.builder.add(a.signal, b.signal, node.label()), *axes, a.last, false, {}};
}

Results add(Context& context, const GraphNode& node, Inputs inputs) {
  for (size_t at : {0, 1})
    if (is_constant(inputs, at))
      return {affine(context, traced_input(inputs, 1 - at, "the summand"), std::get<Constant>(inputs[at]),
                     "the summand", false, false)};
  return {
      sum(context, node, traced_input(inputs, 0, "the first summand"), traced_input(inputs, 1, "the second summand"))};
}

Results subtract(Context& context, const GraphNode& node, Inputs inputs) {
  if (is_constant(inputs, 1))
    return {affine(context, traced_input(inputs, 0, "the minuend"), std::get<Constant>(inputs[1]), "the subtrahend",
                   false, true)};
  const Traced less = negated(context, traced_input(inputs, 1, "the subtrahend"));
  if (is_constant(inputs, 0))
    return {affine(context, less, std::get<Constant>(inputs[0]), "the minuend", false, false)};
  return {sum(context, node, traced_input(inputs, 0, "the minuend"), less)};
}

Results multiply(Context& context, const GraphNode&, Inputs inputs) {
  for (size_t at : {0, 1})
    if (is_constant(inputs, at))
      return {affine(context, traced_input(inputs, 1 - at, "the factor"), std::get<Constant>(inputs[at]), "the factor",
                     true, false)};
  traced_input(inputs, 0, "the first factor");
  traced_input(inputs, 1, "the second factor");
  throw unsupported("multiplies two computed vectors: erngen multiplies by constants only",
                    "import the part before with --outputs, and multiply on the host");
}

Results divide(Context& context, const GraphNode&, Inputs inputs) {
  if (!is_constant(inputs, 1)) throw unsupported("divides by a computed vector: erngen divides by constants only");
  return {affine(context, traced_input(inputs, 0, "the dividend"), std::get<Constant>(inputs[1]), "the divisor", true,
                 true)};
}

Results negate(Context& context, const GraphNode&, Inputs inputs) {
  return {negated(context, traced_input(inputs, 0, "the operand"))};
}

Results sum_of_all(Context& context, const GraphNode& node, Inputs inputs) {
  if (inputs.empty()) throw bad_input("adds nothing");
  Value total = inputs[0];
  for (size_t n = 1; n < inputs.size(); ++n) {
    const std::vector<Value> two{total, inputs[n]};
    if (is_constant(two, 0) && is_constant(two, 1))
      total = constant_operations().at("Add")(context, node, two).front();
    else
      total = add(context, node, two).front();
  }
  if (node.op == "Mean") {
    const Constant share({}, Constant::Reals{1 / static_cast<float>(inputs.size())});
    return multiply(context, node, {total, share});
  }
  return {total};
}

// --- activations ---

Traced activated(Context& context, const GraphNode& node, Inputs inputs, const Activation& activation) {
  Traced result = traced_input(inputs, 0, "the operand");
  result.signal = context.builder.activate(result.signal, activation, node.label());
  result.state = false;
  return result;
}

template <Nonlinearity kind>
Results plain(Context& context, const GraphNode& node, Inputs inputs) {
  return {activated(context, node, inputs, kind)};
}

Results leaky_relu(Context& context, const GraphNode& node, Inputs inputs) {
  return {activated(context, node, inputs, {Nonlinearity::leaky_relu, node.real("alpha", 0.01f)})};
}

Results hard_sigmoid(Context& context, const GraphNode& node, Inputs inputs) {
  return {activated(context, node, inputs,
                    {Nonlinearity::hard_sigmoid, node.real("alpha", 0.2f), node.real("beta", 0.5f)})};
}

Results parametric_relu(Context& context, const GraphNode& node, Inputs inputs) {
  const float slope = real_number(constant_input(inputs, 1, "slope"), "slope");
  return {activated(context, node, inputs, {Nonlinearity::leaky_relu, slope})};
}

Traced limited(Context& context, const GraphNode& node, Inputs inputs, float low, float high) {
  constexpr float most = std::numeric_limits<float>::max();
  const bool below = low > -most, above = high < most;
  if (low > high) throw bad_input(fmt::format("limits to {}..{}", low, high));
  if (!below && !above) return traced_input(inputs, 0, "the operand");
  if (above && below) return activated(context, node, inputs, {Nonlinearity::clip, low, high});
  // max(x, low) = relu(x - low) + low; min(x, high) = high - relu(high - x).
  Traced x = traced_input(inputs, 0, "the operand");
  const double sign = below ? 1 : -1, limit = below ? low : high;
  const std::vector<double> factor(x.signal.size(), sign), before(x.signal.size(), -sign * limit),
      after(x.signal.size(), limit);
  NetworkBuilder& builder = context.builder;
  if (sign == 1 && limit == 0) return activated(context, node, inputs, Nonlinearity::relu);
  const Signal relu = builder.activate(builder.affine(x.signal, factor, before), Nonlinearity::relu, node.label());
  x.signal = builder.affine(relu, factor, after);
  x.state = false;
  return x;
}

Results clip(Context& context, const GraphNode& node, Inputs inputs) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  const auto limit = [&](size_t at, const char* name, float otherwise) {
    if (context.model.opset < 11) return node.real(name, otherwise);
    return is_missing(inputs, at) ? otherwise : real_number(constant_input(inputs, at, name), name);
  };
  return {limited(context, node, inputs, limit(1, "min", -infinite), limit(2, "max", infinite))};
}

/// Max and Min of a vector and a number are one-sided limits.
template <bool greatest>
Results extreme(Context& context, const GraphNode& node, Inputs inputs) {
  constexpr float infinite = std::numeric_limits<float>::infinity();
  if (inputs.size() != 2 || is_constant(inputs, 0) == is_constant(inputs, 1))
    throw unsupported("compares computed vectors: erngen limits by constants only");
  const size_t at = is_constant(inputs, 0) ? 0 : 1;
  const float value = real_number(std::get<Constant>(inputs[at]), "the limit");
  return {limited(context, node, {inputs[1 - at]}, greatest ? value : -infinite, greatest ? infinite : value)};
}

// --- the very end ---

void require_over_features(const Traced& x, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(x.axes.size());
  if ((axis < 0 ? axis + rank : axis) != features_axis(x.axes))
    throw unsupported(fmt::format("runs over axis {} of shape {}, which is not the elements of a vector", axis,
                                  shape_text(shape_of(x.axes))));
}

template <bool logarithm>
Results softmax(Context& context, const GraphNode& node, Inputs inputs) {
  Traced result = traced_input(inputs, 0, "the operand");
  const auto rank = static_cast<std::int64_t>(result.axes.size());
  // Before operator set 13 the default axis was 1, and all axes from it on were one.
  const bool old = context.model.opset < 13;
  const std::int64_t axis = node.integer("axis", old ? 1 : -1);
  require_over_features(result, axis);
  if (old && (axis < 0 ? axis + rank : axis) != rank - 1)
    throw unsupported("runs over several axes, as it does before operator set 13",
                      "export the model again with opset_version=17");
  result.cut = logarithm ? OutputCut::log_softmax : OutputCut::softmax;
  return {result};
}

Results argmax(Context&, const GraphNode& node, Inputs inputs) {
  const Value& operand = inputs.empty() ? Value(Missing{}) : inputs[0];
  Traced result = [&] {
    // The greatest element stays where it is under softmax and its logarithm.
    if (const auto* traced = std::get_if<Traced>(&operand);
        traced && (traced->cut == OutputCut::softmax || traced->cut == OutputCut::log_softmax))
      return *traced;
    return traced_input(inputs, 0, "the operand");
  }();
  require_over_features(result, node.integer("axis", 0));
  if (node.integer("select_last_index", 0) != 0) throw unsupported("select_last_index is 1");
  const int at = *features_axis(result.axes);
  if (node.integer("keepdims", 1) != 0)
    result.axes[at].clear();
  else
    result.axes.erase(result.axes.begin() + at);
  result.cut = OutputCut::argmax;
  return {result};
}

}  // namespace

const Operations& elementwise_operations() {
  static const Operations all = {
      {"Add", add},
      {"Sub", subtract},
      {"Mul", multiply},
      {"Div", divide},
      {"Neg", negate},
      {"Sum", sum_of_all},
      {"Mean", sum_of_all},
      {"Relu", plain<Nonlinearity::relu>},
      {"Sigmoid", plain<Nonlinearity::sigmoid>},
      {"Tanh", plain<Nonlinearity::tanh>},
      {"LeakyRelu", leaky_relu},
      {"PRelu", parametric_relu},
      {"HardSigmoid", hard_sigmoid},
      {"Clip", clip},
      {"Max", extreme<true>},
      {"Min", extreme<false>},
      {"Softmax", softmax<false>},
      {"LogSoftmax", softmax<true>},
      {"ArgMax", argmax},
  };
  return all;
}

}  // namespace erngen::onnx
