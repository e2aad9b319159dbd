// erngen train: a block-circulant digit recogniser from recordings.
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/block_options.hpp"
#include "cli/choice.hpp"
#include "cli/network_summary.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "train/log.hpp"
#include "train/module.hpp"

namespace erngen::cli {
namespace {

struct Options {
  TrainOptions train;
  BlockOptions block;
  std::string output;
  JsonOption json;
};

void print_progress(const TrainProgress& p) {
  std::string line = fmt::format("step {} of {}: loss {:.4f}, {:.0f} frames/s", p.step, p.steps, p.loss, p.frames_per_second);
  if (p.validated) line += fmt::format(", digit error rate {:.2f} %", 100 * p.digit_error_rate);
  fmt::print(stderr, "{}\n", line);
}

void run(Options& options) {
  options.train.shape.block = options.block.choice();
  TrainProgress last;
  const Network network = train_in_module(options.train, [&](const TrainProgress& p) {
    last = p;
    print_progress(p);
  });
  write_network(network, options.output);
  Json json = network_json(network);
  json["training"] = to_json(last);
  options.json.report(json, network_text(network));
}

void add_run_options(CLI::App& verb, TrainOptions& o) {
  const auto number = [&](const char* name, auto& value, const char* description) {
    verb.add_option(name, value, description)->type_name("N")->capture_default_str()->group("Run");
  };
  number("--steps", o.steps, "Steps of the optimiser");
  number("--aligned-steps", o.aligned_steps, "The first steps, with framewise targets from the places of the recordings");
  number("--batch", o.batch, "Utterances a step");
  number("--rate", o.peak_rate, "Highest learning rate");
  number("--warmup", o.warmup, "Steps until it is reached");
  number("--clip-norm", o.clip_norm, "Largest norm of the gradient");
  number("--dropout", o.dropout, "Share of each recurrent layer's outputs that is dropped");
  number("--weight-decay", o.weight_decay, "Decoupled weight decay");
  number("--seed", o.seed, "Seed of weights, utterances and dropout");
  number("--threads", o.threads, "Threads of libtorch; another number may round differently");
  number("--hold-out", o.hold_out, "Recordings a digit and speaker of the training split that are kept for validation");
  number("--validate-every", o.validate_every, "Steps between validations and checkpoints");
  number("--log-every", o.log_every, "Steps between reports");
}

}  // namespace

void add_train(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  TrainOptions& o = options->train;
  CLI::App* verb = app.add_subcommand("train", "Train a block-circulant network that recognises connected digits");
  verb->footer("The parameters are the first columns of the blocks (direct training), the loss is connectionist temporal classification.\n"
               "Of the data only the training split is read; erngen score measures the result on the test split.\n"
               "The recipe of the shipped networks is in examples/README.md.");
  verb->add_option("--data", o.data, "Folder of recordings {digit}_{speaker}_{index}.wav; index 5 and above is the training split")
      ->type_name("DIR")->required();
  verb->add_option("--extra", o.extra, "Folder of further voices, all of it used; {digits}_{voice}_{index}.wav")->type_name("DIR");
  verb->add_option("--extra-share", o.extra_share, "Share of the utterances made from them")->type_name("P")->capture_default_str();
  verb->add_option("--cell", o.shape.cell, "Kind of the recurrent layers [lstm]")->type_name("lstm|gru")->transform(
      one_of<CellKind>({{"lstm", CellKind::lstm}, {"gru", CellKind::gru}}));
  verb->add_option("--hidden", o.shape.hidden, "Cells of each recurrent layer")->type_name("N")->capture_default_str();
  verb->add_option("--layers", o.shape.layers, "Recurrent layers")->type_name("N")->capture_default_str();
  options->block.add_to(*verb, false);
  verb->add_option("--features", o.frontend.kind, "Features [mfcc]")->type_name("mfcc|logmel")->transform(
      one_of<FeatureKind>({{"mfcc", FeatureKind::mfcc}, {"logmel", FeatureKind::logmel}}));
  verb->add_option("--hop-ms", o.frontend.hop_ms, "Distance of the frames, milliseconds")->type_name("MS")->capture_default_str();
  add_run_options(*verb, o);
  verb->add_option("--start", o.start, "Network to go on from, with its front end, instead of random weights")->type_name("NET");
  verb->add_option("--checkpoint", o.checkpoint, "Network so far, written at every validation")->type_name("NET");
  verb->add_option("--log", o.log, "Log to write, one JSON object a line")->type_name("FILE");
  verb->add_option("-o,--output", options->output, "Network file to write")->type_name("NET")->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
