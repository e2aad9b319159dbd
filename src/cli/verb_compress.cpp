// erngen compress: Euclidean projection to block-circulant matrices.
#include <memory>

#include <fmt/format.h>

#include "circulant/float_model.hpp"
#include "circulant/projection.hpp"
#include "cli/block_options.hpp"
#include "cli/network_summary.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"

namespace erngen::cli {
namespace {

struct CompressArguments {
  std::string network;
  BlockOptions block;
  std::string output;
  ReferenceOptions reference;
  JsonOption json;
};

/// The share of a matrix's energy, its squared Frobenius norm, that the projection takes away.
double energy_lost(const ProjectionError& e) { return e.relative_error * e.relative_error; }

double energy_lost(const std::vector<ProjectionError>& errors) {
  double lost = 0, all = 0;
  for (const ProjectionError& e : errors) {
    all += e.norm * e.norm;
    lost += e.norm * e.norm * energy_lost(e);
  }
  return all > 0 ? lost / all : 0;
}

/// A network that was trained for these blocks loses next to nothing; a dense one of random weights 1 - 1/k.
constexpr double harmless_loss = 0.01;

std::string warning(const CompressArguments& options, double lost) {
  if (lost <= harmless_loss || options.reference.wanted()) return "";
  return fmt::format(
      "warning: the projection takes {:.1f} % of the weights' energy away: without retraining this is another network "
      "than {}; train it (erngen train --method admm or projection), or compare its outputs with --check X.npy Y.npy",
      100 * lost, options.network);
}

/// The projected network against the user's outputs.
Verdict check(const CompressArguments& options, const Network& network) {
  options.reference.require_sane();
  if (!options.reference.wanted()) return {};
  const std::string& file = options.reference.input();
  const Sequences x = read_sequences(file);
  x.require_features(network.input(), file);
  const auto reference = options.reference.read(x, network.output(), OutputForm(network));
  const Array y = FloatModel(network).run(x, file);
  return options.reference.judge(reference, x.with(y.values, network.output()), OutputForm(network));
}

void run(const CompressArguments& options) {
  const CompressedNetwork compressed = compress(read_network(options.network), options.block.choice());
  const Verdict verdict = check(options, compressed.network);
  if (verdict.passed()) write_network(compressed.network, options.output);

  Json json = network_json(compressed.network);
  Table table({"matrix", "rows", "columns", "block", "parameters", "before", "relative error", "energy lost"});
  for (const ProjectionError& e : compressed.errors) {
    json["matrices"].push_back({{"name", e.name},
                                {"rows", e.rows},
                                {"cols", e.cols},
                                {"block", e.block},
                                {"parameters", e.parameters_after},
                                {"parameters_before", e.parameters_before},
                                {"norm", e.norm},
                                {"relative_error", e.relative_error},
                                {"energy_lost", energy_lost(e)}});
    table.add({e.name, std::to_string(e.rows), std::to_string(e.cols), std::to_string(e.block),
               std::to_string(e.parameters_after), std::to_string(e.parameters_before),
               fmt::format("{:.4f}", e.relative_error), fmt::format("{:.2f} %", 100 * energy_lost(e))});
  }
  const double lost = energy_lost(compressed.errors);
  const std::string warned = warning(options, lost);
  json["energy_lost"] = lost;
  json["warning"] = warned.empty() ? Json(nullptr) : Json(warned);
  json["comparison"] = verdict.json;
  options.json.report(json,
                      fmt::format("{}energy lost in all: {:.2f} %\n{}\n{}{}", table.text(), 100 * lost,
                                  warned.empty() ? "" : warned + "\n", network_text(compressed.network), verdict.text));
  verdict.require();
}

}  // namespace

void add_compress(CLI::App& app) {
  const auto options = std::make_shared<CompressArguments>();
  CLI::App* verb = app.add_subcommand("compress", "Project a network to block-circulant matrices");
  verb->footer(
      "Each matrix becomes the nearest block-circulant one: every wrapped diagonal of a block becomes its mean.\n"
      "The relative error is |W - P(W)| / |W| in the Frobenius norm, the energy lost its square. A projection is no\n"
      "training: a network that was not trained for these blocks is destroyed by it and must be retrained (erngen "
      "train).");
  verb->add_option("network", options->network, "Network file to read")->type_name("NET")->required();
  options->block.add_to(*verb, BlockOptions::Use::given);
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->reference.add_check(*verb);
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
