#include "plan/device_limits.hpp"

namespace erngen {

DeviceLimits limits_of(const Device& device) {
  return {device.name, device.family, device.dsp, device.bram36(), device.lut, device.ff};
}

Plan make_plan(const QuantNetwork& network, const Device& device, const PlanOptions& options) {
  return make_plan(network, limits_of(device), options);
}

}  // namespace erngen
