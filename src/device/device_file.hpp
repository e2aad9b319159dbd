// Devices that are not in the database, as JSON: files of one's own, and what a design's manifest keeps of one.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "device/device.hpp"

namespace erngen {

/// {"name", "family", "dsp", "block_ram", "lut", "ff"} and, if wanted, {"part", "large_ram", "source"}
/// (docs/reference/devices.md). Throws Error(bad_input) that begins with `what` for a key that is missing or unknown
/// and a value outside its limits.
Device device_from_json(const Json& json, const std::string& what);
Json device_to_json(const Device& device);

/// The device in a file. Throws Error(bad_input) naming it.
Device read_device_file(const std::filesystem::path& file);

}  // namespace erngen
