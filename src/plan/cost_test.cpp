// Memories and products as Yosys maps them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <map>

#include "base/check_error.hpp"
#include "base/json.hpp"
#include "plan/area.hpp"
#include "plan/memories.hpp"
#include "plan/products.hpp"

using namespace erngen;

TEST_CASE("memories map to blocks, LUT RAM or logic by Yosys's costs") {
  const auto mapped = [](int width, int depth, Family family) {
    return map_memory_blocks(width, depth, MemoryKind::ram, family);
  };
  // Lanes of the full-size design of docs/results/calibration.md: 240 memories of 99 x 253 bits were 360 blocks of 36
  // kbit.
  CHECK(mapped(99, 253, Family::series7).half_blocks == 3);
  CHECK(mapped(144, 128, Family::series7).half_blocks == 4);
  CHECK(mapped(144, 16, Family::series7).lut_ram == 96);
  CHECK(mapped(3, 64, Family::series7).lut_ram == 4);
  CHECK(mapped(36, 512, Family::ecp5).half_blocks == 1);
  CHECK(mapped(4, 16, Family::ecp5).lut_ram == 6);
  CHECK(mapped(16, 256, Family::ice40).half_blocks == 1);
  // Joined in depth; as Yosys 0.23 mapped them.
  CHECK(mapped(96, 96, Family::series7).half_blocks == 3);
  CHECK(mapped(64, 65, Family::series7).half_blocks == 2);
  CHECK(mapped(64, 33, Family::series7).lut_ram == 4 * 22);
  CHECK(mapped(99, 33, Family::series7).lut_ram == 4 * 33);
  CHECK(mapped(49, 96, Family::series7).lut_ram == 4 * 27);  // whose last cell of three is used for one bit of six
  CHECK(mapped(12, 65, Family::series7).lut_ram == 4 * 6);
  CHECK(mapped(12, 100, Family::series7).lut_ram == 4 * 8);
  CHECK(mapped(64, 33, Family::ecp5).half_blocks == 2);
  CHECK(mapped(99, 33, Family::ecp5).half_blocks == 3);
  CHECK(mapped(3, 300, Family::ecp5).lut_ram == 6 * 19);
  CHECK(mapped(12, 100, Family::ecp5).lut_ram == 6 * 21);
  CHECK(mapped(99, 600, Family::series7).half_blocks == 6);
  CHECK(mapped(40, 256, Family::cyclone5).half_blocks == 1);
  CHECK(mapped(41, 512, Family::cyclone5).half_blocks == 3);  // of 512 x 20
  CHECK(mapped(20, 32, Family::cyclone5).lut_ram == 10);
  CHECK(mapped(99, 253, Family::generic).half_blocks == 25);  // kbit
  CHECK(mapped(32, 15, Family::generic).ff == 480);
  CHECK(map_memory_blocks(99, 253, MemoryKind::rom, Family::generic).rom_bits == 99 * 253);
  CHECK(map_memory_blocks(176, 144, MemoryKind::rom, Family::series7).rom_bits == 176 * 144);
  // The border between blocks and logic, width by depth, as Yosys 0.23 mapped ROMs of neighbouring depths.
  const auto in_blocks = [](std::int64_t width, std::int64_t depth, Family family) {
    return map_memory_blocks(width, depth, MemoryKind::rom, family).half_blocks;
  };
  CHECK(in_blocks(36, 234, Family::series7) == 0);
  CHECK(in_blocks(36, 235, Family::series7) == 1);
  CHECK(in_blocks(9, 938, Family::series7) == 0);
  CHECK(in_blocks(9, 939, Family::series7) == 1);
  CHECK(in_blocks(72, 231, Family::series7) == 0);
  CHECK(in_blocks(72, 232, Family::series7) == 2);
  CHECK(in_blocks(36, 58, Family::ecp5) == 0);
  CHECK(in_blocks(36, 59, Family::ecp5) == 1);
  CHECK(in_blocks(72, 57, Family::ecp5) == 0);
  CHECK(in_blocks(72, 58, Family::ecp5) == 2);
  CHECK(in_blocks(16, 66, Family::ice40) == 0);
  CHECK(in_blocks(16, 67, Family::ice40) == 1);
  CHECK(in_blocks(32, 65, Family::ice40) == 0);
  CHECK(in_blocks(32, 66, Family::ice40) == 2);
  CHECK(map_memory_blocks(158, 4, MemoryKind::async, Family::series7).half_blocks == 0);
}

