// Power of a design: an estimate from its counts, the array's share of busy cycles, and published power reports.
//
// Dynamic power is the clock times a sum over kinds of cells: count x toggles a clock x energy of a toggle, or count x
// energy a clock for what runs whether data change or not. Energies come from published Vivado power reports, toggles
// from AMD's power estimator (docs/results/energy.md has both, with what is not in the model). Bounds take all low or
// all high ends at once.
#pragma once

#include <optional>

#include "plan/plan.hpp"

namespace erngen {

/// A figure with its bounds.
struct Estimate {
  double low = 0, typical = 0, high = 0;
};

struct Power {
  Estimate leakage;    ///< W, of the device, whatever it does
  Estimate clock;      ///< W, of the clock's tree
  Estimate logic;      ///< W, of LUTs and the nets that they drive
  Estimate registers;  ///< W, of the nets that flip-flops drive
  Estimate dsp;        ///< W
  Estimate block_ram;  ///< W

  Estimate total() const;
  double energy_uj(double frames_per_second) const { return 1e6 * total().typical / frames_per_second; }
  double frames_per_second_per_watt(double frames_per_second) const { return frames_per_second / total().typical; }
};

/// What the model counts. `busy`: the share of cycles in which the array works, 0..1.
struct PowerCounts {
  int dsp = 0, lut = 0, ff = 0;
  double bram36 = 0;
  double busy = 0, clock_mhz = 0;
};

/// Nothing for families without a published power report in the model. `device_lut`: LUTs of the whole device.
std::optional<Power> estimate_power(const PowerCounts& counts, Family family, int device_lut);

/// Of a plan. The lanes' share of busy cycles is that of a run.
std::optional<Power> estimate_power(const Plan& plan, const Device& device);

}  // namespace erngen
