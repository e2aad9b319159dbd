// The state of an interrupted training run in a file: a safetensors container. (libtorch)
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

#include "base/json.hpp"

namespace erngen {

/// Lists of float tensors by name, and numbers.
struct Checkpoint {
  Json numbers = Json::object();
  std::vector<std::pair<std::string, std::vector<torch::Tensor>>> tensors;  ///< ("weights", ...), ("dual", ...)

  const std::vector<torch::Tensor>& at(const std::string& name) const;
};

/// Written to a temporary file and renamed: an older checkpoint survives a full disk. `identity` says what run it
/// belongs to. Throws Error(output).
void write_checkpoint(const Checkpoint& checkpoint, const std::string& identity, const std::filesystem::path& file);

/// Throws Error(bad_input) naming the file when it is damaged, no checkpoint, or one of a run with another identity.
Checkpoint read_checkpoint(const std::filesystem::path& file, const std::string& identity);

}  // namespace erngen
