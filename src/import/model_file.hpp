// A trained model of any format that erngen reads: the reader is chosen by the file's contents.
#pragma once

#include <filesystem>

#include "import/imported_network.hpp"
#include "import/onnx.hpp"
#include "import/pytorch.hpp"

namespace erngen {

/// What the readers are told, each about its own files.
struct ModelOptions {
  ImportOptions torch;
  OnnxOptions onnx;
};

/// Reads a model. Throws as the reader of its format does, and Error(usage) for options that are not about the file's
/// format; what no reader knows is refused by import_pytorch().
ImportedNetwork import_model(const std::filesystem::path& file, const ModelOptions& options = {});

}  // namespace erngen
