#include "import/onnx/axes.hpp"

#include <algorithm>

namespace erngen::onnx {
namespace {

/// Without parts of size 1 beside others, which say nothing.
Axis simplified(Axis axis) {
  if (axis.size() > 1) {
    const Axis all = axis;
    std::erase_if(axis, [](const Atom& atom) { return atom.size.is(1); });
    if (axis.empty()) axis.push_back(all.front());
  }
  return axis;
}

bool is_one(const Axis& axis) { return size_of(axis).is(1); }

/// The shape with the size that is not known replaced by what the others leave.
std::optional<std::vector<Size>> completed(const Axes& axes, std::vector<Size> shape) {
  Size total(1), others(1);
  for (const Axis& axis : axes) total = total * size_of(axis);
  Size* open = nullptr;
  for (Size& size : shape) {
    if (!size.is_unknown()) {
      others = others * size;
      continue;
    }
    if (open) return {};
    open = &size;
  }
  if (!open) return shape;
  const auto rest = exact_quotient(total, others);
  if (!rest) return {};
  *open = *rest;
  return shape;
}

}  // namespace

Size size_of(const Axis& axis) {
  Size size(1);
  for (const Atom& atom : axis) size = size * atom.size;
  return size;
}

std::vector<Size> shape_of(const Axes& axes) {
  std::vector<Size> shape;
  for (const Axis& axis : axes) shape.push_back(size_of(axis));
  return shape;
}

std::optional<int> features_axis(const Axes& axes) {
  for (size_t at = 0; at < axes.size(); ++at)
    if (axes[at].size() == 1 && axes[at].front().label == Atom::features) return static_cast<int>(at);
  return {};
}

bool has_label(const Axes& axes, int label) {
  return std::ranges::any_of(axes, [&](const Axis& axis) {
    return std::ranges::any_of(axis, [&](const Atom& atom) { return atom.label == label; });
  });
}

std::optional<Axes> reshaped(const Axes& axes, const std::vector<Size>& wanted) {
  const auto shape = completed(axes, wanted);
  if (!shape) return {};
  std::vector<Atom> atoms;
  for (const Axis& axis : axes) atoms.insert(atoms.end(), axis.begin(), axis.end());
  Axes result;
  size_t next = 0;
  for (const Size& size : *shape) {
    Axis axis;
    if (size.is(1) && next < atoms.size() && atoms[next].size.is(1)) axis.push_back(atoms[next++]);
    while (!(size_of(axis) == size)) {
      if (next == atoms.size()) return {};
      axis.push_back(atoms[next++]);
    }
    result.push_back(simplified(std::move(axis)));
  }
  // Parts of size 1 at the end belong to the last axis, or are gone.
  for (; next < atoms.size(); ++next) {
    if (!atoms[next].size.is(1)) return {};
    if (atoms[next].label == Atom::features && !result.empty() && result.back().empty())
      result.back().push_back(atoms[next]);
  }
  return result;
}

std::optional<Axes> aligned(const Axes& a, const Axes& b) {
  Axes result = a.size() < b.size() ? b : a;
  const Axes& shorter = a.size() < b.size() ? a : b;
  const size_t added = result.size() - shorter.size();
  for (size_t at = 0; at < shorter.size(); ++at) {
    Axis &one = result[at + added], other = shorter[at];
    const bool same = one.size() == other.size() && std::ranges::equal(one, other, [](const Atom& x, const Atom& y) {
                        return x.label == y.label && x.size == y.size;
                      });
    if (same) continue;
    if (!is_one(one) || !is_one(other)) return {};
    if (one.empty()) one = std::move(other);
  }
  for (size_t at = 0; at < added; ++at)
    if (!is_one(result[at])) return {};
  return result;
}

}  // namespace erngen::onnx
