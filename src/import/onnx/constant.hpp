// Tensors that are known when the file is read: weights, states, shapes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "import/onnx/size.hpp"

namespace erngen::onnx {

/// A tensor of real numbers or of sizes (all whole numbers and booleans). It is a view of shared values: element
/// (i, j, ..) is values[offset + i strides[0] + j strides[1] + ..]. An axis whose stride is 0 repeats its values; so do
/// all axes whose size the file leaves open, such as the sequences of a state that is zero for each of them.
class Constant {
 public:
  using Reals = std::vector<float>;
  using Sizes = std::vector<Size>;

  Constant() : Constant({0}, Reals{}) {}
  /// C order. required: as many values as the shape says.
  Constant(const std::vector<std::int64_t>& shape, Reals values);
  Constant(const std::vector<std::int64_t>& shape, Sizes values);
  /// The same value everywhere.
  static Constant filled(std::vector<Size> shape, float value);
  static Constant filled(std::vector<Size> shape, Size value);

  const std::vector<Size>& shape() const { return shape_; }
  int rank() const { return static_cast<int>(shape_.size()); }
  bool is_real() const { return values_.index() == 0; }
  /// Whether each axis has a known size.
  bool is_known() const;
  /// The shape in numbers. Throws Error(unsupported) unless it is known.
  std::vector<std::int64_t> known_shape() const;
  /// Whether all elements are one value by construction.
  bool is_uniform() const;

  /// The elements in C order; real ones as float, whole ones as they are. Throws Error(unsupported) for a shape that is
  /// not known and for elements of the other kind; `what` begins the message.
  Reals reals(const std::string& what) const;
  Sizes sizes(const std::string& what) const;
  /// sizes(), all of them known.
  std::vector<std::int64_t> integers(const std::string& what) const;

  // Views. Axes count from the end if they are negative; Error(bad_input) if they are not there.
  int axis(std::int64_t number) const;
  Constant transposed(const std::vector<std::int64_t>& order) const;
  Constant with_axis(int at) const;     ///< of size 1
  Constant without_axis(int at) const;  ///< Error(bad_input) unless its size is 1
  /// Elements begin, begin + step, .. of an axis, `count` of them.
  Constant along(int at, std::int64_t begin, std::int64_t count, std::int64_t step) const;
  /// Axes of size 1 repeated, axes added in front. Error(bad_input) unless the shape takes it.
  Constant broadcast(const std::vector<Size>& shape) const;
  Constant reshaped(const std::vector<Size>& shape) const;

  /// f on every element, by kind.
  template <class F>
  Constant map(F&& f) const;

  /// The places in `values()` of all elements in C order. required: is_known().
  std::vector<std::int64_t> places() const;
  template <class T>
  const std::vector<T>& values() const {
    return *std::get<std::shared_ptr<const std::vector<T>>>(values_);
  }

 private:
  template <class T>
  std::vector<T> elements(const std::string& what) const;

  std::vector<Size> shape_;
  std::vector<std::int64_t> strides_;
  std::int64_t offset_ = 0;
  std::variant<std::shared_ptr<const Reals>, std::shared_ptr<const Sizes>> values_;
};

/// How two shapes are broadcast. Throws Error(bad_input) if they cannot be.
std::vector<Size> broadcast_shape(const std::vector<Size>& a, const std::vector<Size>& b);

template <class F>
Constant Constant::map(F&& f) const {
  Constant result = *this;
  const auto apply = [&](const auto& values) -> decltype(values_) {
    using Result = decltype(f(values.front()));
    std::vector<Result> out;
    out.reserve(values.size());
    for (const auto& value : values) out.push_back(f(value));
    return std::make_shared<const std::vector<Result>>(std::move(out));
  };
  result.values_ = is_real() ? apply(values<float>()) : apply(values<Size>());
  return result;
}

}  // namespace erngen::onnx
