#include "import/model_file.hpp"

namespace erngen {

ImportedNetwork import_model(const std::filesystem::path& file, const ModelOptions& options) {
  return import_pytorch(file, options.torch);
}

}  // namespace erngen
