// erngen generate: the design directory of a quantised network.
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "base/random.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "cli/plan_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "device/device.hpp"
#include "rtl/generate.hpp"
#include "simulate/stimulus.hpp"

namespace erngen::cli {

namespace {

constexpr int example_frames = 3;  ///< of each stream, sent by the core file's target sim

/// Seeded input over the whole range of its format, and what the fixed-point model makes of it.
std::vector<GeneratedFile> example(const QuantNetwork& network, int streams) {
  Rng random(1);
  const int size = network.graph.input_size();
  Array x{{streams, example_frames, size}, {}};
  const double range = std::ldexp(1.0, network.input_format().width - 1 - network.input_format().fraction);
  for (int n = 0; n < streams * example_frames * size; ++n)
    x.values.push_back(static_cast<float>((2 * random.uniform() - 1) * range));
  const FixedRun run = run_fixed(network, x, "example");
  return hex_files(interleave(streams, run.lengths, size, run.output_size, run.inputs, run.outputs));
}

/// The device's family as Edalize's Yosys backend calls it.
std::string architecture(Family family) {
  return family == Family::ecp5 ? "ecp5" : family == Family::ice40 ? "ice40" : "xilinx";
}

}  // namespace

void add_generate(CLI::App& app) {
  struct Options {
    PlanArguments plan;
    GenerateRequest request;
    std::string output;
    JsonOption json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("generate", "Write the Verilog accelerator of a quantised network");
  verb->footer(
      "Writes DIR/rtl (Verilog-2005 and files.f), DIR/images (memory images, read relative to the working directory "
      "of\n"
      "the tool), DIR/testbench, DIR/software (C header), DIR/NAME.core (FuseSoC), DIR/component.xml\n"
      "(IP-XACT), DIR/network.safetensors and DIR/manifest.json. The generated design is yours.");
  options->plan.add_to(*verb);
  verb->add_option("--name", options->request.top, "Name of the top module")->capture_default_str();
  verb->add_option("-o,--output", options->output, "Directory to write; an older output of erngen is replaced")
      ->type_name("DIR")
      ->required();
  options->json.add_to(*verb);
  verb->callback([options] {
    const DeviceLimits device = device_limits(options->plan.device);
    const QuantNetwork network = read_quant_network(options->plan.network);
    const Plan plan = make_plan(network, device, options->plan.options());
    options->request.version = ERNGEN_VERSION;
    options->request.command = options->plan.command("generate");
    const Device& target = find_device(options->plan.device);
    options->request.architecture = architecture(target.family);
    if (options->request.architecture == "xilinx") options->request.part = target.part;
    options->request.examples = example(network, plan.shape.contexts);
    options->request.example_frames = example_frames * plan.shape.contexts;
    generate(network, plan, options->request, options->output);
    Json json = plan_json(plan);
    json["directory"] = options->output;
    const std::string places =
        fmt::format("\n{}: Verilog in rtl, memory images in images, testbench in testbench\n", options->output);
    options->json.report(json, plan_text(plan) + places);
  });
}

}  // namespace erngen::cli
