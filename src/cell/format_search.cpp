#include "cell/format_search.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace erngen {
namespace {

// Decibels a bit, in proportion to the LUTs of the E-RNN layers (docs/results/formats.md). A GRU's state that is wider
// than its vector has a register and a rounding of its own, whatever its width.
constexpr double gate_price = 0.5, argument_price = 0.5, range_price = 0.3, cell_price = 0.8;
constexpr double own_state_price = 1.2, state_price = 0.1;
constexpr double second_multiplier_price = 3;  ///< gate values beyond the narrow port
constexpr int narrow_port = 18;
/// The first bit that is dropped takes a cycle of each transform, and so of the recurrence. Whoever asks for more than
/// 12 bits of activations, or for fewer of weights than of activations, asks for accuracy.
constexpr double cycle_price = 4, cycle_price_of_accuracy = 0.3;
constexpr int usual_width = 12;
constexpr double most_sqnr = 200;  ///< decibels that count; an exact network has no limit

/// One number of a precision and its limits.
struct Dimension {
  int Precision::*bits;
  int low, high;
};

std::vector<Dimension> dimensions(const PrecisionUse& use) {
  std::vector<Dimension> all;
  if (use.lstm || use.gru || use.nonlinear)
    all = {{&Precision::argument_range, 3, 5},
           {&Precision::gate_bits, 0, std::min(10, NumberFormats::max_gate_width - use.activation_width)},
           {&Precision::argument_bits, -1, 4}};
  if (use.gru) all.push_back({&Precision::state_bits, 0, 12});
  if (use.lstm) all.push_back({&Precision::cell_bits, 0, 7});
  all.push_back({&Precision::extra_drop, 0, 7});
  return all;
}

class PrecisionSearch {
 public:
  PrecisionSearch(const PrecisionUse& use, const std::function<double(const Precision&)>& sqnr)
      : use_(use), sqnr_(sqnr), dimensions_(dimensions(use)) {}

  /// From few bits and from many: what needs two bits at once, as open gates do, no single step from few shows.
  Precision run() {
    Precision most;
    for (const Dimension& d : dimensions_) most.*d.bits = d.high;
    const Precision from_few = climb({}), from_many = climb(most);
    return value(from_many) > value(from_few) ? from_many : from_few;
  }

 private:
  double value(const Precision& precision) {
    const auto [place, missing] = values_.try_emplace(precision, 0.0);
    if (missing) place->second = std::min(sqnr_(precision), most_sqnr) - precision_price(use_, precision);
    return place->second;
  }

  /// Goes along one dimension after the other until none gives more.
  Precision climb(Precision best) {
    for (bool better = true; better;) {
      better = false;
      for (const Dimension& d : dimensions_)
        for (const int step : {4, 2, 1, -1, -2, -4})
          for (Precision next = best;;) {
            next.*d.bits += step;
            if (next.*d.bits < d.low || next.*d.bits > d.high || value(next) <= value(best) + 1e-9) break;
            best = next;
            better = true;
          }
    }
    return best;
  }

  const PrecisionUse& use_;
  const std::function<double(const Precision&)>& sqnr_;
  std::vector<Dimension> dimensions_;
  std::map<Precision, double> values_;
};

}  // namespace

double precision_price(const PrecisionUse& use, const Precision& p) {
  const bool wide_gates = p.gate_bits > 0 && use.activation_width + p.gate_bits > narrow_port;
  const bool accuracy = use.activation_width > usual_width || use.weight_width < use.activation_width;
  const bool cycle = p.extra_drop > 0 && !use.drops;
  return (wide_gates ? second_multiplier_price : 0) + gate_price * p.gate_bits + argument_price * p.argument_bits +
         range_price * (p.argument_range - 3) + (cycle ? accuracy ? cycle_price_of_accuracy : cycle_price : 0) +
         (use.gru && p.gate_bits + p.state_bits > 0 ? own_state_price + state_price * p.state_bits : 0) +
         (use.lstm ? cell_price * p.cell_bits : 0);
}

Precision search_precision(const PrecisionUse& use, const std::function<double(const Precision&)>& sqnr) {
  return PrecisionSearch(use, sqnr).run();
}

}  // namespace erngen
