// Whole files: reading with limits, and writing that either succeeds completely or leaves nothing behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/temporary.hpp"

namespace erngen {

/// Throws Error(bad_input) naming the file unless it can be opened and is a regular file: pipes and devices may never
/// end. For readers that open files by themselves; returns its size.
std::uint64_t require_regular_file(const std::filesystem::path& file);

/// The bytes of a regular file. Throws Error(bad_input) naming the file if it is missing, not a regular
/// file, unreadable, or larger than `limit` bytes.
std::string read_file(const std::filesystem::path& file, std::uint64_t limit = std::uint64_t{1} << 33);

/// Whether a write waits until the disk has it. What is written into a directory that is still hidden need not.
enum class Sync { disk, none };

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a Temporary; commit() flushes them to the disk (Sync::disk) and renames. Without commit() an older file
/// of that name stays as it was. Of several processes that write one file the last one wins, whole.
/// A target that is a device or a pipe (/dev/stdout, /dev/null) is written directly; a pipe that nobody reads is
/// refused. A symbolic link stays; the file it points to is replaced.
class AtomicFile {
 public:
  /// Opens the temporary file. Throws Error(output) if the directory is missing or not writable.
  explicit AtomicFile(const std::filesystem::path& target, Sync sync = Sync::disk);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Appends. Throws Error(output) with the system's reason, such as a full disk.
  void write(std::string_view bytes);

  /// Makes the file visible under its name. Throws Error(output). To be called once, after the last write.
  void commit();

 private:
  int descriptor() const { return temporary_ ? temporary_->descriptor() : direct_; }

  std::filesystem::path target_;        ///< as given, for messages
  std::filesystem::path final_;         ///< with symbolic links resolved
  std::optional<Temporary> temporary_;  ///< none when the target is written directly
  Sync sync_;
  int direct_ = -1;
};

/// Throws Error(output) naming the file unless its directory is there and can be written to: for what takes long first.
void require_writable_directory(const std::filesystem::path& file);

/// Moves a regular file, through AtomicFile where it cannot be renamed. Throws Error(output), Error(bad_input).
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// AtomicFile, one write, commit.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes, Sync sync = Sync::disk);

}  // namespace erngen
