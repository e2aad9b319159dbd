#include "import/onnx/value.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::onnx {
namespace {

using StackPointer = std::shared_ptr<const Stack>;

Value stack(std::vector<Value> items, int axis) { return std::make_shared<const Stack>(Stack{std::move(items), axis}); }

Error no_tensor() { return bad_input("reads a value that its node leaves out"); }

/// `f` on every item, the axis of the stack being where `axis` says.
template <class F>
Value each(const Stack& all, int axis, F&& f) {
  std::vector<Value> items;
  for (const Value& item : all.items) items.push_back(f(item));
  return stack(std::move(items), axis);
}

template <class T>
std::vector<T> permuted(const std::vector<T>& values, const std::vector<std::int64_t>& order) {
  std::vector<T> result;
  for (const std::int64_t from : order) result.push_back(values.at(static_cast<size_t>(from)));
  return result;
}

/// The order without the axis of the stack.
std::vector<std::int64_t> inner_order(const std::vector<std::int64_t>& order, int axis) {
  std::vector<std::int64_t> inner;
  for (const std::int64_t from : order)
    if (from != axis) inner.push_back(from > axis ? from - 1 : from);
  return inner;
}

void require_order(const std::vector<std::int64_t>& order, int rank) {
  std::vector<bool> taken(rank);
  bool fits = static_cast<int>(order.size()) == rank;
  for (const std::int64_t from : order) {
    fits = fits && from >= 0 && from < rank && !taken[from];
    if (fits) taken[from] = true;
  }
  if (!fits) throw bad_input(fmt::format("its order of axes does not fit a tensor of {} axes", rank));
}

Traced frames_along(Traced traced, int at, std::int64_t begin, std::int64_t count, const FrameAxis& frames,
                    NetworkBuilder& builder, const std::string& name) {
  const Size size = size_of(traced.axes[at]);
  const bool last = begin == -1 || (size.value() && begin == *size.value() - 1);
  if (count == 1 && begin == 0 && !frames.reversed)
    traced.signal = builder.first_frame(traced.signal, name);
  else if (count != 1 || !(frames.reversed ? begin == 0 : last))
    throw unsupported(fmt::format("takes {} of the frames, from {} on: erngen gives all frames or the last one of a "
                                  "sequence",
                                  count, begin),
                      "take the frames out of the results on the host");
  traced.axes[at].clear();
  traced.last = true;
  return traced;
}

Traced traced_along(Traced traced, int at, std::int64_t begin, std::int64_t count, std::int64_t step,
                    const FrameAxis& frames, NetworkBuilder& builder, const std::string& name) {
  const Axis& axis = traced.axes[at];
  const Size size = size_of(axis);
  if (size.is(count) && begin == 0 && step == 1) return traced;
  if (size.is(1) && count == 1) return traced;
  if (step != 1 && count > 1)
    throw unsupported(fmt::format("takes every {}th of an axis", step),
                      step < 0 ? "reverse the frames on the host" : "");
  if (axis.size() == 1 && axis.front().label == Atom::features && traced.cut == OutputCut::none) {
    traced.signal = builder.slice(traced.signal, static_cast<int>(begin), static_cast<int>(count), name);
    traced.axes[at].front().size = count;
    traced.state = false;
    return traced;
  }
  if (axis.size() == 1 && frames.label && axis.front().label == *frames.label)
    return frames_along(std::move(traced), at, begin, count, frames, builder, name);
  // Without a recurrent node before it this is a layer that its exporter has unrolled.
  throw unsupported(
      fmt::format("takes {} of the {} on axis {}, which is not the elements of a vector{}", count, size.text(), at,
                  frames.label ? "" : ": the graph computes each frame by nodes of its own (an unrolled loop)"),
      frames.label ? ""
                   : "export with torch.onnx.export(..., dynamo=False), which writes a recurrent layer as one node");
}

}  // namespace

std::vector<Size> shape_of(const Value& value) {
  if (const auto* constant = std::get_if<Constant>(&value)) return constant->shape();
  if (const auto* traced = std::get_if<Traced>(&value)) return shape_of(traced->axes);
  if (const auto* state = std::get_if<State>(&value)) return state->shape;
  if (const auto* all = std::get_if<StackPointer>(&value)) {
    std::vector<Size> shape = shape_of((*all)->items.front());
    shape.insert(shape.begin() + (*all)->axis, static_cast<std::int64_t>((*all)->items.size()));
    return shape;
  }
  throw no_tensor();
}

