// erngen train: a block-circulant speech recogniser from recordings.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/block_options.hpp"
#include "cli/choice.hpp"
#include "cli/network_summary.hpp"
#include "cli/number.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/train_arguments.hpp"
#include "cli/training_plot.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "train/log.hpp"
#include "train/module.hpp"

namespace erngen::cli {
namespace {

struct TrainCall {
  TrainArguments train;
  BlockOptions block;
  std::string output, plot;
  JsonOption json;
};

std::string progress_line(const TrainProgress& p) {
  std::string line = fmt::format("{}: step {} of {}, loss {:.4f}, {:.0f} frames/s", p.stage, p.step, p.steps, p.loss,
                                 p.frames_per_second);
  if (p.admm)
    line += fmt::format(", {:.2f} of the dense loss, rho {:.3g}, |D|/|W| {:.4f}, residuals {:.4f} primal {:.4f} dual",
                        p.loss_ratio, p.rho, p.distance, p.primal, p.dual);
  if (p.validated) line += fmt::format(", error rate {:.2f} %", 100 * p.error_rate);
  return line;
}

void run(TrainCall& options) {
  options.train.options.shape.block = options.block.choice();
  options.train.resolve();
  options.train.options.snapshot = options.output;
  const TrainOptions& train = options.train.options;
  if (!options.plot.empty() && train.log.empty()) throw Error(ExitCode::usage, "--plot draws the log: give --log too");
  TrainProgress last;
  std::optional<Progress> bar;
  const Network network = train_in_module(train, [&](const TrainProgress& p) {
    if (!p.note.empty()) return fmt::print(stderr, "{}\n", p.note);
    if (!bar) bar.emplace("training", "steps");
    bar->update(static_cast<size_t>(p.step), static_cast<size_t>(p.steps));
    if (!p.summary) return;
    last = p;
    bar.reset();  // the line stands above the next bar
    note(progress_line(p));
    if (p.validated && !options.plot.empty()) write_file_atomically(options.plot, training_plot(train.log.string()));
  });
  bar.reset();
  write_network(network, options.output);
  Json json = network_json(network);
  json["training"] = to_json(last);
  options.json.report(json, network_text(network));
}

}  // namespace

void add_train(CLI::App& app) {
  const auto options = std::make_shared<TrainCall>();
  TrainOptions& o = options->train.options;
  CLI::App* verb = app.add_subcommand("train", "Train a block-circulant network that recognises speech");
  verb->footer(
      "Methods: direct trains the block-circulant network as such (with --block 1 a dense one); admm brings a dense "
      "network\n"
      "to such weights by ADMM, projects and retrains it; projection projects at once and retrains; quantised goes on "
      "from a network\n"
      "with the fixed-point model's answers. Of digit recordings only the training split is read; erngen score "
      "measures on the test split.\n"
      "With --checkpoint an interrupted command, given again, goes on where it was and ends with the same network.");
  verb->add_option("--method", o.method, "How the network comes about [direct]")
      ->type_name("direct|admm|projection|quantised")
      ->transform(one_of<Method>({{"direct", Method::direct},
                                  {"admm", Method::admm},
                                  {"projection", Method::projection},
                                  {"quantised", Method::quantised}}));
  verb->add_option("--cell", o.shape.cell, "Kind of the recurrent layers [lstm]")
      ->type_name("lstm|gru")
      ->transform(one_of<CellKind>({{"lstm", CellKind::lstm}, {"gru", CellKind::gru}}));
  options->block.add_to(*verb, BlockOptions::Use::training);
  options->train.add_data(*verb, true);
  options->train.add_shape(*verb);
  options->train.add_run(*verb);
  verb->add_option("--weights", o.weight_bits, "Width of weights in quantisation-aware training")
      ->transform(within(4, 18))
      ->type_name("BITS")
      ->capture_default_str();
  verb->add_option("--activations", o.activation_bits, "Width of activations there")
      ->transform(within(4, 18))
      ->type_name("BITS")
      ->capture_default_str();
  verb->add_option("--start", o.start, "Network to go on from, with its front end, instead of random weights")
      ->type_name("NET");
  verb->add_option("--checkpoint", o.checkpoint,
                   "State of the run, written at every validation; found again by the same command")
      ->type_name("FILE");
  verb->add_option("--snapshots", o.snapshots,
                   "Write the network after these steps of the last stage too (0: before its first), to NET.N")
      ->type_name("N,N,..")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--log", o.log, "Log to write, one JSON object a line")->type_name("FILE");
  verb->add_option("--plot", options->plot, "Plot of the log to write: loss, error, residuals")->type_name("FILE.svg");
  verb->add_option("--calibration", o.calibration, "Features of some training examples to write, for erngen quantise")
      ->type_name("X.npy");
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
