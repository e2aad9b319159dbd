#include "circulant/projection.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

ProjectionError measure(const std::string& name, const BlockMatrix& before, const BlockMatrix& after) {
  double square = 0, difference = 0;
  for (int r = 0; r < before.rows; ++r)
    for (int c = 0; c < before.cols; ++c) {
      const double w = before.element(r, c), d = w - after.element(r, c);
      square += w * w;
      difference += d * d;
    }
  return {name,
          before.rows,
          before.cols,
          after.block,
          before.parameters(),
          after.parameters(),
          std::sqrt(square),
          square > 0 ? std::sqrt(difference / square) : 0.0};
}

}  // namespace

BlockMatrix project(const BlockMatrix& matrix, int block) {
  BlockMatrix result(matrix.rows, matrix.cols, block);
  std::vector<double> sum(static_cast<size_t>(block));
  std::vector<int> count(static_cast<size_t>(block));
  for (int i = 0; i < result.row_blocks(); ++i)
    for (int j = 0; j < result.col_blocks(); ++j) {
      std::fill(sum.begin(), sum.end(), 0.0);
      std::fill(count.begin(), count.end(), 0);
      for (int r = i * block; r < std::min((i + 1) * block, matrix.rows); ++r)
        for (int c = j * block; c < std::min((j + 1) * block, matrix.cols); ++c) {
          const int diagonal = (r - c) & (block - 1);
          sum[diagonal] += matrix.element(r, c);
          ++count[diagonal];
        }
      for (int d = 0; d < block; ++d) result.at(i, j)[d] = count[d] == 0 ? 0.0f : static_cast<float>(sum[d] / count[d]);
    }
  return result;
}

CompressedNetwork compress(const Network& network, const BlockChoice& choice) {
  const int last = static_cast<int>(network.nodes.size()) - 1;
  for (const auto& [layer, sizes] : choice.layers)
    if (layer < 0 || layer > last)
      throw wrong_option(fmt::format("block sizes for layer {}: the network has the layers 0..{}", layer, last));

  CompressedNetwork result{network, {}};
  std::vector<int> blocks;  // in the order of for_each_matrix
  for (int n = 0; n <= last; ++n) {
    const BlockSizes& sizes = choice.of(n);
    std::visit(
        [&](const auto& layer) {
          if constexpr (requires { layer.weights; }) {
            blocks.push_back(sizes.dense);
          } else if constexpr (requires { layer.input_weights; }) {
            blocks.insert(blocks.end(), layer.gate_names.size(), sizes.input);
            blocks.insert(blocks.end(), layer.gate_names.size(), sizes.recurrent);
          }
          if constexpr (requires { layer.projection; }) {
            if (layer.projection) blocks.push_back(sizes.projection);
          }
        },
        network.nodes[n].layer);
  }
  auto block = blocks.begin();
  for_each_matrix(result.network, [&](const std::string& name, BlockMatrix& matrix) {
    BlockMatrix projected = project(matrix, *block++);
    result.errors.push_back(measure(name, matrix, projected));
    matrix = std::move(projected);
  });
  result.network.validate();
  return result;
}

}  // namespace erngen
