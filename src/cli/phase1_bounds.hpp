// Step 0 of Phase I: which block sizes are worth a training, before any.
#pragma once

#include <string>
#include <vector>

#include "network/random_network.hpp"
#include "plan/plan.hpp"

namespace erngen::cli {

/// What a block size means for a network of the shape.
struct BlockBound {
  int block = 1;
  double weights = 0;                ///< numbers in all matrices
  double weight_bram36 = 0;          ///< block RAMs that the weights fill, 36 kbit each
  std::int64_t multiplications = 0;  ///< of a frame, with this engine's real transforms
  double gain = 0;                   ///< multiplications of half the block size over these; 0 for the first
  bool fits = false;                 ///< the weights leave a tenth of the device's block RAM for all else
};

struct Bounds {
  std::vector<BlockBound> table;  ///< k = 1, 2, 4, ... 64
  std::vector<int> blocks;        ///< the sizes from the lower to the upper bound
  std::string lower, upper;       ///< why
};

/// Weights of `bits` bits. The lower bound is the smallest block size whose weights fit; the upper bound is the last
/// one that still saves a tenth of the multiplications of half its size. Throws Error(capacity) when no size fits.
Bounds block_bounds(const NetworkShape& shape, int bits, const DeviceLimits& device);

}  // namespace erngen::cli
