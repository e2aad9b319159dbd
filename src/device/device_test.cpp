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
    CHECK(device.bram36() > 0);
    // A name is part of its part, and a multiplier's operands stand among its ports.
    CHECK(find_device(device.part).name == device.name);
    CHECK(!dsp.ports.empty());
    for (const MemoryType* type : {&block_ram_type(device.family), &large_ram_type(device.family)}) {
      if (type->bits == 0) continue;
      CHECK(!type->source.empty());
      REQUIRE(!type->shapes.empty());
      CHECK(type->shapes.front().width == type->widest_port);
      for (const RamShape& shape : type->shapes) {  // parity bits serve only words of 9 bits and more
        CHECK(shape.depth * shape.width <= type->bits);
        CHECK(shape.depth * shape.width * 9 >= type->bits * 8);
      }
      for (size_t n = 1; n < type->shapes.size(); ++n) CHECK(type->shapes[n].depth == 2 * type->shapes[n - 1].depth);
    }
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
  CHECK(find_device("up5k").bram36() * 9 == 30);    // 30 of 4 Kbit
  CHECK(find_device("xcvu9p").bram36() == 2160);    // without UltraRAM
}

TEST_CASE("the devices that erngen promises are there, with their data sheets' figures") {
  struct Row {
    const char* name;
    int dsp, block_ram, large_ram, lut;
  };
  const Row rows[] = {
      {"xc7z020", 220, 140, 0, 53200},   {"xc7a35t", 90, 50, 0, 20800},        {"xc7a100t", 240, 135, 0, 63400},
      {"xc7k325t", 840, 445, 0, 203800}, {"xc7vx690t", 3600, 1470, 0, 433200}, {"xcku060", 2760, 1080, 0, 331680},
      {"xczu3eg", 360, 216, 0, 70560},   {"xczu7ev", 1728, 312, 96, 230400},   {"xcvu9p", 6840, 2160, 960, 1182240},
      {"lfe5u-25f", 28, 56, 0, 24288},   {"lfe5u-45f", 72, 108, 0, 43848},     {"lfe5u-85f", 156, 208, 0, 83640},
      {"up5k", 8, 30, 4, 5280}};
  CHECK(devices().size() == std::size(rows));
  for (const Row& row : rows) {
    const Device& device = find_device(row.name);
    CAPTURE(row.name);
    CHECK(device.dsp == row.dsp);
    CHECK(device.block_ram == row.block_ram);
    CHECK(device.large_ram == row.large_ram);
    CHECK(device.lut == row.lut);
  }
}

TEST_CASE("names are found in any case and by part; wrong ones get suggestions") {
  CHECK(&find_device("XCKU060") == &find_device("xcku060-FFVA1156-2-e"));
  CHECK_ERROR(find_device("xcku600"), ExitCode::usage, "device 'xcku600' is not known; did you mean xcku060,");
  CHECK_ERROR(find_device("lfe5-85f"), ExitCode::usage, "did you mean lfe5u-85f");
  CHECK_ERROR(find_device("7a100t"), ExitCode::usage, "xc7a100t");
  CHECK_ERROR(find_device(""), ExitCode::usage, "is not known");
  CHECK_ERROR(find_device(std::string(5000, 'x')), ExitCode::usage, "is not known");
}
