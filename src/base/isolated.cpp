#include "base/isolated.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system_error.hpp"

namespace erngen {
namespace {

Error no_process(int error) {
  return system_error(ExitCode::environment, "cannot start a process to read a file in", error);
}

void write_all(int descriptor, const std::string& bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t written = write(descriptor, bytes.data() + at, bytes.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(1);
    at += static_cast<size_t>(written);
  }
}

/// The child's part; does not return.
[[noreturn]] void run_child(int descriptor, const std::function<std::string()>& compute, unsigned seconds) {
  // The parent's handlers would remove its temporary files, or report a crash as its own.
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT, SIGHUP, SIGXCPU, SIGPIPE})
    std::signal(signal, SIG_DFL);
  const rlimit time{seconds, seconds + 1}, no_core{0, 0};
  setrlimit(RLIMIT_CPU, &time);
  setrlimit(RLIMIT_CORE, &no_core);
  if (const int null = open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) dup2(null, STDERR_FILENO);
  try {
    write_all(descriptor, compute());
  } catch (...) {
    _exit(1);
  }
  _exit(0);
}

std::string read_all(int descriptor) {
  std::string bytes;
  char block[1 << 16];
  for (;;) {
    const ssize_t count = read(descriptor, block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return bytes;
    bytes.append(block, static_cast<size_t>(count));
  }
}

}  // namespace

std::optional<std::string> isolated(const std::function<std::string()>& compute, unsigned seconds) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw no_process(errno);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    run_child(ends[1], compute, seconds);
  }
  const int error = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    throw no_process(error);
  }
  std::string bytes = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return {};
  return bytes;
}

}  // namespace erngen
