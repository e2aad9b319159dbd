#include "import/model_file.hpp"

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "import/audio_json.hpp"
#include "import/keras.hpp"

namespace erngen {
namespace {

std::string kind_of(const std::filesystem::path& file) {
  std::error_code failed;
  if (std::filesystem::is_directory(file, failed)) return directory_name(file);
  return contents_name(read_file(file));
}

Error not_for(const std::string& options, const std::filesystem::path& file, const std::string& kind) {
  return {ExitCode::usage, options + " say nothing about " + file.string() + ", which is " + kind};
}

/// A model that its file describes whole; nothing for a file of weights.
std::optional<ImportedNetwork> whole_model(const std::filesystem::path& file, const std::string& kind,
                                           const ModelOptions& options) {
  if (kind == "an ONNX model") return import_onnx(file, options.onnx);
  if (kind.starts_with("a Keras model") || kind.starts_with("an HDF5 file")) return import_keras(file);
  if (kind == "a JSON file") return import_audio_model(file);
  return {};
}

}  // namespace

ImportedNetwork import_model(const std::filesystem::path& file, const ModelOptions& options) {
  const std::string kind = kind_of(file);
  const ImportOptions& torch = options.torch;
  if (options.onnx.any() && kind != "an ONNX model")
    throw not_for("--outputs, --constant, --gru-reset and --reverse-input", file,
                  kind.empty() ? "no ONNX model" : kind);
  if (auto imported = whole_model(file, kind, options)) {
    if (!torch.modules.empty() || !torch.ignore.empty() || !torch.state_dict.empty())
      throw not_for("--layers, --ignore and --state-dict", file, kind);
    return std::move(*imported);
  }
  return import_pytorch(file, torch);
}

}  // namespace erngen
