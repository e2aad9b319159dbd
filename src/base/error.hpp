// Typed errors: every failure carries what went wrong, the way out, and one exit-code class.
#pragma once

#include <stdexcept>
#include <string>

namespace erngen {

/// Exit-code classes of the `erngen` command (documented in docs/errors.md).
enum class ExitCode : int {
  success = 0,
  mismatch = 1,     ///< a comparison failed: simulation differs from the model or the plan
  usage = 2,        ///< the command line itself is wrong
  bad_input = 3,    ///< a file is missing, truncated, corrupt, or its contents are invalid
  unsupported = 4,  ///< valid input whose semantics erngen refuses to approximate
  capacity = 5,     ///< the design does not fit the device or the given limits
  output = 6,       ///< a result cannot be written
  tool = 7,         ///< an external tool is missing, too old, or failed
  environment = 8,  ///< the machine lacks what any run needs: memory, open files, processes
  internal = 70,    ///< a defect in erngen itself
};

/// The one exception type of the libraries.
///
/// `what()` is "MESSAGE" or "MESSAGE\n  way out: WAY_OUT". The message names the file, tensor or
/// parameter, the value and the limit.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message, const std::string& way_out = "")
      : std::runtime_error(way_out.empty() ? message : message + "\n  way out: " + way_out), code_(code) {}

  ExitCode code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

/// Shorthands, one a class that the libraries throw.
inline Error bad_input(const std::string& message, const std::string& way_out = "") {
  return {ExitCode::bad_input, message, way_out};
}
/// A number or word that only the command line can have brought.
inline Error wrong_option(const std::string& message, const std::string& way_out = "") {
  return {ExitCode::usage, message, way_out};
}
inline Error unsupported(const std::string& message, const std::string& way_out = "") {
  return {ExitCode::unsupported, message, way_out};
}

}  // namespace erngen
