// The device table: consistent in itself, and equal to the figures that the papers' results are compared by.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <set>

#include "device/device.hpp"

using namespace erngen;

TEST_CASE("every entry is complete and plausible") {
  std::set<std::string> names, parts;
  for (const Device& device : devices()) {
    CAPTURE(device.name);
    CHECK(names.insert(device.name).second);
    CHECK(parts.insert(device.part).second);
    CHECK(device.name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ ") == std::string::npos);
    CHECK(device.dsp > 0);
    CHECK(device.block_ram > 0);
    CHECK(!device.source.empty());
    // 7 series and UltraScale have two flip-flops a LUT, the Lattice families one.
    CHECK(device.ff == device.lut * (device.lut_inputs() == 6 ? 2 : 1));
    const DspType& dsp = dsp_type(device.family);
    CHECK(dsp.wide >= dsp.narrow);
    CHECK(dsp.accumulator >= dsp.wide);
    CHECK(!dsp.source.empty());
    CHECK(block_ram_type(device.family).initialised);
    CHECK((device.large_ram == 0 || large_ram_type(device.family).bits > 0));
  }
}

TEST_CASE("the published boards have the published resources") {
  const Device& ku060 = find_device("xcku060");
  CHECK(ku060.dsp == 2760);
  CHECK(ku060.bram36() == 1080);
  CHECK(ku060.lut == 331680);
  CHECK(ku060.ff == 663360);
  CHECK(dsp_type(ku060.family).name == "DSP48E2");
  const Device& vx690t = find_device("xc7vx690t");
  CHECK(vx690t.dsp == 3600);
  CHECK(vx690t.bram36() == 1470);
  CHECK(vx690t.lut == 433200);
  CHECK(vx690t.ff == 866400);
}

TEST_CASE("memory is counted in blocks of 36 Kbit everywhere") {
  CHECK(find_device("lfe5u-85f").bram36() == 104);  // 208 of 18 Kbit
  CHECK(find_device("up5k").bram36() == 3);         // 120 Kbit
  CHECK(find_device("xcvu9p").bram36() == 2160);    // without UltraRAM
}

TEST_CASE("names are found in any case and by part; wrong ones get suggestions") {
  CHECK(&find_device("XCKU060") == &find_device("xcku060-FFVA1156-2-e"));
  CHECK_ERROR(find_device("xcku600"), ExitCode::usage, "device 'xcku600' is not known; did you mean xcku060,");
  CHECK_ERROR(find_device("lfe5-85f"), ExitCode::usage, "did you mean lfe5u-85f");
  CHECK_ERROR(find_device("7a100t"), ExitCode::usage, "xc7a100t");
  CHECK_ERROR(find_device(""), ExitCode::usage, "is not known");
  CHECK_ERROR(find_device(std::string(5000, 'x')), ExitCode::usage, "is not known");
}
