// Memories and products as Yosys maps them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include "base/json.hpp"
#include "plan/memories.hpp"
#include "plan/products.hpp"

using namespace erngen;

TEST_CASE("memories map to what Yosys made of them") {
  // src/plan/memory_shapes.json: tools/calibrate.py memories, Yosys 0.23.
  const Json rows = read_json(std::string(ERNGEN_SOURCE_ROOT) + "/src/plan/memory_shapes.json");
  CHECK(rows.size() > 300);
  for (const Json& row : rows) {
    CAPTURE(row.dump());
    const std::string name = row.at("family");
    const Family family = name == "ecp5" ? Family::ecp5 : name == "ice40" ? Family::ice40 : Family::series7;
    const MemoryKind kind = row.at("kind") == "rom" ? MemoryKind::rom : MemoryKind::ram;
    const MappedMemory mapped = map_memory_blocks(row.at("width"), row.at("depth"), kind, family);
    CHECK(mapped.half_blocks == row.at("half_blocks").get<int>());
    CHECK(mapped.lut_ram == row.at("lut_ram").get<int>());
  }
}

TEST_CASE("products map to blocks by their factors' widths") {
  const auto blocks = [](int a, int b, Family family) { return product_blocks({"", a, b, 1, false}, family); };
  CHECK(blocks(25, 18, Family::series7) == 1);
  CHECK(blocks(26, 18, Family::series7) == 2);
  CHECK(blocks(18, 18, Family::ecp5) == 1);
  CHECK(blocks(19, 12, Family::ecp5) == 2);
  CHECK(blocks(19, 19, Family::ecp5) == 4);
  CHECK(blocks(12, 12, Family::ice40) == 1);
  CHECK(blocks(17, 12, Family::ice40) == 2);
  CHECK(blocks(27, 18, Family::ultrascale) == 2);  // mapped as 7 series
}
