#include "base/staged_directory.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/directory_lock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/system_error.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

/// "out/" and "out" are the same directory; a symbolic link stands for what it points to.
fs::path resolved(const fs::path& target) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(fs::absolute(target, error), error);
  if (error) throw cannot_write(target, error.value());
  if (result.filename().empty()) result = result.parent_path();
  return result;
}

void require_replaceable(const fs::path& target) {
  std::error_code error;
  if (!fs::exists(target, error) && !error) return;
  if (error) throw cannot_write(target, error.value());
  if (fs::is_directory(target, error) && (fs::is_empty(target, error) || is_erngen_output(target))) return;
  throw Error(ExitCode::output,
              fmt::format("{}: exists and is not an output of erngen (no manifest.json that says so)", target.string()),
              "choose another directory, or remove it yourself");
}

/// Checks, before a stage is made beside it.
const fs::path& checked(const fs::path& target) {
  require_replaceable(target);
  return target;
}

/// Two directories swap their names, at once where the file system can. Returns 0, or -1 with errno.
int exchange(const fs::path& a, const fs::path& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  const fs::path between = a.string() + ".old";
  if (::rename(b.c_str(), between.c_str()) != 0) return -1;
  if (::rename(a.c_str(), b.c_str()) == 0) return ::rename(between.c_str(), a.c_str());
  const int error = errno;
  ::rename(between.c_str(), b.c_str());
  errno = error;
  return -1;
}

}  // namespace

bool is_erngen_output(const fs::path& directory) {
  const fs::path manifest = directory / "manifest.json";
  std::error_code error;
  if (!fs::is_regular_file(manifest, error)) return false;
  try {
    const Json json = read_json(manifest.string());
    return json.is_object() && json.value("generator", Json()) == "erngen";
  } catch (const Error&) {
    return false;
  }
}

StagedDirectory::StagedDirectory(const fs::path& target)
    : target_(resolved(target)), stage_(checked(target_), Temporary::Kind::directory, Temporary::Leftovers::remove) {}

void StagedDirectory::write(const fs::path& relative, std::string_view bytes) {
  const fs::path file = stage_.path() / relative;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) throw cannot_write(file, error.value());
  write_file_atomically(file, bytes, Sync::none);
}

void StagedDirectory::commit() {
  int error = EEXIST;
  for (int tries = 0; error == EEXIST && tries < 100;
       ++tries) {  // another process may be putting its own directory there, or taking it away
    require_replaceable(target_);
    std::error_code ignored;
    if (fs::exists(target_, ignored)) {
      const DirectoryLock unused(target_, DirectoryLock::Use::exclusive);
      error = exchange(stage_.path(), target_) == 0 ? 0 : errno;  // the old one is then the stage, and goes with it
      if (error == ENOENT) error = EEXIST;
    } else {
      error =
          ::renameat2(AT_FDCWD, stage_.path().c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
      if (error == EINVAL || error == ENOSYS) error = ::rename(stage_.path().c_str(), target_.c_str()) == 0 ? 0 : errno;
    }
  }
  if (error != 0) throw cannot_write(target_, error);
  stage_.close();
}

}  // namespace erngen
