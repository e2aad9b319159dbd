// Block sizes of the matrices of a layer, by family.
#pragma once

#include <map>

namespace erngen {

/// Powers of two, 1..64; those that a layer has no matrix for are ignored.
struct BlockSizes {
  int input = 8;
  int recurrent = 8;
  int projection = 8;
  int dense = 1;  ///< the weights of a dense layer
};

/// Block sizes of a whole network: `all`, but for the layers that have their own.
struct BlockChoice {
  BlockSizes all;
  std::map<int, BlockSizes> layers;  ///< by layer number, from 0

  const BlockSizes& of(int layer) const {
    const auto found = layers.find(layer);
    return found == layers.end() ? all : found->second;
  }
};

}  // namespace erngen
