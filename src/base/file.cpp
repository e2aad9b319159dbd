#include "base/file.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/contents.hpp"
#include "base/error.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

Error cannot_write(const fs::path& file, int error) {
  std::string way_out;
  if (error == ENOSPC || error == EDQUOT) way_out = "free some space or choose another output";
  if (error == ENOENT) way_out = "create the directory first";
  if (error == EACCES || error == EROFS) way_out = "choose a directory that you may write to";
  return {ExitCode::output, fmt::format("{}: cannot write: {}", file.string(), reason(error)), way_out};
}

/// Closes a descriptor on every way out of a scope.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
};

}  // namespace

std::string read_file(const fs::path& file, std::uint64_t limit) {
  const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (descriptor.value < 0 || ::fstat(descriptor.value, &status) != 0)
    throw bad_input(fmt::format("{}: cannot read: {}", file.string(), reason(errno)));
  if (S_ISDIR(status.st_mode))
    throw bad_input(fmt::format("{}: is {}, not a file", file.string(), directory_name(file)));
  if (!S_ISREG(status.st_mode)) throw bad_input(fmt::format("{}: is not a regular file", file.string()));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit)
    throw bad_input(fmt::format("{}: has {} bytes, more than the limit of {}", file.string(), size, limit));

  std::string bytes(size, '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(descriptor.value, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw bad_input(fmt::format("{}: cannot read: {}", file.string(), reason(errno)));
    if (count == 0) throw bad_input(fmt::format("{}: shrank while it was read", file.string()));
    done += static_cast<size_t>(count);
  }
  return bytes;
}

fs::path temporary_sibling(const fs::path& target) {
  fs::path directory = target.parent_path();
  std::string name = target.filename().string();
  if (name.empty()) {  // "out/" names the directory "out"
    name = directory.filename().string();
    directory = directory.parent_path();
  }
  for (int n = 0;; ++n) {
    const fs::path candidate = directory / fmt::format(".{}.{}.{}.tmp", name, ::getpid(), n);
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(candidate, ignored))) return candidate;
  }
}

AtomicFile::AtomicFile(const fs::path& target, Sync sync) : target_(target), final_(target), sync_(sync) {
  struct stat status {};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw cannot_write(target, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor_ = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    std::error_code unresolved;
    if (exists) final_ = fs::canonical(target, unresolved);
    if (unresolved) final_ = target;
    temporary_ = temporary_sibling(final_);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) temporary_.clear();
  }
  if (descriptor_ < 0) throw cannot_write(target, errno);
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::discard() noexcept {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      discard();
      throw cannot_write(target_, error);
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void AtomicFile::commit() {
  // A full disk may show only when the cache is flushed; pipes and devices cannot be flushed (EINVAL).
  int error = sync_ == Sync::none || ::fsync(descriptor_) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
  if (::close(descriptor_) != 0 && error == 0) error = errno;
  descriptor_ = -1;
  if (error == 0 && !temporary_.empty() && ::rename(temporary_.c_str(), final_.c_str()) != 0) error = errno;
  if (error != 0) {
    discard();
    throw cannot_write(target_, error);
  }
  temporary_.clear();
}

void write_file_atomically(const fs::path& file, std::string_view bytes, Sync sync) {
  AtomicFile output(file, sync);
  output.write(bytes);
  output.commit();
}

}  // namespace erngen
