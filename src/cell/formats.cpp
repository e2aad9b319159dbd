#include "cell/formats.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "base/error.hpp"
#include "cell/alignment.hpp"
#include "cell/real_model.hpp"

namespace erngen {

namespace {

constexpr int wide_port = 25;  ///< of a multiplier of 25 x 18 bits
constexpr int most_fraction = 40;
/// How far an output may exceed what calibration showed before it saturates, where nothing else bounds it.
constexpr double cell_margin = 2;
constexpr double hidden_margin = 4;

double max_abs(const std::vector<double>& values) {
  double limit = 0;
  for (double v : values) limit = std::max(limit, std::abs(v));
  return limit;
}

class FormatChoice {
 public:
  FormatChoice(Graph<double>& graph, const Ranges& ranges, const FormatLimits& limits, const Precision& precision)
      : graph_(graph), ranges_(ranges), limits_(limits), precision_(precision) {}

  NumberFormats take() {
    f_.activation_width = limits_.activation_width;
    f_.weight_width = limits_.weight_width;
    f_.max_block = graph_.max_block();
    choose_arguments();
    choose_cells();
    choose_vectors();
    choose_readout();
    align_products(graph_, f_, ranges_, limits_.spectrum_width, precision_.extra_drop);
    return f_;
  }

 private:
  int A() const { return f_.activation_width; }
  Range range(const std::string& name) const { return range_of(ranges_, name); }

  void choose_arguments() {
    const int fraction = std::max(A() - 2 + precision_.argument_bits, 0);
    f_.preactivation_width = std::min(fraction + 1 + precision_.argument_range, NumberFormats::max_preactivation_width);
    f_.preactivation_fraction = f_.preactivation_width - 1 - precision_.argument_range;
  }

  /// Gate values, the states of the cells, and what the reset gate of a GRU multiplies.
  void choose_cells() {
    int most = 0, least = most_fraction;  // bits before the point of the layers' cell states
    double candidate = 0, peephole = 0;
    for (const auto& phase : graph_.phases) {
      if (phase.operation().keeps_cell) {
        const double cell = std::max(range(cell_signal(phase.layer)).limit(), max_abs(phase.initial) / cell_margin);
        const int bits = cell > 0 ? integer_bits(cell_margin * cell) : 0;
        most = std::max(most, bits);
        least = std::min(least, bits);
      }
      if (phase.operation().gated_sum)
        candidate = std::max(candidate, range(sum_signal(phase.layer, phase.op, 0)).limit());
      for (const auto& p : phase.peephole) peephole = std::max(peephole, max_abs(p));
    }
    f_.gate_width = std::min(A() + precision_.gate_bits, NumberFormats::max_gate_width);
    if (least <= most) {  // there are LSTM layers
      most = std::min(most, std::max(4, limits_.cell_width - A()));
      const int room = std::min(limits_.cell_width, std::max(wide_port + precision_.cell_bits, A() + most)) - 1 -
                       most;  // for the fraction
      f_.gate_width = std::max(A(), std::min(f_.gate_width, room + 1));
      f_.cell_fraction = std::max(f_.gate_fraction(), std::min(A() + 3 - least, room));
      f_.cell_width = 1 + most + f_.cell_fraction;
    } else {
      f_.cell_fraction = f_.gate_fraction();
      f_.cell_width = f_.gate_width;
    }
    f_.open_bits = std::min(open_bits(), NumberFormats::max_state_width - f_.gate_width);
    f_.state_width = std::min(f_.gate_width + f_.open_bits + precision_.state_bits, NumberFormats::max_state_width);
    f_.peephole_fraction = fraction_for(peephole, limits_.weight_width, 2 * limits_.weight_width);
    // The candidate's range is that of its sum, whose lsb is that of the pre-activation's and two bits.
    const int bits = candidate > 0 ? integer_bits(cell_margin * candidate) : 0;
    f_.candidate_width = std::clamp(bits + 1 + f_.preactivation_fraction + 2, A(), NumberFormats::max_state_width);
    f_.candidate_fraction = f_.candidate_width - 1 - bits;
  }

  /// How far a function goes of an argument within +-limit.
  static double reach(const Activation& f, double limit) {
    if (is_unit(f)) return 1;
    if (f.kind == Nonlinearity::clip)
      return std::min(cell_margin * limit, static_cast<double>(std::max(std::abs(f.alpha), std::abs(f.beta))));
    return cell_margin * limit;
  }

