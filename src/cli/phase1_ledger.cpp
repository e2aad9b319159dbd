#include "cli/phase1_ledger.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace erngen::cli {
namespace {

constexpr const char* format = "erngen-ledger";

std::filesystem::path file_of(const std::filesystem::path& directory) { return directory / "ledger.json"; }

}  // namespace

Ledger::Ledger(std::filesystem::path directory)
    : directory_(std::move(directory)), alone_(directory_, DirectoryLock::Use::exclusive) {
  const std::string file = file_of(directory_).string();
  if (!std::filesystem::exists(file)) return;
  const Json json = read_json(file);
  if (!json.is_object() || json.value("format", "") != format || !json.contains("trainings") ||
      !json["trainings"].is_array())
    throw bad_input(fmt::format("{}: is not a ledger of erngen explore", file), "give another directory with -o");
  for (const Json& entry : json["trainings"]) {
    for (const char* key : {"key", "name", "network"}) {
      if (!entry.is_object() || !entry.contains(key) || !entry[key].is_string())
        throw bad_input(fmt::format("{}: a training has no \"{}\"", file, key), "remove the file to start anew");
    }
    if (!entry.contains("error") || !entry["error"].is_number())
      throw bad_input(fmt::format("{}: a training has no \"error\"", file), "remove the file to start anew");
    entries_.push_back(entry);
  }
}

std::optional<LedgerEntry> Ledger::find(const std::string& key) const {
  for (const Json& e : entries_) {
    if (e["key"] != key || !std::filesystem::exists(directory_ / e["network"].get<std::string>())) continue;
    return LedgerEntry{key, e["name"].get<std::string>(), e["error"].get<double>(), e["network"].get<std::string>()};
  }
  return {};
}

void Ledger::add(const LedgerEntry& entry) {
  entries_.push_back({{"key", entry.key}, {"name", entry.name}, {"error", entry.error}, {"network", entry.network}});
  write_file_atomically(file_of(directory_), Json{{"format", format}, {"trainings", entries_}}.dump(1) + "\n");
}

}  // namespace erngen::cli
