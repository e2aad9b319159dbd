#include "cell/real_model.hpp"

#include <cmath>

#include <fmt/format.h>

#include "spectral/packing.hpp"

namespace erngen {

std::string sum_signal(int layer, Op op, int gate) { return fmt::format("z{}.{}", layer, gate_name(op, gate)); }
std::string spectrum_signal(int layer, Op op, int part) { return fmt::format("Z{}.{}.{}", layer, op_name(op), part); }
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
  cell_.assign(graph_.layers, {});
  update_.assign(graph_.layers, {});
  input_sum_.assign(graph_.layers, {});
  state_sum_.assign(graph_.layers, {});
  for (const auto& phase : graph_.phases) {
    if (phase.op == Op::lstm) cell_[phase.layer].assign(phase.size, 0.0);
    if (phase.op == Op::gru_before_gates) update_[phase.layer].assign(phase.size, 0.0);
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
  for (size_t g = 0; g < phase.bias.size(); ++g)
    for (int r = 0; r < phase.size; ++r) z[g * phase.size + r] += phase.bias[g][r];
  return z;
}

std::vector<double> RealModel::step(std::span<const double> x, const Observer& observer) {
  for (size_t v = 0; v < graph_.vectors.size(); ++v)
    if (graph_.vectors[v].recurrent) {
      previous_value_[v] = value_[v];
      previous_spectra_[v] = spectra_[v];
    }
  set_vector(0, {x.begin(), x.end()}, observer);
  for (const auto& phase : graph_.phases) {
    const int n = phase.size;
    const auto sigma = [&](double v) { return real_value(graph_.functions.sigmoid, v); };
    const auto tanh = [&](double v) { return real_value(graph_.functions.tanh, v); };
    const auto unit = [&](double v) { return phase.activation == Nonlinearity::tanh ? tanh(v) : sigma(v); };
    std::vector<double> z = sums(phase, observer);
    std::vector<double> out(n);
    auto& cell = cell_[phase.layer];
    auto& update = update_[phase.layer];
    for (int g = 0; observer && phase.op != Op::linear && g < gate_count(phase.op); ++g)
      observer(sum_signal(phase.layer, phase.op, g), std::span<const double>(z).subspan(static_cast<size_t>(g) * n, n));
    if (leaves_sums(phase.op)) {
      (phase.op == Op::gru_after_input ? input_sum_ : state_sum_)[phase.layer] = std::move(z);
      continue;
    }
    for (int r = 0; r < n; ++r) {
      double* zr = z.data() + r;
      switch (phase.op) {
        case Op::lstm: {
          if (!phase.peephole.empty()) {
            zr[0] += phase.peephole[0][r] * cell[r];
            zr[n] += phase.peephole[1][r] * cell[r];
          }
          cell[r] = sigma(zr[n]) * cell[r] + sigma(zr[0]) * unit(zr[2 * n]);
          if (!phase.peephole.empty()) zr[3 * n] += phase.peephole[2][r] * cell[r];
          out[r] = sigma(zr[3 * n]) * tanh(cell[r]);
          break;
        }
        case Op::gru_before_gates:
          update[r] = sigma(zr[n]);
          out[r] = sigma(zr[0]) * previous_value_[phase.state][r];
          break;
        case Op::gru_before_output:
          out[r] = (1 - update[r]) * tanh(zr[0]) + update[r] * previous_value_[phase.state][r];
          break;
        case Op::gru_after: {
          const double u = sigma(zr[n]);
          const double candidate = tanh(input_sum_[phase.layer][r] + sigma(zr[0]) * state_sum_[phase.layer][r]);
          out[r] = (1 - u) * candidate + u * previous_value_[phase.state][r];
          break;
        }
        case Op::nonlinear: out[r] = unit(zr[0]); break;
        case Op::linear: out[r] = phase.activation(zr[0]); break;
        case Op::gru_after_input:
        case Op::gru_after_state: break;
      }
    }
    if (observer && phase.op == Op::lstm) observer(cell_signal(phase.layer), cell);
    set_vector(phase.output, std::move(out), observer);
  }
  return value_[graph_.output_vector()];
}

}  // namespace erngen
