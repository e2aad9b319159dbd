#include "cell/formats.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace erngen {

namespace {

double max_abs(const std::vector<double>& values) {
  double limit = 0;
  for (double v : values) limit = std::max(limit, std::abs(v));
  return limit;
}

double range(const Ranges& ranges, const std::string& name) {
  const auto found = ranges.find(name);
  return found == ranges.end() ? 0.0 : found->second;
}

/// Bits before the binary point, without the sign, that hold values up to `limit`.
int integer_bits(double limit) { return limit <= 0 ? 0 : static_cast<int>(std::floor(std::log2(limit))) + 1; }

/// Largest fraction at which W bits hold every spectrum word of the term.
int best_weight_fraction(const Term<double>& term, int width) {
  double limit = 0;
  for (const auto& matrix : term.matrices) limit = std::max(limit, max_abs(matrix.words));
  return fraction_for(limit, width, 2 * width);
}

/// The parts of equal block size that share a product fraction, in groups: all of a GRU with reset after the product,
/// lest each of its phases needs a rounding shift of its own; every other part by itself.
std::vector<std::vector<Part<double>*>> aligned_parts(Graph<double>& graph) {
  std::vector<std::vector<Part<double>*>> groups;
  std::vector<int> layers;  ///< of the groups that are open to others
  for (auto& phase : graph.phases) {
    const bool shared = phase.op == Op::gru_after || leaves_sums(phase.op);
    for (auto& part : phase.parts) {
      size_t at = 0;
      while (at < groups.size() && !(shared && layers[at] == phase.layer && groups[at].front()->block == part.block))
        ++at;
      if (at == groups.size()) {
        groups.emplace_back();
        layers.push_back(shared ? phase.layer : -1);
      }
      groups[at].push_back(&part);
    }
  }
  return groups;
}

/// Gives the terms of the parts one product fraction.
///
/// A vector's natural product fraction is spectrum fraction + best weight fraction. Where vectors differ, the
/// one that lags gains guard bits (free up to the multiplier port), then the leader gives up guard bits, and
/// only then weight bits. Vectors whose guard an earlier group has fixed keep it.
void align(const std::vector<Part<double>*>& parts, Graph<double>& graph, int width, int max_guard,
           std::vector<std::vector<bool>>& fixed) {
  struct Item {
    Spectrum* spectrum;
    bool free;
    int natural;  ///< without the guard
    int fraction() const { return natural + spectrum->guard; }
  };
  std::vector<Item> items;
  for (const Part<double>* part : parts)
    for (const auto& term : part->terms) {
      Vector& vector = graph.vectors[term.vector];
      Spectrum& spectrum = vector.spectra[term.spectrum];
      const int natural = vector.fraction + best_weight_fraction(term, width);
      const auto known =
          std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.spectrum == &spectrum; });
      if (known != items.end()) {
        known->natural = std::min(known->natural, natural);
        continue;
      }
      const bool free = !fixed[term.vector][term.spectrum];
      if (free) spectrum.guard = std::min(1, max_guard);
      items.push_back({&spectrum, free, natural});
      fixed[term.vector][term.spectrum] = true;
    }
  const auto by_fraction = [](const Item& a, const Item& b) { return a.fraction() < b.fraction(); };
  const int leader = std::max_element(items.begin(), items.end(), by_fraction)->fraction();
  for (auto& item : items)
    if (item.free) item.spectrum->guard = std::min(max_guard, item.spectrum->guard + leader - item.fraction());
  const int common = std::min_element(items.begin(), items.end(), by_fraction)->fraction();
  for (auto& item : items)
    if (item.free) item.spectrum->guard = std::max(0, item.spectrum->guard - (item.fraction() - common));
  for (Part<double>* part : parts) part->accumulator_fraction = common;
}

}  // namespace

int fraction_for(double limit, int width, int max_fraction) {
  if (limit <= 0) return std::min(width - 1, max_fraction);
  int fraction = std::min(width - 1 - integer_bits(limit) + 1, max_fraction);
  // One bit more than the power-of-two bound was tried; it holds only values below max() + 1/2.
  while (std::floor(std::ldexp(limit, fraction) + 0.5) > static_cast<double>((std::int64_t{1} << (width - 1)) - 1))
    --fraction;
  return fraction;
}

