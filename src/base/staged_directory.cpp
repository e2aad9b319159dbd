#include "base/staged_directory.hpp"

#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

Error cannot_make(const fs::path& path, const std::error_code& error) {
  return {ExitCode::output, fmt::format("{}: cannot write: {}", path.string(), error.message())};
}

/// "out/" and "out" are the same directory; a symbolic link stands for what it points to.
fs::path resolved(const fs::path& target) {
  std::error_code error;
  fs::path result = fs::weakly_canonical(fs::absolute(target, error), error);
  if (error) throw cannot_make(target, error);
  if (result.filename().empty()) result = result.parent_path();
  return result;
}

void require_replaceable(const fs::path& target) {
  std::error_code error;
  if (!fs::exists(target, error) && !error) return;
  if (error) throw cannot_make(target, error);
  if (fs::is_directory(target, error) && (fs::is_empty(target, error) || is_erngen_output(target))) return;
  throw Error(ExitCode::output,
              fmt::format("{}: exists and is not an output of erngen (no manifest.json that says so)", target.string()),
              "choose another directory, or remove it yourself");
}

}  // namespace

bool is_erngen_output(const fs::path& directory) {
  const fs::path manifest = directory / "manifest.json";
  std::error_code error;
  if (!fs::is_regular_file(manifest, error)) return false;
  try {
    const Json json = read_json(manifest.string());
    return json.is_object() && json.value("generator", Json()) == "erngen";
  } catch (const Error&) {
    return false;
  }
}

StagedDirectory::StagedDirectory(const fs::path& target) : target_(resolved(target)) {
  require_replaceable(target_);
  const fs::path stage = temporary_sibling(target_);
  std::error_code error;
  if (!fs::create_directory(stage, error) || error)
    throw Error(ExitCode::output, fmt::format("{}: cannot make the directory: {}", target_.string(), error.message()),
                "its parent directory must exist and be writable");
  stage_ = stage;
}

StagedDirectory::~StagedDirectory() {
  std::error_code ignored;
  if (!stage_.empty()) fs::remove_all(stage_, ignored);
}

void StagedDirectory::write(const fs::path& relative, std::string_view bytes) {
  const fs::path file = stage_ / relative;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) throw cannot_make(file, error);
  write_file_atomically(file, bytes, Sync::none);
}

void StagedDirectory::commit() {
  require_replaceable(target_);
  std::error_code error;
  fs::path old;
  if (fs::exists(target_)) {
    old = temporary_sibling(target_);
    fs::rename(target_, old, error);
    if (error) throw cannot_make(target_, error);
  }
  fs::rename(stage_, target_, error);
  if (error) {
    std::error_code ignored;
    if (!old.empty()) fs::rename(old, target_, ignored);
    throw cannot_make(target_, error);
  }
  stage_.clear();
  if (!old.empty()) fs::remove_all(old, error);
}

}  // namespace erngen
