#include "cell/bias_correction.hpp"

#include <algorithm>
#include <vector>

#include "spectral/packing.hpp"

namespace erngen {
namespace {

/// Packed spectra of a vector's blocks, padded with zeros.
std::vector<double> spectra_of(std::vector<double> vector, int k) {
  vector.resize(static_cast<size_t>(ceil_div(static_cast<int>(vector.size()), k)) * k, 0.0);
  for (size_t at = 0; at < vector.size(); at += k) packed_spectrum(vector.data() + at, vector.data() + at, k);
  return vector;
}

/// bias[size] += (real - rounded) x: what the bias must add for the rounded matrix to do as the real one.
void add_error(const SpectralMatrix<double>& real, const SpectralMatrix<std::int32_t>& rounded, Format format,
               const std::vector<double>& spectra, std::vector<double>& bias) {
  const int k = real.block;
  std::vector<double> error(static_cast<size_t>(k)), sum(static_cast<size_t>(k));
  for (int i = 0; i < real.row_blocks(); ++i) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (int j = 0; j < real.col_blocks(); ++j) {
      for (int n = 0; n < k; ++n)
        error[static_cast<size_t>(n)] = real.at(i, j)[n] - to_double(rounded.at(i, j)[n], format);
      accumulate_packed_product(error.data(), spectra.data() + static_cast<size_t>(j) * k, sum.data(), k);
    }
    inverse_packed_spectrum(sum.data(), sum.data(), k);
    for (int n = 0; n < std::min(k, real.rows - i * k); ++n)
      bias[static_cast<size_t>(i) * k + static_cast<size_t>(n)] += sum[static_cast<size_t>(n)];
  }
}

}  // namespace

void correct_biases(QuantNetwork& network, const Graph<double>& real, const Means& means) {
  const NumberFormats& formats = network.formats;
  for (size_t p = 0; p < real.phases.size(); ++p) {
    const auto& phase = real.phases[p];
    auto& rounded = network.graph.phases[p];
    std::vector<std::vector<double>> bias = phase.bias, first = phase.first_bias;
    if (bias.empty()) continue;
    for (size_t part = 0; part < phase.parts.size(); ++part)
      for (size_t t = 0; t < phase.parts[part].terms.size(); ++t) {
        const auto& term = phase.parts[part].terms[t];
        const auto& rounded_term = rounded.parts[part].terms[t];
        const auto spectra = spectra_of(means.at(real.vectors[term.vector].name), phase.parts[part].block);
        const Format format{formats.weight_width, rounded_term.weight_fraction};
        for (size_t g = 0; g < bias.size(); ++g)
          add_error(term.matrices[g], rounded_term.matrices[g], format, spectra, bias[g]);
        for (size_t g = 0; g < first.size() && !term.previous; ++g)  // the state's part is there unrounded
          add_error(term.matrices[g], rounded_term.matrices[g], format, spectra, first[g]);
      }
    const Format format{formats.bias_width(), formats.sum_fraction(phase.readout_fraction)};
    const auto round = [&](const std::vector<std::vector<double>>& from, std::vector<std::vector<std::int32_t>>& to) {
      for (size_t g = 0; g < from.size(); ++g)
        for (size_t r = 0; r < from[g].size(); ++r) to[g][r] = static_cast<std::int32_t>(quantise(from[g][r], format));
    };
    round(bias, rounded.bias);
    round(first, rounded.first_bias);
  }
}

}  // namespace erngen
