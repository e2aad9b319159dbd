#include "cell/quantise_report.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/sqnr.hpp"
#include "cell/fixed_run.hpp"
#include "cell/real_model.hpp"
#include "ops/lowering.hpp"
#include "ops/operation.hpp"

namespace erngen {
namespace {

/// The extremes of each element of a state.
struct Movement {
  struct Extremes {
    double low = 0, high = 0;
  };
  std::vector<Extremes> real, fixed;

  void add(std::span<const double> real_values, std::span<const double> fixed_values) {
    real.resize(real_values.size());
    fixed.resize(fixed_values.size());
    for (size_t n = 0; n < real.size(); ++n) {
      stretch(real[n], real_values[n]);
      stretch(fixed[n], fixed_values[n]);
    }
  }
  /// Elements that stay at their initial 0 in fixed point where the real ones leave it by two lsb.
  int still(double lsb) const {
    int count = 0;
    for (size_t n = 0; n < real.size(); ++n)
      count += fixed[n].low == 0 && fixed[n].high == 0 && real[n].high - real[n].low >= 2 * lsb;
    return count;
  }

 private:
  static void stretch(Extremes& extremes, double value) {
    extremes.low = std::min(extremes.low, value);
    extremes.high = std::max(extremes.high, value);
  }
};

bool is_state(const Graph<double>& graph, const std::string& name) {
  if (name[0] == 'c') return true;
  for (const Vector& vector : graph.vectors)
    if (vector.name == name) return vector.recurrent;
  return false;
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

}  // namespace

void report_signals(const Graph<double>& real, const QuantNetwork& network, const Sequences& data,
                    QuantiseReport& report) {
  std::map<std::string, Power> powers;
  std::map<std::string, Movement> movements;
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
    if (is_state(real, name)) movements[name].add(real_values, values);
  });
  const Sequences frames = real_frames(network.structure, real, data);
  const std::vector<std::int32_t> own =  // what the fixed-point model gives itself to read
      network.structure.passes() > 1 ? run_fixed(network, data).inputs : std::vector<std::int32_t>{};
  std::vector<double> x(static_cast<size_t>(frames.features()));
  std::vector<std::int32_t> raw(x.size()), y(network.graph.output_size());
  size_t done = 0;
  for_each_frame(
      frames,
      [&](std::span<const float> frame) {
        std::copy(frame.begin(), frame.end(), x.begin());
        if (own.empty())
          quantise_frame(network, frame, raw);
        else
          std::copy_n(own.begin() + static_cast<std::ptrdiff_t>(done++ * raw.size()), raw.size(), raw.begin());
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
  report.output_sqnr_db = powers[network.graph.vectors[network.graph.output_vector()].name].sqnr_db();
  for (const auto& [name, movement] : movements) {
    const Format format = signal_format(network, name);
    if (const int still = movement.still(format.lsb()); still > 0)
      report.still.push_back({name, format, static_cast<int>(movement.real.size()), still});
  }
  for (SignalSaturation& s : fixed_model.saturations())
    if (s.count.saturated > 0) report.saturations.push_back(std::move(s));
}

void report_matrices(const Graph<double>& real, const QuantNetwork& network, QuantiseReport& report) {
  std::map<std::string, std::vector<size_t>> phases;  // of a family, in their order
  for (size_t p = 0; p < real.phases.size(); ++p)
    for (const auto& part : real.phases[p].parts)
      for (const auto& term : part.terms)
        if (auto& its = phases[term.family]; its.empty() || its.back() != p) its.push_back(p);
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
        // Where phases share a family, as those of a GRU, its gates tell their rows apart.
        const Operation& op = operation(real.phases[p].op);
        std::string gates;
        if (phases[term.family].size() > 1)
          for (int g = 0; g < op.gates; ++g) gates += (g == 0 ? "" : ",") + std::string(op.gate_names[g]);
        report.matrices.push_back({term.family, format, power.max_abs, power.sqnr_db(), std::move(gates)});
      }
}

QuantiseReport quantise_report(const Network& network, const QuantNetwork& quantised, const Sequences& data) {
  const Graph<double> real = lower(network);
  QuantiseReport report;
  report.frames = static_cast<int>(data.frames());
  report_signals(real, quantised, data, report);
  report_matrices(real, quantised, report);
  return report;
}

}  // namespace erngen
