// erngen simulate: a generated design against the reference model.
#include <cstdio>
#include <memory>

#include "base/contents.hpp"
#include "base/file.hpp"
#include "cli/choice.hpp"
#include "cli/number.hpp"
#include "cli/object_cache.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/saturation_report.hpp"
#include "cli/simulation_report.hpp"
#include "cli/verbs.hpp"
#include "design/simulation_vectors.hpp"
#include "network/sequence_file.hpp"
#include "simulate/simulate.hpp"

namespace erngen::cli {
namespace {

struct SimulateArguments {
  std::string directory, input, output, waves, script, object_cache;
  Simulator simulator = Simulator::verilator;
  std::uint64_t stalls = 0;
  double time_limit = 86400;
  bool with_stalls = false;
  ReferenceOptions reference;
  JsonOption json;
};

void run(const SimulateArguments& options) {
  design_shape(options.directory);  // it is a design at all
  const Sequences x = read_sequences(options.input);
  const SimulationVectors vectors = simulation_vectors(options.directory, x, options.input);
  if (!options.output.empty() && !options.reference.last(vectors.form)) require_writable(options.output, x);
  const auto reference = options.reference.read(x, vectors.structure.output(), vectors.form);
  SimulationRequest request;
  request.directory = options.directory;
  request.stimulus = vectors.stimulus();
  request.simulator = options.simulator;
  if (options.with_stalls) request.stalls = options.stalls;
  request.waves = options.waves;
  request.time_limit = std::chrono::duration<double>(options.time_limit);
  request.object_cache = options.object_cache;
  if (!options.script.empty()) request.script = read_file(options.script, 1 << 24);
  if (!request.script.empty() && !is_text(request.script))
    throw other_contents(options.script, request.script, "a script (docs/reference/interfaces.md)");
  SimulationReport report;
  {
    SimulationStages stages;
    request.progress = std::ref(stages);
    report = simulate(request);
  }
  const Sequences y = x.with(vectors.real_outputs(request.stimulus, report.outputs), vectors.structure.output());
  const Verdict verdict = options.reference.judge(reference, y, vectors.form);
  if (!options.output.empty() && verdict.passed())
    write_outputs(options.output, y, options.reference.last(vectors.form));
  Json json = to_json(report);
  json["sequences"] = x.lengths().size();
  json["saturations"] = saturations_json(vectors.saturations);
  json["comparison"] = verdict.json;
  std::string lines = simulation_text(options.directory, request, x, report);
  lines += saturations_text(vectors.saturations);
  options.json.report(json, lines + verdict.text);
  require_right(options.directory, report);
  verdict.require();
}

}  // namespace

void add_simulate(CLI::App& app) {
  const auto options = std::make_shared<SimulateArguments>();
  CLI::App* verb =
      app.add_subcommand("simulate", "Simulate a generated design and compare every output word and the cycles");
  verb->footer(
      "X is [frames, features], or [sequences, frames, features]; or an .npz with features and lengths for sequences "
      "of\n"
      "different lengths (docs/how-to/checking.md). Sequences follow each other on the design's streams, each "
      "with its\n"
      "end-of-sequence mark. Y has the form of X. Expected words come from the fixed-point model of the design's "
      "network. The exit code is 0\n"
      "only if no word, no flag and no cycle count differs. Build files stay in DIR/build and are used again.");
  verb->add_option("directory", options->directory, "What erngen generate wrote")->type_name("DIR")->required();
  verb->add_option("--input", options->input, "Input, .npy or .npz")->type_name("X.npy")->required();
  verb->add_option("--output,-o", options->output, "Outputs of the simulated hardware, .npy or .npz of float32")
      ->type_name("Y.npy");
  options->reference.add_reference(*verb);
  verb->add_option("--stalls", options->stalls, "Random gaps and back-pressure on both sides; cycles are not compared")
      ->transform(seed())
      ->type_name("SEED");
  verb->add_option("--simulator", options->simulator,
                   "icarus: four-state, fails on any undefined bit; slow [verilator]")
      ->type_name("verilator|icarus")
      ->transform(one_of<Simulator>({{"verilator", Simulator::verilator}, {"icarus", Simulator::icarus}}));
  verb->add_option("--waves", options->waves, "Write waves, .fst or .vcd")->type_name("FILE");
  verb->add_option("--script", options->script,
                   "AXI4-Lite accesses before, between and after the frames (docs/reference/interfaces.md)")
      ->type_name("FILE");
  add_object_cache(*verb, options->object_cache);
  verb->add_option("--time-limit", options->time_limit, "Seconds that each tool may take; a simulation counts as one")
      ->type_name("S")
      ->capture_default_str()
      ->transform(time_limit());
  options->json.add_to(*verb);
  verb->callback([options, verb] {
    options->with_stalls = verb->count("--stalls") > 0;
    run(*options);
  });
}

}  // namespace erngen::cli
