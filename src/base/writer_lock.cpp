#include "base/writer_lock.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"

namespace erngen {

WriterLock::WriterLock(const std::filesystem::path& file) {
  descriptor_ = ::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
  if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(descriptor_);
  throw Error(ExitCode::output, fmt::format("{}: another erngen writes it", file.string()),
              "wait until it has ended, or name another file");
}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace erngen
