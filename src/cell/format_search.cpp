#include "cell/format_search.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace erngen {
namespace {

// Decibels a bit, in proportion to the LUTs of the E-RNN layers (docs/formats.md). A GRU's state that is wider than its
// vector has a register and a rounding of its own, whatever its width.
constexpr double gate_price = 0.5, argument_price = 0.5, range_price = 0.3, cell_price = 0.8;
constexpr double own_state_price = 1.2, state_price = 0.1;
constexpr double second_multiplier_price = 3;  ///< gate values beyond the narrow port
constexpr int narrow_port = 18;
constexpr double most_sqnr = 200;  ///< decibels that count; an exact network has no limit

class Climb {
 public:
  Climb(const PrecisionUse& use, const std::function<double(const Precision&)>& sqnr) : use_(use), sqnr_(sqnr) {}

  Precision run() {
    // Open gates need a wide range and fine values at once, which no single step from the usual formats shows.
    const Precision usual, open{.gate_bits = 4, .argument_bits = 1, .argument_range = 4, .state_bits = 4};
    Precision best = value(open) > value(usual) ? open : usual;
    for (bool better = true; better;) {
      better = false;
      for (const Precision& next : neighbours(best))
        if (value(next) > value(best) + 1e-9) {
          best = next;
          better = true;
        }
    }
    return best;
  }

 private:
  double value(const Precision& precision) {
    const auto [place, missing] = values_.try_emplace(precision, 0.0);
    if (missing) place->second = std::min(sqnr_(precision), most_sqnr) - precision_price(use_, precision);
    return place->second;
  }

  std::vector<Precision> neighbours(const Precision& from) const {
    std::vector<Precision> all;
    const auto add = [&](int gate, int argument, int range, int state, int cell) {
      Precision p = from;
      p.gate_bits += gate;
      p.argument_bits += argument;
      p.argument_range += range;
      p.state_bits += state;
      p.cell_bits += cell;
      if (p.gate_bits < 0 || p.argument_bits < -1 || p.argument_range < 3 || p.state_bits < 0 || p.cell_bits < 0)
        return;
      if (p.gate_bits > 10 || p.argument_bits > 4 || p.argument_range > 5 || p.state_bits > 12 || p.cell_bits > 7)
        return;
      all.push_back(p);
    };
    add(4, 0, 0, 0, 0);
    add(2, 0, 0, 0, 0);
    add(1, 0, 0, 0, 0);
    add(-1, 0, 0, 0, 0);
    add(0, 2, 0, 0, 0);
    add(0, 1, 0, 0, 0);
    add(0, -1, 0, 0, 0);
    add(1, 1, 0, 0, 0);
    add(0, 0, 1, 0, 0);
    add(0, 0, -1, 0, 0);
    add(2, 0, 1, 0, 0);
    if (use_.gru)
      for (const int step : {4, 2, 1, -1, -2}) add(0, 0, 0, step, 0);
    if (use_.lstm)
      for (const int step : {3, 1, -1, -3}) add(0, 0, 0, 0, step);
    return all;
  }

  const PrecisionUse& use_;
  const std::function<double(const Precision&)>& sqnr_;
  std::map<Precision, double> values_;
};

}  // namespace

double precision_price(const PrecisionUse& use, const Precision& p) {
  const bool wide_gates = p.gate_bits > 0 && use.activation_width + p.gate_bits > narrow_port;
  return (wide_gates ? second_multiplier_price : 0) + gate_price * p.gate_bits + argument_price * p.argument_bits +
         range_price * (p.argument_range - 3) +
         (use.gru && p.gate_bits + p.state_bits > 0 ? own_state_price + state_price * p.state_bits : 0) +
         (use.lstm ? cell_price * p.cell_bits : 0);
}

Precision search_precision(const PrecisionUse& use, const std::function<double(const Precision&)>& sqnr) {
  if (!use.lstm && !use.gru && !use.nonlinear) return {};
  return Climb(use, sqnr).run();
}

}  // namespace erngen
