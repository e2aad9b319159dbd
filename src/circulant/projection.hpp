// Euclidean projection onto block-circulant matrices.
#pragma once

#include <string>
#include <vector>

#include "network/block_sizes.hpp"
#include "network/network.hpp"

namespace erngen {

/// The block-circulant matrix nearest to `matrix` (of any block size) in the Frobenius norm.
///
/// The entries of a wrapped diagonal d of a block all become one number w[d], so the squared distance separates
/// into sums over diagonals, each least at the mean. At padded edges only entries of the real matrix are counted;
/// a diagonal without any is 0. Throws Error(bad_input) for a bad block size.
BlockMatrix project(const BlockMatrix& matrix, int block);

/// What the projection did to one matrix.
struct ProjectionError {
  std::string name;  ///< "layers.0.input.i"
  int rows, cols;
  int block;  ///< of the result
  size_t parameters_before, parameters_after;
  double norm;            ///< Frobenius norm before
  double relative_error;  ///< |W - P(W)| / |W| (Frobenius); 0 for a zero matrix
};

struct CompressedNetwork {
  Network network;
  std::vector<ProjectionError> errors;  ///< in file order
};

/// Projects every matrix to the chosen block size; biases, peepholes and metadata stay as they are.
/// Throws Error(bad_input) for a bad block size, Error(usage) for a choice for a layer that is not there.
CompressedNetwork compress(const Network& network, const BlockChoice& choice);

}  // namespace erngen
