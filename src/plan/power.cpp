#include "plan/power.hpp"

namespace erngen {
namespace {

Estimate operator*(const Estimate& e, double factor) { return {e.low * factor, e.typical * factor, e.high * factor}; }
Estimate operator*(const Estimate& a, const Estimate& b) {
  return {a.low * b.low, a.typical * b.typical, a.high * b.high};
}
Estimate operator+(const Estimate& a, const Estimate& b) {
  return {a.low + b.low, a.typical + b.typical, a.high + b.high};
}

// Energies of 28-nm devices at 1.0 V in pJ, from two Vivado reports of routed designs at 50 MHz: power / count / clock.
// A: hououin/CNN-FPGA, cnn_ap_opt_1 (XC7Z020): clocks 8 mW, 3,778 flip-flops; LUTs and multiplexers 31 mW, 7,683;
// signals 33 mW, 9,057; 9.5 block RAM 8 mW; 16 DSP 7 mW. B: newaetech/chipwhisperer, cw305_ecc_p256_pmul v6 (XC7A100T):
// 55 mW, 20,291; 17 mW, 14,783; 33 mW, 34,360; 49.5 block RAM 87 mW; 32 DSP 10 mW. Low and high are the two, typical
// their geometric mean. Both are without a simulation: Vivado assumes toggles, by default 0.125 a clock (UG440), by
// which what depends on data is divided.
constexpr double assumed_toggles = 0.125;
constexpr Estimate clock_of_register{0.042, 0.048, 0.054};  // a clock
constexpr Estimate block_ram_clock{16.8, 24.3, 35.2};       // a clock
constexpr Estimate dsp_clock{6.25, 7.4, 8.75};              // a clock at the assumed toggles
constexpr Estimate lut_clock{0.023, 0.043, 0.081};
constexpr Estimate net_clock{0.0192, 0.0374, 0.0729};

/// Toggles a clock, as tools/switching_activity.py counts them in mapped designs (docs/results/switching-activity.json,
/// which a test compares): of a design without frames, and in a clock in which the array is busy, the least, the mean
/// and the most of the designs.
struct Toggles {
  double idle;
  Estimate busy;

  Estimate at(double share) const {
    const auto between = [&](double most) { return idle + share * (most - idle); };
    return {between(busy.low), between(busy.typical), between(busy.high)};
  }
};
constexpr Toggles logic_toggles{0.1365, {0.2404, 0.2696, 0.2887}};  // of all nets at a LUT and what is in its place
constexpr Toggles register_toggles{0.0688, {0.2162, 0.2292, 0.2522}};
constexpr Toggles dsp_toggles{0.0, {0.2699, 0.4045, 0.4860}};  // of a bit of an operand or an output

/// A family: energies scale as node x voltage squared; where that was compared with a report (Alveo U50, 180 MHz:
/// clocks 1.05, logic 0.93, block RAM 2.1 times the scaled energy) it was off by up to a factor of two. `widen`: of the
/// bounds, for toggles other than the assumed ones and that factor. Leakage in uW a LUT of the device.
struct FamilyPower {
  double scale, widen;
  Estimate leakage;
};
std::optional<FamilyPower> family_power(Family family) {
  switch (family) {
    // XC7A100T 0.084 to 0.101 W at 26 degrees, XC7Z020 0.135 to 0.141 W at 42 to 45, XC7Z045 0.219 W at 28.
    case Family::series7: return FamilyPower{1, 1.5, {1.0, 1.5, 2.6}};
    // XCKU115: 1.270 W. 20 nm, 0.95 V.
    case Family::ultrascale: return FamilyPower{20.0 / 28 * 0.95 * 0.95, 2, {1.3, 1.9, 2.9}};
    // XCU50: 2.335 W. 16 nm, 0.85 V.
    case Family::ultrascale_plus: return FamilyPower{16.0 / 28 * 0.85 * 0.85, 2, {1.8, 2.7, 4.0}};
    case Family::ecp5:
    case Family::ice40:
    case Family::cyclone5:
    case Family::generic: break;  // no published report with counts
  }
  return std::nullopt;
}

}  // namespace

Estimate Power::total() const { return leakage + clock + logic + registers + dsp + block_ram; }

std::optional<Power> estimate_power(const PowerCounts& n, Family family, int device_lut) {
  const auto found = family_power(family);
  if (!found) return std::nullopt;
  const double pj_to_watt = 1e-6 * n.clock_mhz * found->scale;
  const auto dynamic = [&](const Estimate& pj, double count) {
    const Estimate watt = pj * (count * pj_to_watt);
    return Estimate{watt.low / found->widen, watt.typical, watt.high * found->widen};
  };
  const auto relative = [&](const Toggles& toggles) { return toggles.at(n.busy) * (1 / assumed_toggles); };
  Power power;
  power.leakage = found->leakage * (1e-6 * device_lut);
  power.clock = dynamic(clock_of_register, n.ff);
  power.logic = dynamic((lut_clock + net_clock) * relative(logic_toggles), n.lut);
  power.registers = dynamic(net_clock * relative(register_toggles), n.ff);
  power.dsp = dynamic(dsp_clock * relative(dsp_toggles), n.dsp);
  power.block_ram = dynamic(block_ram_clock, n.bram36);
  return power;
}

std::optional<Power> estimate_power(const Plan& plan, const Device& device) {
  const Resources& r = plan.resources;
  const double busy = static_cast<double>(plan.program.busy_cycles) / plan.program.run_cycles;
  return estimate_power(
      {.dsp = r.dsp, .lut = r.lut, .ff = r.ff, .bram36 = r.bram36, .busy = busy, .clock_mhz = plan.clock_mhz},
      device.family, device.lut);
}

}  // namespace erngen
