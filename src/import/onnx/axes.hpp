// What the axes of a tensor in an ONNX graph are: which one counts frames, which one sequences, which one holds the
// elements of a vector. Transpose, Reshape, Squeeze and the like change axes only; the vector stays as it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "import/onnx/size.hpp"

namespace erngen::onnx {

/// A part of an axis: an axis of the graph's input by its number, or the elements of the vector.
struct Atom {
  static constexpr int features = -1;
  int label = features;
  Size size;
};

/// Several atoms are merged, the first one outermost, as by a Reshape to [-1, features]. None: an axis of size 1.
using Axis = std::vector<Atom>;
using Axes = std::vector<Axis>;

Size size_of(const Axis& axis);
std::vector<Size> shape_of(const Axes& axes);

/// Where the elements of the vector are: an axis of them alone. None if they are nowhere (a vector of one element,
/// whose axis was squeezed) or merged with others.
std::optional<int> features_axis(const Axes& axes);

/// Whether the atom is in any axis.
bool has_label(const Axes& axes, int label);

/// The axes of a tensor of `axes` reshaped to `shape`: none if an axis would be split or the sizes do not fit. Where
/// sizes are not known, one of them may be.
std::optional<Axes> reshaped(const Axes& axes, const std::vector<Size>& shape);

/// The axes of an element-wise result, aligned at the last one; none if one of them repeats the frames, sequences or
/// elements of the other.
std::optional<Axes> aligned(const Axes& a, const Axes& b);

}  // namespace erngen::onnx
