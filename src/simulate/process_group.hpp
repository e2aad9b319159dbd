// A tool with everything that it starts.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/undo.hpp"

namespace erngen {

/// A running program and its descendants, as a process group under a supervisor: a process of ours that does nothing
/// but wait for the program, and ends the whole group when the program ends or we do - in whatever way. Standard input
/// is empty; both outputs come to us.
class ProcessGroup {
 public:
  /// Throws Error(tool) if the program cannot be started, Error(environment) if there are no processes or files left.
  ProcessGroup(const std::vector<std::string>& arguments, const std::filesystem::path& working_directory);
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  /// Waits for output and reads it: bytes, 0 at its end, or -1 when `until` has come first.
  long read(char* buffer, size_t size, std::chrono::steady_clock::time_point until);

  /// Waits for the program's end; false when `until` has come first.
  bool wait(std::chrono::steady_clock::time_point until);

  /// Ends what is left. Returns the program's exit status and 0, or 128 + the signal that ended it, and the signal. To
  /// be called once.
  std::pair<int, int> end();

 private:
  bool has_ended() const;

  pid_t supervisor_ = -1;  ///< also the group's number
  int output_ = -1;
  std::unique_ptr<Undo> undo_;
};

}  // namespace erngen
