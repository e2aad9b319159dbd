#include "cell/block_kernel.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "fixed/fixed.hpp"
#include "spectral/packing.hpp"

namespace erngen {

namespace {

constexpr int vector_words = 8;  ///< 16-bit words of a vector
constexpr int half_bits = 9;     ///< an operand word is hi 2^9 + lo

/// Sums of products of neighbours: four results of four 32-bit words each.
struct PairSums {
#if defined(__SSE2__)
  __m128i sum[4] = {};

  void add(const std::int16_t* w, const std::int16_t* factors) {
    const __m128i weights = _mm_loadu_si128(reinterpret_cast<const __m128i*>(w));
    for (int f = 0; f < 4; ++f) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(factors + f * vector_words));
      sum[f] = _mm_add_epi32(sum[f], _mm_madd_epi16(weights, x));
    }
  }
  void store(std::int32_t* out) const {
    for (int f = 0; f < 4; ++f) _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 4 * f), sum[f]);
  }
#else
  std::int32_t sum[16] = {};

  void add(const std::int16_t* w, const std::int16_t* factors) {
    for (int f = 0; f < 4; ++f)
      for (int n = 0; n < 4; ++n)
        sum[4 * f + n] +=
            w[2 * n] * factors[f * vector_words + 2 * n] + w[2 * n + 1] * factors[f * vector_words + 2 * n + 1];
  }
  void store(std::int32_t* out) const { std::copy_n(sum, 16, out); }
#endif
};

}  // namespace

void Operand::assign(std::span<const std::int32_t> spectra, int k) {
  words.assign(spectra.begin(), spectra.end());
  const int padded = ceil_div(static_cast<int>(words.size()), vector_words) * vector_words;
  words.resize(padded);
  factors.resize(4 * static_cast<std::size_t>(padded));
  const auto put = [](std::int16_t* at, std::int32_t v, int sign) {
    at[0] = static_cast<std::int16_t>(sign * (v >> half_bits));
    at[vector_words] = static_cast<std::int16_t>(sign * (v & ((1 << half_bits) - 1)));
  };
  for (int at = 0; at < padded; at += 2) {
    std::int16_t* out = factors.data() + 4 * (at / vector_words * vector_words) + at % vector_words;
    const std::int32_t x0 = words[at], x1 = words[at + 1];
    put(out, x0, 1);
    if (k == 1) {  // two columns: one sum
      put(out + 1, x1, 1);
    } else if (is_complex_pair(at / 2, k)) {
      put(out + 1, x1, -1);
      put(out + 2 * vector_words, x1, 1);
      put(out + 2 * vector_words + 1, x0, 1);
    } else {
      put(out + 1, 0, 1);
      put(out + 2 * vector_words, 0, 1);
      put(out + 2 * vector_words + 1, x1, 1);
    }
  }
}

BlockKernel::BlockKernel(const SpectralMatrix<std::int32_t>& matrix)
    : block_(matrix.block), columns_(matrix.col_blocks()) {
  std::int64_t most = 1;
  for (const std::int32_t w : matrix.words) most = std::max<std::int64_t>(most, std::abs(w));
  if (most >= 1 << 15) {
    wide_ = matrix.words;
    return;
  }
  const int row_words = columns_ * block_;
  stride_ = ceil_div(row_words, vector_words) * vector_words;
  chain_ = static_cast<int>((std::int64_t{1} << 31) / (2 * most << half_bits)) - 1;
  words_.resize(static_cast<std::size_t>(matrix.row_blocks()) * stride_);
  for (int i = 0; i < matrix.row_blocks(); ++i)
    std::copy_n(matrix.at(i, 0), row_words, words_.begin() + static_cast<std::size_t>(i) * stride_);
}

void BlockKernel::accumulate_narrow(int row, const Operand& x, std::int64_t* acc) const {
  const std::int16_t* const w = words_.data() + static_cast<std::size_t>(row) * stride_;
  const int period = std::max(block_, vector_words);  // the words of a vector repeat their bins after this
  for (int bin = 0; bin < period; bin += vector_words)
    for (int first = bin; first < stride_; first += chain_ * period) {
      PairSums sums;
      const int end = static_cast<int>(std::min<std::int64_t>(stride_, first + std::int64_t{chain_} * period));
      for (int at = first; at < end; at += period) sums.add(w + at, x.factors.data() + 4 * at);
      std::array<std::int32_t, 16> s;
      sums.store(s.data());
      for (int n = 0; n < 4; ++n) {
        const std::int64_t even = std::int64_t{s[n]} * (1 << half_bits) + s[4 + n];
        const std::int64_t odd = std::int64_t{s[8 + n]} * (1 << half_bits) + s[12 + n];
        if (block_ == 1) {
          acc[0] += even;
        } else {
          acc[(bin + 2 * n) % block_] += even;
          acc[(bin + 2 * n + 1) % block_] += odd;
        }
      }
    }
}

void BlockKernel::accumulate_wide(int row, const Operand& x, std::int64_t* acc) const {
  const std::int32_t* w = wide_.data() + static_cast<std::size_t>(row) * columns_ * block_;
  for (int j = 0; j < columns_; ++j)
    accumulate_packed_product(w + j * block_, x.words.data() + j * block_, acc, block_);
}

void BlockKernel::accumulate(int row, const Operand& x, std::int64_t* acc) const {
  words_.empty() ? accumulate_wide(row, x, acc) : accumulate_narrow(row, x, acc);
}

}  // namespace erngen
