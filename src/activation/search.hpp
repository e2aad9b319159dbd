// The smallest activation unit within an error bound.
#pragma once

#include <map>
#include <tuple>

#include "activation/activation.hpp"
#include "activation/cost.hpp"

namespace erngen {

enum class KindChoice { automatic, table, piecewise };

/// Most entries of a unit, as log2.
constexpr int max_address_bits = 14;

/// What a unit may be wrong by.
struct ErrorBound {
  ErrorBound(double ulp_ = 1.0, double tail_ = 0.0) : ulp(ulp_), tail(tail_) {}

  double ulp = 1.0;  ///< largest |error|, in output lsb
  double tail =
      0.0;  ///< if not 0: the error is also at most this share of the function's distance from its nearer
            ///< asymptote, or 1 lsb where that is more; what a gate that is nearly open lets through is right then
};

/// The unit of least area (ActivationCost::area()) among those with max_error_ulp() <= bound.ulp that keep bound.tail.
///
/// 1 ulp is reached by piecewise units for every format up to 18 bits; 0.5 ulp is reached by tables with one entry per
/// input only, a little more by fine piecewise units. Throws Error(usage) for formats that no unit can have, and
/// Error(capacity) naming the best bound that can be reached.
ActivationUnit smallest_unit(Function function, Format input, Format output, ErrorBound bound = {},
                             KindChoice choice = KindChoice::automatic, Multiplier multiplier = Multiplier::logic);

/// Units that smallest_unit() has found, for callers who ask for the same ones again.
class UnitCache {
 public:
  const ActivationUnit& smallest(Function function, Format input, Format output, ErrorBound bound, KindChoice choice);

 private:
  std::map<std::tuple<Function, int, int, int, double, double, KindChoice>, ActivationUnit> units_;
};

}  // namespace erngen
