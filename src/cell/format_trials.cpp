#include "cell/format_trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/sqnr.hpp"
#include "cell/best_widths.hpp"
#include "cell/bias_correction.hpp"
#include "cell/fixed_model.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_check.hpp"
#include "cell/real_model.hpp"
#include "cell/requantise.hpp"
#include "ops/lowering.hpp"

namespace erngen {
namespace {

/// Share of what an activation still lacks to its asymptote that a unit may be wrong by: the leak of an open gate.
constexpr double tail_error = 0.02;

/// Rounds the weights of the named families to fewer bits; formats stay, so the low bits become 0.
void narrow_matrices(QuantNetwork& network, const std::map<std::string, int>& widths) {
  std::set<std::string> known;
  for (auto& phase : network.graph.phases)
    for (auto& part : phase.parts)
      for (auto& term : part.terms) {
        known.insert(term.family);
        const auto found = widths.find(term.family);
        if (found == widths.end()) continue;
        const int width = found->second, drop = network.formats.weight_width - width;
        if (width < 2 || drop < 0)
          throw wrong_option(fmt::format("matrix {}: {} bits", term.family, width),
                             fmt::format("choose from 2 to {}", network.formats.weight_width));
        for (auto& matrix : term.matrices)
          for (std::int32_t& word : matrix.words)
            word = static_cast<std::int32_t>(saturate(round_shift(word, drop), width) * (std::int64_t{1} << drop));
      }
  for (const auto& [family, width] : widths)
    if (!known.count(family))
      throw wrong_option(fmt::format("no matrix is called {}", family),
                         fmt::format("there are {}", fmt::join(known, ", ")));
}

}  // namespace

FormatTrials::FormatTrials(const Network& network, const Sequences& data, const QuantiseOptions& options)
    : options_(options),
      graph_(lower(network)),
      frames_(real_frames(network, graph_, data)),
      metadata_(network.metadata) {
  calibration_ = calibrate(graph_, frames_);
  ranges_ = calibration_.ranges;
  all_ = graph_;
  for (const Network* other : options.others) {
    const Graph<double> more = lower(*other);
    take_larger_numbers(all_, more);
    for (const auto& [name, range] : calibrate(more, real_frames(*other, more, data)).ranges) ranges_[name].add(range);
  }
  remember_outputs();
}

QuantNetwork FormatTrials::make(const Setting& setting, Graph<double>& graph) {
  Graph<double> formatted = all_;
  QuantNetwork result;
  result.formats =
      choose_formats(formatted, ranges_,
                     {setting.widths.weights, setting.widths.activations, options_.spectrum_width, options_.cell_width},
                     setting.precision);
  graph = graph_;
  take_formats(graph, formatted);
  result.graph = quantise_weights(graph, result.formats);
  narrow_matrices(result, options_.matrix_width);
  correct_biases(result, graph, calibration_.means);
  result.sigmoid = unit(graph_.functions.sigmoid, result.formats);
  result.tanh = unit(graph_.functions.tanh, result.formats);
  result.metadata = metadata_;
  check_quant_network(result);
  return result;
}

QuantNetwork FormatTrials::make_like(const QuantNetwork& like, Graph<double>& graph, std::int64_t& beyond) {
  graph = graph_;
  take_formats(graph, like.graph);
  QuantNetwork result = like;
  result.graph = quantise_weights(graph, like.formats, &beyond);
  correct_biases(result, graph, calibration_.means);
  result.metadata = metadata_;
  check_quant_network(result);
  return result;
}

Precision FormatTrials::search(const Widths& widths) {
  const auto [place, missing] = found_.try_emplace(widths);
  if (missing)
    place->second = search_precision(use(widths), [&](const Precision& p) { return output_sqnr({widths, p}); });
  return place->second;
}

Setting FormatTrials::choose(const Widths& widths) {
  if (options_.precision) return {widths, *options_.precision};
  if (options_.exact_widths || !options_.matrix_width.empty()) return {widths, search(widths)};
  // Chance is larger in small networks, and there it is soon looked at.
  const double near = products_ < 1e7 ? 12 : products_ < 1e8 ? 6 : 3;
  return best_widths(
      widths, near, [this](const Widths& w) { return search(w); }, [this](const Setting& s) { return output_sqnr(s); });
}

double FormatTrials::output_sqnr(const Setting& setting) {
  Graph<double> graph;
  QuantNetwork network;
  try {
    network = make(setting, graph);
  } catch (const Error&) {
    return -std::numeric_limits<double>::infinity();
  }
  FixedModel model(network);
  std::vector<std::int32_t> raw(static_cast<size_t>(frames_.features())), y(network.graph.output_size());
  Power power;
  const double* expected = outputs_.data();
  for_each_frame(
      frames_,
      [&](std::span<const float> frame) {
        quantise_frame(network, frame, raw);
        model.step(raw, y);
        for (const std::int32_t value : y) power.add(*expected++, to_double(value, network.output_format()));
      },
      [&] { model.reset(); }, tried_);
  return power.sqnr_db();
}

PrecisionUse FormatTrials::use(const Widths& widths) const {
  PrecisionUse result{.drops = widths.activations + log2_exact(graph_.max_block()) > options_.spectrum_width,
                      .activation_width = widths.activations,
                      .weight_width = widths.weights};
  for (const auto& phase : graph_.phases) {
    result.lstm |= phase.operation().keeps_cell;
    result.nonlinear |= phase.operation().is_unit();
    result.gru |= phase.operation().keeps_state;
  }
  return result;
}

void FormatTrials::remember_outputs() {
  constexpr double products = 3e8;
  double frame_products = 1;
  for (const auto& phase : graph_.phases)
    for (const auto& part : phase.parts)
      for (const auto& term : part.terms)
        for (const auto& matrix : term.matrices) frame_products += static_cast<double>(matrix.words.size());
  const double sequences = static_cast<double>(frames_.lengths().size());
  tried_ = static_cast<int>(std::clamp(products / frame_products / sequences, std::max(50.0, 200.0 / sequences), 1e9));
  RealModel model(graph_);
  std::vector<double> x(static_cast<size_t>(frames_.features()));
  for_each_frame(
      frames_,
      [&](std::span<const float> frame) {
        std::copy(frame.begin(), frame.end(), x.begin());
        const std::vector<double> y = model.step(x, {});
        outputs_.insert(outputs_.end(), y.begin(), y.end());
      },
      [&] { model.reset(); }, tried_);
  products_ = frame_products * static_cast<double>(outputs_.size()) / graph_.output_size();
}

const ActivationUnit& FormatTrials::unit(Function function, const NumberFormats& formats) {
  const KindChoice kind = sums_to_one(function) ? options_.sigmoid_kind : options_.tanh_kind;
  const ErrorBound bound(options_.activation_ulp * std::exp2(formats.gate_width - formats.activation_width),
                         tail_error);
  UnitCache& units = options_.units ? *options_.units : own_units_;
  return units.smallest(function, formats.preactivation(), formats.gate(), bound, kind);
}

}  // namespace erngen
