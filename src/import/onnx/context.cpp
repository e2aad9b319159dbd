#include "import/onnx/context.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::onnx {

bool is_missing(const std::vector<Value>& inputs, size_t at) {
  return at >= inputs.size() || std::holds_alternative<Missing>(inputs[at]);
}

const Constant& constant_input(const std::vector<Value>& inputs, size_t at, const char* what) {
  if (is_missing(inputs, at)) throw bad_input(fmt::format("has no {}", what));
  if (const auto* constant = std::get_if<Constant>(&inputs[at])) return *constant;
  throw unsupported(fmt::format("{} is computed from the graph's input, not known in the file", what));
}

std::int64_t whole_number(const Constant& constant, const char* what) {
  const auto values = constant.integers(what);
  if (values.size() != 1) throw bad_input(fmt::format("{} has {} elements, not 1", what, values.size()));
  return values.front();
}

float real_number(const Constant& constant, const char* what) {
  const auto values = constant.reals(what);
  if (values.empty()) throw bad_input(fmt::format("{} has no value", what));
  for (const float value : values)
    if (value != values.front()) throw unsupported(fmt::format("{} differs between elements", what));
  return values.front();
}

const Traced& traced_input(const std::vector<Value>& inputs, size_t at, const char* what) {
  if (is_missing(inputs, at)) throw bad_input(fmt::format("has no {}", what));
  if (const auto* traced = std::get_if<Traced>(&inputs[at])) {
    if (traced->cut == OutputCut::none) return *traced;
    throw unsupported(
        fmt::format("computes with what {} gives: that is for the very end of a network only", cut_name(traced->cut)),
        "let the host compute from there on: import with --outputs and the name of the value before");
  }
  if (const auto* state = std::get_if<State>(&inputs[at]))
    throw unsupported(fmt::format("computes with {}, which is a state of the accelerator", state->what));
  if (std::holds_alternative<Constant>(inputs[at]))
    throw unsupported(fmt::format("{} is a constant, and the other operand computed", what));
  throw unsupported(fmt::format("computes with the states of several layers at once ({})", what));
}

std::vector<double> by_element(const Constant& constant, const Traced& vector, Axes& axes, const char* what) {
  Constant view = constant;
  axes = vector.axes;
  while (view.rank() < static_cast<int>(axes.size())) view = view.with_axis(0);
  while (static_cast<int>(axes.size()) < view.rank()) axes.insert(axes.begin(), Axis{});
  const auto features = features_axis(axes);
  const int size = vector.signal.size();
  for (int at = view.rank() - 1; at >= 0; --at) {
    if (at == features) continue;
    const Size have = size_of(axes[at]), wanted = view.shape()[at];
    if (!wanted.is(1) && !(wanted == have))
      throw unsupported(fmt::format("{} of shape {} repeats a vector of shape {}", what, shape_text(constant.shape()),
                                    shape_text(shape_of(vector.axes))));
    if (!wanted.is(1) && wanted.value()) {
      const Constant::Reals values = view.reals(what);
      const Constant one = view.along(at, 0, 1, 1);
      if (values != one.broadcast(view.shape()).reals(what))
        throw unsupported(
            fmt::format("{} of shape {} differs between frames or sequences", what, shape_text(constant.shape())));
    }
    view = view.along(at, 0, 1, 1).without_axis(at);
  }
  if (!features) return std::vector<double>(size, view.reals(what).front());
  if (!view.shape().front().is(1) && !view.shape().front().is(size))
    throw unsupported(
        fmt::format("{} of shape {} for a vector of {} elements", what, shape_text(constant.shape()), size));
  const auto values = view.broadcast({Size(size)}).reals(what);
  return {values.begin(), values.end()};
}

void require_features_last(const Traced& vector, const char* what) {
  const auto at = features_axis(vector.axes);
  const bool one = !at && vector.signal.size() == 1 && !vector.axes.empty() && size_of(vector.axes.back()).is(1);
  if (at != static_cast<int>(vector.axes.size()) - 1 && !one)
    throw unsupported(fmt::format("{} of shape {}: its last axis is not the elements of a frame", what,
                                  shape_text(shape_of(vector.axes))));
}

}  // namespace erngen::onnx
