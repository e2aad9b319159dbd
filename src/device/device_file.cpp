#include "device/device_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/spelling.hpp"

namespace erngen {
namespace {

constexpr std::array families{Family::series7, Family::ultrascale, Family::ultrascale_plus, Family::ecp5,
                              Family::ice40,   Family::cyclone5,   Family::generic};
constexpr int most_blocks = 100000, most_cells = 100000000;

int whole_number(const Json& json, const char* key, int low, int high, const std::string& what) {
  const Json& value = json.at(key);
  if (!value.is_number_integer() || value < low || value > high)
    throw bad_input(fmt::format("{}: {} is {}, not a whole number from {} to {}", what, key, value.dump(), low, high));
  return value.get<int>();
}

/// Words that reach file names and the scripts of tools.
std::string word(const Json& json, const char* key, const std::string& what) {
  const Json& value = json.at(key);
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  const auto usual = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
  if (text.empty() || text.size() > 64 || !std::isalnum(static_cast<unsigned char>(text.front())) ||
      !std::all_of(text.begin(), text.end(), usual))
    throw bad_input(fmt::format("{}: {} is {}, not a word of at most 64 letters, digits, '-', '_' and '.'", what, key,
                                value.dump()));
  return text;
}

Family family_of(const Json& value, const std::string& what) {
  std::string known;
  for (const Family family : families) {
    if (value == family_name(family)) return family;
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", family_name(family));
  }
  throw bad_input(fmt::format("{}: family is {}, not one of {}", what, value.dump(), known),
                  "only these have a description of their blocks and LUTs");
}

}  // namespace

Device device_from_json(const Json& json, const std::string& what) {
  require_known_keys(json, {"name", "part", "family", "dsp", "block_ram", "large_ram", "lut", "ff", "source"}, what);
  for (const char* key : {"name", "family", "dsp", "block_ram", "lut", "ff"})
    if (!json.contains(key))
      throw bad_input(fmt::format("{}: has no {}", what, key), "docs/reference/devices.md lists the keys");
  Device device;
  device.name = lower_case(word(json, "name", what));
  device.family = family_of(json.at("family"), what);
  device.part = json.contains("part") ? word(json, "part", what) : device.name;
  device.dsp = whole_number(json, "dsp", 1, most_blocks, what);
  device.block_ram = whole_number(json, "block_ram", 1, most_blocks, what);
  if (json.contains("large_ram")) {
    const bool any = large_ram_type(device.family).bits > 0;
    device.large_ram = whole_number(json, "large_ram", 0, any ? most_blocks : 0, what);
  }
  device.lut = whole_number(json, "lut", 1, most_cells, what);
  device.ff = whole_number(json, "ff", 1, most_cells, what);
  device.source = "a device file";
  if (json.contains("source")) {
    if (!json.at("source").is_string()) throw bad_input(fmt::format("{}: source is not a text", what));
    device.source = json.at("source").get<std::string>();
  }
  device.listed = false;
  for (const Device& known : devices())
    if (known.name == device.name)
      throw bad_input(fmt::format("{}: name is {}, which is a device of the database", what, device.name),
                      "choose another name");
  return device;
}

Json device_to_json(const Device& d) {
  return {{"name", d.name},
          {"part", d.part},
          {"family", family_name(d.family)},
          {"dsp", d.dsp},
          {"block_ram", d.block_ram},
          {"large_ram", d.large_ram},
          {"lut", d.lut},
          {"ff", d.ff},
          {"source", d.source}};
}

Device read_device_file(const std::filesystem::path& file) {
  return device_from_json(read_json(file.string()), file.string());
}

}  // namespace erngen
