// A directory that appears under its name only when it is complete.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/temporary.hpp"

namespace erngen {

/// Files are written to a Temporary beside the target; commit() renames it into place, replacing
/// an older output of erngen. Without commit() nothing stays behind and the old directory is untouched. Of several
/// processes that write one directory the last one wins, whole; one that a tool works in (DirectoryLock) stays.
///
/// A directory is ours if its manifest.json says {"generator": "erngen", ...}; an empty one may be replaced
/// too. Anything else is refused, at once and again at commit().
class StagedDirectory {
 public:
  /// Throws Error(output) if the target exists and is not ours or the stage cannot be made.
  explicit StagedDirectory(const std::filesystem::path& target);

  /// Where to write until commit(). The content of the target moves with it.
  const std::filesystem::path& path() const { return stage_.path(); }

  /// Writes path() / relative, making directories as needed. Throws Error(output).
  void write(const std::filesystem::path& relative, std::string_view bytes);

  /// Puts the directory in its place. Throws Error(output), after which the old one is back. To be called once.
  void commit();

 private:
  std::filesystem::path target_;
  Temporary stage_;
};

/// Whether `directory` holds a manifest.json with "generator": "erngen".
bool is_erngen_output(const std::filesystem::path& directory);

}  // namespace erngen
