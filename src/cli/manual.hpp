// What an installation has beside the command: its manual pages and the completion of its words in a shell.
#pragma once

#include <filesystem>

#include <CLI/CLI.hpp>

namespace erngen::cli {

/// Writes into `directory` erngen.1 and a page for each verb (erngen-plan.1, erngen-unit-fft.1), with what --help says.
/// Throws Error(output).
void write_manual(const CLI::App& app, const std::filesystem::path& directory);

/// Writes a script for bash that completes verbs and options. Throws Error(output).
void write_completion(const CLI::App& app, const std::filesystem::path& file);

}  // namespace erngen::cli
