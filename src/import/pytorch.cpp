#include "import/pytorch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/in_file.hpp"
#include "base/json.hpp"
#include "import/audio_json.hpp"
#include "import/module_order.hpp"
#include "import/parametrization.hpp"
#include "import/tensor_name.hpp"
#include "import/torch_file.hpp"
#include "import/torch_module.hpp"
#include "network/safetensors.hpp"

namespace erngen {
namespace {

constexpr const char* save_state_dict = "save the weights in Python with torch.save(model.state_dict(), FILE)";

/// Reads the file, or refuses by its name a model of another format.
TorchFile read_state_dict(const std::filesystem::path& path, const std::string& state_dict) {
  const std::string file = path.string();
  if (std::filesystem::is_directory(path))
    throw unsupported(fmt::format("{}: is {}, not a safetensors file", file, directory_name(path)), save_state_dict);
  const std::string bytes = read_file(path);
  const std::string name = contents_name(bytes);
  if (name.starts_with("a PyTorch file") || name == "a TorchScript archive")
    return read_torch_file(bytes, file, state_dict);
  if (!state_dict.empty())
    throw Error(ExitCode::usage, fmt::format("{}: is {}, which has no parts for --state-dict", file, name));
  if (name == "a JSON file") {
    const Json json = read_json(file);
    if (json_model(json) != JsonModel::state_dict)
      throw unsupported(file +
                            ": is a JSON file, but none of a state dict or of a model of RTNeural, AIDA-X, GuitarML or "
                            "Neural Amp Modeler",
                        save_state_dict);
    return {in_file(file, [&] { return json_state_dict(json); }), {}};
  }
  const bool known = name.starts_with('a') && !name.starts_with("a damaged") && !is_text(bytes);
  const bool container = name == "a safetensors file" || name.ends_with("file of erngen");
  if (known && !container)
    throw unsupported(fmt::format("{}: is {}, not a safetensors file", file, name), save_state_dict);
  return {read_safetensors(path, "a safetensors file", save_state_dict), {}};
}

void require_pytorch(const TensorFile& tensors, const std::string& file) {
  const std::string* format = tensors.find_metadata("format");
  if (!format || *format == "pt" || *format == "np") return;
  if (*format == "erngen-network") throw bad_input(file + ": is an erngen network already: nothing to import");
  throw unsupported(fmt::format("{}: metadata 'format' is '{}', not 'pt' (PyTorch)", file, *format),
                    "other frameworks store their gates in another order: save the PyTorch model");
}

/// A weight that may be another one at inference is taken only if the outputs are compared.
void require_sure_weights(const std::vector<PlainTensors::Unsure>& unsure, const ImportOptions& options,
                          ImportedNetwork& imported) {
  for (const auto& [weight, reason] : unsure) {
    const TensorName name(weight);
    if (options.claim != Claim::compared)
      throw unsupported(
          fmt::format("tensor {}: is parametrised: {}", weight, reason),
          fmt::format("make it plain before saving: "
                      "torch.nn.utils.parametrize.remove_parametrizations({}, \"{}\"); or compare: --check "
                      "X.npy Y.npy",
                      name.module.empty() ? "model" : "model." + name.module, name.leaf));
    imported.notes.push_back(fmt::format("{} was not sure before the comparison: {}", weight, reason));
  }
}

/// Refuses a reading that nobody answers for.
void require_claim(const ImportOptions& options, const ImportedNetwork& imported,
                   const std::vector<std::string>& claims) {
  if (options.claim != Claim::none) return;
  std::string what;
  if (!claims.empty()) what = claims.front();
  if (!imported.left_out.empty()) what = fmt::format("leaves out {}", imported.left_out.front().name);
  if (options.modules.size() > 1)
    what = fmt::format("applies {} one after the other", fmt::join(options.modules, ", "));
  if (what.empty()) return;
  throw unsupported(
      fmt::format("the network {}: a state dict does not show whether this is the whole function of the model", what),
      "save an input and its output in Python and compare: --check X.npy Y.npy; or say --unchecked");
}

}  // namespace

ImportedNetwork import_pytorch(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string file = path.string();
  TorchFile read = read_state_dict(path, options.state_dict);
  TensorFile& tensors = read.tensors;
  require_pytorch(tensors, file);
  return in_file(file, [&] {
    ImportedNetwork result;
    result.left_out = leave_out(tensors.tensors, options.ignore);
    PlainTensors plain = plain_tensors(tensors.tensors, file);
    result.notes = std::move(read.notes);
    result.notes.insert(result.notes.end(), plain.notes.begin(), plain.notes.end());
    std::vector<TorchModule> modules = torch_modules(plain.tensors, file);
    if (modules.empty()) throw bad_input("holds no tensors to import");
    modules = options.modules.empty() ? only_module(std::move(modules), file)
                                      : named_order(std::move(modules), options.modules, file);
    require_sure_weights(plain.unsure, options, result);
    if (modules.empty()) throw Error(ExitCode::usage, "--layers names no module");
    NetworkBuilder builder(modules.front().input());
    Signal x = builder.input();
    std::vector<std::string> claims;
    for (TorchModule& module : modules) {
      for (const std::string& claim : module.claims) {
        claims.push_back(claim);
        result.notes.push_back(fmt::format("the network {}", claim));
      }
      const auto after = std::move(module.after);
      const std::string name = module.name;
      if (!module.cut.empty()) {
        result.network.metadata["output"] = {{"cut", module.cut}};
        result.notes.push_back(fmt::format("the {} at the end is cut off: the host computes it", module.cut));
      }
      x = apply_module(builder, x, std::move(module));
      for (const Activation& activation : after) x = builder.activate(x, activation, name);
    }
    Network network = builder.finish({&x, 1});
    network.metadata = std::move(result.network.metadata);
    result.network = std::move(network);
    result.notes.insert(result.notes.end(), builder.notes.begin(), builder.notes.end());
    for (const Node& node : result.network.nodes) result.sources.push_back(node.name);
    require_claim(options, result, claims);
    return result;
  });
}

}  // namespace erngen
