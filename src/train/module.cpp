#include "train/module.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/undo.hpp"

namespace erngen {
namespace {

std::filesystem::path find_module() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const char* folder : {"../train", ERNGEN_TRAIN_INSTALLED}) {
    const auto file = program.parent_path() / folder / "liberngen-train.so";
    if (std::filesystem::exists(file, error)) return file;
  }
  throw Error(ExitCode::tool, "this erngen was built without libtorch, so it cannot train",
              "in the clone that it was built in: sh tools/build.sh -Dtrain=enabled");
}

}  // namespace

Network train_in_module(const TrainOptions& options, const TrainReport& report) {
  options.validate();
  const auto file = find_module();
  void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed: libtorch does not like to be unloaded
  void* symbol = module ? dlsym(module, train_entry_name) : nullptr;
  void* undo = module ? dlsym(module, train_undo_name) : nullptr;
  if (!symbol || !undo) {
    const char* why = dlerror();
    throw Error(ExitCode::tool,
                fmt::format("{}: cannot be loaded: {}", file.filename().string(), why ? why : "unknown reason"),
                "install libtorch, or rebuild erngen");
  }
  const Undo interrupted(reinterpret_cast<TrainUndo>(undo));
  Network result;
  reinterpret_cast<TrainEntry>(symbol)(options, report, result);
  return result;
}

}  // namespace erngen
