#include "simulate/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <fstream>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"

extern char** environ;

namespace erngen {
namespace {

constexpr size_t kept_lines = 20;
constexpr size_t longest_line = 4096;  // longer ones are cut; a tool's output is not trusted to have newlines

/// A child and the reading end of its output; killed and reaped if we leave early.
class Child {
 public:
  explicit Child(const ProcessRequest& request) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw Error(ExitCode::tool, fmt::format("no pipe: {}", std::strerror(errno)));
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    if (!request.working_directory.empty())
      posix_spawn_file_actions_addchdir_np(&actions, request.working_directory.c_str());
    std::vector<char*> argv;
    for (const std::string& argument : request.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const int error = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) {
      close(output_);
      if (error == ENOENT &&
          (request.working_directory.empty() || std::filesystem::is_directory(request.working_directory)))
        throw Error(ExitCode::tool, fmt::format("{}: program not found", request.arguments[0]),
                    fmt::format("install {}, or put it into PATH", request.arguments[0]));
      throw Error(ExitCode::tool, fmt::format("{}: cannot be started: {}", request.arguments[0], std::strerror(error)));
    }
  }
  ~Child() {
    close(output_);
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Bytes read, 0 at the end of the output.
  size_t read(char* buffer, size_t size) {
    for (;;) {
      const ssize_t count = ::read(output_, buffer, size);
      if (count >= 0) return static_cast<size_t>(count);
      if (errno != EINTR) return 0;
    }
  }

  /// The exit status and 0, or 128 + the signal that ended the child, and the signal.
  std::pair<int, int> wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFEXITED(status)) return {WEXITSTATUS(status), 0};
    return {128 + WTERMSIG(status), WTERMSIG(status)};
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

}  // namespace

ProcessResult run_process(const ProcessRequest& request) {
  std::ofstream log;
  if (!request.log.empty()) {
    log.open(request.log, std::ios::app);
    log << "$";
    for (const std::string& argument : request.arguments) log << ' ' << argument;
    log << '\n';
    if (!log) throw Error(ExitCode::output, fmt::format("{}: cannot be written", request.log.string()));
  }

  Child child(request);
  std::deque<std::string> last;
  std::string line;
  const auto end_line = [&] {
    const bool taken = request.line && request.line(line);
    if (!taken) {
      if (log.is_open()) log << line << '\n';
      last.push_back(line);
      if (last.size() > kept_lines) last.pop_front();
    }
    line.clear();
  };
  char buffer[4096];
  while (const size_t count = child.read(buffer, sizeof buffer)) {
    for (size_t n = 0; n < count; ++n) {
      if (buffer[n] == '\n')
        end_line();
      else if (line.size() < longest_line)
        line += buffer[n];
    }
    if (log.is_open() && !log.flush())
      throw Error(ExitCode::output, fmt::format("{}: cannot be written", request.log.string()));
  }
  if (!line.empty()) end_line();

  ProcessResult result;
  std::tie(result.status, result.signal) = child.wait();
  for (const std::string& text : last) result.last_lines += text + '\n';
  return result;
}

ProcessResult run_tool(const ProcessRequest& request, const std::string& purpose) {
  ProcessResult result = run_process(request);
  if (result.status != 0) {
    const std::string how = result.signal ? fmt::format("was ended by signal {}", result.signal)
                                          : fmt::format("failed with status {}", result.status);
    throw Error(
        ExitCode::tool,
        fmt::format("{} {} while {}; its last lines:\n{}", request.arguments[0], how, purpose, result.last_lines),
        request.log.empty() ? "" : fmt::format("read {}", request.log.string()));
  }
  return result;
}

}  // namespace erngen
