#include "import/model_file.hpp"

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

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

}  // namespace

ImportedNetwork import_model(const std::filesystem::path& file, const ModelOptions& options) {
  const std::string kind = kind_of(file);
  if (kind == "an ONNX model") {
    const ImportOptions& torch = options.torch;
    if (!torch.modules.empty() || !torch.ignore.empty() || !torch.state_dict.empty())
      throw not_for("--layers, --ignore and --state-dict", file, kind);
    return import_onnx(file, options.onnx);
  }
  if (options.onnx.any())
    throw not_for("--outputs, --constant, --gru-reset and --reverse-input", file,
                  kind.empty() ? "no ONNX model" : kind);
  return import_pytorch(file, options.torch);
}

}  // namespace erngen
