// Which widths of spectra the forms of lanes make a choice of.
#pragma once

#include <span>
#include <vector>

#include "device/device.hpp"
#include "units/lane.hpp"

namespace erngen {

/// For each of `forms` the most bits of a spectrum word that it permits on the family's multipliers: each once, the
/// most first. Narrower ones would lose accuracy for nothing.
std::vector<int> form_spectra(std::span<const LaneForm> forms, Family family);

}  // namespace erngen
