#include "base/file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/system_error.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

const char* kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "is a pipe";
  if (S_ISSOCK(mode)) return "is a socket";
  return "is a device";
}

/// A regular file, open for reading as long as it lives.
struct InputFile {
  int descriptor = -1;
  std::uint64_t size = 0;

  explicit InputFile(const fs::path& file) : descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
      const int error = errno;
      if (descriptor >= 0) ::close(descriptor);
      throw cannot_read(file, error);
    }
    size = static_cast<std::uint64_t>(status.st_size);
    if (S_ISREG(status.st_mode)) return;
    ::close(descriptor);
    if (S_ISDIR(status.st_mode))
      throw bad_input(fmt::format("{}: is {}, not a file", file.string(), directory_name(file)));
    throw bad_input(fmt::format("{}: {}, not a regular file", file.string(), kind_of(status.st_mode)),
                    "write what comes from it to a file first");
  }
  ~InputFile() { ::close(descriptor); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
};

}  // namespace

std::uint64_t require_regular_file(const fs::path& file) { return InputFile(file).size; }

std::string read_file(const fs::path& file, std::uint64_t limit) {
  const InputFile input(file);
  if (input.size > limit)
    throw bad_input(fmt::format("{}: has {} bytes, more than the limit of {}", file.string(), input.size, limit));
  std::string bytes(input.size, '\0');
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(input.descriptor, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw cannot_read(file, errno);
    if (count == 0) throw bad_input(fmt::format("{}: shrank while it was read", file.string()));
    done += static_cast<size_t>(count);
  }
  return bytes;
}

AtomicFile::AtomicFile(const fs::path& target, Sync sync) : target_(target), final_(target), sync_(sync) {
  struct stat status {};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) throw cannot_write(target, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    // Without O_NONBLOCK a pipe that nobody reads would keep us here.
    direct_ = ::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (direct_ < 0) throw cannot_write(target, errno);
    ::fcntl(direct_, F_SETFL, ::fcntl(direct_, F_GETFL) & ~O_NONBLOCK);
    return;
  }
  std::error_code unresolved;
  if (exists) final_ = fs::canonical(target, unresolved);
  if (unresolved) final_ = target;
  // What is written into a hidden directory goes with it.
  temporary_.emplace(final_, Temporary::Kind::file,
                     sync == Sync::none ? Temporary::Leftovers::keep : Temporary::Leftovers::remove);
}

AtomicFile::~AtomicFile() {
  if (direct_ >= 0) ::close(direct_);
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      temporary_.reset();
      throw cannot_write(target_, error);
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void AtomicFile::commit() {
  // A full disk may show only when the cache is flushed; pipes and devices cannot be flushed (EINVAL).
  int error = sync_ == Sync::none || ::fsync(descriptor()) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
  if (temporary_) {
    // Renamed before it is closed: until then its lock tells others that it is no leftover.
    if (error == 0 && ::rename(temporary_->path().c_str(), final_.c_str()) != 0) error = errno;
    if (const int closing = temporary_->close(); error == 0) error = closing;
    temporary_.reset();
  } else {
    if (::close(direct_) != 0 && error == 0) error = errno;
    direct_ = -1;
  }
  if (error != 0) throw cannot_write(target_, error);
}

void write_file_atomically(const fs::path& file, std::string_view bytes, Sync sync) {
  AtomicFile output(file, sync);
  output.write(bytes);
  output.commit();
}

void require_writable_directory(const fs::path& file) {
  const fs::path directory = file.parent_path().empty() ? "." : file.parent_path();
  if (::access(directory.c_str(), W_OK | X_OK) != 0) throw cannot_write(file, errno);
}

void move_file(const fs::path& from, const fs::path& to) {
  struct stat status {};
  const bool replaced = ::lstat(to.c_str(), &status) != 0 || S_ISREG(status.st_mode);
  if (replaced && ::rename(from.c_str(), to.c_str()) == 0) return;
  const InputFile input(from);
  AtomicFile output(to);
  std::string block(1 << 20, '\0');
  while (const ssize_t count = ::read(input.descriptor, block.data(), block.size())) {
    if (count > 0) output.write(std::string_view(block).substr(0, static_cast<size_t>(count)));
    if (count < 0 && errno != EINTR) throw cannot_read(from, errno);
  }
  output.commit();
  std::error_code ignored;
  fs::remove(from, ignored);
}

}  // namespace erngen