NumberFormats choose_formats(Graph<double>& graph, const Ranges& ranges, int weight_width, int activation_width,
                             int max_spectrum_width, int max_cell_width) {
  NumberFormats formats;
  const int A = activation_width;
  formats.activation_width = A;
  formats.weight_width = weight_width;
  formats.preactivation_width = std::min(A + 2, 18);
  formats.preactivation_fraction = formats.preactivation_width - 4;  // [-8, 8): both functions are flat beyond
  formats.max_block = graph.max_block();
  formats.readout_fraction = std::max(formats.preactivation_fraction, A - 1) + 1;

  // Spectra fill the multiplier port: guard bits while there is room, a drop where there is none.
  const int spare = max_spectrum_width - A - log2_exact(formats.max_block);
  formats.spectrum_guard = std::clamp(spare, 0, 4);
  formats.spectrum_drop = std::max(0, -spare);

  // Vectors: gate products lie in (-1, 1); inputs and linear outputs as wide as calibration showed.
  double cell = 0, candidate = 0, peephole = 0, read_out = 0, bias = 0;
  graph.vectors[0].fraction = fraction_for(range(ranges, "x"), A, A - 1 + 6);
  for (auto& phase : graph.phases) {
    Vector& output = graph.vectors[phase.output];
    if (phase.op == Op::linear) {
      phase.output_fraction = fraction_for(range(ranges, output.name), A, formats.sum_fraction());
      output.fraction = phase.output_fraction;
    } else {
      output.fraction = formats.state_fraction();
    }
    if (phase.op == Op::lstm) cell = std::max(cell, range(ranges, "c" + std::to_string(phase.layer)));
    if (phase.op == Op::gru_after_state)
      candidate = std::max(candidate, range(ranges, "z" + std::to_string(phase.layer) + ".nh"));
    for (const auto& p : phase.peephole) peephole = std::max(peephole, max_abs(p));
    for (const auto& b : phase.bias) bias = std::max(bias, max_abs(b));
  }
  for (const auto& [name, limit] : ranges)
    if (name[0] == 'Z') read_out = std::max(read_out, limit);

  // One bit of margin beyond the calibration data for what has no natural bound.
  int cell_bits = std::max(0, integer_bits(2 * cell));  // one frame may bring it to i g = 1, however quiet these were
  cell_bits = std::min(cell_bits, std::max(4, max_cell_width - A));
  formats.cell_fraction = std::max(A - 1, A + 3 - cell_bits);
  formats.cell_width = 1 + cell_bits + formats.cell_fraction;
  // A bias is as wide as a transform, whose range is 2^(WD - F_d).
  formats.readout_width = std::max(
      {1 + integer_bits(2 * read_out) + formats.readout_fraction, A, integer_bits(bias) + formats.readout_fraction});
  formats.peephole_fraction = fraction_for(peephole, weight_width, 2 * weight_width);
  formats.candidate_fraction =
      std::min(fraction_for(2 * candidate, NumberFormats::candidate_width, 30), formats.sum_fraction());

  std::vector<std::vector<bool>> fixed;
  for (const auto& vector : graph.vectors) fixed.emplace_back(vector.spectra.size(), false);
  for (const auto& parts : aligned_parts(graph)) align(parts, graph, weight_width, formats.spectrum_guard, fixed);
  for (auto& phase : graph.phases)
    for (auto& part : phase.parts) {
      int terms = 0;
      for (auto& term : part.terms) {
        const Vector& vector = graph.vectors[term.vector];
        term.weight_fraction = part.accumulator_fraction - vector.fraction - vector.spectra[term.spectrum].guard;
        terms += ceil_div(vector.size, part.block);
      }
      part.accumulator_fraction -= formats.spectrum_drop;
      formats.max_terms = std::max(formats.max_terms, terms);
    }
  formats.spectrum_guard = 0;  // as many as some vector uses, not as many as there was room for
  for (const auto& vector : graph.vectors)
    for (const auto& spectrum : vector.spectra)
      formats.spectrum_guard = std::max(formats.spectrum_guard, spectrum.guard);
  return formats;
}

Graph<std::int32_t> quantise_weights(const Graph<double>& graph, const NumberFormats& formats) {
  const auto round_all = [](const std::vector<double>& values, Format format) {
    std::vector<std::int32_t> result;
    result.reserve(values.size());
    std::transform(values.begin(), values.end(), std::back_inserter(result),
                   [&](double v) { return static_cast<std::int32_t>(quantise(v, format)); });
    return result;
  };
  Graph<std::int32_t> result;
  result.vectors = graph.vectors;
  result.layers = graph.layers;
  for (const auto& phase : graph.phases) {
    Phase<std::int32_t> q{phase.op, phase.layer,     phase.size,   {},          {},
                          {},       phase.candidate, phase.output, phase.state, phase.output_fraction};
    for (const auto& bias : phase.bias)
      q.bias.push_back(round_all(bias, {formats.bias_width(), formats.sum_fraction()}));
    for (const auto& p : phase.peephole)
      q.peephole.push_back(round_all(p, {formats.weight_width, formats.peephole_fraction}));
    for (const auto& part : phase.parts) {
      Part<std::int32_t> qpart{part.block, part.accumulator_fraction, {}};
      for (const auto& term : part.terms) {
        Term<std::int32_t> qterm{term.vector, term.spectrum, term.previous, term.family, term.weight_fraction, {}};
        for (const auto& matrix : term.matrices)
          qterm.matrices.push_back({matrix.rows, matrix.cols, matrix.block,
                                    round_all(matrix.words, {formats.weight_width, term.weight_fraction})});
        qpart.terms.push_back(std::move(qterm));
      }
      q.parts.push_back(std::move(qpart));
    }
    result.phases.push_back(std::move(q));
  }
  return result;
}

}  // namespace erngen
