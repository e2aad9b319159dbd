#include "cell/quantiser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/calibration.hpp"
#include "cell/format_advice.hpp"
#include "cell/format_trials.hpp"
#include "cell/quantise_report.hpp"

namespace erngen {

namespace {

void check_width(const char* name, int width) {
  if (width < 4 || width > 18)
    throw wrong_option(fmt::format("{} width {} is outside 4..18", name, width), "4..18 bits fit the multiplier ports");
}

void check_options(const QuantiseOptions& options) {
  check_width("weight", options.weight_width);
  check_width("activation", options.activation_width);
  if (options.cell_width < options.activation_width + 4 || options.cell_width > NumberFormats::max_cell_width)
    throw wrong_option(fmt::format("cell state width {} is outside {}..{}", options.cell_width,
                                   options.activation_width + 4, NumberFormats::max_cell_width));
  if (options.spectrum_width < QuantiseOptions::least_spectrum_width ||
      options.spectrum_width > NumberFormats::max_spectrum_width)
    throw wrong_option(fmt::format("spectrum width {} is outside {}..{}", options.spectrum_width,
                                   QuantiseOptions::least_spectrum_width, NumberFormats::max_spectrum_width));
}

CalibrationLook look_at(const Sequences& data) {
  CalibrationLook look{static_cast<long>(data.frames()), true, true};
  const std::span<const float> first = data.frame(0);
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        look.zero = look.zero && std::all_of(frame.begin(), frame.end(), [](float v) { return v == 0; });
        look.constant = look.constant && std::equal(frame.begin(), frame.end(), first.begin());
      },
      [] {});
  return look;
}

}  // namespace

QuantNetwork quantise(const Network& network, const Sequences& data, const QuantiseOptions& options,
                      QuantiseReport* report) {
  check_options(options);
  network.validate();
  data.require_features(network.input(), "calibration data");
  FormatTrials trials(network, data, options);
  Setting setting{{options.weight_width, options.activation_width}, {}};
  if (options.formats)
    setting.widths = {options.formats->formats.weight_width, options.formats->formats.activation_width};
  else
    setting = trials.choose(setting.widths);
  Graph<double> graph;
  std::int64_t beyond = 0;
  QuantNetwork result =
      options.formats ? trials.make_like(*options.formats, graph, beyond) : trials.make(setting, graph);
  result.structure = structure_of(network);
  if (!report) return result;
  report->frames = static_cast<int>(data.frames());
  report->widths = setting.widths;
  report->precision = setting.precision;
  report_signals(graph, result, data, *report);
  report_matrices(graph, result, *report);
  if (beyond > 0)
    report->warnings.push_back(
        fmt::format("{} weights, biases, peepholes or initial states are beyond the formats of the other network, and "
                    "saturate: quantise that one --together-with this one",
                    beyond));
  if (options.formats) return result;  // no advice on formats that are given
  report->warnings = format_advice(*report, look_at(data), options, [&](int weights, int activations) {
    QuantiseOptions other = options;
    other.cell_width = std::max(other.cell_width, activations + 4);
    FormatTrials wider(network, data, other);
    return wider.output_sqnr(wider.choose({weights, activations}));
  });
  return result;
}

}  // namespace erngen
