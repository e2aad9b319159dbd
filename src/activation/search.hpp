// The smallest activation unit within an error bound.
#pragma once

#include "activation/activation.hpp"
#include "activation/cost.hpp"

namespace erngen {

enum class KindChoice { automatic, table, piecewise };

/// Most entries of a unit, as log2.
constexpr int max_address_bits = 14;

/// The unit of least area (ActivationCost::area()) among those with max_error_ulp() <= max_ulp.
///
/// 1 ulp is the default throughout erngen and is reached by piecewise units for every format up to 18 bits; 0.5 ulp
/// is reached by tables with one entry per input only, a little more by fine piecewise units. Throws Error(usage)
/// for formats that no unit can have, and Error(capacity) naming the best bound that can be reached.
ActivationUnit smallest_unit(Function function, Format input, Format output, double max_ulp = 1.0,
                             KindChoice choice = KindChoice::automatic, Multiplier multiplier = Multiplier::logic);

}  // namespace erngen
