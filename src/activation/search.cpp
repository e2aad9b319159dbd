#include "activation/search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

/// Most fraction bits of an intercept, and most bits of a slope beyond those of the position in a segment: further
/// ones change no result by more than 1/32 ulp.
constexpr int max_entry_shift = 5;
constexpr int max_slope_excess = 5;

/// Rounding noise of double in a bound that is a sum of exact parts.
constexpr double slack = 1e-9;

/// Places of a segment at which the search looks before it looks at all of them.
constexpr std::int64_t first_places = 64;

/// The real function on all magnitudes, in output lsb, and what the search asks of it.
class Target {
 public:
  Target(Function function, Format input, Format output, ErrorBound bound)
      : function_(function), input_(input), output_(output), bound_(bound) {
    values_.reserve(static_cast<size_t>(last_magnitude()) + 1);
    const double lsb = std::ldexp(1.0, -input.fraction), scale = std::ldexp(1.0, output.fraction);
    for (std::int64_t m = 0; m <= last_magnitude(); ++m)
      values_.push_back(scale * real_value(function, lsb * static_cast<double>(m)));
    highest_mirrored_ = sums_to_one(function) ? scale : static_cast<double>(top());
  }

  /// Target at x = +magnitude; and BASE minus the target at x = -magnitude. Sigmoid and tanh are symmetric about their
  /// middle, so both are one value, but for the clamp.
  double positive(std::int64_t magnitude) const {
    return std::min(values_[static_cast<size_t>(magnitude)], static_cast<double>(top()));
  }
  double mirrored(std::int64_t magnitude) const {
    return std::min(values_[static_cast<size_t>(magnitude)], highest_mirrored_);
  }

  /// An error at a magnitude, as large as bound().ulp where it is as large as allowed.
  double weigh(double error, std::int64_t magnitude) const {
    if (bound_.tail <= 0) return error;
    const double allowed = bound_.tail * (static_cast<double>(infinity()) - mirrored(magnitude));
    return allowed >= bound_.ulp ? error : error * std::max(1.0, bound_.ulp / std::max(1.0, allowed));
  }

  ErrorBound bound() const { return bound_; }
  std::int64_t top() const { return output_.max(); }
  std::int64_t infinity() const { return sums_to_one(function_) ? output_.max() + 1 : output_.max(); }
  int magnitude_bits() const { return input_.width - 1; }
  std::int64_t last_magnitude() const { return std::int64_t{1} << magnitude_bits(); }
  Function function() const { return function_; }
  Format input() const { return input_; }
  Format output() const { return output_; }

  /// The constant for magnitudes from 2^range_bits on: the rounded middle of what it stands for.
  int beyond(int range_bits) const {
    const double first = mirrored(std::int64_t{1} << range_bits), last = mirrored(last_magnitude());
    return static_cast<int>(std::min(std::floor((first + last) / 2 + 0.5), static_cast<double>(infinity())));
  }

  /// Its error, weighed.
  double saturation_error(int range_bits) const {
    const double y = beyond(range_bits);
    const std::int64_t first = std::int64_t{1} << range_bits;
    double error = std::max(y - mirrored(first), mirrored(last_magnitude()) - y);
    if (range_bits != magnitude_bits()) {  // else only the most negative input lies there
      const double clamped = std::min(y, static_cast<double>(top()));
      error = std::max({error, clamped - positive(first), positive(last_magnitude()) - clamped});
    }
    return weigh(error, first);
  }

 private:
  Function function_;
  Format input_, output_;
  ErrorBound bound_;
  double highest_mirrored_ = 0;
  std::vector<double> values_;  ///< f(magnitude) in output lsb, not clamped
};

ActivationShape shape_of(const Target& target, UnitKind kind, int range_bits, int address_bits) {
  return {.function = target.function(),
          .kind = kind,
          .input = target.input(),
          .output = target.output(),
          .range_bits = range_bits,
          .address_bits = address_bits,
          .beyond = target.beyond(range_bits)};
}

/// What a search found: a unit, or the smallest bound that it could have met.
struct Found {
  std::optional<ActivationUnit> unit;
  double best_error = std::numeric_limits<double>::infinity();
};

