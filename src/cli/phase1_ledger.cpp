#include "cli/phase1_ledger.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

namespace erngen::cli {
namespace {

constexpr const char* format = "erngen-ledger";

std::filesystem::path list_of(const std::filesystem::path& directory) { return directory / "ledger.json"; }

/// "gru-k8.training.json" beside "gru-k8.safetensors".
std::filesystem::path record_of(const std::filesystem::path& directory, const std::string& network) {
  return directory / std::filesystem::path(network).replace_extension(".training.json");
}

LedgerEntry read_entry(const Json& json, const std::string& file) {
  for (const char* key : {"key", "name", "network"})
    if (!json.is_object() || !json.contains(key) || !json[key].is_string())
      throw bad_input(fmt::format("{}: a training has no \"{}\"", file, key), "remove the file to start anew");
  if (!json.contains("error") || !json["error"].is_number())
    throw bad_input(fmt::format("{}: a training has no \"error\"", file), "remove the file to start anew");
  return {json["key"].get<std::string>(), json["name"].get<std::string>(), json["error"].get<double>(),
          json["network"].get<std::string>()};
}

Json entry_json(const LedgerEntry& entry) {
  return {{"key", entry.key}, {"name", entry.name}, {"error", entry.error}, {"network", entry.network}};
}

}  // namespace

Ledger::Ledger(std::filesystem::path directory, Use use) : directory_(std::move(directory)) {
  if (use == Use::search) alone_.emplace(directory_, DirectoryLock::Use::exclusive);
  const std::string file = list_of(directory_).string();
  if (!std::filesystem::exists(file)) return;
  const Json json = read_json(file);
  if (!json.is_object() || json.value("format", "") != format || !json.contains("trainings") ||
      !json["trainings"].is_array())
    throw bad_input(fmt::format("{}: is not a ledger of erngen explore", file), "give another directory with -o");
  for (const Json& entry : json["trainings"]) listed_.push_back(read_entry(entry, file));
}

std::optional<LedgerEntry> Ledger::find(const std::string& key, const std::string& network) const {
  const auto is_done = [&](const LedgerEntry& entry) {
    return entry.key == key && std::filesystem::exists(directory_ / entry.network);
  };
  const std::filesystem::path record = record_of(directory_, network);
  if (std::filesystem::exists(record)) {  // it is newer than what is listed
    const LedgerEntry entry = read_entry(read_json(record.string()), record.string());
    return is_done(entry) ? std::optional(entry) : std::nullopt;
  }
  for (const LedgerEntry& entry : listed_)
    if (is_done(entry)) return entry;
  return {};
}

void Ledger::add(const LedgerEntry& entry) const {
  write_file_atomically(record_of(directory_, entry.network), entry_json(entry).dump(1) + "\n");
}

void Ledger::write(const std::vector<LedgerEntry>& entries) const {
  Json list = Json::array();
  for (const LedgerEntry& entry : entries) list.push_back(entry_json(entry));
  write_file_atomically(list_of(directory_), Json{{"format", format}, {"trainings", list}}.dump(1) + "\n");
}

}  // namespace erngen::cli
