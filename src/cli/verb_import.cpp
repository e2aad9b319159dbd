// erngen import: a trained model to a network file.
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/network_summary.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "import/pytorch.hpp"
#include "network/network_file.hpp"

namespace erngen::cli {
namespace {

struct Options {
  std::string model;
  ImportOptions import;
  std::string metadata;
  std::string output;
  JsonOption json;
};

void run(const Options& options) {
  ImportedNetwork imported = import_pytorch(options.model, options.import);
  if (!options.metadata.empty()) {
    imported.network.metadata = read_json(options.metadata);
    if (!imported.network.metadata.is_object()) throw bad_input(options.metadata + ": is not a JSON object");
  }
  write_network(imported.network, options.output);

  Json json = network_json(imported.network);
  std::string text = network_text(imported.network);
  for (size_t n = 0; n < imported.sources.size(); ++n) {
    json["layers"][n]["source"] = imported.sources[n];
    text += fmt::format("layer {} is {}\n", n, imported.sources[n]);
  }
  options.json.report(json, text);
}

}  // namespace

void add_import(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("import", "Turn a PyTorch state dict in safetensors into a network");
  verb->footer(
      "nn.LSTM (with or without proj_size), nn.GRU, their cells and nn.Linear, with or without bias. Save in Python "
      "with\n"
      "  safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")");
  verb->add_option("model", options->model, "File to read")->type_name("MODEL")->required();
  verb->add_option("--layers", options->import.modules,
                   "Modules in the order in which they are applied, where the file leaves it open, e.g. lstm,fc")
      ->type_name("NAME,..")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--ignore", options->import.ignore,
                   "Leave out tensors whose names begin with PREFIX; may be repeated")
      ->type_name("PREFIX")
      ->allow_extra_args(false);
  verb->add_option("--metadata", options->metadata,
                   "JSON object with frontend, labels and recipe to keep in the network")
      ->type_name("FILE");
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
