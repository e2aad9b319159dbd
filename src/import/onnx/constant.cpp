#include "import/onnx/constant.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::onnx {
namespace {

/// More than any matrix of a network has.
constexpr std::int64_t most_elements = std::int64_t{1} << 28;

std::vector<std::int64_t> c_order(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0; stride *= shape[axis]) strides[axis] = shape[axis] == 1 ? 0 : stride;
  return strides;
}

}  // namespace

Constant::Constant(const std::vector<std::int64_t>& shape, Reals values)
    : shape_(shape.begin(), shape.end()),
      strides_(c_order(shape)),
      values_(std::make_shared<const Reals>(std::move(values))) {}

Constant::Constant(const std::vector<std::int64_t>& shape, Sizes values)
    : shape_(shape.begin(), shape.end()),
      strides_(c_order(shape)),
      values_(std::make_shared<const Sizes>(std::move(values))) {}

Constant Constant::filled(std::vector<Size> shape, float value) { return Constant({}, Reals{value}).broadcast(shape); }

Constant Constant::filled(std::vector<Size> shape, Size value) {
  return Constant({}, Sizes{std::move(value)}).broadcast(shape);
}

bool Constant::is_known() const {
  return std::ranges::all_of(shape_, [](const Size& size) { return size.value().has_value(); });
}

bool Constant::is_uniform() const {
  return std::ranges::all_of(strides_, [](std::int64_t stride) { return stride == 0; });
}

std::vector<std::int64_t> Constant::known_shape() const {
  std::vector<std::int64_t> shape;
  for (const Size& size : shape_) {
    if (!size.value()) throw unsupported(fmt::format("shape {} is not known", shape_text(shape_)));
    shape.push_back(*size.value());
  }
  return shape;
}

std::vector<std::int64_t> Constant::places() const {
  const auto shape = known_shape();
  std::int64_t count = 1;
  for (const std::int64_t size : shape)
    if (__builtin_mul_overflow(count, size, &count) || count > most_elements)
      throw unsupported(
          fmt::format("a tensor of shape {} has more than {} elements", shape_text(shape_), most_elements));
  std::vector<std::int64_t> places{offset_};
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    std::vector<std::int64_t> next;
    next.reserve(places.size() * static_cast<size_t>(shape[axis]));
    for (const std::int64_t place : places)
      for (std::int64_t i = 0; i < shape[axis]; ++i) next.push_back(place + i * strides_[axis]);
    places = std::move(next);
  }
  return places;
}

template <class T>
std::vector<T> Constant::elements(const std::string& what) const {
  if (!std::holds_alternative<std::shared_ptr<const std::vector<T>>>(values_))
    throw bad_input(fmt::format("{}: holds {}", what, is_real() ? "real numbers, not whole ones" : "no real numbers"));
  if (!is_known()) throw unsupported(fmt::format("{}: its shape {} is not known", what, shape_text(shape_)));
  std::vector<T> result;
  const auto& all = values<T>();
  for (const std::int64_t place : places()) result.push_back(all[static_cast<size_t>(place)]);
  return result;
}

Constant::Reals Constant::reals(const std::string& what) const { return elements<float>(what); }
Constant::Sizes Constant::sizes(const std::string& what) const { return elements<Size>(what); }

std::vector<std::int64_t> Constant::integers(const std::string& what) const {
  std::vector<std::int64_t> result;
  for (const Size& size : sizes(what)) {
    if (!size.value()) throw unsupported(what + ": depends on a size that the file leaves open");
    result.push_back(*size.value());
  }
  return result;
}

int Constant::axis(std::int64_t number) const {
  const std::int64_t at = number < 0 ? number + rank() : number;
  if (at < 0 || at >= rank()) throw bad_input(fmt::format("axis {} of a tensor of {} axes", number, rank()));
  return static_cast<int>(at);
}

