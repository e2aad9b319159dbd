// How verbs speak: a table for people, JSON for scripts.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/json.hpp"
#include "cli/console.hpp"

namespace erngen::cli {

/// The option --json of every verb that reports.
class JsonOption {
 public:
  /// Adds --json FILE to `app`; the object must outlive the parse.
  void add_to(CLI::App& app);

  /// Prints `text` to standard output and writes `json` to the file asked for. With --json - only the JSON is
  /// printed. A newline is added to both where it is missing.
  void report(const Json& json, const std::string& text) const;

 private:
  std::string target_;
};

/// Columns aligned by their widest cell: cells that begin with a digit, or with a sign and a digit, to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }

  /// required: as many cells as the header.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace erngen::cli
