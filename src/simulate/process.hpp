// External tools as child processes.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace erngen {

struct ProcessResult {
  int status = 0;          ///< exit status, or 128 + the signal that ended it
  int signal = 0;          ///< that signal; 0: it ended by itself
  std::string last_lines;  ///< of its output, 20 at most
};

/// A child's command line and surroundings.
struct ProcessRequest {
  std::vector<std::string> arguments;          ///< [0] is the program, looked up in PATH unless it holds a '/'
  std::filesystem::path working_directory;     ///< empty: ours
  std::filesystem::path log;                   ///< its output (both streams) is appended here; empty: nowhere
  std::function<bool(std::string_view)> line;  ///< sees each line of output; true keeps it out of the log
  std::chrono::duration<double> limit{86400};  ///< of the time it may take: a day
};

/// Runs a child, in a process group of its own, to its end. Whatever it has started and left behind is then ended, and
/// also when we are interrupted (base/undo.hpp) or killed. Throws Error(tool) if the program does not exist, cannot be
/// started or takes longer than its limit, Error(output) if the log cannot be written, Error(environment) if there are
/// no processes or files left. A failing child is not an error here: see the status.
ProcessResult run_process(const ProcessRequest& request);

/// As run_process, for a tool that must succeed: Error(tool) with the last lines of its output and the
/// log's name otherwise. `purpose` is what it was run for, such as "translating the design".
ProcessResult run_tool(const ProcessRequest& request, const std::string& purpose);

}  // namespace erngen
