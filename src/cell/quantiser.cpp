#include "cell/quantiser.hpp"

#include <cmath>
#include <limits>

#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "cell/fixed_model.hpp"
#include "cell/format_search.hpp"
#include "cell/formats.hpp"
#include "cell/quant_check.hpp"
#include "cell/real_model.hpp"

namespace erngen {

namespace {

/// Share of what an activation still lacks to its asymptote that a unit may be wrong by: the leak of an open gate.
constexpr double tail_error = 0.02;

/// Power of a signal and of its error, summed over all elements.
struct Power {
  double signal = 0, error = 0, max_abs = 0;
  void add(double real, double fixed) {
    signal += real * real;
    error += (fixed - real) * (fixed - real);
    max_abs = std::max(max_abs, std::abs(real));
  }
  double sqnr_db() const {
    if (error == 0) return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / error);  // -infinity for errors without a signal
  }
};

/// The calibration data as streams of frames.
struct Calibration {
  int streams, frames, size;
  const float* data;
  int stride = frames;  ///< frames from one stream's first to the next one's
  std::span<const float> frame(int stream, int at) const {
    return {data + (static_cast<size_t>(stream) * stride + at) * size, static_cast<size_t>(size)};
  }
};

Calibration check_calibration(const Array& array, int input) {
  const auto& shape = array.shape;
  if (shape.size() != 2 && shape.size() != 3)
    throw bad_input(fmt::format("calibration data has {} dimensions", shape.size()),
                    "give [frames, features] or [streams, frames, features]");
  if (shape.back() != input)
    throw bad_input(fmt::format("calibration data has {} features, the network takes {}", shape.back(), input));
  const int streams = shape.size() == 3 ? shape[0] : 1;
  const int frames = shape[shape.size() - 2];
  if (streams < 1 || frames < 1)
    throw bad_input("calibration data is empty", "give at least one frame; some hundreds are better");
  return {streams, frames, input, array.values.data(), frames};
}

void check_width(const char* name, int width) {
  if (width < 4 || width > 18)
    throw bad_input(fmt::format("{} width {} is outside 4..18", name, width), "4..18 bits fit the multiplier ports");
}

/// Runs `visit` (stream, frame, x) over all data, in order.
template <class Visit, class Reset>
void for_each_frame(const Calibration& data, Visit visit, Reset reset) {
  for (int s = 0; s < data.streams; ++s) {
    reset();
    for (int t = 0; t < data.frames; ++t) visit(data.frame(s, t));
  }
}

Ranges measure_ranges(const Graph<double>& graph, const Calibration& data) {
  Ranges ranges;
  RealModel model(graph);
  const Observer observer = [&](const std::string& name, std::span<const double> values) { ranges[name].add(values); };
  std::vector<double> x(data.size);
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        std::copy(frame.begin(), frame.end(), x.begin());
        model.step(x, observer);
      },
      [&] { model.reset(); });
  for (const auto& [name, limit] : ranges)
    if (!std::isfinite(limit.square_sum))
      throw bad_input(fmt::format("calibration: signal {} grows beyond all numbers", name), "check the weights");
  return ranges;
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
          throw bad_input(fmt::format("matrix {}: {} bits", term.family, width),
                          fmt::format("choose from 2 to {}", network.formats.weight_width));
        for (auto& matrix : term.matrices)
          for (std::int32_t& word : matrix.words)
            word = static_cast<std::int32_t>(saturate(round_shift(word, drop), width) * (std::int64_t{1} << drop));
      }
  for (const auto& [family, width] : widths)
    if (!known.count(family))
      throw bad_input(fmt::format("no matrix is called {}", family),
                      fmt::format("there are {}", fmt::join(known, ", ")));
}

/// A unit's largest error in the lsb of the activations, whatever the width of gate values: finer values are free of
/// rounding, but not worth more entries.
ActivationUnit choose_unit(Function function, const NumberFormats& formats, const QuantiseOptions& options) {
  const KindChoice kind = function == Function::sigmoid ? options.sigmoid_kind : options.tanh_kind;
  const ErrorBound bound(options.activation_ulp * std::exp2(formats.gate_width - formats.activation_width), tail_error);
  return smallest_unit(function, formats.preactivation(), formats.gate(), bound, kind);
}

/// One choice of formats after the other for the same network and calibration data.
class Trials {
 public:
  Trials(const Network& network, const Calibration& data, const QuantiseOptions& options)
      : data_(data), options_(options), graph_(lower(network)), metadata_(network.metadata) {
    ranges_ = measure_ranges(graph_, data);
    remember_outputs();
  }

  const Ranges& ranges() const { return ranges_; }

  /// `graph` gets the formats; its weights stay real.
  QuantNetwork make(const Precision& precision, Graph<double>& graph) {
    graph = graph_;
    QuantNetwork result;
    result.formats = choose_formats(
        graph, ranges_,
        {options_.weight_width, options_.activation_width, options_.spectrum_width, options_.cell_width}, precision);
    result.graph = quantise_weights(graph, result.formats);
    narrow_matrices(result, options_.matrix_width);
    result.sigmoid = unit(Function::sigmoid, result.formats);
    result.tanh = unit(Function::tanh, result.formats);
    result.metadata = metadata_;
    check_quant_network(result);
    return result;
  }

