// The fast kernel against the plain definition of a packed product.
#include "cell/block_kernel.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "spectral/packing.hpp"

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
        const BlockKernel kernel(matrix);
        Operand operand;
        operand.assign(x, k);
        for (int i = 0; i < matrix.row_blocks(); ++i) {
          std::vector<std::int64_t> got(k, 5), expected(k, 5);
          kernel.accumulate(i, operand, got.data());
          for (int j = 0; j < matrix.col_blocks(); ++j) {
            const std::vector<std::int64_t> w(matrix.at(i, j), matrix.at(i, j) + k);
            const std::vector<std::int64_t> xs(x.begin() + j * k, x.begin() + (j + 1) * k);
            accumulate_packed_product(w.data(), xs.data(), expected.data(), k);
          }
          INFO("k " << k << " weights of " << weight_width << " bits, " << cols << " columns");
          CHECK(got == expected);
        }
      }
}
