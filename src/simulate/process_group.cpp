#include "simulate/process_group.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/system_error.hpp"

namespace erngen {
namespace {

/// What the supervisor and the program need, made before the fork: after it, in a process with threads, nothing that
/// takes memory or locks may be called.
struct Start {
  const char* directory;  ///< nullptr: ours
  char* const* argv;
  int output;   ///< the program's standard output and error
  int failure;  ///< gets the errno if the program cannot be started
  pid_t parent;
};

void report_failure(const Start& start) {
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(start.failure, &error, sizeof error);
  _exit(127);
}

[[noreturn]] void become_program(const Start& start) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int input = open("/dev/null", O_RDONLY);
  if (dup2(input, STDIN_FILENO) < 0 || dup2(start.output, STDOUT_FILENO) < 0 || dup2(start.output, STDERR_FILENO) < 0 ||
      (start.directory && chdir(start.directory) != 0))
    report_failure(start);
  execvp(start.argv[0], start.argv);
  report_failure(start);
  _exit(127);
}

void end_group(int) { kill(0, SIGKILL); }  // of which the supervisor is one

/// Runs in the child: starts the program as its child, and passes on how it ended.
[[noreturn]] void supervise(const Start& start) {
  setpgid(0, 0);
  signal(SIGTERM, end_group);
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_UNBLOCK, &term, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != start.parent) _exit(127);  // it has ended already
  const pid_t program = fork();
  if (program < 0) report_failure(start);
  if (program == 0) become_program(start);
  // Only the program's descendants keep the pipes open, so that their ends are seen.
  close(start.output);
  close(start.failure);
  int status = 0;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  signal(WTERMSIG(status), SIG_DFL);
  prctl(PR_SET_DUMPABLE, 0);  // the program's memory is of interest, not this one's
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, WTERMSIG(status));
  sigprocmask(SIG_UNBLOCK, &ending, nullptr);
  kill(getpid(), WTERMSIG(status));
  _exit(128 + WTERMSIG(status));
}

[[noreturn]] void cannot_start(const std::string& program, int error) {
  if (error == ENOENT)
    throw Error(ExitCode::tool, fmt::format("{}: program not found", program),
                fmt::format("install {}, or put it into PATH", program));
  throw system_error(ExitCode::tool, program + ": cannot be started", error);
}

}  // namespace

ProcessGroup::ProcessGroup(const std::vector<std::string>& arguments, const std::filesystem::path& working_directory) {
  std::error_code ignored;
  if (!working_directory.empty() && !std::filesystem::is_directory(working_directory, ignored))
    throw Error(ExitCode::tool,
                fmt::format("{}: cannot be started: {}: no such directory", arguments[0], working_directory.string()));
  int output[2], failure[2];
  if (pipe2(output, O_CLOEXEC) != 0) throw system_error(ExitCode::tool, arguments[0] + ": cannot be started", errno);
  if (pipe2(failure, O_CLOEXEC) != 0) {
    const int error = errno;
    for (const int end : output) close(end);
    throw system_error(ExitCode::tool, arguments[0] + ": cannot be started", error);
  }
  output_ = output[0];
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const Start start{working_directory.empty() ? nullptr : working_directory.c_str(), argv.data(), output[1], failure[1],
                    getpid()};
  supervisor_ = fork();
  if (supervisor_ == 0) supervise(start);
  const int forked = supervisor_ < 0 ? errno : 0;
  if (supervisor_ > 0) {
    setpgid(supervisor_, supervisor_);  // as the supervisor does: whoever comes first
    undo_ = std::make_unique<Undo>([group = supervisor_] { kill(-group, SIGKILL); });
  }
  close(output[1]);
  close(failure[1]);
  int error = forked;
  if (forked == 0)
    while (::read(failure[0], &error, sizeof error) < 0 && errno == EINTR) {
    }
  close(failure[0]);
  if (error == 0) return;
  close(output_);
  if (supervisor_ > 0) end();
  cannot_start(arguments[0], error);
}

ProcessGroup::~ProcessGroup() {
  close(output_);
  if (supervisor_ > 0) end();
}

/// Until it is waited for, an ended supervisor keeps the group's number from being used again.
bool ProcessGroup::has_ended() const {
  siginfo_t ended{};
  return waitid(P_PID, static_cast<id_t>(supervisor_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0;
}

long ProcessGroup::read(char* buffer, size_t size, std::chrono::steady_clock::time_point until) {
  using namespace std::chrono;
  for (;;) {
    if (has_ended()) kill(-supervisor_, SIGKILL);  // it may have left something that keeps its output open
    const auto left = duration_cast<milliseconds>(until - steady_clock::now()).count();
    if (left <= 0) return -1;
    pollfd ready{output_, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(std::min<long>(left, 100))) <= 0) continue;
    const ssize_t bytes = ::read(output_, buffer, size);
    if (bytes >= 0) return bytes;
    if (errno != EINTR) return 0;
  }
}

bool ProcessGroup::wait(std::chrono::steady_clock::time_point until) {
  while (!has_ended()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    poll(nullptr, 0, 5);
  }
  return true;
}

std::pair<int, int> ProcessGroup::end() {
  kill(-supervisor_, SIGKILL);
  int status = 0;
  while (waitpid(supervisor_, &status, 0) < 0 && errno == EINTR) {
  }
  undo_.reset();
  supervisor_ = -1;
  if (WIFEXITED(status)) return {WEXITSTATUS(status), 0};
  return {128 + WTERMSIG(status), WTERMSIG(status)};
}

}  // namespace erngen
