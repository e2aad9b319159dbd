// The state of an interrupted training run in a file: a safetensors container.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "network/safetensors.hpp"

namespace erngen {

/// How far ADMM is in its stage.
struct AdmmProgress {
  int updates = 0;
  double rho_next = 0;                   ///< of the next update
  double pulled = 0;                     ///< w since the last update (Admm::update)
  double dense_loss = 0;                 ///< of the network that it began with
  double smoothed_loss = 0;              ///< 0: no step yet
  double rho = 0, primal = 0, dual = 0;  ///< of the last update
};

/// How far a run is.
struct RunProgress {
  int stage = 0;
  int step = 0;    ///< finished steps of the stage
  int before = 0;  ///< finished steps of the stages before
  std::int64_t adam_steps = 0;
  double best_error = 0;  ///< the lowest validation error of the stage
  int stale = 0;          ///< validations since then
  bool ended = false;     ///< the stage, before its last step
  std::uint64_t log_bytes = 0;
  std::optional<AdmmProgress> admm;  ///< in that stage
};

/// How far a run is, and its lists of float tensors by name.
struct Checkpoint {
  RunProgress progress;
  std::vector<std::pair<std::string, std::vector<Tensor>>> lists;  ///< ("weights", ...), ("dual", ...)

  /// The list of that name, or nullptr.
  const std::vector<Tensor>* find(const std::string& name) const;
};

/// What a user can do about a checkpoint that does not fit.
inline constexpr const char* checkpoint_way_out = "give another --checkpoint, or remove this file to start anew";

/// Written to a temporary file and renamed: an older checkpoint survives a full disk. `identity` says what run it
/// belongs to. Throws Error(output).
void write_checkpoint(const Checkpoint& checkpoint, const std::string& identity, const std::filesystem::path& file);

/// Throws Error(bad_input) naming the file and the entry when it is damaged, no checkpoint, or one of a run with
/// another identity. Whether stage, steps and shapes are those of the run is the caller's to look at.
Checkpoint read_checkpoint(const std::filesystem::path& file, const std::string& identity);

}  // namespace erngen
