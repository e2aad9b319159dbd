// The ledger of Phase I: trainings that are done, in a file that survives a kill.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/directory_lock.hpp"
#include "base/json.hpp"

namespace erngen::cli {

/// One finished training.
struct LedgerEntry {
  std::string key;  ///< what was trained, and how: two trainings of one key give the same network
  std::string name;
  double error = 0;
  std::string network;  ///< file in the ledger's directory
};

class Ledger {
 public:
  /// Reads DIRECTORY/ledger.json if it is there; DIRECTORY is this ledger's alone while it lives. Throws
  /// Error(bad_input) when it is damaged or no ledger, Error(output) when another explore is at work there.
  explicit Ledger(std::filesystem::path directory);

  /// The training of this key, if it is done and its network file still there.
  std::optional<LedgerEntry> find(const std::string& key) const;

  /// Writes the ledger with this entry; a kill leaves the old one or the new one.
  void add(const LedgerEntry& entry);

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  DirectoryLock alone_;
  Json entries_ = Json::array();
};

}  // namespace erngen::cli
