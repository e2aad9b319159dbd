// Errors of code that does not know which file it works on.
#pragma once

#include <string>

#include "base/error.hpp"

namespace erngen {

/// f(), with "FILE: " before the message of an Error that does not begin with it.
template <class F>
auto in_file(const std::string& file, F&& f) {
  try {
    return f();
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.starts_with(file)) throw;
    throw Error(error.kind(), file + ": " + message);
  }
}

}  // namespace erngen
