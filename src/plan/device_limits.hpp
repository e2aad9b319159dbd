// What a device of the database offers the planner.
#pragma once

#include "plan/plan.hpp"

namespace erngen {

DeviceLimits limits_of(const Device& device);

/// make_plan() within all of a device of the database.
Plan make_plan(const QuantNetwork& network, const Device& device, const PlanOptions& options);

}  // namespace erngen
