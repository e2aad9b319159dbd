// Layers and operations that join values, and arithmetic with constants.
#include <algorithm>

#include <fmt/format.h>

#include "import/keras/context.hpp"

namespace erngen::keras {
namespace {

/// All inputs are of the same frames.
void require_alike(const Applied& applied, bool of_one_size) {
  const auto& inputs = applied.inputs;
  if (inputs.empty()) throw bad_input(applied.config().what() + ": joins nothing");
  for (const Traced& x : inputs) {
    if (x.last != inputs[0].last)
      throw unsupported(applied.config().what() + ": joins the last frame of one value with all frames of another");
    if (of_one_size && x.signal.size() != inputs[0].signal.size())
      throw unsupported(fmt::format("{}: joins vectors of {} and {} elements, one of which would be repeated",
                                    applied.config().what(), inputs[0].signal.size(), x.signal.size()));
  }
}

Traced scaled(const Applied& applied, Traced x, double scale, double offset) {
  const auto size = static_cast<size_t>(x.signal.size());
  x.signal =
      applied.context.builder.affine(x.signal, std::vector<double>(size, scale), std::vector<double>(size, offset));
  return x;
}

Traced add(const Applied& applied) {
  require_alike(applied, true);
  Traced sum = applied.inputs[0];
  for (size_t n = 1; n < applied.inputs.size(); ++n)
    sum.signal = applied.context.builder.add(sum.signal, applied.inputs[n].signal, applied.layer.name);
  return sum;
}

Traced average(const Applied& applied) {
  return scaled(applied, add(applied), 1.0 / static_cast<double>(applied.inputs.size()), 0);
}

Traced subtract(const Applied& applied) {
  require_alike(applied, true);
  if (applied.inputs.size() != 2) throw bad_input(applied.config().what() + ": subtracts other than two values");
  return add(
      {applied.context, applied.layer, applied.call, {applied.inputs[0], scaled(applied, applied.inputs[1], -1, 0)}});
}

Traced concatenate(const Applied& applied) {
  require_alike(applied, false);
  const Json* axis = applied.config().find("axis");
  if (axis && !applied.is_feature_axis(*axis))
    throw unsupported(
        fmt::format("{}: joins along axis {}, not along the features", applied.config().what(), json_text(*axis)));
  std::vector<Signal> parts;
  for (const Traced& x : applied.inputs) parts.push_back(x.signal);
  return {applied.context.builder.concatenate(parts), applied.inputs[0].last, ""};
}

/// The number that an operation has beside its one value, and whether it comes first.
struct Operand {
  double number;
  bool first;
};

Operand operand(const Applied& applied) {
  const Json& arguments = applied.call.arguments;
  for (size_t n = 0; n < arguments.size() && arguments.size() == 2; ++n)
    if (arguments[n].is_number()) return {arguments[n].get<double>(), n == 0};
  throw unsupported(applied.config().what() + ": its constant is not one number");
}

template <Traced (*of_values)(const Applied&), Traced (*with_number)(const Applied&, const Traced&, const Operand&)>
Traced arithmetic(const Applied& applied) {
  if (applied.inputs.size() == 2 && of_values) return of_values(applied);
  if (applied.inputs.size() != 1)
    throw unsupported(applied.config().what() + ": computes with other than one value and one number");
  return with_number(applied, applied.inputs[0], operand(applied));
}

Traced plus(const Applied& applied, const Traced& x, const Operand& c) { return scaled(applied, x, 1, c.number); }

Traced minus(const Applied& applied, const Traced& x, const Operand& c) {
  return c.first ? scaled(applied, x, -1, c.number) : scaled(applied, x, 1, -c.number);
}

Traced times(const Applied& applied, const Traced& x, const Operand& c) { return scaled(applied, x, c.number, 0); }

Traced divided(const Applied& applied, const Traced& x, const Operand& c) {
  if (c.first) throw unsupported(applied.config().what() + ": divides by a computed value");
  if (c.number == 0) throw bad_input(applied.config().what() + ": divides by 0");
  return scaled(applied, x, 1 / c.number, 0);
}

Traced no_product(const Applied& applied) {
  throw unsupported(applied.config().what() +
                        ": multiplies or divides two computed values: erngen multiplies by "
                        "constants only",
                    "let the host do it, with the model cut before it");
}

Traced negative(const Applied& applied) { return scaled(applied, applied.input(), -1, 0); }

/// x[:, -1], the last frame, or x[:, 0], which a layer that runs backward gives last.
Traced get_item(const Applied& applied) {
  const auto whole = [](const Json& json) {
    return json.is_object() && json.contains("config") && json["config"].is_object() &&
           std::ranges::all_of(json["config"], [](const Json& bound) { return bound.is_null(); });
  };
  const Json& arguments = applied.call.arguments;
  const Json key = arguments.size() == 2 ? arguments[1] : Json();
  const bool last_frame = key.is_array() && key.size() >= 2 && key.size() <= 3 && whole(key[0]) &&
                          (key[1] == -1 || key[1] == 0) && (key.size() == 2 || whole(key[2]));
  if (!last_frame || applied.input().last)
    throw unsupported(fmt::format("{}: takes the part {} of a value; only [:, -1], the last frame, is supported",
                                  applied.config().what(), json_text(key)));
  Traced x = applied.input();
  if (key[1] == 0) x.signal = applied.context.builder.first_frame(x.signal, applied.layer.name);
  x.last = true;
  return x;
}

template <Nonlinearity kind>
Traced activate(const Applied& applied) {
  Traced x = applied.input();
  x.signal = applied.context.builder.activate(x.signal, kind, applied.layer.name);
  return x;
}

}  // namespace

const std::map<std::string, LayerReader>& merging_layers() {
  static const std::map<std::string, LayerReader> readers{
      {"Add", add}, {"Average", average}, {"Subtract", subtract}, {"Concatenate", concatenate}};
  return readers;
}

const std::map<std::string, LayerReader>& operations() {
  static const std::map<std::string, LayerReader> readers{
      {"Add", arithmetic<add, plus>},
      {"Subtract", arithmetic<subtract, minus>},
      {"Multiply", arithmetic<no_product, times>},
      {"Divide", arithmetic<no_product, divided>},
      {"TrueDivide", arithmetic<no_product, divided>},
      {"Negative", negative},
      {"GetItem", get_item},
      {"Concatenate", concatenate},
      {"Relu", activate<Nonlinearity::relu>},
      {"Sigmoid", activate<Nonlinearity::sigmoid>},
      {"Tanh", activate<Nonlinearity::tanh>},
  };
  return readers;
}

}  // namespace erngen::keras
