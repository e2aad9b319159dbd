// The log of a training run: one JSON object a line, readable while the run goes on.
#pragma once

#include <filesystem>
#include <fstream>

#include "train/trainer.hpp"

namespace erngen {

class TrainLog {
 public:
  /// An empty path: nothing is written. Throws Error(output) when the file cannot be opened.
  explicit TrainLog(const std::filesystem::path& file);

  /// Throws Error(output) when the line cannot be written.
  void write(const TrainProgress& progress);

 private:
  std::filesystem::path file_;
  std::ofstream out_;
};

/// The line's object.
Json to_json(const TrainProgress& progress);

}  // namespace erngen
