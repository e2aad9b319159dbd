// Phase I of E-RNN: cell type and block sizes under an accuracy requirement, by as few trainings as possible.
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "cell/quant_file.hpp"
#include "cli/console.hpp"
#include "cli/explore_phase.hpp"
#include "cli/number.hpp"
#include "cli/phase1_bounds.hpp"
#include "cli/phase1_jobs.hpp"
#include "cli/phase1_trainer.hpp"
#include "cli/plan_options.hpp"
#include "cli/svg_chart.hpp"
#include "cli/train_arguments.hpp"
#include "network/network_file.hpp"

namespace erngen::cli {
namespace {

Json bounds_json(const Bounds& bounds) {
  Json table = Json::array();
  for (const BlockBound& b : bounds.table)
    table.push_back({{"block", b.block},
                     {"weights", b.weights},
                     {"weight_bram36", b.weight_bram36},
                     {"multiplications", b.multiplications},
                     {"gain", b.gain},
                     {"fits", b.fits}});
  return {{"table", table}, {"blocks", bounds.blocks}, {"lower", bounds.lower}, {"upper", bounds.upper}};
}

std::string bounds_text(const Bounds& bounds) {
  Table table({"block size", "weights", "block RAM of them", "multiplications a frame", "of half the size", ""});
  for (const BlockBound& b : bounds.table)
    table.add({std::to_string(b.block), fmt::format("{:.0f}", b.weights), fmt::format("{:.1f}", b.weight_bram36),
               std::to_string(b.multiplications), b.gain > 0 ? fmt::format("{:.2f} times fewer", b.gain) : "-",
               b.fits ? "" : "does not fit"});
  return table.text() + bounds.lower + "\n" + bounds.upper + "\n";
}

Json result_json(const Phase1Result& result) {
  Json trials = Json::array();
  for (const Trial& t : result.trials)
    trials.push_back({{"name", t.candidate.name()},
                      {"cell", t.candidate.cell == CellKind::lstm ? "lstm" : "gru"},
                      {"block", t.candidate.block},
                      {"outer_block", t.candidate.outer},
                      {"error", t.error},
                      {"cycles_per_frame", t.cycles ? Json(*t.cycles) : Json()}});
  return {{"required_error", result.limit},
          {"trials", trials},
          {"reasons", result.reasons},
          {"chosen", result.chosen ? Json(result.trials[*result.chosen].candidate.name()) : Json()}};
}

std::string result_text(const Phase1Result& result) {
  Table table({"training", "network", "error %", "cycles a frame", ""});
  for (size_t n = 0; n < result.trials.size(); ++n) {
    const Trial& t = result.trials[n];
    table.add({std::to_string(n + 1), t.candidate.name(), fmt::format("{:.2f}", 100 * t.error),
               t.cycles ? fmt::format("{:g}", *t.cycles) : "does not fit", result.chosen == n ? "chosen" : ""});
  }
  return fmt::format("{}{}\n", table.text(), fmt::join(result.reasons, "\n"));
}

std::string result_plot(const Phase1Result& result) {
  Chart chart{"cycles a frame", "validation error, %", {{"", {}, {}}}};
  chart.y_limit = 100 * result.limit;
  for (const Trial& t : result.trials) {
    if (!t.cycles) continue;
    chart.series[0].points.emplace_back(*t.cycles, 100 * t.error);
    chart.series[0].labels.push_back(t.candidate.name());
  }
  return svg_charts({chart});
}

class Phase1 : public ExplorePhase {
 public:
  void add_to(CLI::App& app) override {
    train_.options.dense_steps = 1500;
    train_.options.steps = 1000;
    train_.options.data.hold_out = 5;
    train_.add_data(app, false);
    train_.add_shape(app);
    train_.add_run(app);
    app.add_option("--max-error", max_error_, "Phase 1: highest validation error, percent")
        ->type_name("P")
        ->group("Phase 1")
        ->transform(within(0.0, 1000.0));
    app.add_option("--max-loss", max_loss_,
                   "Phase 1: without --max-error, points of error that may be lost against the dense LSTM")
        ->type_name("P")
        ->capture_default_str()
        ->group("Phase 1")
        ->transform(within(0.0, 1000.0));
    app.add_option("--max-trainings", most_, "Phase 1: most trainings")
        ->type_name("N")
        ->capture_default_str()
        ->group("Phase 1")
        ->transform(within(2, 100));
    app.add_option(
           "--jobs", jobs_,
           "Phase 1: trainings side by side, on this machine or as jobs of Slurm; also those that may be needed "
           "next [one after the other]")
        ->type_name("local:N|slurm:N")
        ->group("Phase 1");
    app.add_option("--training", training_, "The one training that a job of --jobs makes")->group("");
    app.add_option("--bits", bits_, "Phase 1: width of weights and activations of the planned engine")
        ->type_name("BITS")
        ->capture_default_str()
        ->group("Phase 1")
        ->transform(within(4, 18));
  }

