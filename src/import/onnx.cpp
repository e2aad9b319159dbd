#include "import/onnx.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/in_file.hpp"
#include "base/npy.hpp"
#include "import/onnx/graph.hpp"

namespace erngen {
namespace {

using namespace onnx;

Constant read_constant(const std::filesystem::path& path, bool whole) {
  if (path.extension() != ".npy") return read_tensor(path);
  Array array = read_npy(path);
  const std::vector<std::int64_t> shape(array.shape.begin(), array.shape.end());
  if (!whole) return Constant(shape, std::move(array.values));
  Constant::Sizes values;
  for (const float value : array.values) values.push_back(static_cast<std::int64_t>(value));
  return Constant(shape, std::move(values));
}

/// Makes constants of the inputs that the options name.
void bind(Model& model, const OnnxOptions& options) {
  for (const auto& [name, file] : options.constants) {
    const auto found = std::ranges::find(model.inputs, name, &GraphPort::name);
    if (found == model.inputs.end())
      throw Error(ExitCode::usage, fmt::format("--constant names '{}', which is no input of the graph", name));
    model.constants.emplace(name, read_constant(file, found->whole));
    model.inputs.erase(found);
  }
}

}  // namespace

ImportedNetwork import_onnx(const std::filesystem::path& path, const OnnxOptions& options) {
  return in_file(path.string(), [&] {
    Model model = read_model(path);
    bind(model, options);
    return read_graph(model, options);
  });
}

}  // namespace erngen
