// erngen import: a trained model to a network file.
#include <memory>

#include <fmt/format.h>

#include "circulant/float_model.hpp"
#include "cli/import_arguments.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"

namespace erngen::cli {
namespace {

struct ImportVerb {
  ImportArguments model;
  std::string output;
  ReferenceOptions reference;
  JsonOption json;
};

Verdict check(const ImportVerb& options, const Network& network) {
  if (!options.reference.wanted()) return {};
  const std::string& file = options.reference.input();
  const Sequences x = read_sequences(file);
  x.require_features(network.input(), file);
  const auto reference = options.reference.read(x, network.output(), OutputForm(network));
  FloatModel model(network);
  Verdict verdict = options.reference.judge(reference, x.with(model.run(x, file).values, network.output()),
                                            OutputForm(network), {same_function_db, {}});
  verdict.way_out = import_way_out;
  return verdict;
}

void run(const ImportVerb& options) {
  options.reference.require_sane();
  const ImportedNetwork imported = options.model.read(options.reference.wanted());
  const Verdict verdict = check(options, imported.network);
  if (verdict.passed()) write_network(imported.network, options.output);

  ImportReport report = import_report(imported, options.reference.wanted());
  report.json["comparison"] = verdict.json;
  options.json.report(report.json, report.text + verdict.text);
  verdict.require();
}

}  // namespace

void add_import(CLI::App& app) {
  const auto options = std::make_shared<ImportVerb>();
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
  options->reference.add_check(*verb, fmt::format("With --check: least SQNR in decibels, exit code 1 below it [{} "
                                                  "without --max-error]",
                                                  same_function_db));
  options->model.add_to(*verb);
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
