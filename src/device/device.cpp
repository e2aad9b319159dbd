#include "device/device.hpp"

namespace erngen {
const char* family_name(Family family) {
  constexpr const char* names[] = {"7 series",        "UltraScale", "UltraScale+", "ECP5",
                                   "iCE40 UltraPlus", "Cyclone V",  "generic"};
  return names[static_cast<int>(family)];
}

const DspType& dsp_type(Family family) {
  static const char* const dsp48e2 = "A 30 (27 to the multiplier), B 18, C 48, D 27, P 48";
  static const DspType types[] = {
      {"DSP48E1", 25, 18, 48, true, "A 30 (25 to the multiplier), B 18, C 48, D 25, P 48",
       "UG479, 7 Series DSP48E1 Slice"},
      {"DSP48E2", 27, 18, 48, true, dsp48e2, "UG579, UltraScale Architecture DSP Slice"},
      {"DSP48E2", 27, 18, 48, true, dsp48e2, "UG579, UltraScale Architecture DSP Slice"},
      {"MULT18X18D", 18, 18, 54, true, "A 18, B 18, C 18 (pre-adder), P 36; ALU54B behind two of them: 54",
       "FPGA-TN-02205, ECP5 and ECP5-5G sysDSP Usage Guide"},
      {"SB_MAC16", 16, 16, 32, false, "A 16, B 16, C 16, D 16, O 32",
       "FPGA-TN-02007, DSP Function Usage Guide for iCE40 Devices"},
      {"DSP block", 27, 27, 64, true,
       "one product of 27 x 27, accumulator 64, pre-adder 26; two of 18 x 18 without an accumulator",
       "CV-5V2, Cyclone V Device Handbook, volume 1: Variable Precision DSP Blocks"},
      {"multiplier", 64, 64, 64, true, "any", "none: as synthesis makes them"},
  };
  return types[static_cast<int>(family)];
}

const MemoryType& block_ram_type(Family family) {
  static const std::vector<RamShape> ramb36{{512, 72}, {1024, 36}, {2048, 18}, {4096, 9},
                                            {8192, 4}, {16384, 2}, {32768, 1}};
  static const std::vector<RamShape> dp16kd{{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}};
  static const std::vector<RamShape> m10k{{256, 40}, {512, 20}, {1024, 10}, {2048, 5}, {4096, 2}, {8192, 1}};
  static const std::vector<RamShape> ram40{{256, 16}, {512, 8}, {1024, 4}, {2048, 2}};
  static const MemoryType types[] = {
      {"RAMB36", 36864, 72, true, ramb36, "UG473, 7 Series FPGAs Memory Resources"},
      {"RAMB36", 36864, 72, true, ramb36, "UG573, UltraScale Architecture Memory Resources"},
      {"RAMB36", 36864, 72, true, ramb36, "UG573, UltraScale Architecture Memory Resources"},
      {"DP16KD", 18432, 36, true, dp16kd, "FPGA-TN-02204, ECP5 and ECP5-5G Memory Usage Guide"},
      {"SB_RAM40_4K", 4096, 16, true, ram40, "FPGA-TN-02002, Memory Usage Guide for iCE40 Devices"},
      {"M10K", 10240, 40, true, m10k, "CV-5V2, Cyclone V Device Handbook, volume 1: Embedded Memory Blocks"},
      {"1 kbit of memory", 1024, 1024, false, {{1, 1024}}, "none: as memory compilers make them"},
  };
  return types[static_cast<int>(family)];
}

const MemoryType& large_ram_type(Family family) {
  static const MemoryType types[] = {
      {},
      {},
      {"URAM288", 294912, 72, false, {{4096, 72}}, "UG573, UltraScale Architecture Memory Resources"},
      {},
      {"SB_SPRAM256KA", 262144, 16, false, {{16384, 16}}, "FPGA-TN-02022, iCE40 SPRAM Usage Guide"},
      {},
      {},
  };
  return types[static_cast<int>(family)];
}

double Device::bram36() const {
  return static_cast<double>(block_ram) * static_cast<double>(block_ram_type(family).bits) / 36864;
}

}  // namespace erngen
