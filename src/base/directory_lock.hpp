// Who works in a directory, and who replaces it.
#pragma once

#include <filesystem>

namespace erngen {

/// Holds a lock (flock) on a directory: shared while a tool works in it, exclusive while it is put in place of another.
/// Waits a second; then somebody else works there. A file system without locks is taken as it is.
class DirectoryLock {
 public:
  enum class Use { shared, exclusive };

  /// Throws Error(output) if the directory is in use.
  DirectoryLock(const std::filesystem::path& directory, Use use);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace erngen
