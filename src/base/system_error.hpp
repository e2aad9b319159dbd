// What the system refused, as an Error of the right class.
#pragma once

#include <exception>
#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace erngen {

/// The system's own words for an errno.
std::string system_reason(int error);

/// Error(`code`) with the message "WHAT: REASON" and a way out for what has one. What the machine lacks - memory, open
/// files, processes - is an Error(environment) whatever was tried.
Error system_error(ExitCode code, const std::string& what, int error);

/// Error(output) "FILE: cannot write: REASON".
Error cannot_write(const std::filesystem::path& file, int error);

/// Error(bad_input) "FILE: cannot read: REASON".
Error cannot_read(const std::filesystem::path& file, int error);

/// An exception that no library of ours threw: memory that is not there, a file that the standard library could not
/// handle, a thread that could not be started; anything else is an Error(internal).
Error as_error(const std::exception& exception);

}  // namespace erngen
