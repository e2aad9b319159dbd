// The multiplications of an engine, and the DSP blocks that Yosys makes of each.
#pragma once

#include <vector>

#include "device/device.hpp"
#include "plan/engine.hpp"

namespace erngen {

/// Equal products, all of two signed factors.
struct EngineProduct {
  const char* name = "";
  int a = 0, b = 0;  ///< bits of the factors
  int count = 0;
  bool preadder = false;  ///< a is a sum of two addends of a - 1 bits
};

/// Activation units of the engine's elements.
ActivationCount activation_count(const Workload& work, const EngineShape& shape);

/// All products of lanes, transforms, cells and activation units.
std::vector<EngineProduct> engine_products(const Workload& work, const EngineShape& shape);

/// DSP blocks of one product: one if the factors fit the ports (25 x 18, 18 x 18, 16 x 16 bits), else as mul2dsp of
/// Yosys splits the wider factor: into slices of one bit less than the narrow port, the last one of what is left. A
/// slice below 2 bits is logic, on Lattice parts one of 2 bits too.
int product_blocks(const EngineProduct& product, Family family);

}  // namespace erngen
