// What Vivado is told to do with a design, in non-project mode.
#pragma once

#include <string>

#include "synth/design.hpp"

namespace erngen {

/// XDC: the clock of the design. `clock_mhz` > 0.
std::string vivado_constraints(double clock_mhz);

/// Tcl for `vivado -mode batch -source ../synth/vivado/run.tcl`, run in DIR/images so that memory images are found:
/// out-of-context synthesis, with `implement` also placement and routing, then reports beside the script:
/// utilization.rpt, timing.rpt, power.rpt, and a checkpoint. `activity`: reads activity.saif before the power report.
std::string vivado_script(const SynthDesign& design, bool implement, bool activity);

}  // namespace erngen
