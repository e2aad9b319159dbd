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

/// Every image of the design, in the order of their names' use. Layouts: units/control_words.hpp (segments, pass
/// descriptors), ern_lane.v (weight words).
std::vector<Image> make_images(const Workload& work, const Plan& plan);

}  // namespace erngen
