// Matrices that move elements instead of weighing them.
#pragma once

#include "network/network.hpp"

namespace erngen {

/// factor times the identity, size x size, in circulant blocks: each block on the diagonal has the first column
/// (factor, 0, 0, ...).
BlockMatrix identity(int size, int block, float factor);

/// [rows x cols]: row `first` + n takes element n.
BlockMatrix selection(int rows, int first, int cols);

/// Columns first .. first + count of a matrix, first at a block's border. A matrix without values gives one.
BlockMatrix columns_of(const BlockMatrix& matrix, int first, int count);

}  // namespace erngen
