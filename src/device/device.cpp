#include "device/device.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/spelling.hpp"

namespace erngen {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The three names that are nearest to `name`.
std::vector<std::string> nearest(const std::string& name) {
  std::vector<std::pair<int, std::string>> ranked;
  for (const Device& device : devices()) ranked.emplace_back(spelling_distance(name, device.name), device.name);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (size_t n = 0; n < 3; ++n) names.push_back(ranked[n].second);
  return names;
}

}  // namespace

const char* family_name(Family family) {
  constexpr const char* names[] = {"7 series", "UltraScale", "UltraScale+", "ECP5", "iCE40 UltraPlus"};
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
  };
  return types[static_cast<int>(family)];
}

const MemoryType& block_ram_type(Family family) {
  static const std::vector<RamShape> ramb36{{512, 72}, {1024, 36}, {2048, 18}, {4096, 9},
                                            {8192, 4}, {16384, 2}, {32768, 1}};
  static const std::vector<RamShape> dp16kd{{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}};
  static const std::vector<RamShape> ram40{{256, 16}, {512, 8}, {1024, 4}, {2048, 2}};
  static const MemoryType types[] = {
      {"RAMB36", 36864, 72, true, ramb36, "UG473, 7 Series FPGAs Memory Resources"},
      {"RAMB36", 36864, 72, true, ramb36, "UG573, UltraScale Architecture Memory Resources"},
      {"RAMB36", 36864, 72, true, ramb36, "UG573, UltraScale Architecture Memory Resources"},
      {"DP16KD", 18432, 36, true, dp16kd, "FPGA-TN-02204, ECP5 and ECP5-5G Memory Usage Guide"},
      {"SB_RAM40_4K", 4096, 16, true, ram40, "FPGA-TN-02002, Memory Usage Guide for iCE40 Devices"},
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
  };
  return types[static_cast<int>(family)];
}

double Device::bram36() const {
  return static_cast<double>(block_ram) * static_cast<double>(block_ram_type(family).bits) / 36864;
}

const std::vector<Device>& devices() {
  // 7 series data sheets count slices: one has 4 LUTs and 8 flip-flops. Lattice numbers are also those of
  // nextpnr 0.4's databases (`erngen synth --tool nextpnr` compares them whenever it runs); of AMD's, LUTs of all but
  // the XC7A35T, and DSP blocks and block RAM of half the parts, were compared with what Vivado calls available in
  // published utilisation reports.
  static const char* const series7 = "DS180, 7 Series FPGAs Overview: feature summary table of the family";
  static const char* const zynq7 = "DS190, Zynq-7000 SoC Overview: feature summary table";
  static const char* const ultrascale =
      "DS890, UltraScale Architecture and Product Overview: feature summary table of the family";
  static const char* const mpsoc = "DS891, Zynq UltraScale+ MPSoC Overview: feature summary table";
  static const char* const ecp5 = "FPGA-DS-02012, ECP5 and ECP5-5G Family Data Sheet: family selection guide";
  static const char* const ice40 = "FPGA-DS-02008, iCE40 UltraPlus Family Data Sheet: family selection guide";
  static const std::vector<Device> all{
      {"xc7z020", "xc7z020clg400-1", Family::series7, 220, 140, 0, 53200, 106400, zynq7},
      {"xc7a35t", "xc7a35tcsg324-1", Family::series7, 90, 50, 0, 20800, 41600, series7},
      {"xc7a100t", "xc7a100tcsg324-1", Family::series7, 240, 135, 0, 63400, 126800, series7},
      {"xc7k325t", "xc7k325tffg900-2", Family::series7, 840, 445, 0, 203800, 407600, series7},
      {"xc7vx690t", "xc7vx690tffg1157-2", Family::series7, 3600, 1470, 0, 433200, 866400, series7},
      {"xcku060", "xcku060-ffva1156-2-e", Family::ultrascale, 2760, 1080, 0, 331680, 663360, ultrascale},
      {"xczu3eg", "xczu3eg-sbva484-1-e", Family::ultrascale_plus, 360, 216, 0, 70560, 141120, mpsoc},
      {"xczu7ev", "xczu7ev-ffvc1156-2-e", Family::ultrascale_plus, 1728, 312, 96, 230400, 460800, mpsoc},
      {"xcvu9p", "xcvu9p-flga2104-2L-e", Family::ultrascale_plus, 6840, 2160, 960, 1182240, 2364480, ultrascale},
      {"lfe5u-25f", "LFE5U-25F-6BG256C", Family::ecp5, 28, 56, 0, 24288, 24288, ecp5},
      {"lfe5u-45f", "LFE5U-45F-6BG381C", Family::ecp5, 72, 108, 0, 43848, 43848, ecp5},
      {"lfe5u-85f", "LFE5U-85F-6BG381C", Family::ecp5, 156, 208, 0, 83640, 83640, ecp5},
      {"up5k", "iCE40UP5K-SG48I", Family::ice40, 8, 30, 4, 5280, 5280, ice40},
  };
  return all;
}

const Device& find_device(const std::string& name) {
  const std::string wanted = lower_case(name);
  for (const Device& device : devices())
    if (device.name == wanted || lower_case(device.part) == wanted) return device;
  throw Error(ExitCode::usage,
              fmt::format("device '{}' is not known; did you mean {}?", name, fmt::join(nearest(wanted), ", ")),
              "'erngen devices' lists them all");
}

}  // namespace erngen
