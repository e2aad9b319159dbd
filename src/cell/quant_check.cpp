#include "cell/quant_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

void require_range(const std::string& what, int value, int low, int high) {
  if (value < low || value > high) throw bad_input(fmt::format("{} is {}, outside {}..{}", what, value, low, high));
}

void check_derived(const NumberFormats& formats, const Graph<std::int32_t>& graph) {
  NumberFormats derived = formats;
  derive_formats(derived, graph);
  const auto same = [](const char* what, int value, int expected) {
    if (value != expected) throw bad_input(fmt::format("{} is {}, but the graph needs {}", what, value, expected));
  };
  same("largest block", formats.max_block, derived.max_block);
  same("spectrum guard", formats.spectrum_guard, derived.spectrum_guard);
  same("longest accumulation", formats.max_terms, derived.max_terms);
}

void check_unit(const ActivationUnit& unit, Function function, const NumberFormats& formats) {
  if (unit.function() == function && unit.input() == formats.preactivation() && unit.output() == formats.gate()) return;
  throw bad_input(fmt::format("the {} unit is a {} from {} to {}, but the formats need {} to {}",
                              function_name(function), function_name(unit.function()), unit.input().name(),
                              unit.output().name(), formats.preactivation().name(), formats.gate().name()));
}

void check_words(const std::string& what, const std::vector<std::int32_t>& words, size_t count, int width) {
  if (words.size() != count) throw bad_input(fmt::format("{}: {} words, expected {}", what, words.size(), count));
  const auto bad = std::find_if(words.begin(), words.end(), [&](std::int32_t w) { return saturate(w, width) != w; });
  if (bad != words.end())
    throw bad_input(
        fmt::format("{}: word {} is {}, which does not fit {} bits", what, bad - words.begin(), *bad, width));
}

void check_vectors(const QuantNetwork& network) {
  const auto& vectors = network.graph.vectors;
  for (const Vector& vector : vectors) {
    require_range("fraction of " + vector.name, vector.fraction, -32, 48);
    for (const Spectrum& s : vector.spectra) require_range("guard of " + vector.name, s.guard, 0, 14);
  }
  for (const auto& phase : network.graph.phases) {
    const Vector& output = vectors[phase.output];
    const std::string what = "fraction of " + output.name;
    const NumberFormats& formats = network.formats;
    if (phase.operation().is_linear()) {
      require_range("readout fraction of " + output.name, phase.readout_fraction, -32, 48);
      require_range(what, output.fraction, -32, formats.sum_fraction(phase.readout_fraction));
      require_range("output fraction of " + output.name, phase.output_fraction, output.fraction, output.fraction);
      continue;
    }
    require_range("readout fraction of " + output.name, phase.readout_fraction, formats.readout_fraction,
                  formats.readout_fraction);
    if (!phase.operation().leaves_sums)
      require_range(what, output.fraction, formats.activation_width - 1 - formats.open_bits,
                    phase.operation().finest_fraction(formats));
  }
}

void check_part(const QuantNetwork& network, const Part<std::int32_t>& part, int readout_fraction,
                const std::string& what) {
  const NumberFormats& formats = network.formats;
  for (const auto& term : part.terms) {
    const Vector& vector = network.graph.vectors[term.vector];
    require_range(what + ": weight fraction of " + term.family, term.weight_fraction, -48, 48);
    const int product = term.weight_fraction + spectrum_fraction(formats, vector, term.spectrum);
    if (product != part.accumulator_fraction)
      throw bad_input(fmt::format("{}: products of {} have the fraction {}, but the accumulator has {}", what,
                                  term.family, product, part.accumulator_fraction));
    for (size_t g = 0; g < term.matrices.size(); ++g) {
      const auto& matrix = term.matrices[g];
      const size_t count = static_cast<size_t>(matrix.row_blocks()) * matrix.col_blocks() * matrix.block;
      check_words(fmt::format("{}.{} ({})", what, g, term.family), matrix.words, count, formats.weight_width);
    }
  }
  const int shift = part.accumulator_fraction - readout_fraction;
  require_range(what + ": rounding shift of the readout", shift, formats.accumulator_width() - 60, 60);
}

}  // namespace

