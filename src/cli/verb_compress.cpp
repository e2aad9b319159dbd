// erngen compress: Euclidean projection to block-circulant matrices.
#include <memory>

#include <fmt/format.h>

#include "circulant/projection.hpp"
#include "cli/block_options.hpp"
#include "cli/network_summary.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"

namespace erngen::cli {
namespace {

struct Options {
  std::string network;
  BlockOptions block;
  std::string output;
  JsonOption json;
};

void run(const Options& options) {
  const CompressedNetwork compressed = compress(read_network(options.network), options.block.choice());
  write_network(compressed.network, options.output);

  Json json = network_json(compressed.network);
  Table table({"matrix", "rows", "columns", "block", "parameters", "before", "relative error"});
  for (const ProjectionError& e : compressed.errors) {
    json["matrices"].push_back({{"name", e.name},
                                {"rows", e.rows},
                                {"cols", e.cols},
                                {"block", e.block},
                                {"parameters", e.parameters_after},
                                {"parameters_before", e.parameters_before},
                                {"norm", e.norm},
                                {"relative_error", e.relative_error}});
    table.add({e.name, std::to_string(e.rows), std::to_string(e.cols), std::to_string(e.block),
               std::to_string(e.parameters_after), std::to_string(e.parameters_before),
               fmt::format("{:.4f}", e.relative_error)});
  }
  options.json.report(json, table.text() + "\n" + network_text(compressed.network));
}

}  // namespace

void add_compress(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("compress", "Project a network to block-circulant matrices");
  verb->footer(
      "Each matrix becomes the nearest block-circulant one: every wrapped diagonal of a block becomes its mean.\n"
      "The relative error is |W - P(W)| / |W| in the Frobenius norm. Accuracy needs training afterwards.");
  verb->add_option("network", options->network, "Network file to read")->type_name("NET")->required();
  options->block.add_to(*verb, true);
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
