// A trained model of any format that erngen reads: the reader is chosen by the file's contents.
#pragma once

#include <filesystem>

#include "import/imported_network.hpp"
#include "import/pytorch.hpp"

namespace erngen {

/// What the readers are told, each about its own files.
struct ModelOptions {
  ImportOptions torch;
};

/// Reads a model. Throws as the reader of its format does; what no reader knows is refused by import_pytorch().
ImportedNetwork import_model(const std::filesystem::path& file, const ModelOptions& options = {});

}  // namespace erngen
