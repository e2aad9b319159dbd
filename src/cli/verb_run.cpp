// erngen run: the reference models.
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "circulant/float_model.hpp"
#include "cli/choice.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"

namespace erngen::cli {
namespace {

enum class Arithmetic { floating, fixed };

struct Options {
  std::string network, input, output;
  Arithmetic arithmetic = Arithmetic::floating;
  bool time = false;
  JsonOption json;
};

struct Result {
  Array y;
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

Result run_float(const Options& options, const Array& x) {
  if (file_kind(options.network) == FileKind::quantised)
    throw unsupported(fmt::format("{}: --arithmetic float needs the network before it was quantised", options.network),
                      "give that network, or --arithmetic fixed");
  FloatModel model(read_network(options.network));
  Progress progress("running", "frames");
  Result result;
  result.seconds = seconds_of([&] {
    result.y = model.run(x, options.input, [&](size_t done, size_t total) { progress.update(done, total); });
  });
  return result;
}

Result run_fixed_point(const Options& options, const Array& x) {
  if (file_kind(options.network) == FileKind::network)
    throw unsupported(fmt::format("{}: --arithmetic fixed needs a quantised network", options.network),
                      "quantise it first: erngen quantise NET --calibration X.npy -o QNET");
  const QuantNetwork network = read_quant_network(options.network);
  Progress progress("running", "frames");
  Result result;
  result.seconds = seconds_of([&] {
    const FixedRun run =
        run_fixed(network, x, options.input, [&](size_t done, size_t total) { progress.update(done, total); });
    result.y = real_outputs(run, network);
    result.json = {{"input_format", network.input_format().name()},
                   {"output_format", network.output_format().name()},
                   {"saturated_inputs", run.saturated}};
    result.text = fmt::format("\ninput {}, output {}; {} of {} input values saturated", network.input_format().name(),
                              network.output_format().name(), run.saturated, run.inputs.size());
  });
  return result;
}

void run(const Options& options) {
  const bool fixed = options.arithmetic == Arithmetic::fixed;
  const Array x = read_npy(options.input);
  const Result result = fixed ? run_fixed_point(options, x) : run_float(options, x);
  write_npy(options.output, result.y);

  const Sequences in(x, x.shape.back(), options.input);
  const int outputs = result.y.shape.back();
  const char* arithmetic = fixed ? "fixed" : "float";
  const double rate = in.streams * in.frames / std::max(result.seconds, 1e-9);
  Json json{{"arithmetic", arithmetic},
            {"streams", in.streams},
            {"frames", in.frames},
            {"inputs", in.features},
            {"outputs", outputs}};
  if (fixed) json.update(result.json);
  json["model_frames_per_second"] = rate;
  std::string text = fmt::format("{} arithmetic: {} stream{} of {} frames, {} -> {} values{}", arithmetic, in.streams,
                                 in.streams == 1 ? "" : "s", in.frames, in.features, outputs, result.text);
  if (options.time) text += fmt::format("\nthe model took {:.3f} s: {:.0f} frames per second", result.seconds, rate);
  options.json.report(json, text);
}

}  // namespace

void add_run(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("run", "Run a reference model on recorded input");
  verb->footer(
      "X is [frames, features], or [streams, frames, features] for independent streams; Y has the same shape.\n"
      "State is kept over the frames of a stream and starts at zero.");
  verb->add_option("network", options->network, "Network file; quantised for --arithmetic fixed")
      ->type_name("NET|QNET")
      ->required();
  verb->add_option("--input", options->input, "Input, .npy")->type_name("X.npy")->required();
  verb->add_option("--output,-o", options->output, "Output to write, .npy of float32")->type_name("Y.npy")->required();
  verb->add_option("--arithmetic", options->arithmetic,
                   "float: double precision; fixed: the bit-exact model of the hardware [float]")
      ->type_name("float|fixed")
      ->transform(one_of<Arithmetic>({{"float", Arithmetic::floating}, {"fixed", Arithmetic::fixed}}));
  verb->add_flag("--time", options->time, "Report how fast the model ran");
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
