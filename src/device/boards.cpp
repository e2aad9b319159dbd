// Boards by their usual names, with the part that is on them as their makers and LiteX's platforms name it.
#include "device/device.hpp"

namespace erngen {

const std::vector<Board>& boards() {
  static const std::vector<Board> all{
      {"arty-a7-35", "xc7a35ticsg324-1L"},
      {"arty-a7-100", "xc7a100tcsg324-1"},
      {"arty-s7-25", "xc7s25csga324-1"},
      {"arty-s7-50", "xc7s50csga324-1"},
      {"arty-z7-10", "xc7z010clg400-1"},
      {"arty-z7-20", "xc7z020clg400-1"},
      {"basys3", "xc7a35tcpg236-1"},
      {"cmod-a7-35", "xc7a35tcpg236-1"},
      {"genesys2", "xc7k325tffg900-2"},
      {"kc705", "xc7k325tffg900-2"},
      {"nexys-a7-50", "xc7a50ticsg324-1L"},
      {"nexys-a7-100", "xc7a100tcsg324-1"},
      {"nexys-video", "xc7a200tsbg484-1"},
      {"pynq-z1", "xc7z020clg400-1"},
      {"pynq-z2", "xc7z020clg400-1"},
      {"zc702", "xc7z020clg484-1"},
      {"zc706", "xc7z045ffg900-2"},
      {"zedboard", "xc7z020clg484-1"},
      {"zybo-z7-10", "xc7z010clg400-1"},
      {"zybo-z7-20", "xc7z020clg400-1"},
      {"vc709", "xc7vx690tffg1761-2"},
      {"kcu105", "xcku040-ffva1156-2-e"},
      {"kr260", "xck26-sfvc784-2LV-c"},
      {"kv260", "xck26-sfvc784-2LV-c"},
      {"ultra96-v2", "xczu3eg-sbva484-1-i"},
      {"vcu118", "xcvu9p-flga2104-2L-e"},
      {"zcu102", "xczu9eg-ffvb1156-2-e"},
      {"zcu104", "xczu7ev-ffvc1156-2-e"},
      {"zcu106", "xczu7ev-ffvc1156-2-e"},
      {"alveo-u50", "xcu50-fsvh2104-2-e"},
      {"alveo-u200", "xcu200-fsgd2104-2-e"},
      {"alveo-u250", "xcu250-figd2104-2L-e"},
      {"alveo-u280", "xcu280-fsvh2892-2L-e"},
      {"colorlight-5a-75b", "LFE5U-25F-6BG256C"},
      {"colorlight-i5", "LFE5U-25F-6BG381C"},
      {"ecp5-evn", "LFE5UM5G-85F-8BG381C"},
      {"orangecrab-25f", "LFE5U-25F-8MG285C"},
      {"orangecrab-85f", "LFE5U-85F-8MG285C"},
      {"ulx3s-25f", "LFE5U-25F-6BG381C"},
      {"ulx3s-45f", "LFE5U-45F-6BG381C"},
      {"ulx3s-85f", "LFE5U-85F-6BG381C"},
      {"versa-ecp5-5g", "LFE5UM5G-45F-8BG381C"},
      {"icebreaker", "iCE40UP5K-SG48I"},
      {"icesugar", "iCE40UP5K-SG48I"},
      {"upduino-v3", "iCE40UP5K-SG48I"},
      {"fomu", "iCE40UP5K-UWG30I"},
      {"de0-cv", "5CEBA4F23C7"},
      {"de1-soc", "5CSEMA5F31C6"},
      {"de10-nano", "5CSEBA6U23I7"},
  };
  return all;
}

}  // namespace erngen