  /// Bits before the point of what no table bounds: candidates, functions of cell states, a GRU's states.
  int open_bits() const {
    double limit = 1;
    for (const auto& phase : graph_.phases) {
      const auto sum = [&](Op op, int gate) { return range(sum_signal(phase.layer, op, gate)).limit(); };
      if (phase.operation().keeps_cell) {
        const double cell = std::max(range(cell_signal(phase.layer)).limit(), max_abs(phase.initial));
        limit = std::max({limit, reach(phase.activation, sum(phase.op, LstmLayer::g)), reach(phase.squash, cell)});
      }
      if (!phase.operation().keeps_state) continue;
      double argument = phase.operation().takes_sums ? 0 : sum(phase.op, 0);
      for (const auto& other : graph_.phases)
        if (phase.operation().takes_sums && other.operation().leaves_sums && other.layer == phase.layer)
          argument += sum(other.op, 0);
      limit = std::max({limit, reach(phase.activation, argument), max_abs(phase.initial)});
    }
    return limit > 1 ? integer_bits(limit) : 0;
  }

  /// Whether nothing bounds a phase's vector to -1..1.
  bool is_open(const Phase<double>& phase) const {
    if (phase.operation().keeps_cell) return !is_unit(phase.squash);
    return std::any_of(graph_.phases.begin(), graph_.phases.end(), [&](const auto& other) {
      return other.layer == phase.layer && other.operation().keeps_state &&
             (!is_unit(other.activation) || max_abs(other.initial) > 1);
    });
  }

  /// The fraction of a hidden vector: values lie in (-1, 1); where they stay far below, they keep more bits.
  int hidden_fraction(const Phase<double>& phase) const {
    const double limit = range(graph_.vectors[phase.output].name).limit();
    const int most = phase.operation().finest_fraction(f_);
    if (is_open(phase))
      return std::clamp(limit > 0 ? A() - 1 - integer_bits(cell_margin * limit) : A() - 1, A() - 1 - f_.open_bits,
                        most);
    const int fraction = limit > 0 ? A() - 1 - integer_bits(hidden_margin * limit) : A() - 1;
    return std::clamp(fraction, A() - 1, std::max(A() - 1, std::min(most, A() - 1 + 12)));
  }

  void choose_vectors() {
    for (int part = 0; part < graph_.inputs; ++part)
      graph_.vectors[part].fraction = fraction_for(range(graph_.vectors[part].name), A(), most_fraction);
    int coarsest = most_fraction + 18;
    for (auto& phase : graph_.phases) {
      Vector& output = graph_.vectors[phase.output];
      if (phase.operation().leaves_sums) continue;
      if (phase.operation().is_linear())
        output.fraction = fraction_for(range(output.name), A(), most_fraction);
      else
        coarsest = std::min(coarsest, output.fraction = hidden_fraction(phase));
      phase.output_fraction = phase.operation().is_linear() ? output.fraction : 0;
    }
    // Layers that differ by a bit share the coarser format: a second rounding shift costs a multiplexer.
    for (auto& phase : graph_.phases)
      if (!phase.operation().is_linear() && !phase.operation().leaves_sums) {
        int& fraction = graph_.vectors[phase.output].fraction;
        if (fraction < coarsest + 2) fraction = coarsest;
      }
  }

  /// Bits before the point of the readout spectra of a phase, with a bit of margin.
  int readout_bits(const Phase<double>& phase) const {
    double limit = 0;
    for (size_t part = 0; part < phase.parts.size(); ++part)
      limit = std::max(limit, range(spectrum_signal(phase.layer, phase.op, static_cast<int>(part))).limit());
    return limit > 0 ? integer_bits(cell_margin * limit) : 0;
  }

  void choose_readout() {
    // The inverse transform averages the errors of k words; where k is small they equal those of the argument.
    bool small = false;
    int cells = 0;
    for (const auto& phase : graph_.phases)
      if (!phase.operation().is_linear()) {
        cells = std::max({cells, 1 + readout_bits(phase), bias_bits(phase)});
        for (const auto& part : phase.parts) small = small || part.block < 4;
      }
    f_.readout_fraction = std::max(f_.preactivation_fraction, A() - 1) + (small ? 1 : 0);
    f_.readout_width = std::max(A(), cells + f_.readout_fraction);
    f_.candidate_fraction = std::min(f_.candidate_fraction, f_.sum_fraction());
    for (auto& phase : graph_.phases) {
      phase.readout_fraction = f_.readout_fraction;
      if (!phase.operation().is_linear()) continue;
      // An output is rounded at its own fraction: one bit more for its sums, and no wider words than the cells have.
      const int bits = std::max(1 + readout_bits(phase), bias_bits(phase)), own = phase.output_fraction;
      phase.readout_fraction = std::max(own, std::min(own + 1, f_.readout_width - bits));
      f_.readout_width = std::max(f_.readout_width, bits + phase.readout_fraction);
    }
  }

