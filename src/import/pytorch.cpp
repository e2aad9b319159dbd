#include "import/pytorch.hpp"

#include <fstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/in_file.hpp"
#include "import/module_order.hpp"
#include "import/torch_module.hpp"
#include "network/safetensors.hpp"

namespace erngen {
namespace {

/// Tells what a file is that people try instead of safetensors.
void refuse_other_containers(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string start(8, '\0');
  stream.read(start.data(), 8);
  const auto refuse = [&](const char* kind) {
    throw unsupported(fmt::format("{}: is {}, not safetensors", path.string(), kind),
                      "save the weights in Python with safetensors.torch.save_file(model.state_dict(), FILE)");
  };
  if (start.starts_with("PK\x03\x04")) refuse("a zip archive (a pickled PyTorch file?), which erngen does not unpack");
  if (start.starts_with("\x80\x02")) refuse("a Python pickle, which can run code");
  if (start.starts_with("\x89HDF")) refuse("HDF5 (Keras?)");
}

void require_pytorch(const TensorFile& tensors, const std::string& file) {
  const std::string* format = tensors.find_metadata("format");
  if (!format || *format == "pt" || *format == "np") return;
  if (*format == "erngen-network") throw bad_input(file + ": is an erngen network already: nothing to import");
  throw unsupported(fmt::format("{}: metadata 'format' is '{}', not 'pt' (PyTorch)", file, *format),
                    "other frameworks store their gates in another order: save the PyTorch model");
}

}  // namespace

ImportedNetwork import_pytorch(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string file = path.string();
  refuse_other_containers(path);
  const TensorFile tensors = read_safetensors(path);
  require_pytorch(tensors, file);
  return in_file(file, [&] {
    std::vector<TorchModule> modules = torch_modules(tensors, file, options.ignore);
    if (modules.empty()) throw bad_input("holds no tensors to import");
    modules = options.modules.empty() ? deduced_order(std::move(modules), file)
                                      : named_order(std::move(modules), options.modules, file);
    ImportedNetwork result;
    for (TorchModule& module : modules)
      for (size_t n = 0; n < module.layers.size(); ++n) {
        const std::string name = module.name.empty() ? "the module" : module.name;
        result.sources.push_back(module.is_linear() ? name : fmt::format("{}, layer {}", name, n));
        result.network.layers.push_back(std::move(module.layers[n]));
      }
    result.network.validate();
    return result;
  });
}

}  // namespace erngen
