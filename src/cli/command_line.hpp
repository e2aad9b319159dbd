// What is wrong with a command line, before and after CLI11 has looked at it.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.hpp"

namespace erngen::cli {

/// "erngen unit fft" for the app of `fft`.
std::string full_name(const CLI::App& app);

/// The verbs of an app, in the order in which they were added.
std::vector<const CLI::App*> verbs_of(const CLI::App& app);

/// Follows the verbs of a command line ("unit", "fft") from `app` to the last one. Returns the help that is asked for
/// by leaving out a verb, or "" if there is a whole command. Throws Error(usage) for an unknown verb, with the nearest
/// one.
std::string help_for_missing_verb(const CLI::App& app, int argc, const char* const* argv);

/// A failed parse as an Error(usage) that names the verb's help, and the nearest option where one is unknown.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace erngen::cli
