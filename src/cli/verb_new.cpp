// erngen new: a network of a given shape with seeded random weights.
#include <memory>

#include "cli/block_options.hpp"
#include "cli/choice.hpp"
#include "cli/network_summary.hpp"
#include "cli/number.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"

namespace erngen::cli {
namespace {

struct NewArguments {
  NetworkShape shape;
  bool no_bias = false;
  BlockOptions block;
  std::string output;
  JsonOption json;
};

void run(NewArguments& options) {
  options.shape.bias = !options.no_bias;
  options.shape.block = options.block.choice();
  Network network = random_network(options.shape);
  network.metadata["recipe"] = {{"kind", "random"}, {"seed", options.shape.seed}};
  write_network(network, options.output);
  options.json.report(network_json(network), network_text(network));
}

}  // namespace

void add_new(CLI::App& app) {
  const auto options = std::make_shared<NewArguments>();
  NetworkShape& shape = options->shape;
  CLI::App* verb = app.add_subcommand("new", "Make a network of a given shape with random weights");
  verb->footer(
      "Example: the layer of the ESE, C-LSTM and E-RNN papers in blocks of 8\n"
      "  erngen new --cell lstm --input 153 --hidden 1024 --projection 512 --peephole --block 8 -o google.net");
  const auto cells = one_of<CellKind>({{"lstm", CellKind::lstm}, {"gru", CellKind::gru}, {"rnn", CellKind::rnn}});
  const auto candidates = one_of<Nonlinearity>({{"tanh", Nonlinearity::tanh}, {"sigmoid", Nonlinearity::sigmoid}});
  const auto resets = one_of<Reset>({{"before", Reset::before}, {"after", Reset::after}});
  verb->add_option("--cell", shape.cell, "Kind of the recurrent layers")
      ->type_name("lstm|gru|rnn")
      ->required()
      ->transform(cells);
  const auto size = [&](const char* name, int& value, const char* description, int minimum, int maximum) {
    return verb->add_option(name, value, description)
        ->type_name("N")
        ->capture_default_str()
        ->transform(within(minimum, maximum));
  };
  size("--input", shape.input, "Elements of an input frame", 1, 65536);
  size("--hidden", shape.hidden, "Cells of each recurrent layer", 1, 65536);
  size("--projection", shape.projection, "LSTM: outputs of the projection after each layer, 0 = none", 0, 65536);
  verb->add_flag("--peephole", shape.peephole, "LSTM: peephole connections");
  verb->add_option("--candidate", shape.candidate, "LSTM: activation of the candidate gate [tanh]")
      ->type_name("tanh|sigmoid")
      ->transform(candidates);
  const auto activations = one_of<Nonlinearity>({{"tanh", Nonlinearity::tanh},
                                                 {"sigmoid", Nonlinearity::sigmoid},
                                                 {"relu", Nonlinearity::relu},
                                                 {"none", Nonlinearity::none}});
  verb->add_option("--activation", shape.activation, "rnn: activation of the plain recurrent layers [tanh]")
      ->type_name("tanh|relu|sigmoid|none")
      ->transform(activations);
  verb->add_option("--dense-activation", shape.dense_activation, "Activation of the dense layer [none]")
      ->type_name("none|relu|sigmoid|tanh")
      ->transform(activations);
  verb->add_option("--reset", shape.reset, "GRU: reset before or after the matrix product [after, as in PyTorch]")
      ->type_name("before|after")
      ->transform(resets);
  verb->add_flag("--no-bias", options->no_bias, "No biases");
  size("--layers", shape.layers, "Recurrent layers", 1, 64);
  size("--dense", shape.dense, "Outputs of a dense layer after them, 0 = none", 0, 65536);
  options->block.add_to(*verb, BlockOptions::Use::shape);
  verb->add_option("--seed", shape.seed, "Seed of the weights; the same seed gives the same file")
      ->transform(seed())
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
