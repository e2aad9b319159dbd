// erngen build: from a model to its simulated accelerator, the steps of import, quantise, plan, generate and simulate
// in one.
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/decibels.hpp"
#include "base/error.hpp"
#include "base/module_name.hpp"
#include "base/printable.hpp"
#include "base/staged_directory.hpp"
#include "base/system_error.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "cell/quantise_json.hpp"
#include "circulant/float_model.hpp"
#include "cli/choice.hpp"
#include "cli/design_options.hpp"
#include "cli/import_arguments.hpp"
#include "cli/number.hpp"
#include "cli/object_cache.hpp"
#include "cli/plan_options.hpp"
#include "cli/quantise_options.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/simulation_report.hpp"
#include "cli/verbs.hpp"
#include "design/simulation_vectors.hpp"
#include "design/write_design.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"
#include "plan/form_spectra.hpp"
#include "rtl/generate.hpp"

namespace erngen::cli {
namespace {

namespace fs = std::filesystem;

struct BuildArguments {
  ImportArguments model;
  std::string calibration, output;
  QuantiseOptions quantise;
  PlanArguments plan;
  DesignRequest design;
  const CLI::Option* spectra = nullptr;
  Simulator simulator = Simulator::verilator;
  int frames = 1000;
  std::string object_cache;
  double time_limit = 86400;
  ReferenceOptions reference;
  JsonOption json;

  /// Forms of lanes are tried with the spectra that each permits, under the limits of the comparison.
  bool chooses_spectra() const {
    return plan.lane_form == "auto" && spectra->count() == 0 && reference.wanted() && reference.limited();
  }
};

/// The parts of the report so far.
struct BuildReport {
  Json json;
  std::string text;

  void add(const char* step, Json part, const std::string& lines) {
    json[step] = std::move(part);
    text += fmt::format("{}== {}\n{}", text.empty() ? "" : "\n", step, lines);
  }
};

/// A network file, or what the import makes of anything else.
Network read_model(const BuildArguments& options, BuildReport& report) {
  const std::string& file = options.model.model();
  const auto kind = file_kind_if_ours(file);
  if (kind == FileKind::quantised)
    throw bad_input(fmt::format("{}: is a quantised network", file), "go on from it with 'erngen generate'");
  if (kind && options.model.given())
    throw Error(ExitCode::usage,
                fmt::format("{}: is a network file, to which the options of an import say nothing", file),
                "leave them out");
  ImportedNetwork imported;
  if (kind) {
    imported.network = read_network(file);
    imported.whole_function = true;
  } else {
    imported = options.model.read(options.reference.wanted());
  }
  const ImportReport read = import_report(imported, options.reference.wanted());
  report.add("import", read.json, read.text);
  return std::move(imported.network);
}

/// Adds what came of a comparison to the last step. Throws Error(mismatch) that names it.
void compare(BuildReport& report, const char* step, const char* what, Verdict verdict) {
  report.json[step]["comparison"] = verdict.json;
  report.text += verdict.text;
  if (!verdict.passed()) verdict.failure = fmt::format("{}: {}", what, verdict.failure);
  verdict.require();
}

using Judge = std::function<Verdict(const QuantNetwork&)>;

/// The network in one width of spectra, what is said of its outputs, and its plan if those are near enough.
struct Candidate {
  QuantNetwork network;
  QuantiseReport formats;
  Verdict verdict;
  std::optional<Plan> plan;
};

/// A line for each width of spectra that was tried against a reference.
struct TriedSpectra {
  Json json = Json::array();
  Table table{{"spectra, bits", "SQNR, dB", "lanes", "cycles per frame", "DSP"}};

