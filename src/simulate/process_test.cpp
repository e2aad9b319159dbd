// Child processes: status, output, log, and the errors of tools that are missing or fail.
#include "simulate/process.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/check_error.hpp"
#include "base/file.hpp"
#include "base/test_directory.hpp"

using namespace erngen;

TEST_CASE("a child's output goes to the log and its status comes back") {
  const TestDirectory directory;
  ProcessRequest request{{"sh", "-c", "echo one; echo hidden; echo two >&2; printf three; exit 3"},
                         directory.path(),
                         directory / "log",
                         {}};
  int hidden = 0;
  request.line = [&](std::string_view line) { return line == "hidden" && ++hidden != 0; };
  const ProcessResult result = run_process(request);
  CHECK(result.status == 3);
  CHECK(result.last_lines == "one\ntwo\nthree\n");
  CHECK(hidden == 1);
  const std::string log = read_file(directory / "log");
  CHECK(log.starts_with("$ sh -c 'echo one;"));
  CHECK(log.ends_with("\none\ntwo\nthree\n"));
}

TEST_CASE("the child runs in its working directory, without our standard input") {
  const TestDirectory directory;
  write_file_atomically(directory / "here", "");
  CHECK(run_process({{"sh", "-c", "test -f here && ! read line"}, directory.path(), {}, {}}).status == 0);
}

TEST_CASE("only the last lines are kept, long lines are cut") {
  const ProcessResult result = run_process(
      {{"sh", "-c", "i=0; while [ $i -lt 100 ]; do echo $i; i=$((i+1)); done; printf '%09999d' 5"}, {}, {}, {}});
  CHECK(result.last_lines.starts_with("81\n82\n"));
  CHECK(result.last_lines.size() < 5000);
}

TEST_CASE("a signal is told apart from a status") {
  CHECK(run_process({{"sh", "-c", "kill -TERM $$"}, {}, {}, {}}).status == 128 + 15);
  CHECK_ERROR(run_tool({{"sh", "-c", "kill -TERM $$"}, {}, {}, {}}, "trying"), ExitCode::tool,
              "was ended by signal 15 while trying");
  CHECK_ERROR(run_tool({{"sh", "-c", "exit 255"}, {}, {}, {}}, "trying"), ExitCode::tool,
              "failed with status 255 while trying");  // nextpnr's
}

TEST_CASE("missing and failing tools") {
  CHECK_ERROR(run_process({{"no-such-tool-of-erngen"}, {}, {}, {}}), ExitCode::tool,
              "no-such-tool-of-erngen: program not found");
  const TestDirectory directory;
  CHECK_ERROR(run_tool({{"sh", "-c", "echo bad thing; exit 7"}, {}, directory / "log", {}}, "trying"), ExitCode::tool,
              "bad thing");
  CHECK_ERROR(run_tool({{"sh", "-c", "exit 7"}, {}, directory / "log", {}}, "trying"), ExitCode::tool,
              "read " + (directory / "log").string());
  CHECK_ERROR(run_process({{"true"}, directory / "none", {}, {}}), ExitCode::tool, "cannot be started");
  CHECK_ERROR(run_process({{"true"}, {}, directory / "none/log", {}}), ExitCode::output, "cannot write");
}

TEST_CASE("a caller that throws leaves no child behind") {
  ProcessRequest request{{"sh", "-c", "echo go; sleep 1000"}, {}, {}, {}};
  request.line = [](std::string_view) -> bool { throw bad_input("stop"); };
  CHECK_ERROR(run_process(request), ExitCode::bad_input, "stop");  // returns at once
}

TEST_CASE("a tool has a limit of time, also when it has closed its output") {
  using namespace std::chrono_literals;
  CHECK_ERROR(run_process({{"sh", "-c", "sleep 1000"}, {}, {}, {}, 0.2s}), ExitCode::tool,
              "sh: not finished after 0.2 seconds");
  CHECK_ERROR(run_process({{"sh", "-c", "exec >&- 2>&-; sleep 1000"}, {}, {}, {}, 0.2s}), ExitCode::tool,
              "not finished after 0.2 seconds");
}

TEST_CASE("what a tool leaves running ends with it") {
  const ProcessResult result =
      run_process({{"sh", "-c", "(trap '' TERM INT HUP; sleep 1000) & echo $!; exit 5"}, {}, {}, {}});
  CHECK(result.status == 5);
  const pid_t left = static_cast<pid_t>(std::stol(result.last_lines));
  const auto runs = [left] {  // a zombie, until its new parent has seen it, does not
    std::ifstream status(fmt::format("/proc/{}/status", left));
    const std::string text((std::istreambuf_iterator<char>(status)), {});
    return !text.empty() && text.find("State:\tZ") == std::string::npos;
  };
  for (int n = 0; n < 500 && runs(); ++n) usleep(10000);
  CHECK_FALSE(runs());
}

TEST_CASE("a tool starts with no signal blocked") {
  CHECK(run_process({{"grep", "-q", "SigBlk:.0*$", "/proc/self/status"}, {}, {}, {}}).status == 0);
}
