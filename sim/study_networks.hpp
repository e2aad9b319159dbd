// For tests and the study of number formats: seeded networks whose signals differ as those of real networks do.
#pragma once

#include <cstdint>
#include <string>

#include "base/npy.hpp"
#include "network/network.hpp"

namespace erngen {

struct StudyCase {
  std::string name;  ///< what was drawn
  Network network;
  Array x;  ///< [frames, input], calibration and test alike
};

/// Case `seed`: every cell, 1 to 64 inputs, 4 to 128 cells, one or two layers, block sizes 1 to 16, inputs scaled by
/// 2^-6 to 2^8 (with weights that undo the scale or not), gates with biases up to +-20, gates that are nearly closed or
/// open. The same everywhere.
StudyCase study_case(std::uint64_t seed, int frames);

}  // namespace erngen
