// Arithmetic of constants: what exporters leave in a graph of weights that are computed from others, and of shapes.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/onnx/context.hpp"

namespace erngen::onnx {
namespace {

using Inputs = const std::vector<Value>&;
using Results = std::vector<Value>;

/// f of all pairs of elements, the operands broadcast. Axes of open size repeat what they have.
template <class T, class F>
Constant pairs(const Constant& a, const Constant& b, F&& f) {
  const std::vector<Size> shape = broadcast_shape(a.shape(), b.shape());
  Constant left = a.broadcast(shape), right = b.broadcast(shape);
  std::vector<std::int64_t> stored;
  for (int at = 0; at < left.rank(); ++at) {
    if (shape[at].value()) {
      stored.push_back(*shape[at].value());
      continue;
    }
    left = left.along(at, 0, 1, 1), right = right.along(at, 0, 1, 1);
    stored.push_back(1);
  }
  const auto x = left.places(), y = right.places();
  std::vector<decltype(f(left.values<T>().front(), right.values<T>().front()))> values;
  for (size_t n = 0; n < x.size(); ++n)
    values.push_back(f(left.values<T>()[static_cast<size_t>(x[n])], right.values<T>()[static_cast<size_t>(y[n])]));
  return Constant(stored, std::move(values)).broadcast(shape);
}

/// f of two numbers that are small enough for any operation; not known otherwise.
Size known_or(const Size& a, const Size& b, auto&& f) {
  const auto small = [](const Size& size) { return size.value() && std::llabs(*size.value()) < std::int64_t{1} << 40; };
  return small(a) && small(b) ? Size(f(*a.value(), *b.value())) : Size::unknown();
}

/// The same operation of real numbers, in double, and of sizes.
template <class Real, class Whole>
Constant arithmetic(Inputs inputs, Real&& real, Whole&& whole) {
  const Constant &a = constant_input(inputs, 0, "the first operand"),
                 &b = constant_input(inputs, 1, "the second operand");
  if (a.is_real() != b.is_real()) throw bad_input("computes with a real and a whole number");
  if (a.is_real())
    return pairs<float>(a, b, [&](float x, float y) { return static_cast<float>(real(double{x}, double{y})); });
  return pairs<Size>(a, b, whole);
}

template <auto real, auto whole>
Results binary(Context&, const GraphNode&, Inputs inputs) {
  return {arithmetic(inputs, real, whole)};
}

constexpr auto add_sizes = [](const Size& a, const Size& b) -> Size {
  if (a.is(0)) return b;
  if (b.is(0)) return a;
  return known_or(a, b, [](auto x, auto y) { return x + y; });
};
constexpr auto subtract_sizes = [](const Size& a, const Size& b) -> Size {
  if (b.is(0)) return a;
  if (a == b) return 0;
  return known_or(a, b, [](auto x, auto y) { return x - y; });
};
constexpr auto divide_sizes = [](const Size& a, const Size& b) -> Size {
  if (b.is(0)) throw bad_input("divides by 0");
  if (const auto quotient = exact_quotient(a, b)) return *quotient;
  return known_or(a, b, [](auto x, auto y) { return x / y; });
};
constexpr auto modulo_sizes = [](const Size& a, const Size& b) -> Size {
  return known_or(a, b, [](auto x, auto y) { return y == 0 ? 0 : (x % y + y) % y; });
};
constexpr auto multiply_sizes = [](const Size& a, const Size& b) -> Size { return a * b; };
constexpr auto least_size = [](const Size& a, const Size& b) -> Size {
  return a == b ? a : known_or(a, b, [](auto x, auto y) { return std::min(x, y); });
};
constexpr auto greatest_size = [](const Size& a, const Size& b) -> Size {
  return a == b ? a : known_or(a, b, [](auto x, auto y) { return std::max(x, y); });
};
constexpr auto no_sizes = [](const Size&, const Size&) -> Size { return Size::unknown(); };

/// Comparisons give sizes 0 and 1.
template <auto compare>
Results comparison(Context&, const GraphNode&, Inputs inputs) {
  const Constant &a = constant_input(inputs, 0, "the first operand"),
                 &b = constant_input(inputs, 1, "the second operand");
  if (a.is_real() && b.is_real())
    return {pairs<float>(a, b, [](float x, float y) { return Size(compare(x, y) ? 1 : 0); })};
  return {pairs<Size>(a, b, [](const Size& x, const Size& y) {
    if (x == y) return Size(compare(0, 0) ? 1 : 0);
    // Open sizes are 1 at least: all of them are alike to what is not positive.
    if (x.is_positive() && !y.is_positive() && y.value()) return Size(compare(1, *y.value()) ? 1 : 0);
    if (y.is_positive() && !x.is_positive() && x.value()) return Size(compare(*x.value(), 1) ? 1 : 0);
    if (x.value() && y.value()) return Size(compare(*x.value(), *y.value()) ? 1 : 0);
    return Size::unknown();
  })};
}

template <auto f>
Results unary(Context&, const GraphNode&, Inputs inputs) {
  return {constant_input(inputs, 0, "the operand").map([](const auto& x) {
    if constexpr (requires { x.value(); }) {
      return x.value() ? Size(static_cast<std::int64_t>(f(static_cast<double>(*x.value())))) : Size::unknown();
    } else {
      return static_cast<float>(f(double{x}));
    }
  })};
}

Results where(Context&, const GraphNode&, Inputs inputs) {
  const Constant& condition = constant_input(inputs, 0, "the condition");
  const Constant &yes = constant_input(inputs, 1, "X"), &no = constant_input(inputs, 2, "Y");
  const auto choose = [](const Size& c, const auto& x, const auto& y) {
    if (!c.value()) throw unsupported("depends on a size that the file leaves open");
    return *c.value() != 0 ? x : y;
  };
  const std::vector<Size> shape = broadcast_shape(broadcast_shape(yes.shape(), no.shape()), condition.shape());
  const Constant c = condition.broadcast(shape), x = yes.broadcast(shape), y = no.broadcast(shape);
  if (condition.is_uniform()) {
    Constant one = condition;
    while (one.rank() > 0) one = one.along(0, 0, 1, 1).without_axis(0);
    return {choose(one.sizes("the condition").front(), x, y)};
  }
  const auto shape_numbers = c.known_shape();
  const auto flags = c.sizes("the condition");
  const auto pick = [&](auto left, const auto& right) {
    for (size_t n = 0; n < flags.size(); ++n) left[n] = choose(flags[n], left[n], right[n]);
    return Constant(shape_numbers, std::move(left));
  };
  return {yes.is_real() ? pick(x.reals("X"), y.reals("Y")) : pick(x.sizes("X"), y.sizes("Y"))};
}

Results range(Context&, const GraphNode&, Inputs inputs) {
  const auto number = [&](size_t at, const char* what) { return whole_number(constant_input(inputs, at, what), what); };
  const std::int64_t start = number(0, "start"), limit = number(1, "limit"), delta = number(2, "delta");
  if (delta == 0) throw bad_input("a delta of 0");
  if (std::fabs(static_cast<double>(limit) - static_cast<double>(start)) > 1e6 * std::fabs(static_cast<double>(delta)))
    throw unsupported("a range of more than a million numbers");
  Constant::Sizes values;
  for (std::int64_t v = start; delta > 0 ? v < limit : v > limit; v += delta) values.push_back(v);
  const auto count = static_cast<std::int64_t>(values.size());
  return {Constant({count}, std::move(values))};
}

enum class Reduction { sum, mean, product, least, greatest, l2 };

double reduced(Reduction kind, const std::vector<double>& values) {
  double result = kind == Reduction::product ? 1 : 0;
  if (kind == Reduction::least || kind == Reduction::greatest) result = values.at(0);
  for (const double v : values) {
    switch (kind) {
      case Reduction::sum:
      case Reduction::mean: result += v; break;
      case Reduction::product: result *= v; break;
      case Reduction::least: result = std::min(result, v); break;
      case Reduction::greatest: result = std::max(result, v); break;
      case Reduction::l2: result += v * v; break;
    }
  }
  if (kind == Reduction::mean) result /= static_cast<double>(values.size());
  return kind == Reduction::l2 ? std::sqrt(result) : result;
}

template <Reduction kind>
Results reduce(Context&, const GraphNode& node, Inputs inputs) {
  const Constant& operand = constant_input(inputs, 0, "the operand");
  auto axes = is_missing(inputs, 1) ? node.integers("axes") : constant_input(inputs, 1, "axes").integers("axes");
  if (axes.empty() && node.integer("noop_with_empty_axes", 0) != 0) return {operand};
  std::vector<bool> gone(operand.rank(), axes.empty());
  for (const std::int64_t axis : axes) gone[operand.axis(axis)] = true;
  const bool keep = node.integer("keepdims", 1) != 0;
  const auto shape = operand.known_shape();
  std::vector<std::int64_t> order, rest_shape, kept_shape;
  std::int64_t count = 1;
  for (int at = 0; at < operand.rank(); ++at) {
    if (!gone[at]) order.push_back(at), rest_shape.push_back(shape[at]);
    if (!gone[at] || keep) kept_shape.push_back(gone[at] ? 1 : shape[at]);
  }
  for (int at = 0; at < operand.rank(); ++at)
    if (gone[at]) order.push_back(at), count *= shape[at];
  const Constant moved = operand.transposed(order);
  std::vector<double> all;
  if (moved.is_real())
    for (const float v : moved.reals("the operand")) all.push_back(v);
  else
    for (const std::int64_t v : moved.integers("the operand")) all.push_back(static_cast<double>(v));
  std::vector<double> results;
  for (auto at = all.begin(); at != all.end() && count > 0; at += count)
    results.push_back(reduced(kind, {at, at + count}));
  if (operand.is_real()) return {Constant(kept_shape, Constant::Reals(results.begin(), results.end()))};
  Constant::Sizes sizes;
  for (const double v : results) sizes.push_back(static_cast<std::int64_t>(v));
  return {Constant(kept_shape, std::move(sizes))};
}

Results constant_product(Context&, const GraphNode&, Inputs inputs) {
  const Constant &a = constant_input(inputs, 0, "A"), &b = constant_input(inputs, 1, "B");
  if (a.rank() != 2 || b.rank() != 2) throw unsupported("multiplies constants that are no matrices");
  const auto x = a.known_shape(), y = b.known_shape();
  if (x[1] != y[0])
    throw bad_input(fmt::format("multiplies shapes {} and {}", shape_text(a.shape()), shape_text(b.shape())));
  const auto left = a.reals("A"), right = b.reals("B");
  Constant::Reals product;
  for (std::int64_t r = 0; r < x[0]; ++r)
    for (std::int64_t c = 0; c < y[1]; ++c) {
      double sum = 0;
      for (std::int64_t k = 0; k < x[1]; ++k)
        sum += double{left[static_cast<size_t>(r * x[1] + k)]} * right[static_cast<size_t>(k * y[1] + c)];
      product.push_back(static_cast<float>(sum));
    }
  return {Constant({x[0], y[1]}, std::move(product))};
}

}  // namespace

const Operations& constant_operations() {
  static const Operations all = {
      {"Add", binary<[](double x, double y) { return x + y; }, add_sizes>},
      {"Sub", binary<[](double x, double y) { return x - y; }, subtract_sizes>},
      {"Mul", binary<[](double x, double y) { return x * y; }, multiply_sizes>},
      {"Div", binary<[](double x, double y) { return x / y; }, divide_sizes>},
      {"Mod", binary<[](double x, double y) { return std::fmod(x, y); }, modulo_sizes>},
      {"Pow", binary<[](double x, double y) { return std::pow(x, y); }, no_sizes>},
      {"Min", binary<[](double x, double y) { return std::min(x, y); }, least_size>},
      {"Max", binary<[](double x, double y) { return std::max(x, y); }, greatest_size>},
      {"Equal", comparison<[](auto x, auto y) { return x == y; }>},
      {"Less", comparison<[](auto x, auto y) { return x < y; }>},
      {"LessOrEqual", comparison<[](auto x, auto y) { return x <= y; }>},
      {"Greater", comparison<[](auto x, auto y) { return y < x; }>},
      {"GreaterOrEqual", comparison<[](auto x, auto y) { return y <= x; }>},
      {"And", comparison<[](auto x, auto y) { return x != 0 && y != 0; }>},
      {"Or", comparison<[](auto x, auto y) { return x != 0 || y != 0; }>},
      {"Not", unary<[](double x) { return x == 0 ? 1.0 : 0.0; }>},
      {"Neg", unary<[](double x) { return -x; }>},
      {"Abs", unary<[](double x) { return std::fabs(x); }>},
      {"Sqrt", unary<[](double x) { return std::sqrt(x); }>},
      {"Exp", unary<[](double x) { return std::exp(x); }>},
      {"Log", unary<[](double x) { return std::log(x); }>},
      {"Reciprocal", unary<[](double x) { return 1 / x; }>},
      {"Floor", unary<[](double x) { return std::floor(x); }>},
      {"Ceil", unary<[](double x) { return std::ceil(x); }>},
      {"Tanh", unary<[](double x) { return std::tanh(x); }>},
      {"Sigmoid", unary<[](double x) { return 1 / (1 + std::exp(-x)); }>},
      {"Relu", unary<[](double x) { return std::max(x, 0.0); }>},
      {"Where", where},
      {"Range", range},
      {"ReduceSum", reduce<Reduction::sum>},
      {"ReduceMean", reduce<Reduction::mean>},
      {"ReduceProd", reduce<Reduction::product>},
      {"ReduceMin", reduce<Reduction::least>},
      {"ReduceMax", reduce<Reduction::greatest>},
      {"ReduceL2", reduce<Reduction::l2>},
      {"MatMul", constant_product},
  };
  return all;
}

}  // namespace erngen::onnx
