#include "base/temporary.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/system_error.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

constexpr size_t longest_name = 200;  ///< of the target's that is used: a name of 255 bytes must have room for the rest

struct Place {
  fs::path directory;
  std::string prefix;  ///< ".NAME."
};

Place place_of(const fs::path& target) {
  fs::path directory = target.parent_path();
  std::string name = target.filename().string();
  if (name.empty()) {  // "out/" names the directory "out"
    name = directory.filename().string();
    directory = directory.parent_path();
  }
  return {directory, fmt::format(".{}.", name.substr(0, longest_name))};
}

void erase(const fs::path& path) noexcept {
  std::error_code ignored;
  // Twice: another thread may have been writing into the directory.
  for (int n = 0; n < 2 && fs::exists(fs::symlink_status(path, ignored)); ++n) fs::remove_all(path, ignored);
}

/// Whether `name` is prefix, digits, ".", digits, ".tmp".
bool is_temporary_name(std::string_view name, std::string_view prefix) {
  constexpr std::string_view end = ".tmp";
  if (!name.starts_with(prefix) || !name.ends_with(end) || name.size() < prefix.size() + end.size()) return false;
  name = name.substr(prefix.size(), name.size() - prefix.size() - end.size());
  const auto digits = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const size_t point = name.find('.');
  return point != std::string_view::npos && digits(name.substr(0, point)) && digits(name.substr(point + 1));
}

/// Removes what killed processes have left for the same target: nobody has it locked.
void remove_leftovers(const Place& place) {
  std::error_code error;
  for (auto entry = fs::directory_iterator(place.directory.empty() ? "." : place.directory, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (!is_temporary_name(entry->path().filename().string(), place.prefix)) continue;
    const int descriptor = ::open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0) continue;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) erase(entry->path());
    ::close(descriptor);
  }
}

/// Makes and locks `path`. Returns a descriptor, or -1 with errno; EEXIST: try another name.
int make(const fs::path& path, Temporary::Kind kind) {
  const bool file = kind == Temporary::Kind::file;
  if (!file && ::mkdir(path.c_str(), 0777) != 0) return -1;
  const int descriptor =
      ::open(path.c_str(), (file ? O_WRONLY | O_CREAT | O_EXCL : O_RDONLY | O_DIRECTORY) | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    const int error = errno;
    if (!file) ::rmdir(path.c_str());
    errno = !file && error == ENOENT ? EEXIST : error;  // just made, and already taken for a leftover
    return -1;
  }
  // Between its making and its locking another process may have taken it for a leftover. A file system without locks
  // (ENOLCK, EOPNOTSUPP) has no leftovers removed either.
  struct stat ours {
  }, present{};
  const bool lost = (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
                    ::fstat(descriptor, &ours) != 0 || ::stat(path.c_str(), &present) != 0 ||
                    ours.st_ino != present.st_ino;
  if (!lost) return descriptor;
  ::close(descriptor);
  errno = EEXIST;
  return -1;
}

}  // namespace

Temporary::Temporary(const fs::path& target, Kind kind, Leftovers leftovers) {
  const Place place = place_of(target);
  if (leftovers == Leftovers::remove) remove_leftovers(place);
  for (int n = 0; descriptor_ < 0; ++n) {
    path_ = place.directory / fmt::format("{}{}.{}.tmp", place.prefix, ::getpid(), n);
    undo_ = std::make_unique<Undo>([path = path_] { erase(path); });  // before there is something to undo
    descriptor_ = make(path_, kind);
    if (descriptor_ < 0 && errno != EEXIST) throw cannot_write(target, errno);
  }
}

Temporary::~Temporary() {
  erase(path_);
  close();
}

int Temporary::close() {
  const int error = descriptor_ >= 0 && ::close(descriptor_) != 0 ? errno : 0;
  descriptor_ = -1;
  return error;
}

}  // namespace erngen
