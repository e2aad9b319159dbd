// The ledger of Phase I: trainings that are done, in files that survive a kill.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/directory_lock.hpp"

namespace erngen::cli {

/// One finished training.
struct LedgerEntry {
  std::string key;  ///< what was trained, and how: two trainings of one key give the same network
  std::string name;
  double error = 0;
  std::string network;  ///< file in the ledger's directory
};

/// A directory with one record a training, NAME.training.json, each written once by whoever trained: trainings run side
/// by side, on several machines, and share nothing else. ledger.json lists those that a search took, in its order.
class Ledger {
 public:
  enum class Use { search, training };

  /// Looks into DIRECTORY, which is one search's alone while it lives; a training is a part of a search. Throws
  /// Error(bad_input) when its ledger.json is damaged or none, Error(output) when another explore is at work there.
  Ledger(std::filesystem::path directory, Use use);

  /// The training of this key, if it is done and its network file still there. `network`: the file that it writes.
  std::optional<LedgerEntry> find(const std::string& key, const std::string& network) const;

  /// Writes the record of a training; a kill leaves the old one or the new one.
  void add(const LedgerEntry& entry) const;

  /// Writes ledger.json.
  void write(const std::vector<LedgerEntry>& entries) const;

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  std::optional<DirectoryLock> alone_;
  std::vector<LedgerEntry> listed_;  ///< by a ledger.json that is there
};

}  // namespace erngen::cli