Constant Constant::transposed(const std::vector<std::int64_t>& order) const {
  Constant result = *this;
  std::vector<bool> taken(shape_.size());
  if (order.size() != shape_.size())
    throw bad_input(fmt::format("an order of {} axes for a tensor of {}", order.size(), rank()));
  for (size_t to = 0; to < order.size(); ++to) {
    const int from = axis(order[to]);
    if (taken[from]) throw bad_input(fmt::format("axis {} twice in an order of axes", from));
    taken[from] = true;
    result.shape_[to] = shape_[from];
    result.strides_[to] = strides_[from];
  }
  return result;
}

Constant Constant::with_axis(int at) const {
  Constant result = *this;
  result.shape_.insert(result.shape_.begin() + at, Size(1));
  result.strides_.insert(result.strides_.begin() + at, 0);
  return result;
}

Constant Constant::without_axis(int at) const {
  if (!shape_[at].is(1) && shape_[at].value())
    throw bad_input(fmt::format("axis {} of shape {} cannot be squeezed", at, shape_text(shape_)));
  Constant result = *this;
  result.shape_.erase(result.shape_.begin() + at);
  result.strides_.erase(result.strides_.begin() + at);
  return result;
}

Constant Constant::along(int at, std::int64_t begin, std::int64_t count, std::int64_t step) const {
  Constant result = *this;
  if (const auto size = shape_[at].value()) {
    const std::int64_t end = begin + (count - 1) * step;
    if (count < 1 || std::min(begin, end) < 0 || std::max(begin, end) >= *size)
      throw bad_input(fmt::format("elements {}..{} of axis {} of shape {}", begin, end, at, shape_text(shape_)));
  }
  result.shape_[at] = count;
  result.offset_ += begin * strides_[at];
  result.strides_[at] *= step;
  return result;
}

Constant Constant::broadcast(const std::vector<Size>& shape) const {
  Constant result = *this;
  const size_t added = shape.size() - std::min(shape.size(), shape_.size());
  for (const Size& size : shape)
    if (size.value() && *size.value() < 0) throw bad_input(fmt::format("a shape {}", shape_text(shape)));
  result.shape_ = shape;
  result.strides_.insert(result.strides_.begin(), added, 0);
  for (size_t axis = 0; axis < shape_.size(); ++axis) {
    const size_t to = axis + added;
    if (to >= shape.size() || !(shape_[axis] == shape[to] || shape_[axis].is(1)))
      throw bad_input(fmt::format("shape {} cannot be broadcast to {}", shape_text(shape_), shape_text(shape)));
    if (!(shape_[axis] == shape[to])) result.strides_[to] = 0;
  }
  return result;
}

Constant Constant::reshaped(const std::vector<Size>& shape) const {
  Size before(1), after(1);
  for (const Size& size : shape_) before = before * size;
  for (const Size& size : shape) after = after * size;
  if (!(before == after))
    throw bad_input(fmt::format("shape {} cannot become {}", shape_text(shape_), shape_text(shape)));
  if (is_uniform()) {
    Constant result = *this;
    result.shape_ = shape;
    result.strides_.assign(shape.size(), 0);
    return result;
  }
  std::vector<std::int64_t> numbers;
  for (const Size& size : shape) numbers.push_back(size.value().value_or(-1));
  if (!is_known())
    throw unsupported(fmt::format("a tensor of shape {} that is not the same everywhere is reshaped to {}",
                                  shape_text(shape_), shape_text(shape)));
  return is_real() ? Constant(numbers, reals("")) : Constant(numbers, sizes(""));
}

std::vector<Size> broadcast_shape(const std::vector<Size>& a, const std::vector<Size>& b) {
  std::vector<Size> shape(std::max(a.size(), b.size()), Size(1));
  for (size_t from_end = 1; from_end <= shape.size(); ++from_end) {
    const Size one = from_end <= a.size() ? a[a.size() - from_end] : Size(1);
    const Size two = from_end <= b.size() ? b[b.size() - from_end] : Size(1);
    if (!(one == two) && !one.is(1) && !two.is(1))
      throw bad_input(fmt::format("shapes {} and {} cannot be broadcast", shape_text(a), shape_text(b)));
    shape[shape.size() - from_end] = one.is(1) ? two : one;
  }
  return shape;
}

}  // namespace erngen::onnx
