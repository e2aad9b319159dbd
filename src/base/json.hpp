// Strict JSON: what nlohmann-json parses, minus repeated keys and unreasonable nesting.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace erngen {

using Json = nlohmann::ordered_json;

/// Parses one JSON value (UTF-8, keys in file order). Throws Error(bad_input) starting with `what` (a file
/// or a part of one) for a syntax error, a key that occurs twice in an object, or nesting deeper than 64.
Json parse_json(std::string_view text, const std::string& what);

/// The JSON file, up to 64 MiB. Throws Error(bad_input) naming it.
Json read_json(const std::string& file);

/// `value` as text, on one line or indented. Strings that are not UTF-8, such as some names of files, get U+FFFD in
/// place of what is wrong.
std::string json_text(const Json& value, int indent = -1);

/// Throws Error(bad_input) if `object` is not an object or has a key that is not in `known`.
void require_known_keys(const Json& object, std::initializer_list<std::string_view> known, const std::string& what);

}  // namespace erngen
