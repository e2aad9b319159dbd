#include "import/keras.hpp"

#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/in_file.hpp"
#include "base/zip.hpp"
#include "import/keras/context.hpp"
#include "import/keras/hdf5.hpp"

namespace erngen {
namespace keras {
namespace {

/// The file's parts.
struct File {
  std::unique_ptr<Hdf5> hdf5;
  Json description;
  int version = 0;
  bool archive = false;
};

int major_version(const std::string& text, const std::string& file) {
  if (text.empty() || text[0] < '1' || text[0] > '9')
    throw bad_input(fmt::format("{}: keras_version is '{}', not a version", file, text));
  return text[0] - '0';
}

File read_archive(const std::string& bytes, const std::string& file) {
  const ZipReader archive(bytes, file);
  File result;
  result.archive = true;
  const Config metadata(parse_json(archive.read("metadata.json"), file + ": metadata.json"), file + ": metadata.json");
  result.version = major_version(metadata.text("keras_version"), file);
  result.description = parse_json(archive.read("config.json"), file + ": config.json");
  if (!archive.has("model.weights.h5"))
    throw unsupported(file + ": has no model.weights.h5, its weights are in several files",
                      "save the model with model.save(FILE.keras)");
  result.hdf5 = std::make_unique<Hdf5>(archive.read("model.weights.h5"), file, std::vector<std::string>{"layers"});
  return result;
}

std::string attribute(const Hdf5& hdf5, const char* name, const std::string& file) {
  const auto texts = hdf5.texts("", name);
  if (!texts || texts->size() != 1)
    throw unsupported(fmt::format("{}: has no attribute {}: it holds weights without the model", file, name),
                      "save the whole model with model.save(FILE.keras)");
  return texts->front();
}

File read_whole_file(const std::string& bytes, const std::string& file) {
  File result;
  result.hdf5 = std::make_unique<Hdf5>(bytes, file, std::vector<std::string>{"model_weights"});
  const std::string description = attribute(*result.hdf5, "model_config", file);
  result.description = parse_json(description, file + ": model_config");
  result.version = major_version(attribute(*result.hdf5, "keras_version", file), file);
  return result;
}

/// The shape of an input: [sequences, frames, features], or [sequences, features].
Json input_shape(const Layer& layer) {
  const Json* shape = layer.config.find("batch_shape");
  if (!shape) shape = layer.config.find("batch_input_shape");
  if (!shape)
    throw unsupported(layer.text() + ": its shape is not in the file",
                      "build the model with keras.Input((None, FEATURES))");
  if (!shape->is_array() || shape->size() < 2 || shape->size() > 3)
    throw unsupported(fmt::format("{}: has the shape {}; erngen reads [sequences, frames, features]", layer.text(),
                                  json_text(*shape)));
  const Json& features = shape->back();
  if (!features.is_number_integer() || features < 1 || features > 65536)
    throw unsupported(
        fmt::format("{}: has {} features, the number must be 1..65536", layer.text(), json_text(features)));
  return *shape;
}

/// Follows the values from the outputs back to the input.
class Tracer {
 public:
  Tracer(Context& context, const Model& model) : context_(context), model_(model) {}

  const Traced& value(const ValueRef& ref) {
    const Layer& layer = model_.layers[ref.layer];
    if (static_cast<size_t>(ref.call) >= layer.calls.size())
      throw bad_input(fmt::format("{}: its call {} is not there", layer.text(), ref.call));
    if (ref.output != 0)
      throw unsupported(fmt::format("{}: its states are read by another layer", layer.text()),
                        "build the model without return_state");
    const auto found = made_.find(ref);
    if (found != made_.end()) return found->second;
    if (!open_.insert(ref).second) throw bad_input(fmt::format("{}: reads itself", layer.text()));
    return made_.emplace(ref, make(layer, layer.calls[ref.call])).first->second;
  }

 private:
  Traced make(const Layer& layer, const Call& call) {
    if (&layer == &model_.layers[model_.inputs.front()]) return {context_.builder.input(), false, ""};
    std::vector<Traced> inputs;
    for (const ValueRef& ref : call.inputs) {
      inputs.push_back(value(ref));
      if (!inputs.back().cut.empty())
        throw unsupported(fmt::format("{}: reads a {}, which is supported at the very end of a model only",
                                      layer.text(), inputs.back().cut));
    }
    const Config& config = layer.config;
    if (config.find("quantization_config") ||
        json_text(config.json().value("dtype", Json())).find("Quantized") != std::string::npos)
      throw unsupported(layer.text() + ": is quantised", "save the model before it is quantised");
    if (config.flag("stateful", false))
      context_.notes.push_back(layer.text() + " is stateful: the accelerator keeps its state until a sequence ends");
    return apply({context_, layer, call, inputs});
  }

  Context& context_;
  const Model& model_;
  std::map<ValueRef, Traced> made_;
  std::set<ValueRef> open_;
};

ImportedNetwork import(const File& file, const std::string& name) {
  const Model model = parse_model(file.description, file.version, name);
  if (model.inputs.size() != 1)
    throw unsupported(fmt::format("the model has {} inputs", model.inputs.size()),
                      "build it with one input, and cut its parts out of that");
  ImportedNetwork result;
  const Json shape = input_shape(model.layers[model.inputs.front()]);
  NetworkBuilder builder(shape.back().get<int>());
  const auto weights = file.archive ? archive_weights(*file.hdf5, model) : whole_file_weights(*file.hdf5);
  Context context{builder, file.version, shape.size() == 3, *weights, result.notes};
  Tracer tracer(context, model);
  std::vector<Signal> outputs;
  std::string cut;
  bool last = false;
  for (const ValueRef& ref : model.outputs) {
    const Traced& output = tracer.value(ref);
    if (!outputs.empty() && output.last != last)
      throw unsupported("the model has one output of all frames and one of the last frame only", "build two models");
    if (!output.cut.empty() && model.outputs.size() > 1)
      throw unsupported(fmt::format("the model has several outputs, and one is a {}", output.cut),
                        "let the host compute it, and build the model without it");
    last = output.last;
    cut = output.cut;
    outputs.push_back(output.signal);
  }
  result.network = builder.finish(outputs);
  result.network.last_frame_only = last;
  result.whole_function = true;
  result.notes.insert(result.notes.end(), builder.notes.begin(), builder.notes.end());
  if (!cut.empty()) {
    result.network.metadata["output"] = {{"cut", cut}};
    result.notes.push_back(fmt::format("the {} at the end is cut off: the host computes it", cut));
  }
  for (const Node& node : result.network.nodes) result.sources.push_back(node.name);
  return result;
}

}  // namespace
}  // namespace keras

ImportedNetwork import_keras(const std::filesystem::path& path) {
  const std::string name = path.string();
  const std::string bytes = read_file(path);
  return in_file(name, [&] {
    return keras::import(
        bytes.starts_with("PK") ? keras::read_archive(bytes, name) : keras::read_whole_file(bytes, name), name);
  });
}

}  // namespace erngen
