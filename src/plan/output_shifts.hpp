// The shifts by which the element-wise operations round their results, and the vectors that the engine keeps.
#pragma once

#include <vector>

#include "cell/quant_network.hpp"

namespace erngen {

/// The lists of shifts in an engine, by what is rounded (templates/ern_cells.v): m of an LSTM; s = r . H' of a GRU;
/// what is kept of a recurrent vector, by GRUs and by the host; z of a linear phase; f(z) of a nonlinear one.
enum class OutputShifts { lstm, reset, state, linear, nonlinear };

/// How a phase's result ends: the shift, and what goes with it under the same number.
struct OutputEnd {
  int shift = 0;
  Limits limits{};    ///< linear
  bool tanh = false;  ///< nonlinear: of tanh, else of sigmoid
  friend bool operator==(const OutputEnd&, const OutputEnd&) = default;
};

/// Different ends of a list, in the order of their first use: the lists that tags index. Never empty.
std::vector<OutputEnd> output_ends(const QuantNetwork& network, OutputShifts list);

/// Their shifts.
std::vector<int> output_shifts(const QuantNetwork& network, OutputShifts list);

/// Whether some linear phase ends at other limits than those of A bits.
bool has_limits(const QuantNetwork& network);

/// Whether a recurrent vector is the result of a linear or nonlinear phase.
bool keeps_sums(const QuantNetwork& network);

/// Whether results that are rounded by a list's shifts can leave A bits (the templates build a saturation only then).
/// At the fraction A - 1 products of two values below 1 round to at most 1 - 2^(1-A) unless both are finer than that.
bool output_saturates(const QuantNetwork& network, OutputShifts list);

/// The number of a phase's shift in the list of its operation; 0 where the phase leaves its sums.
int output_shift_number(const QuantNetwork& network, const Phase<std::int32_t>& phase);

/// The number in the list `state` of the recurrent vector that a phase produces.
int kept_shift_number(const QuantNetwork& network, const Phase<std::int32_t>& phase);

/// Bits of an element of a recurrent vector as the engine keeps it: HW where there is a GRU, else A.
int kept_width(const QuantNetwork& network);
/// Format of the recurrent vector that a phase produces as a host sees it.
Format kept_format(const QuantNetwork& network, const Phase<std::int32_t>& phase);

}  // namespace erngen
