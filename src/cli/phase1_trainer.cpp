#include "cli/phase1_trainer.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/quantiser.hpp"
#include "circulant/projection.hpp"
#include "cli/progress.hpp"
#include "network/network_file.hpp"
#include "train/module.hpp"

namespace erngen::cli {
namespace {

/// "LSTM k=8, input and output 16" as "lstm-k8-input-and-output-16".
std::string file_name(const Variant& candidate) {
  std::string result;
  for (char c : candidate.name()) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (c == ' ')
      result += '-';
  }
  return result;
}

}  // namespace

Phase1Trainer::Phase1Trainer(TrainOptions options, int bits, DeviceLimits device, double clock_mhz,
                             const Ledger& ledger)
    : options_(std::move(options)), bits_(bits), device_(std::move(device)), clock_mhz_(clock_mhz), ledger_(ledger) {}

std::filesystem::path Phase1Trainer::file(const Variant& candidate, const char* kind) const {
  return ledger_.directory() / (file_name(candidate) + kind);
}

std::filesystem::path Phase1Trainer::network_file(const Variant& candidate) const {
  return file(candidate, ".safetensors");
}

TrainOptions Phase1Trainer::recipe(const Variant& candidate) const {
  TrainOptions o = options_;
  o.shape.cell = candidate.cell;
  o.shape.block.all = {candidate.outer, candidate.block, candidate.block, candidate.outer};
  // Layers above the first read what recurrent layers make: their input matrices are inner ones.
  for (int n = 1; n < o.shape.layers && candidate.outer != candidate.block; ++n)
    o.shape.block.layers[n] = {candidate.block, candidate.block, candidate.block, candidate.block};
  o.checkpoint = file(candidate, ".state");
  o.log = file(candidate, ".jsonl");
  o.calibration = file(candidate, ".npy");
  if (candidate.cell == CellKind::gru) {  // options that only an LSTM has
    o.shape.peephole = false;
    o.shape.projection = 0;
    o.shape.candidate = Nonlinearity::tanh;
  } else {
    o.shape.reset = Reset::after;
  }
  if (candidate.dense()) {
    o.method = Method::direct;
    o.steps = options_.dense_steps;
    o.dense_steps = 0;
    o.distillation = 0;
    return o;
  }
  o.method = Method::admm;
  if (const auto start = candidate.start()) {
    if (!start->dense()) o.admm.steps = std::max(o.admm.interval, o.admm.steps / 2);
    // A block-circulant network is written out as a dense one, from which ADMM goes on.
    o.start = start->dense() ? network_file(*start) : file(candidate, ".start.safetensors");
  }
  if (!o.start.empty()) o.dense_steps = 0;
  return o;
}

std::string Phase1Trainer::key(const Variant& candidate) const {
  const TrainOptions o = recipe(candidate);
  const auto start = candidate.start();
  const std::string from = !start ? "random weights" : start->dense() ? "the dense LSTM" : start->name();
  return fmt::format("{} from {}; {} cells, {} layers, projection {}; {} {}{}", candidate.name(), from, o.shape.hidden,
                     o.shape.layers, o.shape.projection, o.data.path.string(),
                     o.data.split.empty() ? "" : o.data.split.string() + " ", recipe_json(o).dump());
}

std::optional<LedgerEntry> Phase1Trainer::entry(const Variant& candidate) const {
  return ledger_.find(key(candidate), network_file(candidate).filename().string());
}

std::optional<Trial> Phase1Trainer::known(const Variant& candidate) {
  const auto done = entry(candidate);
  if (!done) return {};
  const auto [place, missing] = cycles_.try_emplace(candidate);
  if (missing) {
    try {
      PlanOptions plan;
      plan.clock_mhz = clock_mhz_;
      plan.goal = Goal::rate;
      plan.frames = no_overlap;  // networks are compared by what a frame takes, not by how many fit side by side
      place->second = make_plan(quantised(candidate), device_, plan).cycles_per_frame;
    } catch (const Error& e) {
      if (e.kind() != ExitCode::capacity) throw;  // no engine fits: the candidate has no cycles
    }
  }
  return Trial{candidate, done->error, place->second};
}

void Phase1Trainer::train(const Variant& candidate) {
  if (entry(candidate)) return;
  const TrainOptions o = recipe(candidate);
  if (const auto start = candidate.start(); start && !start->dense()) {
    BlockChoice dense;
    dense.all = {1, 1, 1, 1};
    write_network(compress(read_network(network_file(*start)), dense).network, o.start);
  }
  Progress progress(candidate.name(), "steps");
  TrainProgress last;
  const Network network = train_in_module(o, [&](const TrainProgress& p) {
    if (!p.note.empty()) return;
    if (p.summary) last = p;
    progress.update(static_cast<size_t>(p.step), static_cast<size_t>(p.steps));
  });
  if (!last.validated)
    throw bad_input("explore: the training was not validated, so there is no error to decide by",
                    "give --hold-out N, or --validation FILE");
  const std::filesystem::path file = network_file(candidate);
  write_network(network, file);
  ledger_.add({key(candidate), candidate.name(), last.error_rate, file.filename().string()});
  std::error_code ignored;
  std::filesystem::remove(o.checkpoint, ignored);  // of a finished training
}

QuantNetwork Phase1Trainer::quantised(const Variant& candidate) const {
  QuantiseOptions q;
  q.weight_width = q.activation_width = bits_;
  q.exact_widths = true;
  return quantise(read_network(network_file(candidate)), read_npy(file(candidate, ".npy")), q, nullptr);
}

}  // namespace erngen::cli
