#include "cell/width_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

class Search {
 public:
  Search(const Network& network, const Sequences& calibration, const WidthSearchOptions& options)
      : network_(network), calibration_(calibration), options_(options) {
    if (!options_.quantise.units) options_.quantise.units = &units_;
  }

  WidthSearch run() {
    const double widest = sqnr(options_.largest, options_.largest);
    if (!keeps(widest))
      throw Error(ExitCode::capacity,
                  fmt::format("{} bits everywhere give {:.1f} dB, less than the {:.1f} asked for", options_.largest,
                              widest, options_.min_sqnr_db),
                  "ask for less, or bring the inputs and weights into a smaller range");
    choose();
    WidthSearch result;
    result.weight_width = weight_;
    result.activation_width = activation_;
    result.sqnr_db = sqnr(weight_, activation_);
    for (const auto& [widths, value] : tried_) result.tried.push_back({widths.second, widths.first, value});
    matrices(result);
    return result;
  }

 private:
  bool keeps(double sqnr_db) const { return sqnr_db >= options_.min_sqnr_db; }

  /// Output SQNR with these widths, and `families` (by name) at widths of their own.
  double measure(int weights, int activations, const std::map<std::string, int>& families,
                 const std::optional<Precision>& precision = {}) const {
    QuantiseOptions quantise_options = options_.quantise;
    quantise_options.weight_width = weights;
    quantise_options.activation_width = activations;
    quantise_options.exact_widths = true;
    quantise_options.matrix_width = families;
    quantise_options.precision = precision;
    QuantiseReport report;
    quantise(network_, calibration_, quantise_options, &report);
    return report.output_sqnr_db;
  }

  double sqnr(int weights, int activations) {
    const auto [place, missing] = tried_.try_emplace({activations, weights}, 0.0);
    if (missing) place->second = measure(weights, activations, {});
    return place->second;
  }

  /// The smallest width in [low, high] that keeps the bound when `high` does, by bisection; then downwards while it
  /// still holds.
  template <class Keeps>
  static int smallest(int low, int high, const Keeps& keeps) {
    int bad = low - 1, good = high;
    while (good - bad > 1) {
      const int middle = (good + bad) / 2;
      (keeps(middle) ? good : bad) = middle;
    }
    return good;
  }

  void choose() {
    const int largest = options_.largest;
    const int first = smallest(options_.smallest, largest, [&](int a) { return keeps(sqnr(largest, a)); });
    int bits = 2 * largest + 1;
    for (int a = first; a <= largest && a + options_.smallest < bits; ++a) {
      if (!keeps(sqnr(largest, a))) continue;
      const int w = smallest(options_.smallest, largest, [&](int width) { return keeps(sqnr(width, a)); });
      if (a + w >= bits) continue;
      bits = a + w;
      weight_ = w;
      activation_ = a;
    }
  }

  void matrices(WidthSearch& result) const {
    std::vector<std::string> families;
    QuantiseReport report;
    QuantiseOptions quantise_options = options_.quantise;
    quantise_options.weight_width = weight_;
    quantise_options.activation_width = activation_;
    quantise_options.exact_widths = true;
    quantise(network_, calibration_, quantise_options, &report);
    result.precision = report.precision;
    for (const SignalReport& matrix : report.matrices)
      if (std::find(families.begin(), families.end(), matrix.name) == families.end()) families.push_back(matrix.name);
    std::map<std::string, int> widths;
    for (const std::string& family : families) {
      MatrixWidth m{family, weight_, {{weight_, activation_, result.sqnr_db}}};
      for (int w = weight_ - 1; w >= 2; --w) {
        const double value = measure(weight_, activation_, {{family, w}}, report.precision);
        m.curve.push_back({w, activation_, value});
        if (!keeps(value)) break;
        m.width = w;
      }
      widths[family] = weight_;
      result.matrices.push_back(std::move(m));
    }
    // Together: one bit less at a time where it costs least, as long as the bound holds.
    result.together_sqnr_db = result.sqnr_db;
    for (bool reduced = true; reduced;) {
      reduced = false;
      std::string least;
      double best = -1e9;
      for (const std::string& family : families) {
        if (widths[family] <= 2) continue;
        auto fewer = widths;
        --fewer[family];
        const double value = measure(weight_, activation_, fewer, report.precision);
        if (keeps(value) && value > best) best = value, least = family;
      }
      if (!least.empty()) {
        --widths[least];
        result.together_sqnr_db = best;
        reduced = true;
      }
    }
    for (const std::string& family : families) result.together.emplace_back(family, widths[family]);
  }

  const Network& network_;
  const Sequences& calibration_;
  WidthSearchOptions options_;
  UnitCache units_;
  std::map<std::pair<int, int>, double> tried_;  ///< (activations, weights) -> dB
  int weight_ = 0, activation_ = 0;
};

}  // namespace

WidthSearch search_widths(const Network& network, const Sequences& calibration, const WidthSearchOptions& options) {
  if (options.smallest < 4 || options.largest > 18 || options.smallest > options.largest)
    throw wrong_option(fmt::format("widths from {} to {}", options.smallest, options.largest), "choose from 4 to 18");
  if (!std::isfinite(options.min_sqnr_db)) throw wrong_option("the least SQNR is not a number");
  return Search(network, calibration, options).run();
}

}  // namespace erngen
