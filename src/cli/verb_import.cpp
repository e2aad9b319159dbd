// erngen import: a trained model to a network file.
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "circulant/float_model.hpp"
#include "cli/network_summary.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "import/model_file.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"

namespace erngen::cli {
namespace {

/// A float model that computes another function than the user's is far below this; one that computes the same is above
/// 100 dB against float32 outputs, and at 74 against outputs rounded to float16.
constexpr double same_function_db = 60;

struct ImportArguments {
  std::string model;
  ModelOptions import;
  std::string gru_reset;
  std::vector<std::string> constants;
  bool unchecked = false;
  std::string metadata;
  std::string output;
  ReferenceOptions reference;
  JsonOption json;
};

Verdict check(const ImportArguments& options, const Network& network) {
  if (!options.reference.wanted()) return {};
  const std::string& file = options.reference.input();
  const Sequences x = read_sequences(file);
  x.require_features(network.input(), file);
  const auto reference = options.reference.read(x, network.output(), OutputForm(network));
  FloatModel model(network);
  Verdict verdict = options.reference.judge(reference, x.with(model.run(x, file).values, network.output()),
                                            OutputForm(network), {same_function_db, {}});
  verdict.way_out =
      "the network is not the model: look for another order, for what lies between the modules in forward() "
      "(activations, residuals, normalisation), and whether X is [sequences, frames, features] (batch_first=True); a "
      "reference in fewer bits needs a --min-sqnr of its own";
  return verdict;
}

Json left_out_json(const LeftOut& item) {
  return {{"name", item.name}, {"tensors", item.tensors}, {"kind", item.kind}, {"host_must", item.host}};
}

constexpr const char* not_shown =
    "a state dict does not show what forward() does before, between and after these modules (activations, residual "
    "connections, normalisation without parameters, concatenation, another order or direction of the frames)";

void run(const ImportArguments& options) {
  options.reference.require_sane();
  ModelOptions import = options.import;
  if (options.unchecked) import.torch.claim = Claim::vouched;
  if (options.reference.wanted()) import.torch.claim = Claim::compared;
  import.onnx.gru_reset_after = options.gru_reset == "after";
  for (const std::string& constant : options.constants) {
    const size_t equals = constant.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == constant.size())
      throw Error(ExitCode::usage, fmt::format("--constant {}: is not NAME=FILE", constant));
    import.onnx.constants[constant.substr(0, equals)] = constant.substr(equals + 1);
  }
  ImportedNetwork imported = import_model(options.model, import);
  if (!options.metadata.empty()) {
    Json metadata = read_json(options.metadata);
    if (!metadata.is_object()) throw bad_input(options.metadata + ": is not a JSON object");
    // What was cut off at the end is a fact of the network, not of the file of metadata.
    if (imported.network.metadata.contains("output")) metadata["output"] = imported.network.metadata["output"];
    imported.network.metadata = std::move(metadata);
  }
  const Verdict verdict = check(options, imported.network);
  if (verdict.passed()) write_network(imported.network, options.output);

  Json json = network_json(imported.network);
  std::string text = network_text(imported.network);
  for (size_t n = 0; n < imported.sources.size(); ++n) {
    json["layers"][n]["source"] = imported.sources[n];
    text += fmt::format("layer {} is {}\n", n, imported.sources[n]);
  }
  json["notes"] = imported.notes;
  for (const std::string& note : imported.notes) text += note + "\n";
  json["left_out"] = Json::array();
  for (const LeftOut& item : imported.left_out) {
    json["left_out"].push_back(left_out_json(item));
    text += fmt::format("{} is left out: {} ({}); the host must {}\n", item.name, item.kind,
                        fmt::join(item.tensors, ", "), item.host);
  }
  json["comparison"] = verdict.json;
  text += verdict.text;
  if (!options.reference.wanted() && !imported.whole_function) {
    json["not_shown"] = not_shown;
    text += fmt::format("nothing was compared: {}; compare with --check X.npy Y.npy\n", not_shown);
  }
  options.json.report(json, text);
  verdict.require();
}

}  // namespace

void add_import(CLI::App& app) {
  const auto options = std::make_shared<ImportArguments>();
  CLI::App* verb =
      app.add_subcommand("import", "Turn a trained model (ONNX, PyTorch, Keras, audio models in JSON) into a network");
  verb->footer(
      "An ONNX file says all that is needed: torch.onnx.export(model, (x,), \"model.onnx\"), then erngen import "
      "model.onnx.\n"
      "A state dict holds nn.LSTM (with or without proj_size), nn.GRU, their cells and nn.Linear, with or without "
      "bias. In Python:\n"
      "  torch.save(model.state_dict(), \"model.pt\")\n"
      "  numpy.save(\"x.npy\", x); numpy.save(\"y.npy\", model(x).detach())     # x: [sequences, frames, features]\n"
      "A single nn.LSTM or nn.GRU is imported as it is. Several modules need --layers and --check (or --unchecked): a "
      "state dict\ndoes not show what lies between them. If the check fails, nothing is written and the exit code is "
      "1.");
  verb->add_option("model", options->model, "File to read")->type_name("MODEL")->required();
  verb->add_option("--layers", options->import.torch.modules,
                   "Modules in the order in which they are applied, and what lies between, e.g. lstm,fc1,relu,fc2; "
                   "needed for several modules")
      ->type_name("NAME,..")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--state-dict", options->import.torch.state_dict,
                   "Which of a checkpoint's state dicts to read [the only one, or that under a usual key]")
      ->type_name("KEY");
  verb->add_option("--ignore", options->import.torch.ignore,
                   "Leave out tensors whose names begin with PREFIX, for the host to compute; may be repeated")
      ->type_name("PREFIX")
      ->allow_extra_args(false);
  verb->add_option("--outputs", options->import.onnx.outputs,
                   "ONNX: the values of the graph to compute, by name, one behind the other [the graph's outputs]")
      ->type_name("NAME,..")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--constant", options->constants,
                   "ONNX: an input of the graph that is a constant, from a .npy file or a TensorProto (.pb); may be "
                   "repeated")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  verb->add_option("--gru-reset", options->gru_reset,
                   "ONNX: when GRUs are reset that PyTorch's exporter may have written wrongly")
      ->check(CLI::IsMember({"after"}));
  verb->add_flag("--reverse-input", options->import.onnx.reverse_input,
                 "ONNX: the frames of each sequence are fed from the last one to the first one, for layers with "
                 "direction reverse");
  options->reference.add_check(*verb, fmt::format("With --check: least SQNR in decibels, exit code 1 below it [{} "
                                                  "without --max-error]",
                                                  same_function_db));
  verb->add_flag("--unchecked", options->unchecked,
                 "Import several modules, or all but what --ignore leaves out, without comparing: you answer for it")
      ->excludes("--check");
  verb->add_option("--metadata", options->metadata,
                   "JSON object with frontend, labels and recipe to keep in the network")
      ->type_name("FILE");
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
