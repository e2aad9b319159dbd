// The memory images of a design: program, pass descriptors, weights, biases, peepholes, activation tables.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace erngen {

struct Image {
  std::string name;  ///< file name in images/
  std::string text;  ///< one hexadecimal word a line
};

/// Every image of the design, in the order of their names' use. Layouts: templates/ern_sequencer.v (segments),
/// ern_sum.v (pass descriptors), ern_lane.v (weight words).
std::vector<Image> make_images(const QuantNetwork& network, const Plan& plan);

/// Bits of one segment word and of one pass descriptor.
inline constexpr int segment_bits = 108;
inline constexpr int pass_bits = 154;

}  // namespace erngen
