// Typed errors: every failure carries what went wrong, the way out, and one exit-code class.
#pragma once

#include <string>

#include "erngen/error.hpp"

namespace erngen {

using ExitCode = ErrorKind;

/// Shorthands, one a class that the libraries throw.
inline Error bad_input(const std::string& message, const std::string& way_out = "") {
  return {ErrorKind::bad_input, message, way_out};
}
/// A number or word that only an option can have brought.
inline Error wrong_option(const std::string& message, const std::string& way_out = "") {
  return {ErrorKind::usage, message, way_out};
}
inline Error unsupported(const std::string& message, const std::string& way_out = "") {
  return {ErrorKind::unsupported, message, way_out};
}

}  // namespace erngen
