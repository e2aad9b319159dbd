// The device table: consistent in itself, and equal to the figures that the papers' results are compared by.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <set>

#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "device/device_file.hpp"

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
    // 7 series and UltraScale have two flip-flops a LUT, the Lattice families one, an ALM of Cyclone V four.
    CHECK(device.ff == device.lut * (device.family == Family::cyclone5 ? 4 : device.lut_inputs() == 6 ? 2 : 1));
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
      // Parity bits serve only words of 9 bits and more; an M10K has a fifth bit for four, in words of 5 bits and more.
      const int part = device.family == Family::cyclone5 ? 5 : 9;
      for (const RamShape& shape : type->shapes) {
        CHECK(shape.depth * shape.width <= type->bits);
        CHECK(shape.depth * shape.width * part >= type->bits * (part - 1));
      }
      for (size_t n = 1; n < type->shapes.size(); ++n) CHECK(type->shapes[n].depth == 2 * type->shapes[n - 1].depth);
    }
  }
}

TEST_CASE("the published boards have the published resources") {
  const Device ku060 = find_device("xcku060");
  CHECK(ku060.dsp == 2760);
  CHECK(ku060.bram36() == 1080);
  CHECK(ku060.lut == 331680);
  CHECK(ku060.ff == 663360);
  CHECK(dsp_type(ku060.family).name == "DSP48E2");
  const Device vx690t = find_device("xc7vx690t");
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
  const Row rows[] = {{"xc7s15", 20, 10, 0, 8000},
                      {"xc7s25", 80, 45, 0, 14600},
                      {"xc7s50", 120, 75, 0, 32600},
                      {"xc7s75", 140, 90, 0, 48000},
                      {"xc7s100", 160, 120, 0, 64000},
                      {"xc7z007s", 66, 50, 0, 14400},
                      {"xc7z010", 80, 60, 0, 17600},
                      {"xc7z015", 160, 95, 0, 46200},
                      {"xc7z020", 220, 140, 0, 53200},
                      {"xc7z030", 400, 265, 0, 78600},
                      {"xc7z045", 900, 545, 0, 218600},
                      {"xc7z100", 2020, 755, 0, 277400},
                      {"xc7a12t", 40, 20, 0, 8000},
                      {"xc7a15t", 45, 25, 0, 10400},
                      {"xc7a25t", 80, 45, 0, 14600},
                      {"xc7a35t", 90, 50, 0, 20800},
                      {"xc7a50t", 120, 75, 0, 32600},
                      {"xc7a75t", 180, 105, 0, 47200},
                      {"xc7a100t", 240, 135, 0, 63400},
                      {"xc7a200t", 740, 365, 0, 134600},
                      {"xc7k70t", 240, 135, 0, 41000},
                      {"xc7k160t", 600, 325, 0, 101400},
                      {"xc7k325t", 840, 445, 0, 203800},
                      {"xc7k410t", 1540, 795, 0, 254200},
                      {"xc7vx690t", 3600, 1470, 0, 433200},
                      {"xcku040", 1920, 600, 0, 242400},
                      {"xcku060", 2760, 1080, 0, 331680},
                      {"xczu2eg", 240, 150, 0, 47232},
                      {"xczu3eg", 360, 216, 0, 70560},
                      {"xczu4ev", 728, 128, 48, 87840},
                      {"xczu5ev", 1248, 144, 64, 117120},
                      {"xczu6eg", 1973, 714, 0, 214604},
                      {"xczu7ev", 1728, 312, 96, 230400},
                      {"xczu9eg", 2520, 912, 0, 274080},
                      {"xczu15eg", 3528, 744, 112, 341280},
                      {"xck26", 1248, 144, 64, 117120},
                      {"xcku3p", 1368, 360, 48, 162720},
                      {"xcku5p", 1824, 480, 64, 216960},
                      {"xcku9p", 2520, 912, 0, 274080},
                      {"xcku11p", 2928, 600, 80, 298560},
                      {"xcku13p", 3528, 744, 112, 341280},
                      {"xcku15p", 1968, 984, 128, 522720},
                      {"xcvu9p", 6840, 2160, 960, 1182240},
                      {"xcu50", 5952, 1344, 640, 871680},
                      {"xcu200", 6840, 2160, 960, 1182240},
                      {"xcu250", 12288, 2688, 1280, 1728000},
                      {"xcu280", 9024, 2016, 960, 1303680},
                      {"lfe5u-25f", 28, 56, 0, 24288},
                      {"lfe5u-45f", 72, 108, 0, 43848},
                      {"lfe5u-85f", 156, 208, 0, 83640},
                      {"lfe5um-25f", 28, 56, 0, 24288},
                      {"lfe5um-45f", 72, 108, 0, 43848},
                      {"lfe5um-85f", 156, 208, 0, 83640},
                      {"lfe5um5g-25f", 28, 56, 0, 24288},
                      {"lfe5um5g-45f", 72, 108, 0, 43848},
                      {"lfe5um5g-85f", 156, 208, 0, 83640},
                      {"up5k", 8, 30, 4, 5280},
                      {"5ceba4", 66, 308, 0, 18480},
                      {"5csema5", 87, 397, 0, 32070},
                      {"5cseba6", 112, 553, 0, 41910}};
  CHECK(devices().size() == std::size(rows));
  for (const Row& row : rows) {
    const Device device = find_device(row.name);
    CAPTURE(row.name);
    CHECK(device.dsp == row.dsp);
    CHECK(device.block_ram == row.block_ram);
    CHECK(device.large_ram == row.large_ram);
    CHECK(device.lut == row.lut);
  }
}