/// Error of a table with 2^b inputs an entry; the entries (the rounded middle of the values that they stand for) go
/// to `entries`.
double fit_table(const Target& target, int range_bits, int b, std::vector<std::int32_t>& entries) {
  double worst = target.saturation_error(range_bits);
  entries.clear();
  for (std::int64_t first = 0; first >> range_bits == 0; first += std::int64_t{1} << b) {
    const std::int64_t last = first + (std::int64_t{1} << b) - 1;
    const double low = target.mirrored(first);
    const double high = target.mirrored(last);
    const double entry = std::min(std::floor((low + high) / 2 + 0.5), static_cast<double>(target.infinity()));
    const double clamped = std::min(entry, static_cast<double>(target.top()));
    const double error =
        std::max({entry - low, high - entry, clamped - target.positive(first), target.positive(last) - clamped});
    worst = std::max(worst, target.weigh(error, last));
    entries.push_back(static_cast<std::int32_t>(entry));
  }
  return worst;
}

Found search_table(const Target& target, double bound) {
  Found found;
  double best_area = std::numeric_limits<double>::infinity();
  std::vector<std::int32_t> entries;
  for (int range_bits = 1; range_bits <= target.magnitude_bits(); ++range_bits) {
    for (int b = range_bits - 1; b >= 0; --b) {
      if (range_bits - b > max_address_bits) break;
      const double error = fit_table(target, range_bits, b, entries);
      found.best_error = std::min(found.best_error, error);
      if (error > bound + slack) continue;
      const ActivationShape shape = shape_of(target, UnitKind::table, range_bits, range_bits - b);
      const double area = activation_cost(shape, target.output().width, 0, Multiplier::logic, false).area();
      if (area < best_area) {
        best_area = area;
        found.unit.emplace(shape, entries);
      }
      break;
    }
  }
  return found;
}

/// A line of a piecewise unit.
struct Line {
  std::int64_t entry = 0, slope = 0;
  double error = std::numeric_limits<double>::infinity();
};

/// The error of one line over its segment, both signs; infinite when a value would leave the output range.
/// Stops early once the error exceeds `give_up`. Looks at every `stride`th place; as all errors here, it is weighed.
double line_error(const Target& target, const ActivationShape& shape, std::int64_t index, const Line& line,
                  double give_up, std::int64_t stride) {
  const int b = shape.fraction_bits();
  const std::int64_t first = index << b;
  const std::int64_t entry = line.entry * (std::int64_t{1} << (shape.shift - shape.entry_shift));
  double worst = 0;
  for (std::int64_t n = 0; n <= std::int64_t{1} << b; n += stride) {
    const std::int64_t exact = entry + line.slope * n;
    if (n >> b == 0) {
      const std::int64_t y = exact >> shape.shift;
      if (y > target.top()) return std::numeric_limits<double>::infinity();
      worst = std::max(worst, target.weigh(std::abs(static_cast<double>(y) - target.positive(first + n)), first + n));
    }
    if (n > 0) {  // BASE - y, where y is the line rounded half up, as the ones' complement of the hardware gives it
      const std::int64_t y = exact >> shape.shift;
      if (y > target.infinity()) return std::numeric_limits<double>::infinity();
      worst = std::max(worst, target.weigh(std::abs(static_cast<double>(y) - target.mirrored(first + n)), first + n));
    }
    if (worst > give_up) return worst;
  }
  return worst;
}

/// The best line of a segment: the function is concave on magnitudes, so the minimax slope is the chord's and the
/// minimax intercept lies in the middle of the deviation; their quantised neighbours are tried.
Line fit_line(const Target& target, const ActivationShape& shape, std::int64_t index, double enough,
              std::int64_t stride) {
  const int b = shape.fraction_bits();
  const std::int64_t first = index << b;
  const std::int64_t steps = std::int64_t{1} << b;
  const double unit = std::ldexp(1.0, shape.shift);
  const double chord = (target.positive(first + steps) - target.positive(first)) * unit / static_cast<double>(steps);
  Line best;
  const auto floor_slope = static_cast<std::int64_t>(std::floor(chord));
  for (std::int64_t slope = floor_slope; slope <= floor_slope + 1; ++slope) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::int64_t n = 0; n <= steps; n += stride) {
      const double deviation = target.positive(first + n) * unit - static_cast<double>(slope * n);
      low = std::min(low, deviation);
      high = std::max(high, deviation);
    }
    const double quantum = std::ldexp(1.0, shape.shift - shape.entry_shift);
    const auto half = std::int64_t{1} << (shape.entry_shift - 1);
    const std::int64_t centre = static_cast<std::int64_t>(std::floor((low + high) / 2 / quantum + 0.5)) + half;
    const std::int64_t limit = std::int64_t{1} << (shape.output.width - 1 + shape.entry_shift);
    for (const std::int64_t offset : {0, -1, 1}) {
      Line line{.entry = std::clamp<std::int64_t>(centre + offset, 0, limit - 1), .slope = slope};
      line.error = line_error(target, shape, index, line, best.error, stride);
      if (line.error < best.error) best = line;
      if (best.error <= enough) return best;
    }
  }
  return best;
}

