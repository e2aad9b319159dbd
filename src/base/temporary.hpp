// Files and directories under a hidden name beside their target, until they are complete.
#pragma once

#include <filesystem>
#include <memory>

#include "base/undo.hpp"

namespace erngen {

/// A file or directory ".NAME.PID.N.tmp" in its target's directory, removed with everything in it on every way out,
/// when undo_all() is called, and - after a process that was killed - by the next Temporary for the same target: a
/// lock (flock) tells it which ones somebody still works on.
class Temporary {
 public:
  enum class Kind { file, directory };
  enum class Leftovers { remove, keep };  ///< of the same target: looking for them costs a listing of the directory

  /// Throws Error(output) naming the target.
  Temporary(const std::filesystem::path& target, Kind kind, Leftovers leftovers);
  ~Temporary();
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// For writing, if it is a file.
  int descriptor() const { return descriptor_; }

  /// Closes it, which ends the lock; what has been renamed away is no longer looked for. Returns 0 or the errno.
  int close();

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::unique_ptr<Undo> undo_;
};

}  // namespace erngen
