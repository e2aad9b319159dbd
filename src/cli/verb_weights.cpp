// erngen weights: the words that put another network into a design that is already made.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "cell/quant_file.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "design/load_stream.hpp"

namespace erngen::cli {

void add_weights(CLI::App& app) {
  struct Options {
    std::string network, design, output;
    JsonOption json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("weights", "Write the load stream that puts another network into a design");
  verb->footer(
      "The network must have the design's layers, blocks and formats (erngen quantise --formats-of), and differ only "
      "in\n"
      "what the design's host can load: the weights, or with 'generate --loadable constants' also biases, peepholes "
      "and\n"
      "initial states. The file is what erngen_load() of the design's driver takes (docs/reference/drivers.md).");
  verb->add_option("network", options->network, "Quantised network file")->type_name("QNET")->required();
  verb->add_option("--for", options->design, "Directory of the design")->type_name("DIR")->required();
  verb->add_option("-o,--output", options->output, "File to write")->type_name("FILE")->required();
  options->json.add_to(*verb);
  verb->callback([options] {
    const LoadStream stream = load_stream(read_quant_network(options->network), options->network, options->design);
    write_file_atomically(options->output, stream.bytes);
    Table table({"", ""});
    table.add({"design", fmt::format("{}, configuration {:08x}, {} can be loaded", stream.top, stream.configuration,
                                     stream.loadable)});
    table.add({"memories", fmt::to_string(stream.blocks)});
    table.add({"words", fmt::format("{}, CRC-32 {:08x}", stream.words, stream.crc)});
    options->json.report({{"design", stream.top},
                          {"configuration", fmt::format("{:08x}", stream.configuration)},
                          {"loadable", stream.loadable},
                          {"memories", stream.blocks},
                          {"words", stream.words},
                          {"crc", fmt::format("{:08x}", stream.crc)},
                          {"bytes", stream.bytes.size()}},
                         table.text());
  });
}

}  // namespace erngen::cli
