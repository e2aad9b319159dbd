// Measures what rounded inputs alone and rounded weights alone leave of the SQNR of seeded networks: one JSON object a
// network and a line (docs/results/formats.md).
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/sqnr.hpp"
#include "cell/fixed_run.hpp"
#include "cell/format_trials.hpp"
#include "cell/real_model.hpp"
#include "ops/lowering.hpp"
#include "study_networks.hpp"

using namespace erngen;
using nlohmann::ordered_json;

namespace {

/// `graph` with weights of `width` bits, in the formats that they share with the other terms of their sums or, `alone`,
/// in the finest that hold each family.
Graph<double> with_rounded_weights(Graph<double> graph, int width, bool alone) {
  for (Phase<double>& phase : graph.phases)
    for (Part<double>& part : phase.parts)
      for (Term<double>& term : part.terms) {
        Range range;
        for (const auto& matrix : term.matrices) range.add(matrix.words);
        const Format format{width, alone ? fraction_for(range, width, 30) : term.weight_fraction};
        for (auto& matrix : term.matrices)
          for (double& word : matrix.words) word = to_double(quantise(word, format), format);
      }
  return graph;
}

/// SQNR in decibels of `graph` in real numbers, its input rounded where `rounded` is not null, against `exact`.
double real_sqnr(const Graph<double>& exact, const Graph<double>& graph, const Array& x, const QuantNetwork* rounded) {
  RealModel reference(exact), model(graph);
  Power power;
  const auto size = static_cast<size_t>(x.shape.back());
  std::vector<std::int32_t> raw(size);
  for (size_t first = 0; first < x.values.size(); first += size) {
    const std::span<const float> frame(&x.values[first], size);
    const std::vector<double> real(frame.begin(), frame.end());
    std::vector<double> taken = real;
    if (rounded) {
      quantise_frame(*rounded, frame, raw);
      std::transform(raw.begin(), raw.end(), taken.begin(),
                     [&](std::int32_t word) { return to_double(word, rounded->part_format(0)); });
    }
    const std::vector<double> expected = reference.step(real, {}), y = model.step(taken, {});
    for (size_t n = 0; n < y.size(); ++n) power.add(expected[n], y[n]);
  }
  return power.sqnr_db();
}

}  // namespace

/// error_sources LINES SEED...: adds a line to LINES for each seed.
int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "error_sources LINES SEED...\n";
    return 2;
  }
  UnitCache units;
  QuantiseOptions options;
  options.units = &units;
  options.exact_widths = true;
  for (int n = 2; n < argc; ++n) {
    const StudyCase c = study_case(std::stoull(argv[n]), 200);
    FormatTrials trials(c.network, Sequences(c.x), options);
    ordered_json widths = ordered_json::object();
    for (int bits = 12; bits <= 18; ++bits) {
      const Setting setting = trials.choose({bits, bits});
      Graph<double> graph;
      const QuantNetwork quantised = trials.make(setting, graph);
      const auto decibels = [](double sqnr) { return std::round(sqnr * 100) / 100; };
      widths[std::to_string(bits)] = {
          {"inputs", decibels(real_sqnr(graph, graph, c.x, &quantised))},
          {"weights", decibels(real_sqnr(graph, with_rounded_weights(graph, bits, false), c.x, nullptr))},
          {"weights apart", decibels(real_sqnr(graph, with_rounded_weights(graph, bits, true), c.x, nullptr))},
          {"gate bits", quantised.formats.gate_width},
          {"argument bits", quantised.formats.preactivation().width}};
    }
    std::ofstream(argv[1], std::ios::app)
        << ordered_json{{"name", fmt::format("{}: {}", argv[n], c.name)}, {"widths", widths}}.dump() << std::endl;
  }
}