int rank_of(const Value& value) { return static_cast<int>(shape_of(value).size()); }

int axis_of(const Value& value, std::int64_t number, int added) {
  const int rank = rank_of(value) + added;
  const std::int64_t at = number < 0 ? number + rank : number;
  if (at < 0 || at >= rank) throw bad_input(fmt::format("axis {} of a tensor of {} axes", number, rank));
  return static_cast<int>(at);
}

Value transposed(const Value& value, const std::vector<std::int64_t>& order) {
  require_order(order, rank_of(value));
  if (const auto* constant = std::get_if<Constant>(&value)) return constant->transposed(order);
  if (auto traced = value; auto* moved = std::get_if<Traced>(&traced)) {
    moved->axes = permuted(moved->axes, order);
    return traced;
  }
  if (const auto* state = std::get_if<State>(&value))
    return State{state->what, state->is_input, permuted(state->shape, order)};
  const Stack& all = *std::get<StackPointer>(value);
  const auto to = std::ranges::find(order, all.axis) - order.begin();
  return each(all, static_cast<int>(to),
              [&](const Value& item) { return transposed(item, inner_order(order, all.axis)); });
}

Value with_axis(const Value& value, int at) {
  if (const auto* constant = std::get_if<Constant>(&value)) return constant->with_axis(at);
  if (auto result = value; auto* traced = std::get_if<Traced>(&result)) {
    traced->axes.insert(traced->axes.begin() + at, Axis{});
    return result;
  }
  if (auto result = value; auto* state = std::get_if<State>(&result)) {
    state->shape.insert(state->shape.begin() + at, Size(1));
    return result;
  }
  if (!std::holds_alternative<StackPointer>(value)) throw no_tensor();
  const Stack& all = *std::get<StackPointer>(value);
  const bool before = at <= all.axis;
  return each(all, all.axis + (before ? 1 : 0),
              [&](const Value& item) { return with_axis(item, before ? at : at - 1); });
}

Value without_axis(const Value& value, int at) {
  if (const auto* constant = std::get_if<Constant>(&value)) return constant->without_axis(at);
  const Size size = shape_of(value)[at];
  if (size.value() && !size.is(1))
    throw bad_input(fmt::format("axis {} of size {} cannot be squeezed", at, size.text()));
  if (auto result = value; auto* traced = std::get_if<Traced>(&result)) {
    traced->axes.erase(traced->axes.begin() + at);
    return result;
  }
  if (auto result = value; auto* state = std::get_if<State>(&result)) {
    state->shape.erase(state->shape.begin() + at);
    return result;
  }
  const Stack& all = *std::get<StackPointer>(value);
  if (at == all.axis) return all.items.front();
  const bool before = at < all.axis;
  return each(all, all.axis - (before ? 1 : 0),
              [&](const Value& item) { return without_axis(item, before ? at : at - 1); });
}

Value along(const Value& value, int at, std::int64_t begin, std::int64_t count, std::int64_t step,
            const FrameAxis& frames, NetworkBuilder& builder, const std::string& name) {
  const auto size = shape_of(value)[at].value();
  if (const std::int64_t end = begin + (count - 1) * step;
      count < 1 || (size && (std::min(begin, end) < 0 || std::max(begin, end) >= *size)))
    throw bad_input(
        fmt::format("takes elements {}..{} of axis {} of shape {}", begin, end, at, shape_text(shape_of(value))));
  if (const auto* constant = std::get_if<Constant>(&value)) {
    if (begin < 0 && !constant->is_uniform()) throw unsupported("counts from the end of an axis of open size");
    return constant->along(at, std::max<std::int64_t>(begin, 0), count, step);
  }
  if (const auto* traced = std::get_if<Traced>(&value))
    return traced_along(*traced, at, begin, count, step, frames, builder, name);
  if (auto result = value; auto* state = std::get_if<State>(&result)) {
    state->shape[at] = count;
    return result;
  }
  if (!std::holds_alternative<StackPointer>(value)) throw no_tensor();
  const Stack& all = *std::get<StackPointer>(value);
  if (at != all.axis) {
    const int inner = at < all.axis ? at : at - 1;
    return each(all, all.axis,
                [&](const Value& item) { return along(item, inner, begin, count, step, frames, builder, name); });
  }
  std::vector<Value> items;
  for (std::int64_t i = 0; i < count; ++i) items.push_back(all.items.at(static_cast<size_t>(begin + i * step)));
  return stack(std::move(items), all.axis);
}

