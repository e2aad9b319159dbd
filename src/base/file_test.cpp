// Atomic files and staged directories: what is visible when, and what a failure leaves behind.
#include "base/file.hpp"

#include <fstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check_error.hpp"
#include "base/directory_lock.hpp"
#include "base/staged_directory.hpp"
#include "base/test_directory.hpp"

using namespace erngen;
namespace fs = std::filesystem;

TEST_CASE("a file appears only when it is committed") {
  TestDirectory directory;
  const fs::path file = directory / "out.bin";
  {
    AtomicFile output(file);
    output.write("half");
    CHECK_FALSE(fs::exists(file));
  }
  CHECK(directory.entries() == 0);
  {
    AtomicFile output(file);
    output.write("ab");
    output.write("cd");
    output.commit();
  }
  CHECK(read_file(file) == "abcd");
  {
    AtomicFile output(file);
    output.write("never committed");
  }
  CHECK(read_file(file) == "abcd");
  write_file_atomically(file, "new");
  CHECK(read_file(file) == "new");
  CHECK(directory.entries() == 1);
}

TEST_CASE("writing fails with the system's reason and leaves nothing") {
  TestDirectory directory;
  CHECK_ERROR(write_file_atomically(directory / "none/out", "x"), ExitCode::output, "No such file");
  CHECK_ERROR(write_file_atomically(directory.path(), "x"), ExitCode::output, "directory");
  if (fs::exists("/dev/full"))
    CHECK_ERROR(write_file_atomically("/dev/full", std::string(100000, 'x')), ExitCode::output, "No space left");
  if (fs::exists("/dev/null")) CHECK_NOTHROW(write_file_atomically("/dev/null", "x"));
  CHECK(directory.entries() == 0);
}

TEST_CASE("a symbolic link stays a link") {
  TestDirectory directory;
  write_file_atomically(directory / "real", "old");
  fs::create_symlink("real", directory / "link");
  write_file_atomically(directory / "link", "new");
  CHECK(fs::is_symlink(directory / "link"));
  CHECK(read_file(directory / "real") == "new");
}

TEST_CASE("reading checks what it reads") {
  TestDirectory directory;
  CHECK_ERROR(read_file(directory / "none"), ExitCode::bad_input, "No such file");
  CHECK_ERROR(read_file(directory.path()), ExitCode::bad_input, "is a directory, not a file");
  if (fs::exists("/dev/zero"))
    CHECK_ERROR(read_file("/dev/zero"), ExitCode::bad_input, "is a device, not a regular file");
  REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
  CHECK_ERROR(read_file(directory / "pipe"), ExitCode::bad_input, "is a pipe, not a regular file");
  CHECK_ERROR(write_file_atomically(directory / "pipe", "x"), ExitCode::output, "nothing reads the pipe");
  write_file_atomically(directory / "big", std::string(101, 'x'));
  CHECK_ERROR(read_file(directory / "big", 100), ExitCode::bad_input, "more than the limit of 100");
  CHECK(read_file(directory / "big", 101).size() == 101);
}

namespace {
void make_output(const fs::path& target, const std::string& content) {
  StagedDirectory stage(target);
  stage.write("manifest.json", R"({"generator": "erngen"})");
  stage.write("rtl/top.v", content);
  stage.commit();
}
}  // namespace

TEST_CASE("a directory appears only when it is committed, and replaces only an older output") {
  TestDirectory directory;
  const fs::path target = directory / "design";
  {
    StagedDirectory stage(target);
    stage.write("rtl/top.v", "half");
    CHECK_FALSE(fs::exists(target));
  }
  CHECK(directory.entries() == 0);
  make_output(target, "one");
  CHECK(read_file(target / "rtl/top.v") == "one");
  { StagedDirectory abandoned(target); }
  CHECK(read_file(target / "rtl/top.v") == "one");
  make_output(target.string() + "/", "two");
  CHECK(read_file(target / "rtl/top.v") == "two");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a directory or file that is not ours is never replaced") {
  TestDirectory directory;
  const fs::path target = directory / "precious";
  fs::create_directory(target);
  CHECK_NOTHROW(StagedDirectory{target});  // empty: nothing to lose
  write_file_atomically(target / "thesis.tex", "x");
  CHECK_ERROR(StagedDirectory{target}, ExitCode::output, "not an output of erngen");
  for (const char* manifest : {R"({"generator": "other"})", R"({"generator": 1})", "[]", "{", "\"erngen\""}) {
    write_file_atomically(target / "manifest.json", manifest);
    CHECK_FALSE(is_erngen_output(target));
  }
  CHECK_ERROR(StagedDirectory{target}, ExitCode::output, "not an output of erngen");
  write_file_atomically(directory / "file", "x");
  CHECK_ERROR(StagedDirectory{directory / "file"}, ExitCode::output, "not an output of erngen");
  CHECK_ERROR(StagedDirectory{directory / "none/design"}, ExitCode::output, "No such file");
  CHECK(directory.entries() == 2);
}

