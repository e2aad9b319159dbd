// For tests: a fresh directory that is removed with everything in it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace erngen {

class TestDirectory {
 public:
  TestDirectory() {
    // Memory, where there is such a place: tests write many small files, and each waits for the disk otherwise.
    const std::filesystem::path memory = "/dev/shm";
    const bool use_memory = access(memory.c_str(), W_OK) == 0 && !std::getenv("TMPDIR");
    std::string name = ((use_memory ? memory : std::filesystem::temp_directory_path()) / "erngen-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary directory: " + name);
    path_ = name;
  }
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  /// The number of files and directories in it, hidden ones included.
  long entries() const {
    return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
  }

 private:
  std::filesystem::path path_;
};

}  // namespace erngen
