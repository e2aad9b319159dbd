// The planner's options as arguments of a command line, for the headers of generated files.
#pragma once

#include <string>

#include "plan/plan.hpp"

namespace erngen {

/// "--device xc7a100t --clock 100 --streams 1 ...": what plans the same engine; of the other options those that differ
/// from the defaults. A device file without its directory.
std::string plan_arguments(const std::string& device, const PlanOptions& options);

}  // namespace erngen
