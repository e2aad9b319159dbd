#include "cell/quantiser.hpp"

#include <cmath>
#include <limits>

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/sqnr.hpp"
#include "cell/fixed_model.hpp"
#include "cell/formats.hpp"
#include "cell/quant_check.hpp"
#include "cell/real_model.hpp"

namespace erngen {

namespace {

void check_width(const char* name, int width) {
  if (width < 4 || width > 18)
    throw wrong_option(fmt::format("{} width {} is outside 4..18", name, width), "4..18 bits fit the multiplier ports");
}

/// Runs `visit` (x) over all frames, in order, and `reset` before each sequence.
template <class Visit, class Reset>
void for_each_frame(const Sequences& data, Visit visit, Reset reset) {
  size_t n = 0;
  for (const int length : data.lengths()) {
    reset();
    for (const size_t end = n + static_cast<size_t>(length); n < end; ++n) visit(data.frame(n));
  }
}

Ranges measure_ranges(const Graph<double>& graph, const Sequences& data) {
  Ranges ranges;
  RealModel model(graph);
  const Observer observer = [&](const std::string& name, std::span<const double> values) {
    double& limit = ranges[name];
    for (double v : values) limit = std::max(limit, std::abs(v));
  };
  std::vector<double> x(static_cast<size_t>(data.features()));
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        std::copy(frame.begin(), frame.end(), x.begin());
        model.step(x, observer);
      },
      [&] { model.reset(); });
  for (const auto& [name, limit] : ranges)
    if (!std::isfinite(limit))
      throw bad_input(fmt::format("calibration: signal {} grows beyond all numbers", name), "check the weights");
  return ranges;
}

ActivationUnit choose_unit(Function function, const NumberFormats& formats, const QuantiseOptions& options) {
  const KindChoice kind = function == Function::sigmoid ? options.sigmoid_kind : options.tanh_kind;
  return smallest_unit(function, formats.preactivation(), formats.activation(), options.activation_ulp, kind);
}

Format signal_format(const QuantNetwork& network, const std::string& name) {
  const NumberFormats& f = network.formats;
  if (name[0] == 'Z') return {f.readout_width, f.readout_fraction};
  if (name[0] == 'z') return f.preactivation();
  if (name[0] == 'c') return f.cell();
  for (const auto& vector : network.graph.vectors)
    if (vector.name == name) return {f.activation_width, vector.fraction};
  return {};
}

void report_signals(const Graph<double>& real, const QuantNetwork& network, const Sequences& data,
                    QuantiseReport& report) {
  std::map<std::string, Power> powers;
  std::vector<std::string> order;
  std::vector<std::pair<std::string, std::vector<double>>> expected;
  size_t at = 0;
  RealModel real_model(real);
  FixedModel fixed_model(network);
  const Observer remember = [&](const std::string& name, std::span<const double> v) {
    if (name[0] != 'Z') expected.emplace_back(name, std::vector<double>(v.begin(), v.end()));
  };
  fixed_model.observe([&](const std::string& name, std::span<const double> values) {
    const auto& [real_name, real_values] = expected.at(at++);
    if (real_name != name) throw Error(ExitCode::internal, "signal order differs: " + real_name + ", " + name);
    auto [found, inserted] = powers.try_emplace(name);
    if (inserted) order.push_back(name);
    for (size_t i = 0; i < values.size(); ++i) found->second.add(real_values[i], values[i]);
  });
  std::vector<double> x(static_cast<size_t>(data.features()));
  std::vector<std::int32_t> raw(static_cast<size_t>(data.features())), y(network.graph.output_size());
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        for (int i = 0; i < data.features(); ++i) {
          x[i] = frame[i];
          raw[i] = static_cast<std::int32_t>(quantise(frame[i], network.input_format()));
        }
        expected.clear();
        at = 0;
        real_model.step(x, remember);
        fixed_model.step(raw, y);
      },
      [&] {
        real_model.reset();
        fixed_model.reset();
      });
  for (const auto& name : order)
    report.signals.push_back({name, signal_format(network, name), powers[name].max_abs, powers[name].sqnr_db()});
}

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

void report_matrices(const Graph<double>& real, const QuantNetwork& network, QuantiseReport& report) {
  for (size_t p = 0; p < real.phases.size(); ++p)
    for (size_t part = 0; part < real.phases[p].parts.size(); ++part)
      for (size_t t = 0; t < real.phases[p].parts[part].terms.size(); ++t) {
        const auto& term = real.phases[p].parts[part].terms[t];
        const auto& quantised = network.graph.phases[p].parts[part].terms[t];
        Power power;
        const Format format{network.formats.weight_width, quantised.weight_fraction};
        for (size_t g = 0; g < term.matrices.size(); ++g)
          for (size_t i = 0; i < term.matrices[g].words.size(); ++i)
            power.add(term.matrices[g].words[i], to_double(quantised.matrices[g].words[i], format));
        report.matrices.push_back({term.family, format, power.max_abs, power.sqnr_db()});
      }
}

}  // namespace

QuantNetwork quantise(const Network& network, const Sequences& calibration, const QuantiseOptions& options,
                      QuantiseReport* report) {
  check_width("weight", options.weight_width);
  check_width("activation", options.activation_width);
  if (options.cell_width < options.activation_width + 4 || options.cell_width > NumberFormats::max_cell_width)
    throw wrong_option(fmt::format("cell state width {} is outside {}..{}", options.cell_width,
                                   options.activation_width + 4, NumberFormats::max_cell_width));
  if (options.spectrum_width < 12 || options.spectrum_width > NumberFormats::max_spectrum_width)
    throw bad_input(
        fmt::format("spectrum width {} is outside 12..{}", options.spectrum_width, NumberFormats::max_spectrum_width));
  network.validate();
  calibration.require_features(network.input(), "calibration data");
  Graph<double> graph = lower(network);

  QuantNetwork result;
  result.formats = choose_formats(graph, measure_ranges(graph, calibration), options.weight_width,
                                  options.activation_width, options.spectrum_width, options.cell_width);
  result.graph = quantise_weights(graph, result.formats);
  narrow_matrices(result, options.matrix_width);
  result.sigmoid = choose_unit(Function::sigmoid, result.formats, options);
  result.tanh = choose_unit(Function::tanh, result.formats, options);
  result.metadata = network.metadata;
  check_quant_network(result);
  if (report) {
    report->frames = static_cast<int>(calibration.frames());
    report_signals(graph, result, calibration, *report);
    report_matrices(graph, result, *report);
  }
  return result;
}

}  // namespace erngen
