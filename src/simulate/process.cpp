#include "simulate/process.hpp"

#include <cerrno>
#include <deque>
#include <fstream>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/system_error.hpp"
#include "simulate/process_group.hpp"

namespace erngen {
namespace {

constexpr size_t kept_lines = 20;
constexpr size_t longest_line = 4096;  // longer ones are cut; a tool's output is not trusted to have newlines

/// What a child says, appended to a file.
class Log {
 public:
  explicit Log(const std::filesystem::path& file) : file_(file) {
    if (!file.empty()) stream_.open(file, std::ios::app);
    check();
  }
  void write(std::string_view text) {
    if (!file_.empty()) stream_ << text << '\n';
  }
  void check() {
    if (!file_.empty() && !stream_.flush()) throw cannot_write(file_, errno);
  }

 private:
  std::filesystem::path file_;
  std::ofstream stream_;
};

std::string command_line(const std::vector<std::string>& arguments) {
  std::string text = "$";
  for (const std::string& argument : arguments) text += ' ' + shell_word(argument);
  return text;
}

}  // namespace

ProcessResult run_process(const ProcessRequest& request) {
  using Clock = std::chrono::steady_clock;
  Log log(request.log);
  log.write(command_line(request.arguments));
  log.check();

  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(request.limit);
  const auto too_long = [&] {
    return Error(ExitCode::tool,
                 fmt::format("{}: not finished after {:g} seconds", request.arguments[0], request.limit.count()),
                 "give it more time with --time-limit");
  };
  ProcessGroup child(request.arguments, request.working_directory);
  std::deque<std::string> last;
  std::string line;
  const auto end_line = [&] {
    const bool taken = request.line && request.line(line);
    if (!taken) {
      log.write(line);
      last.push_back(line);
      if (last.size() > kept_lines) last.pop_front();
    }
    line.clear();
  };
  char buffer[4096];
  while (const long count = child.read(buffer, sizeof buffer, until)) {
    if (count < 0) throw too_long();
    for (long n = 0; n < count; ++n) {
      if (buffer[n] == '\n')
        end_line();
      else if (line.size() < longest_line)
        line += buffer[n];
    }
    log.check();
  }
  if (!line.empty()) end_line();
  log.check();
  if (!child.wait(until)) throw too_long();

  ProcessResult result;
  std::tie(result.status, result.signal) = child.end();
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