  void add(int width, const Candidate& c) {
    if (c.verdict.json.is_null()) return;
    const Json& sqnr = c.verdict.json["sqnr_db"];
    const double db = sqnr.is_null() ? std::numeric_limits<double>::infinity() : sqnr.get<double>();
    Json line = {{"spectra", width}, {"sqnr_db", sqnr}, {"passed", c.verdict.passed()}};
    std::vector<std::string> cells{std::to_string(width), decibels_text(db)};
    if (c.plan) {
      line["lane_form"] = name_of(c.plan->shape.form);
      line["cycles_per_frame"] = c.plan->cycles_per_frame;
      line["dsp"] = c.plan->resources.dsp;
      cells.insert(cells.end(), {name_of(c.plan->shape.form), fmt::format("{:g}", c.plan->cycles_per_frame),
                                 std::to_string(c.plan->resources.dsp)});
    } else {
      cells.insert(cells.end(), {c.verdict.passed() ? "do not fit" : "not near enough", "", ""});
    }
    json.push_back(std::move(line));
    table.add(std::move(cells));
  }
};

/// Of the widths of spectra that forms of lanes make a choice of, if they are to be chosen, that whose plan the goal
/// prefers; of those whose outputs are near enough. If none are, the widest, without a plan.
Candidate quantise_and_plan(const BuildArguments& options, const Network& network, const Sequences& x,
                            const Device& device, const Judge& judge, BuildReport& report) {
  const std::vector<int> widths = options.chooses_spectra() ? form_spectra(lane_forms, device.family)
                                                            : std::vector{options.quantise.spectrum_width};
  const PlanOptions wanted = options.plan.options();
  std::vector<Candidate> candidates;
  std::vector<Plan> plans;
  std::exception_ptr refusal;
  TriedSpectra tried;
  for (const int width : widths) {
    QuantiseOptions quantise_options = options.quantise;
    quantise_options.spectrum_width = width;
    Candidate c;
    c.network = quantise(network, x, quantise_options, &c.formats);
    if (judge) c.verdict = judge(c.network);
    if (c.verdict.passed()) try {
        c.plan = make_plan(c.network, device, wanted);
      } catch (const Error& error) {
        if (error.kind() != ExitCode::capacity || widths.size() == 1) throw;
        if (!refusal) refusal = std::current_exception();
      }
    tried.add(width, c);
    if (c.plan) plans.push_back(*c.plan);
    candidates.push_back(std::move(c));
  }
  if (widths.size() > 1) report.add("spectra", tried.json, tried.table.text());
  if (plans.empty()) {
    if (refusal) std::rethrow_exception(refusal);
    return std::move(candidates.front());
  }
  std::erase_if(candidates, [](const Candidate& c) { return !c.plan; });
  return std::move(candidates[preferred_plan(plans, limits_of(device), goal_of(wanted))]);
}

/// The design in `directory`, on the calibration's first frames.
void simulate_design(const BuildArguments& options, const fs::path& directory, const Sequences& x,
                     BuildReport& report) {
  const Sequences first = x.first(static_cast<size_t>(options.frames));
  const SimulationVectors vectors = simulation_vectors(directory, first, options.calibration);
  SimulationRequest request;
  request.directory = directory;
  request.stimulus = vectors.stimulus();
  request.simulator = options.simulator;
  request.time_limit = std::chrono::duration<double>(options.time_limit);
  request.object_cache = options.object_cache;
  SimulationReport found;
  {
    SimulationStages stages;
    request.progress = std::ref(stages);
    found = simulate(request);
  }
  found.log = options.output / found.log.lexically_relative(directory);
  report.add("simulate", to_json(found), simulation_text(options.output, request, first, found));
  require_right(options.output, found);
}

/// Moves what lies in `from` one level up.
void lift(const fs::path& from) {
  try {
    for (const auto& entry : fs::directory_iterator(from))
      fs::rename(entry.path(), from.parent_path() / entry.path().filename());
    fs::remove(from);
  } catch (const fs::filesystem_error& error) {
    throw as_error(error);
  }
}

void build(BuildArguments& options, BuildReport& report) {
  options.reference.require_sane();
  require_top_name(options.design.top);
  const Device& device = find_device(options.plan.device);
  StagedDirectory stage(options.output);

  const Sequences x = read_sequences(options.calibration);
  const Network network = read_model(options, report);
  x.require_features(network.input(), options.calibration);
  const OutputForm form(network);
  const auto reference = options.reference.read(x, network.output(), form);
  if (reference) {
    FloatModel model(network);
    Verdict verdict = options.reference.judge(
        reference, x.with(model.run(x, options.calibration).values, network.output()), form, {same_function_db, {}});
    verdict.way_out = import_way_out;
    compare(report, "import", "imported, in real numbers", std::move(verdict));
  }

  const auto judged = [&](const QuantNetwork& quantised) {
    const FixedRun fixed = run_fixed(quantised, x, options.calibration);
    return options.reference.judge(reference, x.with(real_outputs(fixed, quantised).values, fixed.result_size), form);
  };
  Candidate chosen = quantise_and_plan(options, network, x, device, reference ? judged : Judge(), report);
  const QuantNetwork& quantised = chosen.network;
  report.add("quantise", quantise_json(quantised, chosen.formats), quantise_text(quantised, chosen.formats));
  if (reference) compare(report, "quantise", "in fixed point", std::move(chosen.verdict));
  const Plan& plan = *chosen.plan;
  Json planned = plan_json(plan);
  add_shares(planned, plan, device);
  report.add("plan", planned, plan_text(plan, device));

  options.design.version = ERNGEN_VERSION;
  options.plan.network = "network.safetensors";
  options.design.command = design_command(options.plan, options.design);
  const fs::path directory = stage.path() / "design";
  write_design(quantised, plan, device, options.design, directory);
  simulate_design(options, directory, x, report);
  lift(directory);
  stage.commit();

  report.json["directory"] = options.output;
  report.text += fmt::format("\n{}: Verilog in rtl, memory images in images, testbench in testbench\n",
                             shell_word(options.output));
}

void run(BuildArguments& options) {
  BuildReport report;
  try {
    build(options, report);
  } catch (const Error& error) {  // what differs is in the report
    if (error.kind() == ExitCode::mismatch) options.json.report(report.json, report.text);
    throw;
  }
  options.json.report(report.json, report.text);
}

}  // namespace

void add_build(CLI::App& app) {
  const auto options = std::make_shared<BuildArguments>();
  CLI::App* verb = app.add_subcommand("build", "From a trained model to its simulated accelerator in one command");
  verb->footer(
      "The steps of import, quantise, plan, generate and simulate, each with the options of its verb. The simulation "
      "sends the\n"
      "first frames of the calibration. If a step fails, its error and exit code are those of its verb and nothing is "
      "left.\n"
      "With --lane-form auto, and --min-sqnr or --max-error but no --spectra, the network is quantised with the widest "
      "spectra of\n"
      "each form of lanes; of those near enough the goal chooses.\n"
      "DIR is what 'erngen generate' writes.");
  options->reference.add_outputs(*verb, fmt::format("With --check: least SQNR in decibels, exit code 1 below it [{} in "
                                                    "real numbers, without --max-error]",
                                                    same_function_db));
  options->model.add_to(*verb);
  verb->add_option("--calibration", options->calibration, "Typical input, .npy or .npz")
      ->type_name("X.npy")
      ->required();
  add_quantise_options(*verb, options->quantise);
  options->spectra = verb->get_option("--spectra");
  options->plan.add_options(*verb);
  add_design_options(*verb, options->design, options->plan);
  verb->add_option("--frames", options->frames, "Most frames of the calibration to simulate")
      ->capture_default_str()
      ->transform(within(1, 1000000000));
  verb->add_option("--simulator", options->simulator,
                   "icarus: four-state, fails on any undefined bit; slow [verilator]")
      ->type_name("verilator|icarus")
      ->transform(one_of<Simulator>({{"verilator", Simulator::verilator}, {"icarus", Simulator::icarus}}));
  add_object_cache(*verb, options->object_cache);
  verb->add_option("--time-limit", options->time_limit, "Seconds that each tool may take; a simulation counts as one")
      ->type_name("S")
      ->capture_default_str()
      ->transform(time_limit());
  verb->add_option("-o,--output", options->output, "Directory to write; an older output of erngen is replaced")
      ->type_name("DIR")
      ->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
