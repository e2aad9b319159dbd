// A picture of the schedule.
#pragma once

#include <string>

#include "cell/quant_network.hpp"
#include "plan/plan.hpp"

namespace erngen::cli {

/// One run of the plan over its cycles as SVG: a row for each phase of each stream with the steps of the array
/// (coloured by what they read: input, state, a state at another block size) and below them the readout of its passes,
/// a row with the output blocks of the first stream, and in grey what the next run does until this one has ended. The
/// same plan gives the same bytes.
std::string timeline_svg(const QuantNetwork& network, const Plan& plan);

}  // namespace erngen::cli