TEST_CASE("names are found in any case and by part; wrong ones get suggestions") {
  CHECK(find_device("XCKU060").name == find_device("xcku060-FFVA1156-2-e").name);
  CHECK_ERROR(find_device("xcku600"), ExitCode::usage, "device 'xcku600' is not known; did you mean xcku060,");
  CHECK_ERROR(find_device("lfe5-85f"), ExitCode::usage, "did you mean lfe5u-85f");
  CHECK_ERROR(find_device("7a100t"), ExitCode::usage, "xc7a100t");
  CHECK_ERROR(find_device(""), ExitCode::usage, "is not known");
  CHECK_ERROR(find_device(std::string(5000, 'x')), ExitCode::usage, "is not known");
}

TEST_CASE("boards have a device of the database, whose package and speed grade may be others") {
  std::set<std::string> names;
  for (const Board& board : boards()) {
    CAPTURE(board.name);
    CHECK(names.insert(board.name).second);
    const Device device = find_device(board.name);
    CHECK(device.part == board.part);
    CHECK(device.listed);
    CHECK(find_device(device.name).part == board.part);  // a design's manifest keeps the name
  }
  CHECK(find_device("arty-a7-100").name == "xc7a100t");
  CHECK(find_device("pynq-z2").dsp == 220);
  CHECK(find_device("zcu102").block_ram == 912);
  CHECK(find_device("KV260").large_ram == 64);
  CHECK(find_device("ulx3s-85f").lut == 83640);
  CHECK(find_device("icebreaker").name == "up5k");
  CHECK_ERROR(find_device("arty-a7-200"), ExitCode::usage, "did you mean arty-a7-100");
}

TEST_CASE("a full part is its device with another package and speed grade") {
  const Device other = find_device("xc7a100tfgg484-2L");
  CHECK(other.name == "xc7a100tfgg484-2l");
  CHECK(other.part == "xc7a100tfgg484-2L");
  CHECK(other.dsp == 240);
  CHECK(find_device(other.name).part == other.part);
  CHECK(find_device("XCKU5P-FFVB676-1-I").part == "xcku5p-ffvb676-1-i");
  CHECK(find_device("lfe5u-45f-8bg256c").part == "LFE5U-45F-8BG256C");
  CHECK(find_device("lfe5um5g-85f-8bg554i").name == "lfe5um5g-85f-8bg554i");
  CHECK(find_device("iCE40UP5K-UWG30I").part == "iCE40UP5K-UWG30I");
  for (const char* wrong :
       {"xc7a100tfgg484", "xc7a100t-2", "xc7a100tfgg484-4", "xc7a100tfgg484-2;rm", "lfe5u-45f-5bg256c", "up5k-sg48i"})
    CHECK_ERROR(find_device(wrong), ExitCode::usage, "is not known");
}

namespace {

Json own_device() {
  return {{"name", "Mine-1"}, {"family", "7 series"}, {"dsp", 20}, {"block_ram", 10}, {"lut", 9000}, {"ff", 18000}};
}

}  // namespace

TEST_CASE("a device file is a device") {
  TestDirectory directory;
  Json json = own_device();
  write_file_atomically((directory / "mine.json").string(), json.dump());
  const Device device = find_device((directory / "mine.json").string());
  CHECK(device.name == "mine-1");
  CHECK(device.part == "mine-1");
  CHECK(device.family == Family::series7);
  CHECK(device.dsp == 20);
  CHECK(device.bram36() == 10);
  CHECK(!device.listed);
  json.update({{"part", "xc7a15tftg256-1"}, {"large_ram", 0}, {"source", "what is left"}});
  const Device full = device_from_json(json, "mine");
  CHECK(full.part == "xc7a15tftg256-1");
  const Device again = device_from_json(device_to_json(full), "again");
  CHECK(again.source == "what is left");
  CHECK(again.ff == 18000);
  CHECK_ERROR(find_device((directory / "none.json").string()), ExitCode::bad_input, "none.json");
}

TEST_CASE("Cyclone V by part and board; a device without a technology by file") {
  CHECK(find_device("de10-nano").name == "5cseba6");
  CHECK(find_device("5ceba4f23c8").part == "5CEBA4F23C8");
  CHECK(find_device("5csema5").bram36() == doctest::Approx(397 * 10240 / 36864.0));
  Json json = own_device();
  json.update({{"family", "generic"}, {"block_ram", 72}});
  const Device device = device_from_json(json, "mine");
  CHECK(device.family == Family::generic);
  CHECK(device.bram36() == 2);  // 72 kbit
}

TEST_CASE("what a device file must not say") {
  const auto refused = [](const char* key, const Json& value, const char* text) {
    Json json = own_device();
    json[key] = value;
    CAPTURE(key);
    CHECK_ERROR(device_from_json(json, "mine.json"), ExitCode::bad_input, text);
  };
  for (const Json& wrong : {Json(0), Json(-1), Json(1.5), Json("20"), Json(1000000001), Json(1e300), Json(nullptr)})
    for (const char* key : {"dsp", "block_ram", "lut", "ff"}) refused(key, wrong, key);
  refused("name", "xc7a100t", "a device of the database");
  for (const Json& wrong : {Json(""), Json("a b"), Json("-a"), Json("a;b"), Json(std::string(65, 'a')), Json(3)}) {
    refused("name", wrong, "name is");
    refused("part", wrong, "part is");
  }
  refused("family", "7-series", "not one of \"7 series\"");
  refused("large_ram", 1, "large_ram is 1");
  refused("brams", 1, "brams");
  refused("source", 1, "source");
  Json json = own_device();
  json.erase("ff");
  CHECK_ERROR(device_from_json(json, "mine.json"), ExitCode::bad_input, "mine.json: has no ff");
  CHECK_ERROR(device_from_json(Json::array(), "mine.json"), ExitCode::bad_input, "mine.json");
}
