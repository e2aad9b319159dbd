// The register map: one description, and the files that show it.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <set>

#include <fmt/format.h>

#include "base/file.hpp"
#include "rtl/register_map.hpp"

using namespace erngen;

namespace {

/// The lines of a file between the one with `begin` and the one with `end`.
std::string between(const std::string& file, const std::string& begin, const std::string& end) {
  const std::string text = read_file(std::string(ERNGEN_SOURCE_ROOT) + "/" + file);
  const size_t from = text.find('\n', text.find(begin)) + 1, to = text.rfind('\n', text.find(end)) + 1;
  REQUIRE(text.find(begin) != std::string::npos);
  REQUIRE(text.find(end) != std::string::npos);
  return text.substr(from, to - from);
}

}  // namespace

TEST_CASE("registers are words in ascending order with names of their own") {
  std::set<std::string> names;
  std::uint32_t last = 0;
  for (const Register& r : registers()) {
    CAPTURE(r.name);
    CHECK(r.address % 4 == 0);
    CHECK((r.address > last || r.address == 0));
    CHECK(r.address < window_address);
    CHECK(names.insert(r.name).second);
    CHECK((std::string(r.write) == "-") == (r.access == Access::read));
    CHECK((std::string(r.read) == "0") == (r.access == Access::write));
    last = r.address;
  }
  for (const RegisterBit& b : register_bits()) CHECK(names.count(b.reg) == 1);
}

TEST_CASE("the template and the documents show this map") {
  CHECK(between("templates/ern_control.v", "// register map: begin", "// register map: end") == register_verilog());
  CHECK(between("docs/reference/registers.md", "<!-- registers: begin", "<!-- registers: end") == register_table());
  for (const char* reg : {"STATUS", "CONTROL", "INTERRUPT_CAUSE"})
    CHECK(between("docs/reference/registers.md", fmt::format("<!-- {}: begin", reg),
                  fmt::format("<!-- {}: end", reg)) == bit_table(reg));
}

TEST_CASE("the header has every register and the design's numbers") {
  const Json stream{{"size", 39}, {"width", 12}, {"fraction", 8}, {"element_bits", 16}, {"beat_elements", 8}};
  const Json manifest{{"top", "my_core"},
                      {"version", "0.1.0"},
                      {"configuration", "0123abcd"},
                      {"streams", 2},
                      {"input", stream},
                      {"output", stream},
                      {"predicted", {{"words", 8}, {"rows", 16}, {"columns", 3}}}};
  const std::string text = register_header(manifest);
  for (const Register& r : registers())
    CHECK(text.find(std::string("#define MY_CORE_") + r.name + " ") != std::string::npos);
  CHECK(text.find("0x0123abcdu") != std::string::npos);
  CHECK(text.find("#ifndef MY_CORE_REGISTERS_H") != std::string::npos);
}
