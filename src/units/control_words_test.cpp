// Control words: their tables, and what the templates have of them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "units/control_word_text.hpp"
#include "units/control_words.hpp"

using namespace erngen;

TEST_CASE("the templates and their benches have the fields of the tables") {
  int marked = 0;
  for (const char* folder : {"templates", "testbench/edges"})
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ERNGEN_SOURCE_ROOT) / folder)) {
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      marked += text.str().find("--- fields of control words") != std::string::npos;
      INFO("run build/src/units/write_control_words ", folder, "/", entry.path().filename().string());
      CHECK((with_control_words(text.str()) == text.str()));
    }
  CHECK(marked >= 7);
}

TEST_CASE("marked lines are made from the rest of a template") {
  const std::string begin =
      "  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)\n";
  const std::string end = "  // --- end of the fields\n";
  const std::string text =
      "parameter TILE_TAG = 1\n" + begin + "old\n" + end + "x[PASS_MODE+:PASS_MODE_W] y[TILE_VALID]";
  const std::string renewed = with_control_words(text);
  CHECK(renewed.find("TILE_TAG = 83\n") != std::string::npos);
  CHECK(renewed.find("localparam PASS_MODE = 3, PASS_MODE_W = 3;") != std::string::npos);
  CHECK(renewed.find("localparam TILE_VALID = 79;") != std::string::npos);
  CHECK(renewed.find("old") == std::string::npos);
  CHECK(renewed.find("PASS_OPERATION") == std::string::npos);
  CHECK(with_control_words(renewed) == renewed);
  CHECK(with_control_words("no mark PASS_MODE") == "no mark PASS_MODE");
}

TEST_CASE("fields lie one above the other") {
  CHECK(field_offset(SegmentField::gap) == 0);
  CHECK(field_offset(SegmentField::weight_row) == 32);
  CHECK(word_bits(segment_word) == 132);
  CHECK(fetch_bits(16) == 139);
  CHECK(field_offset(PassField::elements) == 35);
  CHECK(word_bits(pass_word) == 158);
  CHECK(pass_tag_bits == 162);
  CHECK(field_offset(TileField::elements) == 23);
  CHECK(tile_tag_bits == 83);
}

TEST_CASE("bits that differ among words") {
  DifferingBits<PassField> bits;
  ControlWord<PassField> word;
  word[PassField::tiles] = 5;
  word[PassField::guard] = 1;
  bits.add(word);
  CHECK(bits.count(false) == 0);
  word[PassField::tiles] = 6;
  word[PassField::guard] = 2;
  bits.add(word);
  CHECK(bits.count(false) == 2);
  CHECK(bits.count(true) == 2);
}
