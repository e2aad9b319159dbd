// The fast kernel against the plain definition of a packed product.
#include "cell/block_kernel.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "cell/lane_rounding.hpp"
#include "ops/cell_units.hpp"
#include "spectral/packing.hpp"
#include "spectral/twiddle.hpp"

using namespace erngen;

TEST_CASE("the kernel's sums are those of packed products, at the extremes too") {
  Rng rng(1);
  for (int k = 1; k <= 64; k *= 2)
    for (int weight_width : {4, 12, 16, 18})
      for (int cols : {1, k, 5 * k - k / 2, 700}) {
        const std::int32_t w_top = (1 << (weight_width - 1)) - 1, x_top = (1 << 17) - 1;
        const bool extreme = rng.below(2) == 0;
        const auto draw = [&](std::int32_t top) {
          return static_cast<std::int32_t>(extreme ? (rng.below(2) != 0 ? top : -top - 1) : rng.between(-top - 1, top));
        };
        SpectralMatrix<std::int32_t> matrix{3 * k - k / 2, cols, k, {}};
        matrix.words.resize(static_cast<size_t>(matrix.row_blocks()) * matrix.col_blocks() * k);
        for (auto& w : matrix.words) w = draw(w_top);
        std::vector<std::int32_t> x(static_cast<size_t>(matrix.col_blocks()) * k);
        for (auto& v : x) v = draw(x_top);
        Operand operand;
        operand.assign(x, k);
        const int rows = matrix.row_blocks();
        std::vector<std::vector<std::int64_t>> expected(rows, std::vector<std::int64_t>(k, 5));
        for (int i = 0; i < rows; ++i)
          for (int j = 0; j < matrix.col_blocks(); ++j) {
            const std::vector<std::int64_t> w(matrix.at(i, j), matrix.at(i, j) + k);
            const std::vector<std::int64_t> xs(x.begin() + j * k, x.begin() + (j + 1) * k);
            accumulate_packed_product(w.data(), xs.data(), expected[i].data(), k);
          }
        for (InstructionSet set : instruction_sets()) {
          INFO(instruction_set_name(set) << ", k " << k << " weights of " << weight_width << " bits, " << cols
                                         << " columns");
          const BlockKernel kernel(matrix, set);
          for (int i = 0; i < rows; i += 2) {
            Lanes acc[max_block_size];
            std::fill_n(acc, max_block_size, Lanes{} + 5);
            const int count = std::min(2, rows - i), lane = i / 2 % 2 * 2;
            kernel.accumulate(i, count, operand, acc, lane);
            for (int n = 0; n < lane_count; ++n)
              for (int b = 0; b < k; ++b)
                REQUIRE(double{acc[b][n]} ==
                        (n >= lane && n < lane + count ? static_cast<double>(expected[i + n - lane][b]) : 5));
          }
        }
      }
}

TEST_CASE("each instruction set has code of its own") {
  const auto sets = instruction_sets();
  for (size_t n = 1; n < sets.size(); ++n) CHECK((pair_sums(sets[n]) != pair_sums(sets[n - 1])));
}

TEST_CASE("words are rounded, saturated and counted as integers are") {
  Rng rng(2);
  for (int trial = 0; trial < 2000; ++trial) {
    const int shift = static_cast<int>(rng.between(-6, 30)), width = static_cast<int>(rng.between(2, 36));
    Lanes x[3];
    std::int64_t expected[3][lane_count];
    SaturationCount count;
    for (int n = 0; n < 3; ++n)
      for (int lane = 0; lane < lane_count; ++lane) {
        std::int64_t v = rng.between(-(std::int64_t{1} << 42), std::int64_t{1} << 42) >> rng.between(0, 40);
        if (lane == 0 && shift > 0) v = (v >> shift << shift) + (std::int64_t{1} << (shift - 1));  // a tie
        x[n][lane] = static_cast<double>(v);
        expected[n][lane] = saturate_counted(round_shift(v, shift), width, count);
      }
    for (const InstructionSet set : instruction_sets()) {
      Lanes got[3] = {x[0], x[1], x[2]};
      CHECK(round_and_saturate(got, 3, shift, width, set) == count.saturated);
      for (int n = 0; n < 3; ++n)
        for (int lane = 0; lane < lane_count; ++lane)
          REQUIRE(double{got[n][lane]} == static_cast<double>(expected[n][lane]));
    }
  }
}
