// The shifts by which the element-wise operations round their results, and the vectors that the engine keeps.
#pragma once

#include <vector>

#include "cell/quant_network.hpp"

namespace erngen {

/// The lists that tags index.
OutputLists output_lists(const QuantNetwork& network);

/// The shifts of one of them.
std::vector<int> output_shifts(const QuantNetwork& network, OutputShifts list);

/// Whether a recurrent vector is the result of a linear or nonlinear phase.
bool keeps_sums(const QuantNetwork& network);

/// The number of a phase's shift in the list of its operation; 0 where the phase leaves its sums.
int output_shift_number(const QuantNetwork& network, const Phase<std::int32_t>& phase);

/// The number in the list `state` of the recurrent vector that a phase produces.
int kept_shift_number(const QuantNetwork& network, const Phase<std::int32_t>& phase);

/// Bits of an element of a recurrent vector as the engine keeps it: HW where there is a GRU, else A.
int kept_width(const QuantNetwork& network);
/// Format of the recurrent vector that a phase produces as a host sees it.
Format kept_format(const QuantNetwork& network, const Phase<std::int32_t>& phase);

}  // namespace erngen
