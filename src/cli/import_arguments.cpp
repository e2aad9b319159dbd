#include "cli/import_arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "cli/network_summary.hpp"

namespace erngen::cli {
namespace {

Json left_out_json(const LeftOut& item) {
  return {{"name", item.name}, {"tensors", item.tensors}, {"kind", item.kind}, {"host_must", item.host}};
}

constexpr const char* not_shown =
    "a state dict does not show what forward() does before, between and after these modules (activations, residual "
    "connections, normalisation without parameters, concatenation, another order or direction of the frames)";

}  // namespace

const char* const import_way_out =
    "the network is not the model: look for another order, for what lies between the modules in forward() "
    "(activations, residuals, normalisation), and whether X is [sequences, frames, features] (batch_first=True); a "
    "reference in fewer bits needs a --min-sqnr of its own";

void ImportArguments::add_to(CLI::App& app) {
  app.add_option("model", model_, "File to read")->type_name("MODEL")->required();
  app.add_option("--layers", options_.torch.modules,
                 "Modules in the order in which they are applied, and what lies between, e.g. lstm,fc1,relu,fc2; "
                 "needed for several modules")
      ->type_name("NAME,..")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--state-dict", options_.torch.state_dict,
                 "Which of a checkpoint's state dicts to read [the only one, or that under a usual key]")
      ->type_name("KEY");
  app.add_option("--ignore", options_.torch.ignore,
                 "Leave out tensors whose names begin with PREFIX, for the host to compute; may be repeated")
      ->type_name("PREFIX")
      ->allow_extra_args(false);
  app.add_option("--outputs", options_.onnx.outputs,
                 "ONNX: the values of the graph to compute, by name, one behind the other [the graph's outputs]")
      ->type_name("NAME,..")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--constant", constants_,
                 "ONNX: an input of the graph that is a constant, from a .npy file or a TensorProto (.pb); may be "
                 "repeated")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  app.add_option("--gru-reset", gru_reset_,
                 "ONNX: when GRUs are reset that PyTorch's exporter may have written wrongly")
      ->check(CLI::IsMember({"after"}));
  app.add_flag("--reverse-input", options_.onnx.reverse_input,
               "ONNX: the frames of each sequence are fed from the last one to the first one, for layers with "
               "direction reverse");
  app.add_flag("--unchecked", unchecked_,
               "Import several modules, or all but what --ignore leaves out, without comparing: you answer for it")
      ->excludes("--check");
  app.add_option("--metadata", metadata_, "JSON object with frontend, labels and recipe to keep in the network")
      ->type_name("FILE");
}

bool ImportArguments::given() const {
  const OnnxOptions& onnx = options_.onnx;
  const ImportOptions& torch = options_.torch;
  return !torch.modules.empty() || !torch.state_dict.empty() || !torch.ignore.empty() || !onnx.outputs.empty() ||
         onnx.reverse_input || !constants_.empty() || !gru_reset_.empty() || unchecked_ || !metadata_.empty();
}

ImportedNetwork ImportArguments::read(bool compared) const {
  ModelOptions import = options_;
  if (unchecked_) import.torch.claim = Claim::vouched;
  if (compared) import.torch.claim = Claim::compared;
  import.onnx.gru_reset_after = gru_reset_ == "after";
  for (const std::string& constant : constants_) {
    const size_t equals = constant.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == constant.size())
      throw Error(ExitCode::usage, fmt::format("--constant {}: is not NAME=FILE", constant));
    import.onnx.constants[constant.substr(0, equals)] = constant.substr(equals + 1);
  }
  ImportedNetwork imported = import_model(model_, import);
  if (!metadata_.empty()) {
    Json metadata = read_json(metadata_);
    if (!metadata.is_object()) throw bad_input(metadata_ + ": is not a JSON object");
    // What was cut off at the end is a fact of the network, not of the file of metadata.
    if (imported.network.metadata.contains("output")) metadata["output"] = imported.network.metadata["output"];
    imported.network.metadata = std::move(metadata);
  }
  return imported;
}

ImportReport import_report(const ImportedNetwork& imported, bool compared) {
  ImportReport report{network_json(imported.network), network_text(imported.network)};
  for (size_t n = 0; n < imported.sources.size(); ++n) {
    report.json["layers"][n]["source"] = imported.sources[n];
    report.text += fmt::format("layer {} is {}\n", n, imported.sources[n]);
  }
  report.json["notes"] = imported.notes;
  for (const std::string& note : imported.notes) report.text += note + "\n";
  report.json["left_out"] = Json::array();
  for (const LeftOut& item : imported.left_out) {
    report.json["left_out"].push_back(left_out_json(item));
    report.text += fmt::format("{} is left out: {} ({}); the host must {}\n", item.name, item.kind,
                               fmt::join(item.tensors, ", "), item.host);
  }
  if (!compared && !imported.whole_function) {
    report.json["not_shown"] = not_shown;
    report.text +=
        fmt::format("nothing was compared: {}; compare with outputs of your own model (--check)\n", not_shown);
  }
  return report;
}

}  // namespace erngen::cli
