// Whole files: reading with limits, and writing that either succeeds completely or leaves nothing behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace erngen {

/// The bytes of a regular file. Throws Error(bad_input) naming the file if it is missing, not a regular
/// file, unreadable, or larger than `limit` bytes.
std::string read_file(const std::filesystem::path& file, std::uint64_t limit = std::uint64_t{1} << 33);

/// Whether a write waits until the disk has it. What is written into a directory that is still hidden need not.
enum class Sync { disk, none };

/// A file that appears under its name only when it is complete.
///
/// Bytes go to a temporary file in the same directory; commit() flushes them to the disk (Sync::disk) and renames.
/// Without commit() the temporary file is removed and an older file of that name stays as it was.
/// A target that is a device or a pipe (/dev/stdout, /dev/null) is written directly. A symbolic link
/// stays; the file it points to is replaced.
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
  void discard() noexcept;

  std::filesystem::path target_;     ///< as given, for messages
  std::filesystem::path final_;      ///< with symbolic links resolved
  std::filesystem::path temporary_;  ///< empty when the target is written directly
  Sync sync_;
  int descriptor_ = -1;
};

/// AtomicFile, one write, commit.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes, Sync sync = Sync::disk);

/// A name in `target`'s directory that nothing has yet: ".NAME.PID.N.tmp".
std::filesystem::path temporary_sibling(const std::filesystem::path& target);

}  // namespace erngen