TEST_CASE("memories map as Yosys mapped them: every shape of memory_shapes.json") {
  const std::map<std::string, Family> families{
      {"series7", Family::series7}, {"ecp5", Family::ecp5}, {"ice40", Family::ice40}};
  int shapes = 0;
  for (const Json& shape : read_json(ERNGEN_SOURCE_ROOT "/src/plan/memory_shapes.json")) {
    CAPTURE(shape.dump());
    const MemoryKind kind = shape.at("kind") == "rom" ? MemoryKind::rom : MemoryKind::ram;
    const MappedMemory mapped = map_memory_blocks(shape.at("width").get<int>(), shape.at("depth").get<int>(), kind,
                                                  families.at(shape.at("family").get<std::string>()));
    CHECK(mapped.half_blocks == shape.at("half_blocks").get<int>());
    CHECK(mapped.lut_ram == shape.at("lut_ram").get<int>());
    ++shapes;
  }
  CHECK(shapes > 400);
}

TEST_CASE("products map to blocks by their factors' widths") {
  const auto blocks = [](int a, int b, Family family) { return product_blocks({"", a, b, 1, false}, family); };
  CHECK(blocks(27, 19, Family::cyclone5) == 1);
  CHECK(blocks(28, 18, Family::cyclone5) == 1);  // the 28th bit is less than a block is made for
  CHECK(blocks(12, 3, Family::cyclone5) == 0);
  CHECK(blocks(40, 40, Family::generic) == 1);
  CHECK(blocks(25, 18, Family::series7) == 1);
  CHECK(blocks(26, 18, Family::series7) == 2);
  CHECK(blocks(18, 18, Family::ecp5) == 1);
  CHECK(blocks(24, 19, Family::series7) == 2);
  CHECK(blocks(19, 12, Family::ecp5) == 1);
  CHECK(blocks(20, 12, Family::ecp5) == 2);
  CHECK(blocks(19, 19, Family::ecp5) == 1);
  CHECK(blocks(20, 19, Family::ecp5) == 2);
  CHECK(blocks(24, 20, Family::ecp5) == 4);
  CHECK(blocks(4, 3, Family::ecp5) == 1);
  CHECK(blocks(4, 4, Family::series7) == 0);  // a product of less than 9 bits
  CHECK(blocks(5, 4, Family::series7) == 1);
  CHECK(blocks(12, 12, Family::ice40) == 1);
  CHECK(blocks(17, 12, Family::ice40) == 1);
  CHECK(blocks(18, 12, Family::ice40) == 2);
  CHECK(blocks(18, 6, Family::ice40) == 1);  // the slice of two bits gives less than 11
  CHECK(blocks(5, 5, Family::ice40) == 0);
  CHECK(blocks(27, 18, Family::ultrascale) == 2);                // mapped as 7 series
  CHECK(product_blocks({"index", 3, 8, 1}, Family::ecp5) == 1);  // the first row of a context
  CHECK(product_blocks({"index", 3, 8, 1}, Family::series7) == 0);
}

TEST_CASE("a term without coefficients is a defect, and so are coefficients without their term") {
  CHECK_ERROR(estimate_area({}, Family::series7), ExitCode::internal, "has no coefficients");
  CHECK_ERROR(estimate_area(std::vector<AreaTerm>(200, {"lane.nonsense", 1}), Family::ecp5), ExitCode::internal,
              "'lane.nonsense' has no coefficients");
}
