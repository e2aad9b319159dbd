// The log of a training run: one JSON object a line, readable while the run goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/json.hpp"
#include "base/writer_lock.hpp"
#include "train/trainer.hpp"

namespace erngen {

class TrainLog {
 public:
  /// Keeps the first `kept` bytes of an older file (a run that goes on); 0: begins anew. An empty path: nothing is
  /// written. Throws Error(output) when the file cannot be opened or another training writes it.
  TrainLog(const std::filesystem::path& file, std::uint64_t kept);

  /// Throws Error(output) when the line cannot be written.
  void write(const TrainProgress& progress);

  /// The file's length now.
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path file_;
  std::unique_ptr<WriterLock> alone_;
  std::ofstream out_;
  std::uint64_t bytes_ = 0;
};

/// The line's object.
Json to_json(const TrainProgress& progress);

}  // namespace erngen
