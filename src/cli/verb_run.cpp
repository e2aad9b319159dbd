// erngen run: the reference models.
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "circulant/float_model.hpp"
#include "cli/choice.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/network_file.hpp"
#include "network/sequences.hpp"

namespace erngen::cli {
namespace {

enum class Arithmetic { floating, fixed };

struct Options {
  std::string network, input, output;
  Arithmetic arithmetic = Arithmetic::floating;
  JsonOption json;
};

Array run_float(const Options& options, const Array& x) {
  FloatModel model(read_network(options.network));
  Progress progress("running", "frames");
  return model.run(x, options.input, [&](size_t done, size_t total) { progress.update(done, total); });
}

void run(const Options& options) {
  if (options.arithmetic == Arithmetic::fixed)
    throw unsupported(fmt::format("{}: --arithmetic fixed needs a quantised network", options.network), "quantise it first");
  const Array x = read_npy(options.input);
  const Array y = run_float(options, x);
  write_npy(options.output, y);

  const Sequences in(x, x.shape.back(), options.input);
  const Json json{{"arithmetic", "float"}, {"streams", in.streams}, {"frames", in.frames},
                  {"inputs", in.features},            {"outputs", y.shape.back()}};
  options.json.report(json, fmt::format("float arithmetic: {} stream{} of {} frames, {} -> {} values", in.streams,
                                        in.streams == 1 ? "" : "s", in.frames, in.features, y.shape.back()));
}

}  // namespace

void add_run(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("run", "Run a reference model on recorded input");
  verb->footer("X is [frames, features], or [streams, frames, features] for independent streams; Y has the same shape.\n"
               "State is kept over the frames of a stream and starts at zero.");
  verb->add_option("network", options->network, "Network file")->type_name("NET")->required();
  verb->add_option("--input", options->input, "Input, .npy")->type_name("X.npy")->required();
  verb->add_option("--output,-o", options->output, "Output to write, .npy of float32")->type_name("Y.npy")->required();
  verb->add_option("--arithmetic", options->arithmetic, "float: double precision; fixed: the bit-exact model of the hardware [float]")
      ->type_name("float|fixed")
      ->transform(one_of<Arithmetic>({{"float", Arithmetic::floating}, {"fixed", Arithmetic::fixed}}));
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
