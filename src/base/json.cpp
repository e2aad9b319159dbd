#include "base/json.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

namespace erngen {

Json parse_json(std::string_view text, const std::string& what) {
  constexpr int max_depth = 64;
  std::vector<std::set<std::string>> keys;  // of each object that is open
  const auto check = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > max_depth) throw bad_input(fmt::format("{}: JSON is nested deeper than {} levels", what, max_depth));
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      throw bad_input(fmt::format("{}: the key '{}' occurs twice", what, value.get<std::string>()));
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), check);
  } catch (const Json::exception& e) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: ..." without the class name
    const std::string message = e.what();
    const size_t bracket = message.find("] ");
    throw bad_input(fmt::format("{}: is not valid JSON: {}", what,
                                bracket == std::string::npos ? message : message.substr(bracket + 2)));
  }
}

Json read_json(const std::string& file) {
  const std::string bytes = read_file(file, std::uint64_t{64} << 20);
  if (!is_text(bytes)) throw other_contents(file, bytes, "a JSON file");
  return parse_json(bytes, file);
}

std::string json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void require_known_keys(const Json& object, std::initializer_list<std::string_view> known, const std::string& what) {
  if (!object.is_object()) throw bad_input(fmt::format("{}: is not a JSON object", what));
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw bad_input(fmt::format("{}: unknown key '{}'; known are {}", what, key, fmt::join(known, ", ")),
                      "the file may come from a newer erngen: update, or write it again with this one");
}

}  // namespace erngen
