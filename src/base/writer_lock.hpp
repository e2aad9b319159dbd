// One writer of a file that grows.
#pragma once

#include <filesystem>

namespace erngen {

/// Holds an exclusive flock(2) on a file, which it makes if needed. The system releases it when the process ends in any
/// way. A file that cannot be opened is left to whoever writes it to complain of.
class WriterLock {
 public:
  /// Throws Error(output) if another process holds it.
  explicit WriterLock(const std::filesystem::path& file);
  ~WriterLock();
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace erngen
