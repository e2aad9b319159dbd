#include "import/onnx/join.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::onnx {
namespace {

Size sum(const std::vector<Constant>& parts, int axis) {
  std::int64_t total = 0;
  for (const Constant& part : parts) {
    const auto size = part.shape().at(axis).value();
    if (!size) return Size::unknown();
    total += *size;
  }
  return total;
}

/// All values of the parts, the axis in question being the first.
template <class T>
Constant joined_known(const std::vector<Constant>& parts, std::vector<Size> shape, int axis) {
  std::vector<std::int64_t> to_front{axis}, back;
  for (int at = 0; at < static_cast<int>(shape.size()); ++at)
    if (at != axis) to_front.push_back(at);
  for (int at = 1; at <= axis; ++at) back.push_back(at);
  back.push_back(0);
  for (int at = axis + 1; at < static_cast<int>(shape.size()); ++at) back.push_back(at);
  std::vector<T> values;
  for (const Constant& part : parts) {
    const Constant moved = part.transposed(to_front);
    const auto& all = moved.values<T>();
    for (const std::int64_t place : moved.places()) values.push_back(all[static_cast<size_t>(place)]);
  }
  std::vector<std::int64_t> front;
  for (const std::int64_t at : to_front) front.push_back(*shape[static_cast<size_t>(at)].value());
  return Constant(front, std::move(values)).transposed(back);
}

bool same_everywhere(const std::vector<Constant>& parts) {
  const auto value = [](const Constant& part) {
    Constant one = part;
    while (one.rank() > 0) one = one.along(0, 0, 1, 1).without_axis(0);
    return one;
  };
  for (const Constant& part : parts) {
    if (!part.is_uniform()) return false;
    if (part.is_real() ? value(part).reals("") != value(parts.front()).reals("")
                       : !(value(part).sizes("").front() == value(parts.front()).sizes("").front()))
      return false;
  }
  return true;
}

Constant join_constants(const std::vector<Constant>& parts, int axis) {
  std::vector<Size> shape = parts.front().shape();
  bool known = true;
  for (const Constant& part : parts) {
    if (part.rank() != parts.front().rank() || part.is_real() != parts.front().is_real())
      throw bad_input("joins tensors of different kinds");
    for (int at = 0; at < part.rank(); ++at)
      if (at != axis && !(part.shape()[at] == shape[at]))
        throw bad_input(fmt::format("joins tensors of shapes {} and {}", shape_text(shape), shape_text(part.shape())));
    known = known && part.is_known();
  }
  const Size total = sum(parts, axis);
  shape[axis] = total;
  if (same_everywhere(parts)) {
    Constant one = parts.front().along(axis, 0, 1, 1);
    return one.broadcast(shape);
  }
  if (!known)
    throw unsupported(fmt::format("joins tensors of which the file leaves sizes open: {}", shape_text(shape)));
  return parts.front().is_real() ? joined_known<float>(parts, shape, axis) : joined_known<Size>(parts, shape, axis);
}

bool on_stack(const Value& part, int axis) {
  if (const auto* stack = std::get_if<std::shared_ptr<const Stack>>(&part)) return (*stack)->axis == axis;
  if (const auto* traced = std::get_if<Traced>(&part)) return size_of(traced->axes.at(axis)).is(1);
  return std::holds_alternative<State>(part) && shape_of(part).at(axis).value();
}

Value join_on_stack(const std::vector<Value>& parts, int axis) {
  Stack stack{{}, axis};
  for (const Value& part : parts) {
    if (const auto* inner = std::get_if<std::shared_ptr<const Stack>>(&part)) {
      stack.items.insert(stack.items.end(), (*inner)->items.begin(), (*inner)->items.end());
    } else if (auto item = part; auto* state = std::get_if<State>(&item)) {
      const std::int64_t count = *state->shape[axis].value();
      state->shape.erase(state->shape.begin() + axis);
      for (std::int64_t n = 0; n < count; ++n) stack.items.push_back(item);
    } else {
      stack.items.push_back(without_axis(part, axis));
    }
  }
  if (stack.items.empty()) throw bad_input("joins nothing");
  return std::make_shared<const Stack>(std::move(stack));
}

Traced join_vectors(Context& context, const std::vector<Value>& parts, int axis) {
  std::vector<Signal> signals;
  Traced result = traced_input(parts, 0, "the first part");
  Axes others = result.axes;
  for (size_t n = 0; n < parts.size(); ++n) {
    const Traced& part = traced_input(parts, n, "a part");
    if (part.axes.size() != result.axes.size() || features_axis(part.axes) != axis)
      throw unsupported(fmt::format("joins along axis {}, which is not the elements of vectors", axis));
    Axes own = part.axes;
    own[axis] = result.axes[axis];
    const auto both = aligned(others, own);
    if (!both || part.last != result.last)
      throw unsupported(fmt::format("joins vectors of different frames: shapes {} and {}",
                                    shape_text(shape_of(parts[0])), shape_text(shape_of(parts[n]))));
    others = *both;
    signals.push_back(part.signal);
  }
  result.signal = context.builder.concatenate(signals);
  result.axes = others;
  result.axes[axis].front().size = result.signal.size();
  result.state = false;
  return result;
}

}  // namespace

Value join(Context& context, const std::vector<Value>& parts, int axis) {
  if (parts.size() == 1) return parts.front();
  std::vector<Constant> constants;
  bool stacked = true, vectors = true;
  for (const Value& part : parts) {
    if (std::holds_alternative<Missing>(part)) throw bad_input("joins a value that is left out");
    if (axis >= rank_of(part))
      throw bad_input(fmt::format("joins along axis {} of shape {}", axis, shape_text(shape_of(part))));
    if (const auto* constant = std::get_if<Constant>(&part)) constants.push_back(*constant);
    const auto* traced = std::get_if<Traced>(&part);
    vectors = vectors && traced && features_axis(traced->axes) == axis;
    stacked = stacked && on_stack(part, axis);
  }
  if (constants.size() == parts.size()) return join_constants(constants, axis);
  if (!constants.empty()) throw unsupported("joins a vector and a constant");
  if (vectors || !stacked) return join_vectors(context, parts, axis);
  return join_on_stack(parts, axis);
}

}  // namespace erngen::onnx
