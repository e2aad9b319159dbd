// Operations that move values and compute shapes, alike for constants, vectors and states.
#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/onnx/context.hpp"
#include "import/onnx/join.hpp"

namespace erngen::onnx {
namespace {

using Inputs = const std::vector<Value>&;
using Results = std::vector<Value>;

Constant list(std::vector<Size> values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return Constant(std::vector<std::int64_t>{count}, std::move(values));
}

const Value& first(Inputs inputs) {
  if (is_missing(inputs, 0)) throw bad_input("has no input");
  return inputs[0];
}

/// The attribute of older operator sets, or the input of newer ones. Empty if there is neither.
std::vector<std::int64_t> numbers(const GraphNode& node, Inputs inputs, size_t at, const char* name) {
  if (!is_missing(inputs, at)) return constant_input(inputs, at, name).integers(name);
  return node.integers(name);
}

Results identity(Context&, const GraphNode&, Inputs inputs) { return {first(inputs)}; }

Results dropout(Context&, const GraphNode& node, Inputs inputs) {
  if (!is_missing(inputs, 2) && whole_number(constant_input(inputs, 2, "training_mode"), "training_mode") != 0)
    throw unsupported("training_mode is true: the file is of a model in training",
                      "call model.eval() before exporting");
  if (node.outputs.size() > 1 && !node.outputs[1].empty()) return {first(inputs), Missing{}};
  return {first(inputs)};
}

bool is_real_type(std::int64_t type) { return type == 1 || type == 10 || type == 11 || type == 16; }

Results cast(Context&, const GraphNode& node, Inputs inputs) {
  // TensorProto.DataType: 1 float, 10 float16, 11 double, 16 bfloat16.
  const bool to_real = is_real_type(node.integer("to", 0));
  const auto* constant = std::get_if<Constant>(&first(inputs));
  if (!constant) {
    if (std::holds_alternative<Traced>(inputs[0]) && !to_real && std::get<Traced>(inputs[0]).cut != OutputCut::argmax)
      throw unsupported("rounds a vector to whole numbers");
    return {inputs[0]};
  }
  if (constant->is_real() == to_real) return {*constant};
  if (to_real)
    return {constant->map([](const auto& v) -> float {
      if constexpr (requires { v.value(); }) {
        if (!v.value()) throw unsupported("computes with a size that the file leaves open");
        return static_cast<float>(*v.value());
      } else {
        return v;
      }
    })};
  return {constant->map([](const auto& v) -> Size {
    if constexpr (requires { v.value(); }) {
      return v;
    } else {
      return Size(static_cast<std::int64_t>(v));
    }
  })};
}

Results cast_like(Context&, const GraphNode&, Inputs inputs) { return {first(inputs)}; }

Results transpose(Context&, const GraphNode& node, Inputs inputs) {
  auto order = node.integers("perm");
  if (order.empty())
    for (int axis = rank_of(first(inputs)); axis-- > 0;) order.push_back(axis);
  return {transposed(first(inputs), order)};
}

Results squeeze(Context&, const GraphNode& node, Inputs inputs) {
  Value value = first(inputs);
  std::vector<int> axes;
  for (const std::int64_t axis : numbers(node, inputs, 1, "axes")) axes.push_back(axis_of(value, axis));
  if (axes.empty()) {
    const auto shape = shape_of(value);
    for (size_t at = 0; at < shape.size(); ++at)
      if (shape[at].is(1)) axes.push_back(static_cast<int>(at));
  }
  std::ranges::sort(axes, std::greater<>());
  for (const int axis : axes) value = without_axis(value, axis);
  return {value};
}

Results unsqueeze(Context&, const GraphNode& node, Inputs inputs) {
  Value value = first(inputs);
  const auto wanted = numbers(node, inputs, 1, "axes");
  std::vector<int> axes;
  for (const std::int64_t axis : wanted) axes.push_back(axis_of(value, axis, static_cast<int>(wanted.size())));
  std::ranges::sort(axes);
  for (const int axis : axes) value = with_axis(value, axis);
  return {value};
}

Results reshape(Context& context, const GraphNode& node, Inputs inputs) {
  std::vector<Size> shape = constant_input(inputs, 1, "shape").sizes("shape");
  const auto old = shape_of(first(inputs));
  const bool zero_is_zero = node.integer("allowzero", 0) != 0;
  for (size_t at = 0; at < shape.size(); ++at) {
    if (shape[at].value() && *shape[at].value() < -1) throw bad_input("shape has " + shape[at].text());
    if (shape[at].is(-1)) shape[at] = Size::unknown();
    if (shape[at].is(0) && !zero_is_zero) {
      if (at >= old.size()) throw bad_input(fmt::format("copies axis {} of shape {}", at, shape_text(old)));
      shape[at] = old[at];
    }
  }
  return {reshaped(first(inputs), shape, context.builder)};
}

Results flatten(Context& context, const GraphNode& node, Inputs inputs) {
  const auto shape = shape_of(first(inputs));
  std::int64_t axis = node.integer("axis", 1);
  if (axis < 0) axis += static_cast<std::int64_t>(shape.size());
  std::vector<Size> flat(2, Size(1));
  for (size_t at = 0; at < shape.size(); ++at) {
    Size& to = flat[static_cast<std::int64_t>(at) < axis ? 0 : 1];
    to = to * shape[at];
  }
  return {reshaped(first(inputs), flat, context.builder)};
}

/// The frames in the other order, if `at` is their axis.
std::optional<Value> flipped(Context& context, const GraphNode& node, const Value& value, int at) {
  const auto* traced = std::get_if<Traced>(&value);
  if (!traced || traced->last || traced->cut != OutputCut::none) return {};
  const Axis& axis = traced->axes[static_cast<size_t>(at)];
  if (axis.size() != 1 || axis.front().label == Atom::features) return {};
  if (context.frames.label.value_or(axis.front().label) != axis.front().label) return {};
  context.frames.label = axis.front().label;
  Traced result = *traced;
  result.signal = context.builder.flip(traced->signal, node.label());
  result.state = false;
  return result;
}

/// Of sequences as long as the tensor.
Results reverse_sequence(Context& context, const GraphNode& node, Inputs inputs) {
  const int time = axis_of(first(inputs), node.integer("time_axis", 0));
  const Size frames = shape_of(inputs[0])[static_cast<size_t>(time)];
  Constant lengths = constant_input(inputs, 1, "sequence_lens");
  for (int at = 0; at < lengths.rank(); ++at)
    if (!lengths.shape()[at].value()) lengths = lengths.along(at, 0, 1, 1);
  for (const Size& length : lengths.sizes("sequence_lens"))
    if (!(length == frames))
      throw unsupported(fmt::format("turns {} of {} frames", length.text(), frames.text()),
                        "export without lengths: the accelerator's sequences are as long as they are");
  if (auto result = flipped(context, node, inputs[0], time)) return {*std::move(result)};
  throw unsupported(fmt::format("turns axis {}, which does not count the frames", time));
}

/// One axis of Slice.
Value sliced(Context& context, const GraphNode& node, const Value& value, int at, std::int64_t start, const Size& stop,
             std::int64_t step) {
  const Size size = shape_of(value)[at];
  const auto take = [&](std::int64_t begin, std::int64_t count) {
    return along(value, at, begin, count, step, context.frames, context.builder, node.label());
  };
  constexpr std::int64_t far = std::numeric_limits<std::int32_t>::max();
  constexpr std::int64_t farthest = std::int64_t{1} << 40;
  start = std::clamp(start, -farthest, farthest), step = std::clamp(step, -farthest, farthest);
  if (step == 0) throw bad_input("a step of 0");
  if (start == 0 && step == 1 && stop == size) return value;
  const bool from_the_end = start == -1 || (size.value() ? start >= *size.value() - 1 : start >= far);
  const bool to_the_first = stop.value() && (size.value() ? *stop.value() < -*size.value() : *stop.value() <= -far);
  if (step == -1 && from_the_end && to_the_first)
    if (auto result = flipped(context, node, value, at)) return *std::move(result);
  if (!stop.value()) throw unsupported("ends at a size that the file leaves open");
  std::int64_t end = *stop.value();
  if (size.value()) {
    const std::int64_t n = *size.value(), low = step < 0 ? -1 : 0, high = step < 0 ? n - 1 : n;
    start = std::clamp(start < 0 ? start + n : start, step < 0 ? std::int64_t{0} : low, high);
    end = std::clamp(end < 0 ? std::max<std::int64_t>(end, -n - 1) + n : end, low, high);
    const std::int64_t count = step > 0 ? (end - start + step - 1) / step : (end - start + step + 1) / step;
    if (count <= 0) throw unsupported(fmt::format("takes nothing of axis {}", at));
    if (start == 0 && step == 1 && count == n) return value;
    return take(start, count);
  }
  if (step == 1 && end >= far) {
    if (start == 0) return value;
    if (start < 0) return take(start, -start);
  }
  if (step == 1 && start >= 0 && end > start && end < far) return take(start, end - start);
  if (step == 1 && start < 0 && end < 0 && end == start + 1) return take(start, 1);
  throw unsupported(
      fmt::format("takes {}..{} in steps of {} of an axis whose size the file leaves open", start, end, step),
      step < 0 ? "reverse the frames on the host" : "");
}

Results slice(Context& context, const GraphNode& node, Inputs inputs) {
  Value value = first(inputs);
  const bool attributes = context.model.opset < 10;
  const auto starts = numbers(node, inputs, 1, "starts");
  std::vector<Size> ends;
  for (const std::int64_t end : node.integers("ends")) ends.push_back(end);
  if (!attributes) ends = constant_input(inputs, 2, "ends").sizes("ends");
  auto axes = numbers(node, inputs, 3, "axes");
  auto steps = attributes ? std::vector<std::int64_t>{} : numbers(node, inputs, 4, "steps");
  if (axes.empty())
    for (size_t at = 0; at < starts.size(); ++at) axes.push_back(static_cast<std::int64_t>(at));
  steps.resize(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size())
    throw bad_input("starts, ends and axes differ in their number");
  for (size_t n = 0; n < starts.size(); ++n)
    value = sliced(context, node, value, axis_of(value, axes[n]), starts[n], ends[n], steps[n]);
  return {value};
}

Results gather(Context& context, const GraphNode& node, Inputs inputs) {
  const Value& data = first(inputs);
  if (std::holds_alternative<Constant>(data) && !is_missing(inputs, 1) && std::holds_alternative<Traced>(inputs[1]))
    throw unsupported("looks numbers up in a table (an embedding)",
                      "look up on the host and feed the vectors: import with the model cut behind the embedding");
  const Constant& indices = constant_input(inputs, 1, "indices");
  const int at = axis_of(data, node.integer("axis", 0));
  const auto size = shape_of(data)[at].value();
  std::vector<Value> parts;
  for (std::int64_t index : indices.integers("indices")) {
    if (index < 0 && size) index += *size;
    if ((size && (index < 0 || index >= *size)) || (!size && index < 0 && index != -1))
      throw bad_input(fmt::format("takes {} of an axis of {}", index, shape_text(shape_of(data))));
    parts.push_back(along(data, at, index, 1, 1, context.frames, context.builder, node.label()));
  }
  if (parts.empty()) throw unsupported("takes nothing");
  const Value joined = parts.size() == 1 ? parts.front() : join(context, parts, at);
  if (indices.rank() == 1) return {joined};
  if (indices.rank() == 0) return {without_axis(joined, at)};
  std::vector<Size> shape = shape_of(data);
  shape.erase(shape.begin() + at);
  shape.insert(shape.begin() + at, indices.shape().begin(), indices.shape().end());
  return {reshaped(joined, shape, context.builder)};
}

Results split(Context& context, const GraphNode& node, Inputs inputs) {
  const int at = axis_of(first(inputs), node.integer("axis", 0));
  auto sizes = numbers(node, inputs, 1, "split");
  if (sizes.empty()) {
    const auto size = shape_of(inputs[0])[at].value();
    const auto parts = static_cast<std::int64_t>(node.outputs.size());
    if (!size || parts == 0) throw unsupported("splits an axis whose size the file leaves open");
    const std::int64_t one = (*size + parts - 1) / parts;
    for (std::int64_t rest = *size; rest > 0; rest -= one) sizes.push_back(std::min(rest, one));
  }
  Results parts;
  std::int64_t begin = 0;
  for (const std::int64_t count : sizes) {
    if (count < 1 || count > std::int64_t{1} << 31) throw bad_input(fmt::format("a part of {} elements", count));
    parts.push_back(along(inputs[0], at, begin, count, 1, context.frames, context.builder, node.label()));
    begin += count;
  }
  return parts;
}

Results concat(Context& context, const GraphNode& node, Inputs inputs) {
  first(inputs);
  return {join(context, inputs, axis_of(inputs[0], node.integer("axis", 0)))};
}

Results expand(Context&, const GraphNode&, Inputs inputs) {
  const auto wanted = constant_input(inputs, 1, "shape").sizes("shape");
  if (const auto* constant = std::get_if<Constant>(&first(inputs)))
    return {constant->broadcast(broadcast_shape(constant->shape(), wanted))};
  Value value = inputs[0];
  while (rank_of(value) < static_cast<int>(wanted.size())) value = with_axis(value, 0);
  const auto shape = shape_of(value);
  if (broadcast_shape(shape, wanted) != shape)
    throw unsupported(fmt::format("repeats a vector of shape {} to {}", shape_text(shape), shape_text(wanted)));
  return {value};
}

Results tile(Context& context, const GraphNode& node, Inputs inputs) {
  Value value = first(inputs);
  const auto repeats = constant_input(inputs, 1, "repeats").sizes("repeats");
  for (size_t at = 0; at < repeats.size(); ++at) {
    if (repeats[at].is(1)) continue;
    auto* constant = std::get_if<Constant>(&value);
    if (!constant) throw unsupported("repeats a vector");
    auto shape = constant->shape();
    if (at >= shape.size()) throw bad_input("more repeats than axes");
    if (shape[at].is(1)) {
      shape[at] = repeats[at];
      value = constant->broadcast(shape);
    } else if (repeats[at].value() && *repeats[at].value() > 0 && *repeats[at].value() <= 65536) {
      value = join(context, std::vector<Value>(static_cast<size_t>(*repeats[at].value()), value), static_cast<int>(at));
    } else {
      throw unsupported(fmt::format("{} repeats more than one element", node.op));
    }
  }
  return {value};
}

Results shape(Context&, const GraphNode& node, Inputs inputs) {
  auto sizes = shape_of(first(inputs));
  const auto rank = static_cast<std::int64_t>(sizes.size());
  const auto at = [&](std::int64_t axis) { return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank); };
  const std::int64_t begin = at(node.integer("start", 0)), end = std::max(begin, at(node.integer("end", rank)));
  return {list({sizes.begin() + begin, sizes.begin() + end})};
}

Results size(Context&, const GraphNode&, Inputs inputs) {
  Size product(1);
  for (const Size& one : shape_of(first(inputs))) product = product * one;
  return {Constant(std::vector<std::int64_t>{}, Constant::Sizes{product})};
}

Results constant(Context&, const GraphNode& node, Inputs) {
  if (const auto found = node.attributes.find("value"); found != node.attributes.end() && found->second.tensor)
    return {*found->second.tensor};
  if (node.has("value_float")) return {Constant({}, Constant::Reals{node.real("value_float", 0)})};
  if (node.has("value_int")) return {Constant({}, Constant::Sizes{node.integer("value_int", 0)})};
  if (node.has("value_ints")) {
    const auto values = node.integers("value_ints");
    return {list({values.begin(), values.end()})};
  }
  if (node.has("value_floats")) {
    const auto values = node.reals("value_floats");
    return {Constant({static_cast<std::int64_t>(values.size())}, values)};
  }
  throw unsupported("is no constant of numbers");
}

Results constant_of_shape(Context&, const GraphNode& node, Inputs inputs) {
  const auto sizes = constant_input(inputs, 0, "shape").sizes("shape");
  const auto found = node.attributes.find("value");
  if (found == node.attributes.end() || !found->second.tensor) return {Constant::filled(sizes, 0.0f)};
  const Constant& value = *found->second.tensor;
  return {value.is_real() ? Constant::filled(sizes, real_number(value, "value"))
                          : Constant::filled(sizes, Size(whole_number(value, "value")))};
}

}  // namespace

const Operations& shape_operations() {
  static const Operations all = {
      {"Identity", identity},
      {"Dropout", dropout},
      {"Cast", cast},
      {"CastLike", cast_like},
      {"Transpose", transpose},
      {"Squeeze", squeeze},
      {"Unsqueeze", unsqueeze},
      {"Reshape", reshape},
      {"Flatten", flatten},
      {"Slice", slice},
      {"ReverseSequence", reverse_sequence},
      {"Gather", gather},
      {"Split", split},
      {"Concat", concat},
      {"Expand", expand},
      {"Tile", tile},
      {"Shape", shape},
      {"Size", size},
      {"Constant", constant},
      {"ConstantOfShape", constant_of_shape},
  };
  return all;
}

}  // namespace erngen::onnx
