#include "ops/selection.hpp"

#include <algorithm>

namespace erngen {

BlockMatrix identity(int size, int block, float factor) {
  BlockMatrix result(size, size, block);
  for (int i = 0; i < result.row_blocks(); ++i) result.at(i, i)[0] = factor;
  return result;
}

BlockMatrix selection(int rows, int first, int cols) {
  BlockMatrix result(rows, cols, 1);
  for (int n = 0; n < cols; ++n) result.at(first + n, n)[0] = 1;
  return result;
}

BlockMatrix columns_of(const BlockMatrix& matrix, int first, int count) {
  BlockMatrix result(matrix.rows, count, matrix.block);
  if (matrix.columns.empty()) {
    result.columns.clear();
    return result;
  }
  for (int i = 0; i < result.row_blocks(); ++i)
    std::copy_n(matrix.at(i, first / matrix.block), static_cast<size_t>(result.col_blocks()) * matrix.block,
                result.at(i, 0));
  return result;
}

}  // namespace erngen
