#include "cell/block_kernel.hpp"

#include <algorithm>
#include <cstdlib>

#include "fixed/fixed.hpp"
#include "spectral/packing.hpp"
#include "spectral/twiddle.hpp"

namespace erngen {

namespace {

constexpr int vector_words = pair_sum_words;
constexpr int half_bits = pair_sum_half_bits;  ///< an operand word is hi 2^9 + lo

}  // namespace

void Operand::assign(std::span<const std::int32_t> spectra, int k) {
  words.assign(spectra.begin(), spectra.end());
  const int size = static_cast<int>(words.size());
  factors.assign(4 * static_cast<std::size_t>(ceil_div(size, vector_words) * vector_words), 0);
  const auto put = [](std::int16_t* at, std::int32_t v, int sign) {
    at[0] = static_cast<std::int16_t>(sign * (v >> half_bits));
    at[vector_words] = static_cast<std::int16_t>(sign * (v & ((1 << half_bits) - 1)));
  };
  for (int at = 0; at < size; at += 2) {
    std::int16_t* out = factors.data() + 4 * (at / vector_words * vector_words) + at % vector_words;
    const std::int32_t x0 = words[at], x1 = at + 1 < size ? words[at + 1] : 0;
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

BlockKernel::BlockKernel(const SpectralMatrix<std::int32_t>& matrix, InstructionSet set)
    : sums_(pair_sums(set)), block_(matrix.block), columns_(matrix.col_blocks()) {
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

void BlockKernel::accumulate_narrow(int row, int count, const Operand& x, Lanes* acc, int lane) const {
  const std::int16_t* const first = words_.data() + static_cast<std::size_t>(row) * stride_;
  const std::int16_t* const second = count > 1 ? first + stride_ : first;
  const int period = std::max(block_, vector_words);  // the words of a vector repeat their bins after this
  const int periods = ceil_div(stride_, period);
  for (int bin = 0; bin < period; bin += vector_words)
    for (int from = 0; from < periods; from += chain_) {
      const int at = from * period + bin;
      const int vectors = std::min(chain_, ceil_div(stride_ - at, period));  // the last period may end before this bin
      PairSumsOfRow sums[2];
      sums_({first + at, second + at}, x.factors.data() + pair_sum_factors * at, vectors, period, sums);
      for (int pair = 0; pair < pair_sum_pairs; ++pair)
        for (int operand = 0; operand < 2; ++operand) {  // the second operand of blocks of one is zero
          Lanes& word = acc[(bin + 2 * pair + operand) & (block_ - 1)];
          for (int n = 0; n < count; ++n) word[lane + n] += sums[n][operand][pair];
        }
    }
}

void BlockKernel::accumulate_wide(int row, const Operand& x, Lanes* acc, int lane) const {
  const std::int32_t* w = wide_.data() + static_cast<std::size_t>(row) * columns_ * block_;
  std::int64_t sums[max_block_size] = {};
  for (int j = 0; j < columns_; ++j)
    accumulate_packed_product(w + j * block_, x.words.data() + j * block_, sums, block_);
  for (int n = 0; n < block_; ++n) acc[n][lane] += static_cast<double>(sums[n]);
}

void BlockKernel::accumulate(int row, int count, const Operand& x, Lanes* acc, int lane) const {
  if (!words_.empty()) return accumulate_narrow(row, count, x, acc, lane);
  for (int n = 0; n < count; ++n) accumulate_wide(row + n, x, acc, lane + n);
}

}  // namespace erngen
