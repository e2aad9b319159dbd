// How the results of element-wise operations end: rounding shifts and limits, the lists that tags index.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fixed/fixed.hpp"
#include "network/activation.hpp"

namespace erngen {

/// The smallest and the largest word of a result.
struct Limits {
  std::int32_t low = 0, high = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};

/// Those of a linear phase's result: the ends of the format, or closer ones of relu and clip.
inline Limits output_limits(const Activation& activation, Format format) {
  Limits limits{static_cast<std::int32_t>(format.min()), static_cast<std::int32_t>(format.max())};
  const auto word = [&](float value) { return static_cast<std::int32_t>(quantise(value, format)); };
  if (activation.kind == Nonlinearity::relu) limits.low = 0;
  if (activation.kind == Nonlinearity::clip) limits = {word(activation.alpha), word(activation.beta)};
  return limits;
}

/// The lists of shifts in an engine, by what is rounded (templates/ern_cells.v): m of an LSTM; s = r . H' of a GRU;
/// what is kept of a recurrent vector, by GRUs and by the host; z of a linear phase; f(z) of a nonlinear one.
enum class OutputShifts { lstm, reset, state, linear, nonlinear };
inline constexpr int shift_list_count = 5;

/// How a phase's result ends: the shift, and what goes with it under the same number.
struct OutputEnd {
  int shift = 0;
  Limits limits{};                            ///< linear
  bool tanh = false;                          ///< nonlinear: of tanh, else of sigmoid
  Activation candidate = Nonlinearity::tanh;  ///< of an LSTM or GRU
  Activation squash = Nonlinearity::tanh;     ///< the function of an LSTM's cell state
  friend bool operator==(const OutputEnd&, const OutputEnd&) = default;
};

/// One of the lists.
struct OutputList {
  std::vector<OutputEnd> ends;  ///< different ones, in the order of their first use; never empty
  bool saturates = false;       ///< whether results can leave A bits: the templates build a saturation only then

  std::vector<int> shifts() const {
    std::vector<int> result;
    for (const OutputEnd& end : ends) result.push_back(end.shift);
    return result;
  }
};
using OutputLists = std::array<OutputList, shift_list_count>;

}  // namespace erngen