  double output_sqnr(const Precision& precision) {
    Graph<double> graph;
    const QuantNetwork network = make(precision, graph);
    FixedModel model(network);
    std::vector<std::int32_t> raw(data_.size), y(network.graph.output_size());
    Power power;
    const double* expected = outputs_.data();
    for_each_frame(
        tried_,
        [&](std::span<const float> frame) {
          for (int i = 0; i < data_.size; ++i)
            raw[i] = static_cast<std::int32_t>(quantise(frame[i], network.input_format()));
          model.step(raw, y);
          for (const std::int32_t value : y) power.add(*expected++, to_double(value, network.output_format()));
        },
        [&] { model.reset(); });
    return power.sqnr_db();
  }

  PrecisionUse use() const {
    PrecisionUse result;
    for (const auto& phase : graph_.phases) {
      result.lstm |= phase.op == Op::lstm;
      result.gru |= phase.op == Op::gru_before_gates || phase.op == Op::gru_after;
    }
    return result;
  }

 private:
  /// Frames that the trials run over: all of them, or as many of each stream as are quickly done.
  void remember_outputs() {
    constexpr double products = 3e8;
    double frame_products = 1;
    for (const auto& phase : graph_.phases)
      for (const auto& part : phase.parts)
        for (const auto& term : part.terms)
          for (const auto& matrix : term.matrices) frame_products += static_cast<double>(matrix.words.size());
    tried_ = data_;
    const double most = std::max(200.0, products / frame_products);
    tried_.frames = std::min<int>(data_.frames, static_cast<int>(std::max(50.0, most / data_.streams)));
    tried_.stride = data_.frames;
    RealModel model(graph_);
    std::vector<double> x(data_.size);
    for_each_frame(
        tried_,
        [&](std::span<const float> frame) {
          std::copy(frame.begin(), frame.end(), x.begin());
          const std::vector<double> y = model.step(x, {});
          outputs_.insert(outputs_.end(), y.begin(), y.end());
        },
        [&] { model.reset(); });
  }

  const ActivationUnit& unit(Function function, const NumberFormats& formats) {
    const std::tuple key(function, formats.preactivation_width, formats.preactivation_fraction, formats.gate_width);
    auto found = units_.find(key);
    if (found == units_.end()) found = units_.emplace(key, choose_unit(function, formats, options_)).first;
    return found->second;
  }

  const Calibration& data_;
  const QuantiseOptions& options_;
  Graph<double> graph_;
  nlohmann::ordered_json metadata_;
  Ranges ranges_;
  Calibration tried_{};
  std::vector<double> outputs_;  ///< of the real network, on the frames that are tried
  std::map<std::tuple<Function, int, int, int>, ActivationUnit> units_;
};

Format signal_format(const QuantNetwork& network, const std::string& name) {
  const NumberFormats& f = network.formats;
  if (name[0] == 'Z') return {f.readout_width, f.readout_fraction};
  if (name[0] == 'z') return f.preactivation();
  if (name[0] == 'c') return f.cell();
  for (const auto& vector : network.graph.vectors)
    if (vector.name == name) return {f.activation_width, vector.fraction};
  return {};
}

void report_signals(const Graph<double>& real, const QuantNetwork& network, const Calibration& data,
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
  std::vector<double> x(data.size);
  std::vector<std::int32_t> raw(data.size), y(network.graph.output_size());
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        for (int i = 0; i < data.size; ++i) {
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

QuantNetwork quantise(const Network& network, const Array& calibration, const QuantiseOptions& options,
                      QuantiseReport* report) {
  check_width("weight", options.weight_width);
  check_width("activation", options.activation_width);
  if (options.cell_width < options.activation_width + 4 || options.cell_width > NumberFormats::max_cell_width)
    throw bad_input(fmt::format("cell state width {} is outside {}..{}", options.cell_width,
                                options.activation_width + 4, NumberFormats::max_cell_width));
  if (options.spectrum_width < 12 || options.spectrum_width > NumberFormats::max_spectrum_width)
    throw bad_input(
        fmt::format("spectrum width {} is outside 12..{}", options.spectrum_width, NumberFormats::max_spectrum_width));
  network.validate();
  const Calibration data = check_calibration(calibration, network.input());
  Trials trials(network, data, options);
  const Precision precision = search_precision(trials.use(), [&](const Precision& p) { return trials.output_sqnr(p); });
  Graph<double> graph;
  QuantNetwork result = trials.make(precision, graph);
  if (report) {
    report->frames = data.streams * data.frames;
    report_signals(graph, result, data, *report);
    report_matrices(graph, result, *report);
  }
  return result;
}

}  // namespace erngen
