// A lock between processes that work in the same directory.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>

#include "base/system_error.hpp"

namespace erngen {

/// Holds an exclusive flock(2) on a file, which it makes if needed, and waits until it has it. The system
/// releases it when the process ends in any way; the file stays.
class FileLock {
 public:
  /// Throws Error(output) if the file cannot be made.
  explicit FileLock(const std::filesystem::path& file) {
    descriptor_ = open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw cannot_write(file, errno);
    while (flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FileLock() { close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace erngen
