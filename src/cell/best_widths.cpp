#include "cell/best_widths.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace erngen {
namespace {

constexpr int least_width = 4;
/// Decibels that a search of its own adds to the precision of a setting one bit wider, at most.
constexpr double gain_of_search = 1.5;

}  // namespace

Setting best_widths(const Widths& widest, double near, const std::function<Precision(const Widths&)>& search,
                    const std::function<double(const Setting&)>& sqnr) {
  Setting best{widest, search(widest)};
  const double own = sqnr(best);
  if (!std::isfinite(own)) return best;  // exact, or impossible
  double most = own + worth_fewer_bits;
  std::set<Widths> searched;
  std::vector<Setting> open{best};
  while (!open.empty()) {
    const Setting from = open.back();
    open.pop_back();
    for (const Widths fewer : {Widths{from.widths.weights, from.widths.activations - 1},
                               Widths{from.widths.weights - 1, from.widths.activations},
                               Widths{from.widths.weights - 1, from.widths.activations - 1}}) {
      if (std::min(fewer.weights, fewer.activations) < least_width || searched.count(fewer)) continue;
      if (sqnr({fewer, from.precision}) < own - near - gain_of_search) continue;
      searched.insert(fewer);
      const Setting next{fewer, search(fewer)};
      const double value = sqnr(next);
      if (value < own - near) continue;
      if (value > most) best = next, most = value;
      open.push_back(next);
    }
  }
  return best;
}

}  // namespace erngen