TEST_CASE("what turns up between opening and commit is not overwritten either") {
  TestDirectory directory;
  const fs::path target = directory / "design";
  {
    StagedDirectory stage(target);
    stage.write("manifest.json", R"({"generator": "erngen"})");
    fs::create_directory(target);
    write_file_atomically(target / "mine", "x");
    CHECK_ERROR(stage.commit(), ExitCode::output, "not an output of erngen");
  }
  CHECK(read_file(target / "mine") == "x");
  CHECK(directory.entries() == 1);
}

TEST_CASE("what a killed process left is removed by the next one, what somebody works on is not") {
  TestDirectory directory;
  const std::string abandoned = ".y.npy.999999.0.tmp", other = ".y.npy.bak.1.tmp", foreign = ".z.npy.999999.0.tmp";
  for (const std::string& name : {abandoned, other, foreign}) std::ofstream(directory / name) << "half";
  fs::create_directories(directory / ".design.999999.3.tmp/rtl");
  const Temporary at_work(directory / "y.npy", Temporary::Kind::file, Temporary::Leftovers::remove);
  CHECK_FALSE(fs::exists(directory / abandoned));
  write_file_atomically(directory / "y.npy", "new");
  make_output(directory / "design", "one");
  CHECK(fs::exists(at_work.path()));
  CHECK(fs::exists(directory / other));
  CHECK(fs::exists(directory / foreign));
  CHECK_FALSE(fs::exists(directory / ".design.999999.3.tmp"));
  CHECK(read_file(directory / "y.npy") == "new");
}

TEST_CASE("a name as long as the system allows can be written") {
  TestDirectory directory;
  write_file_atomically(directory / std::string(255, 'n'), "x");
  CHECK(read_file(directory / std::string(255, 'n')) == "x");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a directory that a tool works in is not replaced") {
  TestDirectory directory;
  make_output(directory / "design", "one");
  {
    const DirectoryLock work(directory / "design", DirectoryLock::Use::shared);
    const DirectoryLock more(directory / "design", DirectoryLock::Use::shared);
    CHECK_ERROR(make_output(directory / "design", "two"), ExitCode::output, "another erngen is at work in it");
  }
  make_output(directory / "design", "three");
  CHECK(read_file(directory / "design/rtl/top.v") == "three");
  CHECK(directory.entries() == 1);
}

TEST_CASE("of many processes that write one file and one directory one wins, whole") {
  TestDirectory directory;
  std::vector<pid_t> writers;
  for (int n = 0; n < 8; ++n) {
    const pid_t pid = fork();
    if (pid == 0) {
      int status = 0;
      try {
        const std::string text(100000, static_cast<char>('a' + n));
        write_file_atomically(directory / "file", text);
        make_output(directory / "design", text);
      } catch (const Error&) {
        status = 1;
      }
      _exit(status);
    }
    writers.push_back(pid);
  }
  for (const pid_t pid : writers) {
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  for (const char* name : {"file", "design/rtl/top.v"}) {
    const std::string text = read_file(directory / name);
    CHECK(text.size() == 100000);
    CHECK(text == std::string(100000, text[0]));
  }
  CHECK(directory.entries() == 2);
}

TEST_CASE("what is under way is undone from another thread") {
  TestDirectory directory;
  const pid_t pid = fork();
  if (pid == 0) {
    AtomicFile file(directory / "file");
    file.write("half");
    StagedDirectory stage(directory / "design");
    stage.write("rtl/top.v", "half");
    undo_all();
    _exit(directory.entries() == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  CHECK(status == 0);
}