/// Whether half the largest deviation of the function from its chords keeps the bound: no line of unlimited precision
/// does better.
bool chords_keep(const Target& target, int range_bits, int b, double bound) {
  const std::int64_t steps = std::int64_t{1} << b, stride = std::max<std::int64_t>(1, steps / first_places);
  for (std::int64_t first = 0; first >> range_bits == 0; first += steps) {
    const double start = target.mirrored(first);
    const double slope = (target.mirrored(first + steps) - start) / static_cast<double>(steps);
    for (std::int64_t n = stride; n < steps; n += stride) {
      const double error = (target.mirrored(first + n) - start - slope * static_cast<double>(n)) / 2;
      if (target.weigh(error, first + n) > bound) return false;
    }
  }
  return true;
}

/// One shape to be tried, with the area that it would have.
struct Trial {
  ActivationShape shape;
  double area = 0;
};

std::vector<Trial> piecewise_trials(const Target& target, double bound, Multiplier multiplier) {
  std::vector<Trial> trials;
  const double steepest = target.positive(1) - target.positive(0);
  for (int range_bits = 2; range_bits <= target.magnitude_bits(); ++range_bits) {
    if (range_bits < target.magnitude_bits() && target.saturation_error(range_bits) > bound + slack) continue;
    bool fine = false;  // halving a segment that keeps the bound keeps it
    const int least = std::max(1, range_bits - max_place_bits);
    for (int address = least; address < range_bits && address <= max_address_bits; ++address) {
      ActivationShape shape = shape_of(target, UnitKind::piecewise, range_bits, address);
      const int b = shape.fraction_bits();
      fine = fine || chords_keep(target, range_bits, b, bound);
      if (!fine) continue;
      for (shape.entry_shift = 1; shape.entry_shift <= max_entry_shift; ++shape.entry_shift) {
        for (shape.shift = shape.entry_shift; shape.shift <= b + max_slope_excess; ++shape.shift) {
          const auto slope_width =
              static_cast<int>(std::bit_width(static_cast<unsigned>(std::ldexp(steepest, shape.shift) + 1)));
          if (slope_width > 18) break;
          const int entry_width = shape.output.width - 1 + shape.entry_shift;
          trials.push_back({shape, activation_cost(shape, entry_width, slope_width, multiplier, false).area()});
        }
      }
    }
  }
  std::stable_sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) { return a.area < b.area; });
  return trials;
}

/// An error with which a line is good enough.
double enough_of(const Target& target, double bound) {
  return std::min(bound, 0.5 * std::max(1.0, target.bound().ulp / 2));
}

/// Fits all lines of a shape; stops at the first one whose error exceeds the bound. Returns the largest error.
double fit_lines(const Target& target, const ActivationShape& shape, double bound, std::int64_t stride,
                 std::vector<std::int32_t>& entries, std::vector<std::int32_t>& slopes) {
  const bool whole = shape.range_bits == target.magnitude_bits();  // then nothing lies beyond
  double worst = whole ? 0 : target.saturation_error(shape.range_bits);
  entries.clear();
  slopes.clear();
  for (std::int64_t i = 0; worst <= bound && i >> shape.address_bits == 0; ++i) {
    const Line line = fit_line(target, shape, i, enough_of(target, bound), stride);
    worst = std::max(worst, line.error);
    entries.push_back(static_cast<std::int32_t>(line.entry));
    slopes.push_back(static_cast<std::int32_t>(line.slope));
  }
  return worst;
}

/// The stride of the first look at a shape.
std::int64_t stride_of(const ActivationShape& shape) {
  return std::max<std::int64_t>(1, (std::int64_t{1} << shape.fraction_bits()) / first_places);
}

/// Whether the lines keep the bound at all places.
bool keeps_bound(const Target& target, const ActivationShape& shape, double bound,
                 const std::vector<std::int32_t>& entries, const std::vector<std::int32_t>& slopes) {
  for (std::int64_t i = 0; i >> shape.address_bits == 0; ++i) {
    const auto n = static_cast<size_t>(i);
    if (line_error(target, shape, i, {.entry = entries[n], .slope = slopes[n]}, bound, 1) > bound) return false;
  }
  return true;
}

