#include "cell/fixed_model.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/lane_rounding.hpp"
#include "fixed/exact_double.hpp"
#include "ops/gru_state.hpp"
#include "spectral/fixed_fft.hpp"
#include "spectral/twiddle.hpp"

namespace erngen {

namespace {

CellFormats cell_formats(const NumberFormats& f) {
  return {.activation_width = f.activation_width,
          .gate_width = f.gate_width,
          .preactivation_width = f.preactivation_width,
          .preactivation_fraction = f.preactivation_fraction,
          .sum_fraction = f.sum_fraction(),
          .cell_width = f.cell_width,
          .cell_fraction = f.cell_fraction,
          .state_width = f.state_width,
          .open_bits = f.open_bits,
          .weight_width = f.weight_width,
          .peephole_fraction = f.peephole_fraction,
          .candidate_width = f.candidate_width,
          .candidate_fraction = f.candidate_fraction};
}

/// Transforms of lane_count blocks of `width`-bit words.
void forward_transforms(Lanes* x, int k, int width, InstructionSet set) {
  if (width <= max_lane_transform_width) return fft_fixed(x, x, k, set);
  std::int64_t words[max_block_size];
  for (int lane = 0; lane < lane_count; ++lane) {
    for (int n = 0; n < k; ++n) words[n] = static_cast<std::int64_t>(x[n][lane]);
    fft_fixed(words, words, k);
    for (int n = 0; n < k; ++n) x[n][lane] = static_cast<double>(words[n]);
  }
}

void inverse_transforms(Lanes* x, int k, int width, InstructionSet set) {
  if (width <= max_lane_transform_width) return ifft_fixed(x, x, k, set);
  std::int64_t words[max_block_size];
  for (int lane = 0; lane < lane_count; ++lane) {
    for (int n = 0; n < k; ++n) words[n] = static_cast<std::int64_t>(x[n][lane]);
    ifft_fixed(words, words, k);
    for (int n = 0; n < k; ++n) x[n][lane] = static_cast<double>(words[n]);
  }
}

/// round_and_saturate() of k words, counted: of `count` lanes, the others are zeros.
void round_counted(Lanes* x, int k, int shift, int width, int count, InstructionSet set, SaturationCount& saturations) {
  saturations.saturated += round_and_saturate(x, k, shift, width, set);
  saturations.values += static_cast<std::int64_t>(count) * k;
}

}  // namespace

FixedModel::FixedModel(const QuantNetwork& network, InstructionSet set)
    : network_(network), set_(set), units_(cell_formats(network.formats), network.sigmoid, network.tanh) {
  size_t most = 0;
  for (const auto& phase : network.graph.phases) {
    const size_t padded =
        static_cast<size_t>(ceil_div(phase.size, network.formats.max_block)) * network.formats.max_block;
    stride_ = std::max(stride_, padded);
    most = std::max(most, static_cast<size_t>(gate_count(phase.op)));
  }
  for (const auto& phase : network.graph.phases) {
    auto& parts = kernels_.emplace_back();
    for (const auto& part : phase.parts) {
      auto& terms = parts.emplace_back();
      for (const auto& term : part.terms)
        for (auto& gates = terms.emplace_back(); const auto& matrix : term.matrices) gates.emplace_back(matrix, set);
    }
  }
  z_.resize(most * stride_);
  cell_saturations_.resize(network.graph.phases.size());
  for (const auto& phase : network.graph.phases) sum_saturations_.emplace_back(phase.parts.size());
  for (const Vector& vector : network.graph.vectors) spectrum_saturations_.emplace_back(vector.spectra.size());
  readout_spectrum_.resize(stride_);
  reset();
}

void FixedModel::reset() {
  const auto& graph = network_.graph;
  value_.clear();
  spectra_.clear();
  for (const Vector& vector : graph.vectors) {
    value_.emplace_back(vector.size, 0);
    auto& spectra = spectra_.emplace_back();
    for (const Spectrum& s : vector.spectra)
      spectra.emplace_back().assign(
          std::vector<std::int32_t>(static_cast<size_t>(ceil_div(vector.size, s.block)) * s.block), s.block);
  }
  previous_value_ = value_;
  previous_spectra_ = spectra_;
  layers_.assign(static_cast<size_t>(graph.layers), {});
  first_ = true;
  state_.assign(graph.vectors.size(), {});
  for (const auto& phase : graph.phases) {
    std::vector<std::int32_t> initial = phase.initial;
    initial.resize(static_cast<size_t>(phase.size));
    if (phase.operation().keeps_state)
      state_[phase.output] = std::move(initial);
    else if (phase.operation().keeps_cell)
      layers_[phase.layer].cell = std::move(initial);
  }
}

void FixedModel::set_vector(int index, std::span<const std::int32_t> values) {
  const auto& vectors = network_.graph.vectors;
  if (index < 0 || index >= static_cast<int>(vectors.size()) || !vectors[index].recurrent ||
      values.size() != value_[index].size())
    throw Error(ExitCode::internal, fmt::format("vector {} has no state of {} elements", index, values.size()));
  if (state_[index].empty()) {
    std::copy(values.begin(), values.end(), value_[index].begin());
  } else {
    std::copy(values.begin(), values.end(), state_[index].begin());
    SaturationCount ignored;
    for (size_t n = 0; n < values.size(); ++n)
      value_[index][n] = state_output(units_.formats, values[n], vectors[index].fraction, ignored);
  }
  transform(index);
  first_ = false;
}

void FixedModel::set_cell(int layer, std::span<const std::int32_t> values) {
  if (layer < 0 || layer >= static_cast<int>(layers_.size()) || values.size() != layers_[layer].cell.size() ||
      values.empty())
    throw Error(ExitCode::internal, fmt::format("layer {} has no cell state of {} elements", layer, values.size()));
  std::copy(values.begin(), values.end(), layers_[layer].cell.begin());
  first_ = false;
}

void FixedModel::set_spectrum(int index, std::span<const std::int32_t> words) {
  const auto& graph = network_.graph;
  const auto phase = std::find_if(graph.phases.begin(), graph.phases.end(),
                                  [&](const auto& p) { return p.output == index && feeds_spectrum(graph, p); });
  if (phase == graph.phases.end() || !graph.vectors[index].recurrent || words.size() != value_[index].size())
    throw Error(ExitCode::internal, fmt::format("vector {} has no spectrum of {} words", index, words.size()));
  spectra_[index][0].assign(words, graph.vectors[index].spectra[0].block);
  first_ = false;
}

/// Spectra of a vector's new value: guard, transform, drop.
void FixedModel::transform(int index) {
  const Vector& vector = network_.graph.vectors[index];
  const NumberFormats& formats = network_.formats;
  Lanes x[max_block_size];
  for (size_t s = 0; s < vector.spectra.size(); ++s) {
    const auto [k, guard] = vector.spectra[s];
    const int blocks = ceil_div(vector.size, k), drop = formats.spectrum_drop;
    spectrum_.resize(static_cast<size_t>(blocks) * k);
    for (int block = 0; block < blocks; block += lane_count) {
      const int count = std::min(lane_count, blocks - block);
      std::fill_n(x, k, Lanes{});
      for (int lane = 0; lane < count; ++lane)
        for (int at = (block + lane) * k, i = 0; i < k && at + i < vector.size; ++i)
          x[i][lane] = static_cast<double>(value_[index][at + i]);
      for (int i = 0; i < k; ++i) x[i] = round_shift(x[i], -guard);
      forward_transforms(x, k, formats.activation_width + guard, set_);
      if (drop > 0) round_counted(x, k, drop, formats.spectrum_width(), count, set_, spectrum_saturations_[index][s]);
      for (int lane = 0; lane < count; ++lane)
        for (int i = 0; i < k; ++i) spectrum_[(block + lane) * k + i] = static_cast<std::int32_t>(x[i][lane]);
    }
    spectra_[index][s].assign(spectrum_, k);
  }
}

/// Adds one part to z: accumulate, readout, inverse transform, align.
void FixedModel::sum_part(size_t phase_index, size_t part_index) {
  const NumberFormats& formats = network_.formats;
  const auto& phase = network_.graph.phases[phase_index];
  const auto& part = phase.parts[part_index];
  const int k = part.block;
  const int readout_shift = part.accumulator_fraction - phase.readout_fraction;
  SaturationCount& saturations = sum_saturations_[phase_index][part_index];
  const double scale = formats.max_block / k;
  const bool feeds = feeds_spectrum(network_.graph, phase);
  const int spectrum_shift =
      feeds ? part.accumulator_fraction - spectrum_fraction(formats, network_.graph.vectors[phase.output], 0) : 0;
  Lanes acc[max_block_size], spectrum[max_block_size];
  const int blocks = ceil_div(phase.size, k);
  for (int g = 0; g < gate_count(phase.op); ++g)
    for (int i = 0; i < blocks; i += lane_count) {
      const int count = std::min(lane_count, blocks - i);
      std::fill_n(acc, k, Lanes{});
      for (size_t t = 0; t < part.terms.size(); ++t) {
        const auto& term = part.terms[t];
        const BlockKernel& kernel = kernels_[phase_index][part_index][t][g];
        const Operand& operand = (term.previous ? previous_spectra_ : spectra_)[term.vector][term.spectrum];
        for (int lane = 0; lane < count; lane += 2)
          kernel.accumulate(i + lane, std::min(2, count - lane), operand, acc, lane);
      }
      if (feeds) {
        std::copy_n(acc, k, spectrum);
        round_counted(spectrum, k, spectrum_shift, formats.spectrum_width(), count, set_,
                      spectrum_saturations_[phase.output][0]);
        for (int at = 0; at < count * k; ++at)
          readout_spectrum_[static_cast<size_t>(i) * k + at] = static_cast<std::int32_t>(spectrum[at % k][at / k]);
      }
      round_counted(acc, k, readout_shift, formats.readout_width, count, set_, saturations);
      inverse_transforms(acc, k, formats.readout_width, set_);
      std::int64_t* const z = z_.data() + g * stride_ + static_cast<size_t>(i) * k;
      for (int n = 0; n < k; ++n) {
        const LaneIntegers values = to_integers(acc[n] * scale);
        for (int lane = 0; lane < count; ++lane) z[lane * k + n] += values[lane];
      }
    }
}

void FixedModel::sums(size_t phase_index) {
  const auto& phase = network_.graph.phases[phase_index];
  std::fill(z_.begin(), z_.end(), 0);
  for (size_t part = 0; part < phase.parts.size(); ++part) sum_part(phase_index, part);
  const auto& bias = phase.bias_of(first_);
  for (size_t g = 0; g < bias.size(); ++g)
    for (int r = 0; r < phase.size; ++r) z_[g * stride_ + r] += bias[g][r];
}

void FixedModel::watch(const std::string& name, std::span<const std::int32_t> raw, int fraction) const {
  if (!observer_) return;
  std::vector<double> values(raw.size());
  std::transform(raw.begin(), raw.end(), values.begin(), [&](std::int32_t v) { return to_double(v, {0, fraction}); });
  observer_(name, values);
}

void FixedModel::step(std::span<const std::int32_t> x, std::span<std::int32_t> y) {
  const auto& graph = network_.graph;
  const NumberFormats& formats = network_.formats;
  for (size_t v = 0; v < graph.vectors.size(); ++v)
    if (graph.vectors[v].recurrent) {
      std::swap(previous_value_[v], value_[v]);
      std::swap(previous_spectra_[v], spectra_[v]);
    }
  for (int part = 0; part < graph.inputs; ++part) {
    const Vector& vector = graph.vectors[part];
    std::copy_n(x.begin() + vector.first, vector.size, value_[part].begin());
    transform(part);
    watch(vector.name, value_[part], vector.fraction);
  }
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    const auto& phase = graph.phases[p];
    sums(p);
    const Operation& operation = phase.operation();
    auto& out = value_[phase.output];
    auto& layer = layers_[phase.layer];
    const FixedStep step{units_,
                         phase,
                         z_,
                         stride_,
                         formats.sum_fraction(phase.readout_fraction),
                         graph.vectors[phase.output].fraction,
                         layer,
                         state_[phase.state],
                         out,
                         cell_saturations_[p]};
    operation.fixed_step(step);
    if (observer_) {
      for (int g = 0; !operation.is_linear() && g < operation.gates; ++g) {
        std::vector<double> values;
        for (std::int64_t v : step.z(g)) values.push_back(to_double(v, {0, formats.sum_fraction()}));
        observer_(sum_signal(phase.layer, phase.op, g), values);
      }
      if (operation.keeps_cell) watch(cell_signal(phase.layer), layer.cell, formats.cell_fraction);
    }
    if (operation.leaves_sums) continue;
    if (feeds_spectrum(graph, phase))
      spectra_[phase.output][0].assign(std::span(readout_spectrum_).first(phase.size), phase.parts[0].block);
    else
      transform(phase.output);
    watch(graph.vectors[phase.output].name, out, graph.vectors[phase.output].fraction);
  }
  first_ = false;
  const auto& result = value_[graph.output_vector()];
  std::copy(result.begin(), result.end(), y.begin());
}

