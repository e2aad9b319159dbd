// Atomic files and staged directories: what is visible when, and what a failure leaves behind.
#include "base/check_error.hpp"

#include <fstream>

#include "base/file.hpp"
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
  if (fs::exists("/dev/zero")) CHECK_ERROR(read_file("/dev/zero"), ExitCode::bad_input, "not a regular file");
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
  CHECK_ERROR(StagedDirectory{directory / "none/design"}, ExitCode::output, "cannot make the directory");
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
