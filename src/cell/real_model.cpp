#include "cell/real_model.hpp"

#include <cmath>

#include <fmt/format.h>

#include "spectral/packing.hpp"

namespace erngen {

std::string sum_signal(int layer, Op op, int gate) {
  return fmt::format("z{}.{}", layer, operation(op).gate_names[static_cast<size_t>(gate)]);
}
std::string spectrum_signal(int layer, Op op, int part) {
  return fmt::format("Z{}.{}.{}", layer, operation(op).name, part);
}
std::string cell_signal(int layer) { return fmt::format("c{}", layer); }

namespace {

/// acc += w . x over packed spectra of k words.
void accumulate(double* acc, const double* w, const double* x, int k) {
  acc[0] += w[0] * x[0];
  if (k == 1) return;
  acc[1] += w[1] * x[1];
  for (int i = 2; i < k; i += 2) {
    acc[i] += w[i] * x[i] - w[i + 1] * x[i + 1];
    acc[i + 1] += w[i] * x[i + 1] + w[i + 1] * x[i];
  }
}

}  // namespace

RealModel::RealModel(const Graph<double>& graph) : graph_(graph) { reset(); }

void RealModel::reset() {
  const size_t vectors = graph_.vectors.size();
  value_.assign(vectors, {});
  spectra_.assign(vectors, {});
  for (size_t v = 0; v < vectors; ++v) {
    const Vector& vector = graph_.vectors[v];
    value_[v].assign(vector.size, 0.0);
    for (const Spectrum& s : vector.spectra)
      spectra_[v].emplace_back(static_cast<size_t>(ceil_div(vector.size, s.block)) * s.block, 0.0);
  }
  previous_value_ = value_;
  previous_spectra_ = spectra_;
  layers_.assign(static_cast<size_t>(graph_.layers), {});
  first_ = true;
  for (const auto& phase : graph_.phases) {
    if (phase.operation().keeps_cell) {
      auto& cell = layers_[phase.layer].cell;
      cell = phase.initial;
      cell.resize(static_cast<size_t>(phase.size));
    }
  }
}

void RealModel::set_vector(int index, std::vector<double> value, const Observer& observer) {
  const Vector& vector = graph_.vectors[index];
  for (size_t s = 0; s < vector.spectra.size(); ++s) {
    const int k = vector.spectra[s].block;
    std::vector<double> padded = value;
    padded.resize(spectra_[index][s].size(), 0.0);
    for (size_t at = 0; at < padded.size(); at += k)
      packed_spectrum(padded.data() + at, spectra_[index][s].data() + at, k);
  }
  value_[index] = std::move(value);
  if (observer) observer(vector.name, value_[index]);
}

/// [gates][size]: the sums z of all parts, with the bias.
std::vector<double> RealModel::sums(const Phase<double>& phase, const Observer& observer) const {
  const int gates = gate_count(phase.op);
  std::vector<double> z(static_cast<size_t>(gates) * phase.size, 0.0);
  for (size_t p = 0; p < phase.parts.size(); ++p) {
    const auto& part = phase.parts[p];
    const int k = part.block;
    std::vector<double> acc(k), samples(k);
    for (int g = 0; g < gates; ++g)
      for (int i = 0; i < ceil_div(phase.size, k); ++i) {
        std::fill(acc.begin(), acc.end(), 0.0);
        for (const auto& term : part.terms) {
          const auto& matrix = term.matrices[g];
          const auto& x = (term.previous ? previous_spectra_ : spectra_)[term.vector][term.spectrum];
          for (int j = 0; j < matrix.col_blocks(); ++j)
            accumulate(acc.data(), matrix.at(i, j), x.data() + static_cast<size_t>(j) * k, k);
        }
        if (observer) observer(spectrum_signal(phase.layer, phase.op, static_cast<int>(p)), acc);
        inverse_packed_spectrum(acc.data(), samples.data(), k);
        for (int r = i * k; r < std::min(phase.size, (i + 1) * k); ++r) z[g * phase.size + r] += samples[r - i * k];
      }
  }
  const auto& bias = phase.bias_of(first_);
  for (size_t g = 0; g < bias.size(); ++g)
    for (int r = 0; r < phase.size; ++r) z[g * phase.size + r] += bias[g][r];
  return z;
}

std::vector<double> RealModel::step(std::span<const double> x, const Observer& observer) {
  for (size_t v = 0; v < graph_.vectors.size(); ++v)
    if (graph_.vectors[v].recurrent) {
      previous_value_[v] = value_[v];
      previous_spectra_[v] = spectra_[v];
    }
  for (int part = 0; part < graph_.inputs; ++part) {
    const Vector& vector = graph_.vectors[part];
    const auto values = x.subspan(static_cast<size_t>(vector.first), static_cast<size_t>(vector.size));
    set_vector(part, {values.begin(), values.end()}, observer);
  }
  for (const auto& phase : graph_.phases) {
    const Operation& operation = phase.operation();
    std::vector<double> z = sums(phase, observer);
    const auto size = static_cast<size_t>(phase.size);
    for (int g = 0; observer && !operation.is_linear() && g < operation.gates; ++g)
      observer(sum_signal(phase.layer, phase.op, g), std::span<const double>(z).subspan(g * size, size));
    std::vector<double> out(size);
    auto& layer = layers_[phase.layer];
    const auto& state = first_ && !phase.initial.empty() ? phase.initial : previous_value_[phase.state];
    operation.real_step({graph_.functions, phase, z, layer, state, out});
    if (operation.leaves_sums) continue;
    if (observer && operation.keeps_cell) observer(cell_signal(phase.layer), layer.cell);
    set_vector(phase.output, std::move(out), observer);
  }
  first_ = false;
  return value_[graph_.output_vector()];
}

}  // namespace erngen
