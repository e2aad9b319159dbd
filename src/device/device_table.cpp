// The devices, with the data sheets that their numbers are from.
#include "device/device.hpp"

namespace erngen {

const std::vector<Device>& devices() {
  // 7 series data sheets count slices: one has 4 LUTs and 8 flip-flops. Lattice numbers are also those of nextpnr 0.4's
  // databases (`erngen synth --tool nextpnr` compares them whenever it runs). Of AMD's, LUTs, DSP blocks and block RAM
  // of the XC7A35T, XC7A100T, XC7Z020, XC7VX690T, XCKU060, XCZU3EG, XCZU7EV, XCZU9EG, XCK26, XCU50, XCU250 and XCU280
  // were compared with what Vivado calls available in published utilisation reports or with published copies of it.
  static const char* const series7 = "DS180, 7 Series FPGAs Overview: feature summary table of the family";
  static const char* const zynq7 = "DS190, Zynq-7000 SoC Overview: feature summary table";
  static const char* const ultrascale =
      "DS890, UltraScale Architecture and Product Overview: feature summary table of the family";
  static const char* const mpsoc = "DS891, Zynq UltraScale+ MPSoC Overview: feature summary table";
  static const char* const kria = "DS987, Kria K26 SOM Data Sheet: programmable logic";
  static const char* const u50 = "DS965, Alveo U50 Data Center Accelerator Card: FPGA resources";
  static const char* const alveo = "DS962, Alveo U200 and U250 Data Center Accelerator Cards: FPGA resources";
  static const char* const u280 = "DS963, Alveo U280 Data Center Accelerator Card: FPGA resources";
  static const char* const ecp5 = "FPGA-DS-02012, ECP5 and ECP5-5G Family Data Sheet: family selection guide";
  static const char* const ice40 = "FPGA-DS-02008, iCE40 UltraPlus Family Data Sheet: family selection guide";
  // ALMs, M10K and DSP blocks as Quartus Prime 20.1 to 25.1 gives them in published fitter summaries of these parts; an
  // ALM has four registers.
  static const char* const cyclone5 = "fitter summaries of Quartus Prime for the part; four registers an ALM (CV-5V2)";
  static const std::vector<Device> all{
      {"xc7s15", "xc7s15ftgb196-1", Family::series7, 20, 10, 0, 8000, 16000, series7},
      {"xc7s25", "xc7s25csga324-1", Family::series7, 80, 45, 0, 14600, 29200, series7},
      {"xc7s50", "xc7s50csga324-1", Family::series7, 120, 75, 0, 32600, 65200, series7},
      {"xc7s75", "xc7s75fgga676-1", Family::series7, 140, 90, 0, 48000, 96000, series7},
      {"xc7s100", "xc7s100fgga676-1", Family::series7, 160, 120, 0, 64000, 128000, series7},
      {"xc7z007s", "xc7z007sclg400-1", Family::series7, 66, 50, 0, 14400, 28800, zynq7},
      {"xc7z010", "xc7z010clg400-1", Family::series7, 80, 60, 0, 17600, 35200, zynq7},
      {"xc7z015", "xc7z015clg485-1", Family::series7, 160, 95, 0, 46200, 92400, zynq7},
      {"xc7z020", "xc7z020clg400-1", Family::series7, 220, 140, 0, 53200, 106400, zynq7},
      {"xc7z030", "xc7z030ffg676-1", Family::series7, 400, 265, 0, 78600, 157200, zynq7},
      {"xc7z045", "xc7z045ffg900-2", Family::series7, 900, 545, 0, 218600, 437200, zynq7},
      {"xc7z100", "xc7z100ffg900-2", Family::series7, 2020, 755, 0, 277400, 554800, zynq7},
      {"xc7a12t", "xc7a12tcsg325-1", Family::series7, 40, 20, 0, 8000, 16000, series7},
      {"xc7a15t", "xc7a15tcsg324-1", Family::series7, 45, 25, 0, 10400, 20800, series7},
      {"xc7a25t", "xc7a25tcsg325-1", Family::series7, 80, 45, 0, 14600, 29200, series7},
      {"xc7a35t", "xc7a35tcsg324-1", Family::series7, 90, 50, 0, 20800, 41600, series7},
      {"xc7a50t", "xc7a50tcsg324-1", Family::series7, 120, 75, 0, 32600, 65200, series7},
      {"xc7a75t", "xc7a75tcsg324-1", Family::series7, 180, 105, 0, 47200, 94400, series7},
      {"xc7a100t", "xc7a100tcsg324-1", Family::series7, 240, 135, 0, 63400, 126800, series7},
      {"xc7a200t", "xc7a200tsbg484-1", Family::series7, 740, 365, 0, 134600, 269200, series7},
      {"xc7k70t", "xc7k70tfbg484-1", Family::series7, 240, 135, 0, 41000, 82000, series7},
      {"xc7k160t", "xc7k160tffg676-1", Family::series7, 600, 325, 0, 101400, 202800, series7},
      {"xc7k325t", "xc7k325tffg900-2", Family::series7, 840, 445, 0, 203800, 407600, series7},
      {"xc7k410t", "xc7k410tffg900-2", Family::series7, 1540, 795, 0, 254200, 508400, series7},
      {"xc7vx690t", "xc7vx690tffg1157-2", Family::series7, 3600, 1470, 0, 433200, 866400, series7},
      {"xcku040", "xcku040-ffva1156-2-e", Family::ultrascale, 1920, 600, 0, 242400, 484800, ultrascale},
      {"xcku060", "xcku060-ffva1156-2-e", Family::ultrascale, 2760, 1080, 0, 331680, 663360, ultrascale},
      {"xczu2eg", "xczu2eg-sbva484-1-e", Family::ultrascale_plus, 240, 150, 0, 47232, 94464, mpsoc},
      {"xczu3eg", "xczu3eg-sbva484-1-e", Family::ultrascale_plus, 360, 216, 0, 70560, 141120, mpsoc},
      {"xczu4ev", "xczu4ev-sfvc784-1-e", Family::ultrascale_plus, 728, 128, 48, 87840, 175680, mpsoc},
      {"xczu5ev", "xczu5ev-sfvc784-1-e", Family::ultrascale_plus, 1248, 144, 64, 117120, 234240, mpsoc},
      {"xczu6eg", "xczu6eg-ffvb1156-2-e", Family::ultrascale_plus, 1973, 714, 0, 214604, 429208, mpsoc},
      {"xczu7ev", "xczu7ev-ffvc1156-2-e", Family::ultrascale_plus, 1728, 312, 96, 230400, 460800, mpsoc},
      {"xczu9eg", "xczu9eg-ffvb1156-2-e", Family::ultrascale_plus, 2520, 912, 0, 274080, 548160, mpsoc},
      {"xczu15eg", "xczu15eg-ffvb1156-2-e", Family::ultrascale_plus, 3528, 744, 112, 341280, 682560, mpsoc},
      {"xck26", "xck26-sfvc784-2LV-c", Family::ultrascale_plus, 1248, 144, 64, 117120, 234240, kria},
      {"xcku3p", "xcku3p-ffva676-2-e", Family::ultrascale_plus, 1368, 360, 48, 162720, 325440, ultrascale},
      {"xcku5p", "xcku5p-ffvb676-2-e", Family::ultrascale_plus, 1824, 480, 64, 216960, 433920, ultrascale},
      {"xcku9p", "xcku9p-ffve900-2-e", Family::ultrascale_plus, 2520, 912, 0, 274080, 548160, ultrascale},
      {"xcku11p", "xcku11p-ffva1156-2-e", Family::ultrascale_plus, 2928, 600, 80, 298560, 597120, ultrascale},
      {"xcku13p", "xcku13p-ffve900-2-e", Family::ultrascale_plus, 3528, 744, 112, 341280, 682560, ultrascale},
      {"xcku15p", "xcku15p-ffva1156-2-e", Family::ultrascale_plus, 1968, 984, 128, 522720, 1045440, ultrascale},
      {"xcvu9p", "xcvu9p-flga2104-2L-e", Family::ultrascale_plus, 6840, 2160, 960, 1182240, 2364480, ultrascale},
      {"xcu50", "xcu50-fsvh2104-2-e", Family::ultrascale_plus, 5952, 1344, 640, 871680, 1743360, u50},
      {"xcu200", "xcu200-fsgd2104-2-e", Family::ultrascale_plus, 6840, 2160, 960, 1182240, 2364480, alveo},
      {"xcu250", "xcu250-figd2104-2L-e", Family::ultrascale_plus, 12288, 2688, 1280, 1728000, 3456000, alveo},
      {"xcu280", "xcu280-fsvh2892-2L-e", Family::ultrascale_plus, 9024, 2016, 960, 1303680, 2607360, u280},
      {"lfe5u-25f", "LFE5U-25F-6BG256C", Family::ecp5, 28, 56, 0, 24288, 24288, ecp5},
      {"lfe5u-45f", "LFE5U-45F-6BG381C", Family::ecp5, 72, 108, 0, 43848, 43848, ecp5},
      {"lfe5u-85f", "LFE5U-85F-6BG381C", Family::ecp5, 156, 208, 0, 83640, 83640, ecp5},
      {"lfe5um-25f", "LFE5UM-25F-6BG381C", Family::ecp5, 28, 56, 0, 24288, 24288, ecp5},
      {"lfe5um-45f", "LFE5UM-45F-6BG381C", Family::ecp5, 72, 108, 0, 43848, 43848, ecp5},
      {"lfe5um-85f", "LFE5UM-85F-6BG381C", Family::ecp5, 156, 208, 0, 83640, 83640, ecp5},
      {"lfe5um5g-25f", "LFE5UM5G-25F-8BG381C", Family::ecp5, 28, 56, 0, 24288, 24288, ecp5},
      {"lfe5um5g-45f", "LFE5UM5G-45F-8BG381C", Family::ecp5, 72, 108, 0, 43848, 43848, ecp5},
      {"lfe5um5g-85f", "LFE5UM5G-85F-8BG381C", Family::ecp5, 156, 208, 0, 83640, 83640, ecp5},
      {"up5k", "iCE40UP5K-SG48I", Family::ice40, 8, 30, 4, 5280, 5280, ice40},
      {"5ceba4", "5CEBA4F23C7", Family::cyclone5, 66, 308, 0, 18480, 73920, cyclone5},
      {"5csema5", "5CSEMA5F31C6", Family::cyclone5, 87, 397, 0, 32070, 128280, cyclone5},
      {"5cseba6", "5CSEBA6U23I7", Family::cyclone5, 112, 553, 0, 41910, 167640, cyclone5},
  };
  return all;
}

}  // namespace erngen