std::vector<SignalSaturation> FixedModel::saturations() const {
  const auto& graph = network_.graph;
  std::vector<SignalSaturation> all;
  const NumberFormats& formats = network_.formats;
  const double two_lsb = std::ldexp(2.0, 1 - formats.activation_width);
  const auto flat_beyond = [&](Function function) {
    const Format argument = formats.preactivation();
    return 1 - real_value(function, to_double(argument.max(), argument)) <= two_lsb;
  };
  const bool flat_sigmoid = flat_beyond(graph.functions.sigmoid), flat_tanh = flat_beyond(graph.functions.tanh);
  const auto add = [&](std::string signal, bool flat, const SaturationCount& count) {
    if (count.values > 0) all.push_back({std::move(signal), flat, count});
  };
  const auto add_spectra = [&](size_t v) {
    SaturationCount sum;
    for (const SaturationCount& count : spectrum_saturations_[v]) {
      sum.saturated += count.saturated;
      sum.values += count.values;
    }
    add("spectrum of " + graph.vectors[v].name, false, sum);
  };
  for (int part = 0; part < graph.inputs; ++part) add_spectra(static_cast<size_t>(part));
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    const auto& phase = graph.phases[p];
    const CellSaturations& cell = cell_saturations_[p];
    for (size_t part = 0; part < phase.parts.size(); ++part)
      add(spectrum_signal(phase.layer, phase.op, static_cast<int>(part)), false, sum_saturations_[p][part]);
    const Operation& operation = phase.operation();
    for (size_t n = 0; n < operation.arguments.size(); ++n) {
      const auto [name, unit] = operation.arguments[n];
      const bool open = unit == Unit::of_activation && !is_unit(phase.activation);
      const bool tanh = unit == Unit::tanh || (unit == Unit::of_activation && phase.activation == Nonlinearity::tanh);
      add(fmt::format("z{}.{}", phase.layer, name), !open && (tanh ? flat_tanh : flat_sigmoid), cell.preactivation[n]);
    }
    add(cell_signal(phase.layer), false, cell.cell);
    add(fmt::format("tanh argument of {}", cell_signal(phase.layer)), is_unit(phase.squash) && flat_tanh,
        cell.cell_argument);
    add(fmt::format("z{}.nh", phase.layer), false, cell.candidate);
    if (operation.leaves_sums) continue;
    add(graph.vectors[phase.output].name,
        !operation.is_linear() && graph.vectors[phase.output].fraction == formats.activation_width - 1, cell.output);
    add_spectra(static_cast<size_t>(phase.output));
  }
  return all;
}

}  // namespace erngen
