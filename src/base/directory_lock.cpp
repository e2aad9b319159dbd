#include "base/directory_lock.hpp"

#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"

namespace erngen {

DirectoryLock::DirectoryLock(const std::filesystem::path& directory, Use use) {
  using namespace std::chrono_literals;
  const auto give_up = std::chrono::steady_clock::now() + 1s;
  for (;;) {
    if (descriptor_ >= 0) ::close(descriptor_);
    // Opened anew each time: by then it may be another directory of that name.
    descriptor_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor_ < 0) return;  // whoever writes there says why
    if (::flock(descriptor_, (use == Use::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
    if (std::chrono::steady_clock::now() >= give_up) break;
    std::this_thread::sleep_for(20ms);
  }
  ::close(descriptor_);
  throw Error(ExitCode::output, fmt::format("{}: another erngen is at work in it", directory.string()),
              "wait until it has ended, or choose another directory");
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace erngen
