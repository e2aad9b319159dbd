#include "import/keras/config.hpp"

#include <cmath>

#include <fmt/format.h>

namespace erngen::keras {

Config::Config(const Json& json, std::string what) : json_(json), what_(std::move(what)) {
  if (!json_.is_object()) throw bad_input(what_ + ": its configuration is not a JSON object");
}

Error Config::wrong(const char* key, const std::string& expected) const {
  const auto found = json_.find(key);
  std::string value = found == json_.end() ? "missing" : json_text(*found);
  if (value.size() > 80) value = value.substr(0, 80) + "...";
  return bad_input(fmt::format("{}: '{}' is {}, expected {}", what_, key, value, expected));
}

const Json* Config::find(const char* key) const {
  const auto found = json_.find(key);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

const Json& Config::at(const char* key) const {
  const Json* value = find(key);
  if (!value) throw wrong(key, "a value");
  return *value;
}

std::string Config::text(const char* key) const {
  const Json& value = at(key);
  if (!value.is_string()) throw wrong(key, "a string");
  return value.get<std::string>();
}

std::string Config::text(const char* key, const std::string& otherwise) const {
  return find(key) ? text(key) : otherwise;
}

bool Config::flag(const char* key, bool otherwise) const {
  const Json* value = find(key);
  if (!value) return otherwise;
  if (!value->is_boolean()) throw wrong(key, "true or false");
  return value->get<bool>();
}

double Config::real(const char* key, double otherwise) const {
  const Json* value = find(key);
  if (!value) return otherwise;
  if (!value->is_number() || !std::isfinite(value->get<double>())) throw wrong(key, "a number");
  return value->get<double>();
}

int Config::size(const char* key) const {
  const Json& value = at(key);
  if (!value.is_number_integer() || value < 1 || value > 65536) throw wrong(key, "a whole number of 1..65536");
  return value.get<int>();
}

Config Config::object(const char* key) const {
  const Json& value = at(key);
  if (!value.is_object()) throw wrong(key, "an object");
  return {value, what_};
}

std::string layer_text(const std::string& class_name, const std::string& name) {
  return name.empty() ? class_name : fmt::format("{} '{}'", class_name, name);
}

}  // namespace erngen::keras
