// Typed access to the configuration of a layer.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/json.hpp"

namespace erngen::keras {

/// A JSON object and what it is called in messages. The getters throw Error(bad_input) naming it and the key for a
/// value of another type; those without `otherwise` also for a key that is missing.
class Config {
 public:
  Config(const Json& json, std::string what);

  const Json& json() const { return json_; }
  const std::string& what() const { return what_; }
  /// The value, or nullptr if it is missing or null.
  const Json* find(const char* key) const;
  const Json& at(const char* key) const;
  std::string text(const char* key) const;
  std::string text(const char* key, const std::string& otherwise) const;
  bool flag(const char* key, bool otherwise) const;
  double real(const char* key, double otherwise) const;
  int size(const char* key) const;  ///< 1..65536
  Config object(const char* key) const;

  Error wrong(const char* key, const std::string& expected) const;

 private:
  Json json_;
  std::string what_;
};

/// "LSTM 'encoder'": for messages.
std::string layer_text(const std::string& class_name, const std::string& name);

}  // namespace erngen::keras