  void run(const ExploreCommon& common) override {
    const DeviceLimits device = limits_of(find_device(common.device));
    train_.resolve();
    TrainOptions& o = train_.options;
    if (o.data.path.empty()) throw Error(ExitCode::usage, "explore: phase 1 needs training data", "give --data PATH");
    if (o.dense_steps < 1)
      throw Error(ExitCode::usage, "explore: --dense-steps is 0, but phase 1 begins with a dense network");
    TrainOptions checked = o;  // what all trainings share must be right before the first
    checked.method = Method::admm;
    checked.validate();
    NetworkShape shape = o.shape;
    shape.input = o.frontend.features();
    shape.dense = 24;  // about as many classes as phones: the bounds do not hang on it
    const Bounds bounds = block_bounds(shape, bits_, device);

    const std::optional<JobPlace> place = jobs_.empty() ? std::nullopt : std::optional(job_place(jobs_));
    const std::filesystem::path directory = common.output;
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) throw Error(ExitCode::output, fmt::format("{}: cannot be made: {}", common.output, error.message()));
    const bool one = !training_.empty();
    const Ledger ledger(directory, one ? Ledger::Use::training : Ledger::Use::search);
    Phase1Trainer trainer(o, bits_, device, common.clock, ledger);
    if (one) return trainer.train(variant_of(training_));
    Requirement requirement;
    if (max_error_) requirement.error = *max_error_ / 100;
    requirement.loss = max_loss_ / 100;
    const KnownTrial known = [&](const Variant& c) { return trainer.known(c); };
    int trained = 0;
    for (std::vector<Variant> next;; trained += static_cast<int>(next.size())) {
      next = next_trainings(bounds.blocks, requirement, most_, known, place ? place->count : 1);
      if (next.empty()) break;
      if (place)
        train_in_jobs(*place, trainer, next, directory);
      else
        trainer.train(next.front());
    }
    const Phase1Result result =
        search_phase1(bounds.blocks, requirement, most_, [&](const Variant& c) { return *trainer.known(c); });
    std::vector<LedgerEntry> taken;
    for (const Trial& t : result.trials) taken.push_back(*trainer.entry(t.candidate));
    ledger.write(taken);

    Json json = result_json(result);
    json["bounds"] = bounds_json(bounds);
    const Trial& shown = result.trials[result.chosen.value_or(result.best)];
    const std::string name = result.chosen ? "chosen" : "best";
    write_network(read_network(trainer.network_file(shown.candidate)), directory / (name + ".safetensors"));
    write_quant_network(trainer.quantised(shown.candidate), directory / (name + ".q.safetensors"));
    write_file_atomically(directory / "phase1.svg", result_plot(result));
    write_file_atomically(directory / "phase1.json", json_text(json, 1) + "\n");
    json["trained_now"] = trained;  // not in the file, which is the same for one run and for several
    const std::string text = fmt::format("{}\n{}", bounds_text(bounds), result_text(result));
    common.json.report(json, fmt::format("{}\n{}: {}, in {}; quantised with {} bits for erngen plan: {}", text,
                                         result.chosen ? "chosen" : "nothing meets the requirement; the best",
                                         shown.candidate.name(), (directory / (name + ".safetensors")).string(), bits_,
                                         (directory / (name + ".q.safetensors")).string()));
    if (!result.chosen)
      throw Error(ExitCode::mismatch,
                  fmt::format("explore: no network meets the required error of {:.2f} %; the best, {}, has {:.2f} %",
                              100 * result.limit, shown.candidate.name(), 100 * shown.error),
                  "allow a larger error, or train longer");
  }

 private:
  /// Trains the candidates side by side. A job that ends without its training, as one that was killed, is begun again,
  /// from its checkpoint; after three times its last words are the error.
  void train_in_jobs(const JobPlace& place, const Phase1Trainer& trainer, const std::vector<Variant>& candidates,
                     const std::filesystem::path& directory) const {
    std::vector<Variant> left = candidates;
    constexpr int attempts = 3;
    for (int attempt = 0; attempt < attempts && !left.empty(); ++attempt) {
      std::vector<Job> jobs;
      for (const Variant& c : left) {
        note(fmt::format("training {}; what it says: {}", c.name(), trainer.messages(c).string()));
        jobs.push_back({own_command(), trainer.messages(c)});
        jobs.back().command.push_back("--training=" + c.name());
      }
      run_jobs(place, jobs, train_.options.threads, directory);
      std::erase_if(left, [&](const Variant& c) { return trainer.entry(c).has_value(); });
    }
    if (!left.empty())
      throw Error(
          ExitCode::tool,
          fmt::format("explore: the training of {} was begun {} times and did not end", left.front().name(), attempts),
          fmt::format("read {}; the same command goes on", trainer.messages(left.front()).string()));
  }

  TrainArguments train_;
  std::string jobs_, training_;
  std::optional<double> max_error_;
  double max_loss_ = 0.5;
  int most_ = 5;
  int bits_ = 12;
};

}  // namespace

std::unique_ptr<ExplorePhase> explore_phase1() { return std::make_unique<Phase1>(); }

}  // namespace erngen::cli
