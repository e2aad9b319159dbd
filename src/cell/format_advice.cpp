#include "cell/format_advice.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace erngen {
namespace {

constexpr long few_frames = 100;

/// Decibels that a network of ordinary weights and signals reaches with this many bits: 6.02 a bit, less what rounding
/// in some dozens of places costs (docs/results/formats.md has the distribution).
double expected_sqnr(int bits) { return 6.02 * bits - 32; }

void judge_calibration(const CalibrationLook& look, std::vector<std::string>& advice) {
  if (look.zero)
    advice.push_back("the calibration data are all zero: formats say nothing of real inputs; give recorded ones");
  else if (look.constant && look.frames > 1)
    advice.push_back("all calibration frames are the same: ranges are those of one point; give recorded sequences");
  else if (look.frames < few_frames)
    advice.push_back(fmt::format(
        "the calibration data have {} frame{}: ranges and choices are those of few values; give some hundreds or more",
        look.frames, look.frames == 1 ? "" : "s"));
}

void judge_saturation(const QuantiseReport& report, const QuantiseOptions& options, std::vector<std::string>& advice) {
  for (const SignalSaturation& s : report.saturations) {
    if (s.flat || s.signal[0] == 'z' || s.signal[0] == 't') continue;  // the search has weighed the arguments' ranges
    const double share = 100.0 * static_cast<double>(s.count.saturated) / static_cast<double>(s.count.values);
    const bool cell = s.signal[0] == 'c';
    advice.push_back(
        fmt::format("{} saturates in {:.2g} % of its values on the calibration data{}", s.signal, share,
                    cell ? fmt::format(", as a cell state may have {} bits: --cells {} is the most", options.cell_width,
                                       NumberFormats::max_cell_width)
                         : ": rounding brings them beyond the end of its format; more --activations move that end"));
  }
}

/// Which option brings more, tried with two bits.
std::string what_helps(double now, const QuantiseOptions& options, const std::function<double(int, int)>& sqnr) {
  const int weights = options.weight_width, activations = options.activation_width;
  const double more_activations = activations < 18 ? sqnr(weights, std::min(18, activations + 2)) : now;
  const double more_weights = weights < 18 ? sqnr(std::min(18, weights + 2), activations) : now;
  if (std::max(more_activations, more_weights) < now + 1)
    return "neither more weight nor more activation bits help; compare with the user's model whether this is enough";
  if (more_activations >= more_weights)
    return fmt::format("--activations {} gives {:.1f} dB", std::min(18, activations + 2), more_activations);
  return fmt::format("--weights {} gives {:.1f} dB", std::min(18, weights + 2), more_weights);
}

/// The signal that lost most.
const SignalReport* worst_signal(const QuantiseReport& report) {
  const SignalReport* worst = nullptr;
  for (const SignalReport& s : report.signals)
    if (std::isfinite(s.sqnr_db) && s.max_abs > 0 && (!worst || s.sqnr_db < worst->sqnr_db)) worst = &s;
  return worst;
}

/// Fewer bits than were allowed are no fault, but a surprise.
void tell_fewer_bits(const QuantiseReport& report, const QuantiseOptions& options, std::vector<std::string>& advice) {
  const Widths& taken = report.widths;
  if (taken == Widths{options.weight_width, options.activation_width}) return;
  advice.push_back(fmt::format(
      "weights have {} bits and activations {}, where {} and {} were allowed: on the calibration data rounding errors "
      "cancel better, and the outputs lose less; --exact-widths takes what is asked for",
      taken.weights, taken.activations, options.weight_width, options.activation_width));
}

}  // namespace

std::vector<std::string> format_advice(const QuantiseReport& report, const CalibrationLook& look,
                                       const QuantiseOptions& options, const std::function<double(int, int)>& sqnr) {
  std::vector<std::string> advice;
  judge_calibration(look, advice);
  tell_fewer_bits(report, options, advice);
  judge_saturation(report, options, advice);
  const int bits = std::min(options.weight_width, options.activation_width);
  const bool low = std::isfinite(report.output_sqnr_db) && report.output_sqnr_db < expected_sqnr(bits);
  if (report.still.empty() && !low) return advice;
  if (look.zero || (look.constant && report.still.empty())) return advice;  // said above, and nothing to measure
  const std::string helps = what_helps(report.output_sqnr_db, options, sqnr);
  for (const StillState& s : report.still)
    advice.push_back(fmt::format(
        "{} of {} elements of the state {} stand still where the network moves by 2 lsb (2^{}) or more: their updates "
        "are smaller than its format; {}",
        s.still, s.elements, s.signal, 1 - s.format.fraction, helps));
  if (low) {
    const SignalReport* worst = worst_signal(report);
    advice.push_back(
        fmt::format("the outputs have {:.1f} dB where {} bits give most networks {:.0f} or more: {} has {:.1f} dB, {}",
                    report.output_sqnr_db, bits, expected_sqnr(bits), worst ? worst->name : "a signal",
                    worst ? worst->sqnr_db : report.output_sqnr_db, helps));
  }
  return advice;
}

}  // namespace erngen
