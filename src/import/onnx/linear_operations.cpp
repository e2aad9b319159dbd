// Operations that multiply a vector by a constant matrix, and batch normalisation.
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/onnx/context.hpp"

namespace erngen::onnx {
namespace {

using Inputs = const std::vector<Value>&;
using Results = std::vector<Value>;

/// The matrix W of y = W x from a constant [rows, cols].
BlockMatrix matrix(const Constant& constant) {
  const auto shape = constant.known_shape();
  if (shape.size() != 2) throw unsupported(fmt::format("the weights have shape {}", shape_text(constant.shape())));
  const auto in_range = [](std::int64_t size) { return static_cast<int>(std::min<std::int64_t>(size, 1 << 30)); };
  BlockMatrix result(in_range(shape[0]), in_range(shape[1]), 1);
  result.columns = constant.reals("the weights");
  return result;
}

/// y = W x for each frame.
Traced dense(Context& context, const GraphNode& node, const Traced& x, const Constant& weights) {
  require_features_last(x, "the vector");
  Traced result = x;
  result.signal = context.builder.dense(matrix(weights), {}, x.signal, node.label());
  result.axes.back() = {Atom{Atom::features, result.signal.size()}};
  result.state = false;
  return result;
}

Results matrix_product(Context& context, const GraphNode& node, Inputs inputs) {
  if (!is_missing(inputs, 0) && std::holds_alternative<Constant>(inputs[0]))
    throw unsupported("multiplies a matrix by a vector in the order W x: export x W', as every exporter writes it");
  const Traced& x = traced_input(inputs, 0, "A");
  if (!is_missing(inputs, 1) && std::holds_alternative<Traced>(inputs[1]))
    throw unsupported(
        "multiplies two computed tensors (an attention, or a product of vectors): erngen multiplies by "
        "constant matrices only");
  Constant weights = constant_input(inputs, 1, "B");
  while (weights.rank() > 2 && weights.shape().front().is(1)) weights = weights.without_axis(0);
  if (weights.rank() != 2) throw unsupported(fmt::format("B has shape {}, no matrix", shape_text(weights.shape())));
  return {dense(context, node, x, weights.transposed({1, 0}))};
}

Results gemm(Context& context, const GraphNode& node, Inputs inputs) {
  const Traced& x = traced_input(inputs, 0, "A");
  if (node.integer("transA", 0) != 0) throw unsupported("transA is 1: it runs over the frames");
  if (x.axes.size() != 2) throw bad_input(fmt::format("A has {} axes, not 2", x.axes.size()));
  const Constant& b = constant_input(inputs, 1, "B");
  if (b.rank() != 2) throw bad_input(fmt::format("B has {} axes, not 2", b.rank()));
  Traced result = dense(context, node, x, node.integer("transB", 0) != 0 ? b : b.transposed({1, 0}));
  const double alpha = node.real("alpha", 1), beta = node.real("beta", 1);
  const std::vector<double> scale(result.signal.size(), alpha);
  if (alpha != 1) result.signal = context.builder.affine(result.signal, scale, {});
  if (is_missing(inputs, 2) || beta == 0) return {result};
  if (std::holds_alternative<Traced>(inputs[2])) {
    Traced summand = traced_input(inputs, 2, "C");
    const std::vector<double> share(summand.signal.size(), beta);
    if (beta != 1) summand.signal = context.builder.affine(summand.signal, share, {});
    return elementwise_operations().at("Add")(context, node, {result, summand});
  }
  std::vector<double> offset = by_element(constant_input(inputs, 2, "C"), result, result.axes, "C");
  for (double& value : offset) value *= beta;
  result.signal = context.builder.affine(result.signal, {}, offset);
  return {result};
}

/// y = scale (x - mean) / sqrt(variance + epsilon) + bias, by element: exactly a scale and an offset.
Results batch_normalisation(Context& context, const GraphNode& node, Inputs inputs) {
  Traced x = traced_input(inputs, 0, "X");
  if (node.integer("training_mode", 0) != 0 || (context.model.opset < 14 && node.outputs.size() > 1))
    throw unsupported("computes statistics of its input, as in training", "call model.eval() before exporting");
  if (node.integer("spatial", 1) != 1) throw unsupported("spatial is 0");
  const auto features = features_axis(x.axes);
  if (features != 1)
    throw unsupported(fmt::format("normalises axis 1 of shape {}, which is not the elements of a vector",
                                  shape_text(shape_of(x.axes))));
  const auto values = [&](size_t at, const char* name) {
    const auto list = constant_input(inputs, at, name).reals(name);
    if (static_cast<int>(list.size()) != x.signal.size())
      throw bad_input(fmt::format("{} has {} elements for a vector of {}", name, list.size(), x.signal.size()));
    return list;
  };
  const auto gamma = values(1, "scale"), beta = values(2, "B"), mean = values(3, "mean"), variance = values(4, "var");
  const double epsilon = node.real("epsilon", 1e-5f);
  std::vector<double> scale, offset;
  for (size_t e = 0; e < gamma.size(); ++e) {
    scale.push_back(gamma[e] / std::sqrt(variance[e] + epsilon));
    offset.push_back(beta[e] - mean[e] * scale.back());
  }
  x.signal = context.builder.affine(x.signal, scale, offset);
  x.state = false;
  return {x};
}

}  // namespace

const Operations& linear_operations() {
  static const Operations all = {
      {"MatMul", matrix_product}, {"Gemm", gemm}, {"BatchNormalization", batch_normalisation}};
  return all;
}

}  // namespace erngen::onnx