/// The error of the best of the finest piecewise units: a short range lets a sigmoid reach 0, a long one lets it be
/// accurate before.
double finest_piecewise(const Target& target) {
  double best = std::numeric_limits<double>::infinity();
  std::vector<std::int32_t> entries, slopes;
  for (int range_bits = 2; range_bits <= target.magnitude_bits(); ++range_bits) {
    if (range_bits < target.magnitude_bits() && target.saturation_error(range_bits) >= best) continue;
    ActivationShape shape =
        shape_of(target, UnitKind::piecewise, range_bits, std::min(range_bits - 1, max_address_bits));
    shape.entry_shift = max_entry_shift;
    shape.shift = std::max(max_entry_shift, shape.fraction_bits() + max_slope_excess);
    best = std::min(best, fit_lines(target, shape, best, stride_of(shape), entries, slopes));
  }
  return best;
}

Found search_piecewise(const Target& target, double bound, Multiplier multiplier) {
  Found found;
  std::vector<std::int32_t> entries, slopes;
  std::int64_t hardest = 0;  // where the last shape failed: most of the others fail there, too, so they begin with it
  for (const Trial& trial : piecewise_trials(target, bound, multiplier)) {
    const std::int64_t stride = stride_of(trial.shape);
    const int b = trial.shape.fraction_bits();
    if (hardest >> trial.shape.range_bits == 0 &&
        fit_line(target, trial.shape, hardest >> b, enough_of(target, bound + slack), stride).error > bound + slack)
      continue;
    if (fit_lines(target, trial.shape, bound + slack, stride, entries, slopes) > bound + slack) {
      if (!entries.empty()) hardest = static_cast<std::int64_t>(entries.size() - 1) << b;
      continue;
    }
    if (stride > 1 && !keeps_bound(target, trial.shape, bound + slack, entries, slopes) &&
        fit_lines(target, trial.shape, bound + slack, 1, entries, slopes) > bound + slack)
      continue;
    found.unit.emplace(trial.shape, std::move(entries), std::move(slopes));
    return found;
  }
  found.best_error = finest_piecewise(target);
  return found;
}

}  // namespace

ActivationUnit smallest_unit(Function function, Format input, Format output, ErrorBound bound, KindChoice choice,
                             Multiplier multiplier) {
  const double max_ulp = bound.ulp;
  const auto check = [](bool ok, const char* what, int value, const char* limit) {
    if (!ok) throw wrong_option(fmt::format("activation unit: {} is {}, but must be {}", what, value, limit));
  };
  check(input.width >= 2 && input.width <= max_activation_input, "input width", input.width, "2 to 22");
  check(output.width >= 2 && output.width <= max_activation_output, "output width", output.width, "2 to 22");
  check(output.fraction == output.width - 1, "output fraction", output.fraction, "the output width - 1");
  const Target target(function, input, output, bound);

  Found table, piecewise;
  if (choice != KindChoice::piecewise) table = search_table(target, max_ulp);
  if (choice != KindChoice::table) piecewise = search_piecewise(target, max_ulp, multiplier);
  if (table.unit && piecewise.unit) {
    const double table_area = activation_cost(*table.unit, multiplier).area();
    return table_area <= activation_cost(*piecewise.unit, multiplier).area() ? *table.unit : *piecewise.unit;
  }
  if (table.unit) return *table.unit;
  if (piecewise.unit) return *piecewise.unit;
  throw Error(ExitCode::capacity,
              fmt::format("no {} unit from {} to {} has an error of at most {} ulp", function_name(function),
                          input.name(), output.name(), max_ulp),
              fmt::format("allow {:.3f} ulp or more, the best bound that a unit of at most {} entries reaches{}",
                          std::min(table.best_error, piecewise.best_error), 1 << max_address_bits,
                          choice == KindChoice::table ? ", or allow piecewise units" : ""));
}

const ActivationUnit& UnitCache::smallest(Function function, Format input, Format output, ErrorBound bound,
                                          KindChoice choice) {
  const std::tuple key(function, input.width, input.fraction, output.width, bound.ulp, bound.tail, choice);
  auto found = units_.find(key);
  if (found == units_.end()) found = units_.emplace(key, smallest_unit(function, input, output, bound, choice)).first;
  return found->second;
}

}  // namespace erngen