template <class T>
void derive_formats(NumberFormats& formats, const Graph<T>& graph) {
  formats.max_block = graph.max_block();
  formats.spectrum_guard = 0;
  for (const Vector& vector : graph.vectors)
    for (const Spectrum& s : vector.spectra) formats.spectrum_guard = std::max(formats.spectrum_guard, s.guard);
  formats.max_terms = 1;
  for (const auto& phase : graph.phases)
    for (const auto& part : phase.parts) {
      int terms = 0;
      for (const auto& term : part.terms) terms += ceil_div(graph.vectors[term.vector].size, part.block);
      formats.max_terms = std::max(formats.max_terms, terms);
    }
}

template void derive_formats(NumberFormats& formats, const Graph<double>& graph);
template void derive_formats(NumberFormats& formats, const Graph<std::int32_t>& graph);

// The limits are those of 18-bit multiplier ports and of the 32-bit words and 64-bit sums of the model.
void check_formats(const NumberFormats& f) {
  const int A = f.activation_width, G = f.gate_width;
  require_range("activation width", A, 4, 18);
  require_range("weight width", f.weight_width, 4, 18);
  require_range("gate width", G, A, NumberFormats::max_gate_width);
  require_range("pre-activation width", f.preactivation_width, 4, NumberFormats::max_preactivation_width);
  require_range("pre-activation fraction", f.preactivation_fraction, 0, f.preactivation_width - 1);
  require_range("cell state width", f.cell_width, G, NumberFormats::max_cell_width);
  require_range("cell state fraction", f.cell_fraction, G - 1, f.cell_width - 1);
  require_range("open bits", f.open_bits, 0, NumberFormats::max_state_width - G);
  require_range("state width", f.state_width, f.open_width(), NumberFormats::max_state_width);
  require_range("readout spectrum width", f.readout_width, A, 36);
  require_range("readout spectrum fraction", f.readout_fraction, std::max(f.preactivation_fraction, A - 1), 24);
  require_range("peephole fraction", f.peephole_fraction, -32, 2 * f.weight_width);
  require_range("candidate width", f.candidate_width, A, NumberFormats::max_state_width);
  require_range("candidate fraction", f.candidate_fraction, -32, f.sum_fraction());
  require_range("spectrum drop", f.spectrum_drop, 0, 24);
  require_range("spectrum width", f.spectrum_width(), 4, NumberFormats::max_spectrum_width);
  require_range("width of the sums", f.sum_width(), 4, 60);
}

void check_quant_network(const QuantNetwork& network) {
  const NumberFormats& formats = network.formats;
  check_derived(formats, network.graph);
  check_formats(formats);
  check_vectors(network);
  check_unit(network.sigmoid, network.graph.functions.sigmoid, formats);
  check_unit(network.tanh, network.graph.functions.tanh, formats);
  for (size_t p = 0; p < network.graph.phases.size(); ++p) {
    const auto& phase = network.graph.phases[p];
    const auto size = static_cast<size_t>(phase.size);
    const std::string what = fmt::format("phases.{}", p);
    for (const auto& bias : phase.bias) check_words(what + ".bias", bias, size, formats.bias_width());
    for (const auto& bias : phase.first_bias) check_words(what + ".first_bias", bias, size, formats.bias_width());
    const bool cell = phase.operation().keeps_cell;
    if (!phase.initial.empty())
      check_words(what + ".initial", phase.initial, size, cell ? formats.cell_width : formats.state_width);
    for (const auto& peephole : phase.peephole) check_words(what + ".peephole", peephole, size, formats.weight_width);
    for (size_t n = 0; n < phase.parts.size(); ++n)
      check_part(network, phase.parts[n], phase.readout_fraction, fmt::format("{}.parts.{}", what, n));
  }
}

}  // namespace erngen
