#include "cell/block_kernel.hpp"

#include <algorithm>

#include "spectral/packing.hpp"

// One binary serves machines with and without AVX2; the results are the same integers.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define ERNGEN_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define ERNGEN_VECTOR_CLONES
#endif

namespace erngen {

namespace {

/// `half` = k/2 pairs; the accumulators stay in registers over the columns.
template <int half>
inline void accumulate_row(const double* w, const double* x, double* acc, int columns) {
  double first[half], second[half];
  std::copy_n(acc, half, first);
  std::copy_n(acc + half, half, second);
  for (int j = 0; j < columns; ++j, w += 4 * half, x += 2 * half)
    for (int n = 0; n < half; ++n) {
      first[n] += w[n] * x[n] - w[half + n] * x[half + n];
      second[n] += w[2 * half + n] * x[half + n] + w[3 * half + n] * x[n];
    }
  std::copy_n(first, half, acc);
  std::copy_n(second, half, acc + half);
}

ERNGEN_VECTOR_CLONES void accumulate_any(const double* w, const double* x, double* acc, int k, int columns) {
  switch (k) {
    case 1:
      for (int j = 0; j < columns; ++j) acc[0] += w[j] * x[j];
      break;
    case 2: accumulate_row<1>(w, x, acc, columns); break;
    case 4: accumulate_row<2>(w, x, acc, columns); break;
    case 8: accumulate_row<4>(w, x, acc, columns); break;
    case 16: accumulate_row<8>(w, x, acc, columns); break;
    case 32: accumulate_row<16>(w, x, acc, columns); break;
    case 64: accumulate_row<32>(w, x, acc, columns); break;
    default: break;
  }
}

}  // namespace

void split_spectra(const std::vector<std::int32_t>& words, int k, std::vector<double>& out) {
  out.resize(words.size());
  if (k == 1) {
    std::copy(words.begin(), words.end(), out.begin());
    return;
  }
  for (size_t at = 0; at < words.size(); at += k)
    for (int n = 0; n < k / 2; ++n) {
      out[at + n] = words[at + 2 * n];
      out[at + k / 2 + n] = words[at + 2 * n + 1];
    }
}

BlockKernel::BlockKernel(const SpectralMatrix<std::int32_t>& matrix) : block_(matrix.block), columns_(matrix.col_blocks()) {
  if (block_ == 1) {
    words_.assign(matrix.words.begin(), matrix.words.end());
    return;
  }
  const int half = block_ / 2;
  words_.resize(2 * matrix.words.size());
  double* w = words_.data();
  for (size_t at = 0; at < matrix.words.size(); at += block_, w += 4 * half)
    for (int n = 0; n < half; ++n) {
      const double first = matrix.words[at + 2 * n], second = matrix.words[at + 2 * n + 1];
      const bool complex_bin = is_complex_pair(n, block_);
      w[n] = first;
      w[half + n] = complex_bin ? second : 0;
      w[2 * half + n] = complex_bin ? first : second;
      w[3 * half + n] = complex_bin ? second : 0;
    }
}

void BlockKernel::accumulate(int row, const double* x, double* acc) const {
  const size_t block_words = block_ == 1 ? 1 : 2 * static_cast<size_t>(block_);
  accumulate_any(words_.data() + static_cast<size_t>(row) * columns_ * block_words, x, acc, block_, columns_);
}

}  // namespace erngen