  /// Bits of a readout word by which a bias fits the inverse transform's width.
  static int bias_bits(const Phase<double>& phase) {
    double limit = 0;
    for (const auto* biases : {&phase.bias, &phase.first_bias})
      for (const auto& bias : *biases) limit = std::max(limit, max_abs(bias));
    return limit > 0 ? integer_bits(limit) : -most_fraction;
  }

  Graph<double>& graph_;
  const Ranges& ranges_;
  const FormatLimits& limits_;
  const Precision& precision_;
  NumberFormats f_;
};

}  // namespace

NumberFormats choose_formats(Graph<double>& graph, const Ranges& ranges, const FormatLimits& limits,
                             const Precision& precision) {
  return FormatChoice(graph, ranges, limits, precision).take();
}

Graph<std::int32_t> quantise_weights(const Graph<double>& graph, const NumberFormats& formats, std::int64_t* beyond) {
  const auto round_all = [&](const std::vector<double>& values, Format format) {
    std::vector<std::int32_t> result;
    result.reserve(values.size());
    std::transform(values.begin(), values.end(), std::back_inserter(result), [&](double v) {
      const std::int64_t raw = quantise(v, format);
      if (beyond && raw != quantise(v, {62, format.fraction})) ++*beyond;
      return static_cast<std::int32_t>(raw);
    });
    return result;
  };
  Graph<std::int32_t> result = without_numbers<std::int32_t>(graph);
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    const auto& phase = graph.phases[p];
    auto& q = result.phases[p];
    const Format bias_format{formats.bias_width(), formats.sum_fraction(phase.readout_fraction)};
    for (size_t g = 0; g < phase.bias.size(); ++g) q.bias[g] = round_all(phase.bias[g], bias_format);
    for (size_t g = 0; g < phase.first_bias.size(); ++g) q.first_bias[g] = round_all(phase.first_bias[g], bias_format);
    q.initial = round_all(phase.initial, phase.operation().keeps_cell ? formats.cell() : formats.state());
    for (size_t g = 0; g < phase.peephole.size(); ++g)
      q.peephole[g] = round_all(phase.peephole[g], {formats.weight_width, formats.peephole_fraction});
    for (size_t n = 0; n < phase.parts.size(); ++n)
      for (size_t t = 0; t < phase.parts[n].terms.size(); ++t) {
        const auto& term = phase.parts[n].terms[t];
        for (size_t g = 0; g < term.matrices.size(); ++g)
          q.parts[n].terms[t].matrices[g].words =
              round_all(term.matrices[g].words, {formats.weight_width, term.weight_fraction});
      }
  }
  return result;
}

void take_larger_numbers(Graph<double>& graph, const Graph<double>& other) {
  const auto require = [](bool same) {
    if (!same)
      throw bad_input("networks with other layers, blocks, biases, peepholes or initial states cannot share formats");
  };
  const auto larger = [&](std::vector<double>& values, const std::vector<double>& others) {
    require(values.size() == others.size());
    for (size_t n = 0; n < values.size(); ++n)
      if (std::abs(others[n]) > std::abs(values[n]) || others[n] == -values[n])
        values[n] =
            std::abs(others[n]) > std::abs(values[n]) ? others[n] : std::abs(values[n]);  // +2^n needs more bits
  };
  const auto each = [&](std::vector<std::vector<double>>& values, const std::vector<std::vector<double>>& others) {
    require(values.size() == others.size());
    for (size_t n = 0; n < values.size(); ++n) larger(values[n], others[n]);
  };
  require(graph.phases.size() == other.phases.size() && graph.vectors.size() == other.vectors.size());
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    auto& phase = graph.phases[p];
    const auto& more = other.phases[p];
    require(phase.op == more.op && phase.size == more.size && phase.parts.size() == more.parts.size());
    each(phase.bias, more.bias);
    each(phase.peephole, more.peephole);
    each(phase.first_bias, more.first_bias);
    larger(phase.initial, more.initial);
    for (size_t n = 0; n < phase.parts.size(); ++n) {
      require(phase.parts[n].terms.size() == more.parts[n].terms.size());
      for (size_t t = 0; t < phase.parts[n].terms.size(); ++t) {
        auto& matrices = phase.parts[n].terms[t].matrices;
        const auto& others = more.parts[n].terms[t].matrices;
        require(matrices.size() == others.size());
        for (size_t m = 0; m < matrices.size(); ++m) {
          require(matrices[m].block == others[m].block);
          larger(matrices[m].words, others[m].words);
        }
      }
    }
  }
}

}  // namespace erngen
