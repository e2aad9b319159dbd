// erngen run: the reference models.
#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "circulant/float_model.hpp"
#include "cli/choice.hpp"
#include "cli/progress.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/saturation_report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"

namespace erngen::cli {
namespace {

enum class Arithmetic { floating, fixed };

struct RunArguments {
  std::string network, input, output;
  Arithmetic arithmetic = Arithmetic::floating;
  bool time = false;
  InstructionSet instructions = best_instruction_set();
  ReferenceOptions reference;
  JsonOption json;
};

struct Result {
  std::optional<Sequences> reference, y;
  OutputForm form;
  Json json;           ///< what only this arithmetic reports
  std::string text;    ///< the same, as lines
  double seconds = 0;  ///< of the model alone
};

/// Seconds that f() takes.
template <class F>
double seconds_of(F&& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What can go wrong with the files, before anything is computed.
void prepare(const RunArguments& options, const Sequences& x, int outputs, Result& result) {
  if (!options.reference.last(result.form)) require_writable(options.output, x);
  result.reference = options.reference.read(x, outputs, result.form);
}

Result run_float(const RunArguments& options, const Sequences& x) {
  if (file_kind(options.network) == FileKind::quantised)
    throw unsupported(fmt::format("{}: --arithmetic float needs the network before it was quantised", options.network),
                      "give that network, or --arithmetic fixed");
  const Network network = read_network(options.network);
  FloatModel model(network);
  Result result;
  result.form = OutputForm(network);
  prepare(options, x, model.output(), result);
  Progress progress("running", "frames");
  result.seconds = seconds_of([&] {
    Array y = model.run(x, options.input, [&](size_t done, size_t total) { progress.update(done, total); });
    result.y = x.with(std::move(y.values), model.output());
  });
  return result;
}

std::int64_t saturated_inputs(const FixedRun& run) {
  for (const SignalSaturation& s : run.saturations)
    if (s.signal == "input") return s.count.saturated;
  return 0;
}

Result run_fixed_point(const RunArguments& options, const Sequences& x) {
  if (file_kind(options.network) == FileKind::network)
    throw unsupported(fmt::format("{}: --arithmetic fixed needs a quantised network", options.network),
                      "quantise it first: erngen quantise NET --calibration X.npy -o QNET");
  const QuantNetwork network = read_quant_network(options.network);
  Result result;
  result.form = OutputForm(network.structure, network.metadata);
  prepare(options, x, network.structure.output(), result);
  Progress progress("running", "frames");
  result.seconds = seconds_of([&] {
    const FixedRun run = run_fixed(
        network, x, options.input, [&](size_t done, size_t total) { progress.update(done, total); },
        options.instructions);
    result.y = x.with(real_outputs(run, network).values, run.result_size);
    result.json = {{"input_format", network.input_format().name()},
                   {"output_format", network.output_format().name()},
                   {"saturated_inputs", saturated_inputs(run)},
                   {"saturations", saturations_json(run.saturations)}};
    result.text = fmt::format("\ninput {}, output {}\n{}", network.input_format().name(),
                              network.output_format().name(), saturations_text(run.saturations));
  });
  return result;
}

/// "one sequence of 30 frames", "2 sequences of 6 frames", "3 sequences, 22 frames".
std::string extent_text(const Sequences& x) {
  if (x.lengths().size() == 1) return fmt::format("one sequence of {} frames", x.frames());
  if (x.equal_lengths()) return fmt::format("{} sequences of {} frames", x.lengths().size(), x.lengths().front());
  return fmt::format("{} sequences, {} frames", x.lengths().size(), x.frames());
}

void run(const RunArguments& options) {
  const bool fixed = options.arithmetic == Arithmetic::fixed;
  const auto sets = instruction_sets();
  if (std::find(sets.begin(), sets.end(), options.instructions) == sets.end())
    throw wrong_option(
        fmt::format("--instructions {}: this processor has none of them", instruction_set_name(options.instructions)),
        fmt::format("leave the option out, or give {}", instruction_set_name(sets.back())));
  const Sequences x = read_sequences(options.input);
  const Result result = fixed ? run_fixed_point(options, x) : run_float(options, x);
  const Verdict verdict = options.reference.judge(result.reference, *result.y, result.form);
  if (verdict.passed()) write_outputs(options.output, *result.y, options.reference.last(result.form));

  const int outputs = result.y->features();
  const char* arithmetic = fixed ? "fixed" : "float";
  const double rate = static_cast<double>(x.frames()) / std::max(result.seconds, 1e-9);
  Json json{{"arithmetic", arithmetic},
            {"streams", x.lengths().size()},
            {"frames", x.equal_lengths() ? Json(x.lengths().front()) : Json(nullptr)},
            {"frames_in_all", x.frames()},
            {"inputs", x.features()},
            {"outputs", outputs}};
  if (fixed) json.update(result.json);
  json["model_frames_per_second"] = rate;
  json["comparison"] = verdict.json;
  std::string text = fmt::format("{} arithmetic: {}, {} -> {} values{}", arithmetic, extent_text(x), x.features(),
                                 outputs, result.text);
  if (options.time) text += fmt::format("\nthe model took {:.3f} s: {:.0f} frames per second", result.seconds, rate);
  options.json.report(json, text + "\n" + verdict.text);
  verdict.require();
}

}  // namespace

void add_run(CLI::App& app) {
  const auto options = std::make_shared<RunArguments>();
  CLI::App* verb = app.add_subcommand("run", "Run a reference model on recorded input");
  verb->footer(
      "X is [frames, features], or [sequences, frames, features]; or an .npz with features and lengths for sequences "
      "of\n"
      "different lengths (docs/how-to/checking.md). Y has the same form. State is kept over the frames of a "
      "sequence and "
      "starts at zero.\n"
      "With --reference the outputs are compared with those of your own model; if --min-sqnr or --max-error is not "
      "met,\n"
      "nothing is written and the exit code is 1.");
  verb->add_option("network", options->network, "Network file; quantised for --arithmetic fixed")
      ->type_name("NET|QNET")
      ->required();
  verb->add_option("--input", options->input, "Input, .npy or .npz")->type_name("X.npy")->required();
  verb->add_option("--output,-o", options->output, "Output to write, .npy or .npz of float32")
      ->type_name("Y.npy")
      ->required();
  verb->add_option("--arithmetic", options->arithmetic,
                   "float: double precision; fixed: the bit-exact model of the hardware [float]")
      ->type_name("float|fixed")
      ->transform(one_of<Arithmetic>({{"float", Arithmetic::floating}, {"fixed", Arithmetic::fixed}}));
  options->reference.add_reference(*verb);
  verb->add_flag("--time", options->time, "Report how fast the model ran");
  verb->add_option("--instructions", options->instructions,
                   "Vector instructions of the fixed-point model; all give the same words [the best of this processor]")
      ->type_name("portable|sse2|avx2")
      ->transform(one_of<InstructionSet>(
          {{"portable", InstructionSet::portable}, {"sse2", InstructionSet::sse2}, {"avx2", InstructionSet::avx2}}));
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
