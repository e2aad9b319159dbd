// Names, boards, full parts and files to devices.
#include <algorithm>
#include <cctype>
#include <regex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/spelling.hpp"
#include "device/device.hpp"
#include "device/device_file.hpp"

namespace erngen {
namespace {

/// The three names that are nearest to `name`.
std::vector<std::string> nearest(const std::string& name) {
  std::vector<std::pair<int, std::string>> ranked;
  for (const Device& device : devices()) ranked.emplace_back(spelling_distance(name, device.name), device.name);
  for (const Board& board : boards()) ranked.emplace_back(spelling_distance(name, board.name), board.name);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (size_t n = 0; n < 3; ++n) names.push_back(ranked[n].second);
  return names;
}

/// What follows a device's name in a full part, in lower case: package, speed grade, range of temperatures.
const std::regex& ordering_code(Family family) {
  static const std::regex series7("[il]?[a-z]{2,4}[0-9]{3,4}-[123](l|le|li|i)?"),
      ultrascale("-[a-z]{4}[0-9]{3,4}-[123](l|lv)?-[ceim]"), ecp5("-[678][a-z]{2}[0-9]{3}[ci]"),
      ice40("-[a-z]{2,3}[0-9]{2}i?"), cyclone5("[fum][0-9]{2}[acei][678](n|s)?");
  switch (family) {
    case Family::series7: return series7;
    case Family::ultrascale:
    case Family::ultrascale_plus: return ultrascale;
    case Family::ecp5: return ecp5;
    case Family::cyclone5: return cyclone5;
    case Family::ice40:
    case Family::generic: break;  // no device of the database is generic
  }
  return ice40;
}

/// As the vendor's tools spell a part: AMD's in lower case but for the letters of the speed grade, others in upper.
std::string spelled(Family family, std::string part) {
  const auto upper = [](char& c) { c = static_cast<char>(std::toupper(static_cast<unsigned char>(c))); };
  if (family == Family::ecp5 || family == Family::ice40 || family == Family::cyclone5) {
    std::for_each(part.begin() + (family == Family::ice40 ? 1 : 0), part.end(), upper);
    return part;
  }
  for (size_t n = 2; n < part.size(); ++n)
    if (part[n - 2] == '-' && part[n - 1] >= '1' && part[n - 1] <= '3')
      for (; n < part.size() && part[n] != '-'; ++n) upper(part[n]);
  return part;
}

/// The device of a full part in lower case, with that part; none if no device's name begins it.
std::optional<Device> device_of_part(const std::string& part) {
  for (Device device : devices()) {
    const std::string begin = (device.family == Family::ice40 ? "ice40" : "") + device.name;
    if (!part.starts_with(begin) || !std::regex_match(part.substr(begin.size()), ordering_code(device.family)))
      continue;
    if (lower_case(device.part) == part) return device;
    device.part = spelled(device.family, part);
    device.name = part;
    return device;
  }
  return {};
}

}  // namespace

Device find_device(const std::string& name) {
  const std::string wanted = lower_case(name);
  if (wanted.ends_with(".json")) return read_device_file(name);
  for (const Device& device : devices())
    if (device.name == wanted) return device;
  for (const Board& board : boards())
    if (board.name == wanted) return *device_of_part(lower_case(board.part));
  if (wanted.size() < 64)
    if (const auto device = device_of_part(wanted)) return *device;
  throw Error(ExitCode::usage,
              fmt::format("device '{}' is not known; did you mean {}?", name, fmt::join(nearest(wanted), ", ")),
              "'erngen devices' lists devices and boards; a full part and a device file (.json) are understood, too");
}

}  // namespace erngen
