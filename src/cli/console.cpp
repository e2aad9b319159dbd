#include "cli/console.hpp"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/printable.hpp"
#include "base/system_error.hpp"

namespace erngen::cli {
namespace {

int output_error = 0;  ///< the first errno of standard output

/// Writes everything. Returns 0 or the errno.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<size_t>(count));
    } else if (errno == EAGAIN) {  // a terminal or pipe that another program has made non-blocking
      pollfd ready{descriptor, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void open_console() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one. Open the wrong way round, it reads or writes nothing.
    if (::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0) return;
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

void say(const std::string& text) { say_exactly(printable(text)); }

void say_exactly(const std::string& text) {
  if (output_error == 0) output_error = write_all(STDOUT_FILENO, text.ends_with('\n') ? text : text + '\n');
}

void note(const std::string& text) { draw(printable_message(text) + '\n'); }

void draw(std::string_view text) { write_all(STDERR_FILENO, text); }

std::string console_failure() {
  return output_error == 0 || output_error == EPIPE ? ""
                                                    : "standard output: cannot write: " + system_reason(output_error);
}

}  // namespace erngen::cli
