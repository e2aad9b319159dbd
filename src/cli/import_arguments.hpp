// The options that say how a model is read, for `import` and `build`.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/json.hpp"
#include "import/model_file.hpp"

namespace erngen::cli {

/// A float model that computes another function than the user's is far below this; one that computes the same is above
/// 100 dB against float32 outputs, and at 74 against outputs rounded to float16.
inline constexpr double same_function_db = 60;

class ImportArguments {
 public:
  /// Adds MODEL and what a reader can be told. required: `app` has an option --check.
  void add_to(CLI::App& app);

  const std::string& model() const { return model_; }
  /// Reads the model. `compared`: its outputs are compared with the user's own. Throws as import_model().
  ImportedNetwork read(bool compared) const;
  /// Whether an option was given that only an import has a use for.
  bool given() const;

 private:
  std::string model_;
  ModelOptions options_;
  std::string gru_reset_;
  std::vector<std::string> constants_;
  bool unchecked_ = false;
  std::string metadata_;
};

/// What was read, and what was left out.
struct ImportReport {
  Json json;
  std::string text;
};
ImportReport import_report(const ImportedNetwork& imported, bool compared);

/// What to look for where the network is not the model.
extern const char* const import_way_out;

}  // namespace erngen::cli