namespace {

constexpr int stacked_label = -2;  // of the axis of a stack

/// A stack as one value with an axis of its own for its items; none where they are no vectors of the same frames.
std::optional<Traced> spread(const Stack& all) {
  const auto* first = std::get_if<Traced>(&all.items.front());
  if (!first) return {};
  for (const Value& item : all.items) {
    const auto* other = std::get_if<Traced>(&item);
    if (!other || other->last != first->last || other->cut != OutputCut::none || first->cut != OutputCut::none)
      return {};
    const auto same = aligned(first->axes, other->axes);
    if (!same || other->axes.size() != first->axes.size()) return {};
  }
  Traced result = *first;
  result.axes.insert(result.axes.begin() + all.axis,
                     Axis{Atom{stacked_label, static_cast<std::int64_t>(all.items.size())}});
  return result;
}

/// The stack whose axes are those of `whole` now: one vector where its axis and the elements are one.
std::optional<Value> gathered(const Stack& all, Traced whole, NetworkBuilder& builder) {
  const bool has_elements = has_label(whole.axes, Atom::features);  // of one element nothing may be left
  for (size_t at = 0; at < whole.axes.size(); ++at) {
    Axis& axis = whole.axes[at];
    if (has_elements && axis.size() == 1 && axis.front().label == stacked_label) {
      whole.axes.erase(whole.axes.begin() + static_cast<std::ptrdiff_t>(at));
      std::vector<Value> items;
      for (const Value& item : all.items) {
        Traced one = whole;
        one.signal = std::get<Traced>(item).signal;
        items.push_back(std::move(one));
      }
      return stack(std::move(items), static_cast<int>(at));
    }
    if (!axis.empty() && axis.front().label == stacked_label &&
        (has_elements ? axis.size() == 2 && axis[1].label == Atom::features : axis.size() == 1)) {
      std::vector<Signal> signals;
      bool state = true;
      for (const Value& item : all.items) {
        signals.push_back(std::get<Traced>(item).signal);
        state = state && std::get<Traced>(item).state;
      }
      whole.signal = builder.concatenate(signals);
      whole.state = state;
      axis = {Atom{Atom::features, whole.signal.size()}};
      return whole;
    }
  }
  return {};
}

}  // namespace

Value unstacked(const Value& value, NetworkBuilder& builder) {
  const auto* all = std::get_if<StackPointer>(&value);
  if (!all) return value;
  auto whole = spread(**all);
  if (!whole) return value;
  const Atom stacked = whole->axes[static_cast<size_t>((*all)->axis)].front();
  whole->axes.erase(whole->axes.begin() + (*all)->axis);
  const auto at = features_axis(whole->axes);
  if (!at) return value;
  Axis& elements = whole->axes[static_cast<size_t>(*at)];
  elements.insert(elements.begin(), stacked);
  return gathered(**all, *std::move(whole), builder).value_or(value);
}

Value reshaped(const Value& value, const std::vector<Size>& shape, NetworkBuilder& builder) {
  const auto text = [&] { return fmt::format("{} to {}", shape_text(shape_of(value)), shape_text(shape)); };
  if (const auto* constant = std::get_if<Constant>(&value)) {
    std::vector<Size> complete = shape;
    if (std::ranges::any_of(shape, [](const Size& size) { return size.is_unknown(); })) {
      Size total(1), others(1);
      for (const Size& size : constant->shape()) total = total * size;
      for (const Size& size : shape) others = size.is_unknown() ? others : others * size;
      const auto rest = exact_quotient(total, others);
      if (!rest) throw unsupported(fmt::format("reshapes {}", text()));
      for (Size& size : complete)
        if (size.is_unknown()) size = *rest;
    }
    return constant->reshaped(complete);
  }
  if (const auto* traced = std::get_if<Traced>(&value)) {
    const auto axes = reshaped(traced->axes, shape);
    if (!axes) throw unsupported(fmt::format("reshapes {}: that splits an axis or mixes frames and elements", text()));
    Traced result = *traced;
    result.axes = *axes;
    return result;
  }
  if (const auto* state = std::get_if<State>(&value)) return State{state->what, state->is_input, shape};
  if (const auto* all = std::get_if<StackPointer>(&value))
    if (auto whole = spread(**all))
      if (const auto axes = reshaped(whole->axes, shape)) {
        whole->axes = *axes;
        if (auto result = gathered(**all, *std::move(whole), builder)) return *std::move(result);
      }
  throw unsupported(fmt::format("reshapes {}", text()));
}

}  // namespace erngen::onnx
