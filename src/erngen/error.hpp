// What every function of the library throws: what went wrong, the way out, and of which kind it is.
#pragma once

#include <stdexcept>
#include <string>

namespace erngen {

/// Kinds of failure. The `erngen` command exits with these numbers (docs/reference/errors.md).
enum class ErrorKind : int {
  success = 0,
  mismatch = 1,     ///< a comparison failed: simulation differs from the model or the plan
  usage = 2,        ///< an option or argument itself is wrong
  bad_input = 3,    ///< a file is missing, truncated, corrupt, or its contents are invalid
  unsupported = 4,  ///< valid input whose semantics erngen refuses to approximate
  capacity = 5,     ///< the design does not fit the device or the given limits
  output = 6,       ///< a result cannot be written
  tool = 7,         ///< an external tool is missing, too old, or failed
  environment = 8,  ///< the machine lacks what any run needs: memory, open files, processes
  internal = 70,    ///< a defect in erngen itself
};

/// The one exception type of the library.
///
/// `what()` is "MESSAGE" or "MESSAGE\n  way out: WAY_OUT". The message names the file, tensor or
/// parameter, the value and the limit.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message, const std::string& way_out = "")
      : std::runtime_error(way_out.empty() ? message : message + "\n  way out: " + way_out), kind_(kind) {}

  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace erngen
