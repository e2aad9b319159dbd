// erngen unit: one hardware unit as a standalone core with its own bench.
#include <chrono>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/module_name.hpp"
#include "base/printable.hpp"
#include "base/random.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quantiser.hpp"
#include "cli/choice.hpp"
#include "cli/number.hpp"
#include "cli/plan_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "cores/unit_core.hpp"
#include "device/device.hpp"
#include "device/device_file.hpp"
#include "rtl/generate.hpp"
#include "simulate/simulate.hpp"
#include "simulate/stimulus.hpp"

namespace erngen::cli {
namespace {

struct UnitArguments {
  TransformRequest transform;
  ActivationRequest activation;
  int input_width = 14, input_fraction = 10;
  int rows = 64, columns = 64, block = 8, frames = 50;
  PlanArguments plan;
  QuantiseOptions quantise;
  std::string top, output;
  bool simulate = false;
  double time_limit = 86400;
  JsonOption json;
};

void finish(const UnitArguments& options, const UnitCore& core) {
  write_unit(core, ERNGEN_VERSION, options.output);
  Json json{{"unit", core.kind},
            {"top", core.top},
            {"latency", core.latency},
            {"in_bits", core.in_bits},
            {"out_bits", core.out_bits}};
  json.update(core.description);
  std::string text;
  for (const auto& [name, value] : json.items())
    text += fmt::format("{:<12} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
  text += fmt::format("{}: Verilog in rtl, bench in testbench, its words in images\n", shell_word(options.output));
  UnitVerdict verdict;
  if (options.simulate) {
    verdict = simulate_unit(options.output, std::chrono::duration<double>(options.time_limit));
    json["words_checked"] = verdict.words;
    json["passed"] = verdict.passed;
    text += verdict.text + "\n";
  }
  options.json.report(json, text);
  if (options.simulate && !verdict.passed)
    throw Error(ExitCode::mismatch, fmt::format("{}: {}", options.output, verdict.text));
}

/// A matrix-vector product y = W x with block-circulant W is a network of one dense layer: a whole engine with streams
/// and registers.
void circulant(UnitArguments& options) {
  Rng random(1);
  DenseLayer layer;
  layer.weights = BlockMatrix(options.rows, options.columns, options.block);
  for (float& w : layer.weights.columns) w = static_cast<float>(random.normal() / std::sqrt(options.columns));
  Network network;
  network.append(std::move(layer));
  Array x{{options.frames, options.columns}, {}};
  for (int n = 0; n < options.frames * options.columns; ++n) x.values.push_back(static_cast<float>(random.normal()));
  const QuantNetwork quantised = quantise(network, x, options.quantise, nullptr);
  const Device& device = find_device(options.plan.device);
  PlanOptions wanted = options.plan.options();
  wanted.goal = Goal::rate;
  const Plan plan = make_plan(quantised, device, wanted);
  const FixedRun run = run_fixed(quantised, x, "example");
  const Stimulus stimulus = interleave(1, run.lengths, options.columns, run.output_size, run.inputs, run.outputs);
  GenerateRequest request;
  request.top = options.top;
  request.version = ERNGEN_VERSION;
  request.command = fmt::format("erngen unit circulant --rows {} --columns {} --block {}", options.rows,
                                options.columns, options.block);
  request.examples = hex_files(stimulus);
  request.example_frames = options.frames;
  if (!device.listed) request.device = device_to_json(device);
  generate(quantised, plan, request, options.output);
  Json json = plan_json(plan);
  add_shares(json, plan, device);
  json["unit"] = "circulant";
  std::string text = plan_text(plan, device);
  SimulationReport report;
  if (options.simulate) {
    SimulationRequest simulation;
    simulation.directory = options.output;
    simulation.stimulus = stimulus;
    simulation.simulator = Simulator::icarus;
    simulation.time_limit = std::chrono::duration<double>(options.time_limit);
    report = simulate(simulation);
    json["words_checked"] = report.outputs_checked;
    json["passed"] = report.mismatches == 0;
    json["measured_cycles_per_frame"] = report.cycles_per_frame.value_or(0);
    text += fmt::format("{} {} words compared, {} mismatches; one vector every {:.3g} cycles\n",
                        report.mismatches == 0 ? "PASS" : "FAIL", report.outputs_checked, report.mismatches,
                        report.cycles_per_frame.value_or(0));
  }
  options.json.report(json, text);
  if (options.simulate && report.mismatches != 0)
    throw Error(ExitCode::mismatch, fmt::format("{}: {} mismatches", options.output, report.mismatches));
}

void add_common(CLI::App& verb, UnitArguments& options, const char* top) {
  options.top = top;
  verb.add_option("--name", options.top, "Name of the top module")->default_str(top);
  verb.add_option("-o,--output", options.output, "Directory to write; an older output of erngen is replaced")
      ->type_name("DIR")
      ->required();
  verb.add_flag("--simulate", options.simulate, "Run the bench in Icarus; exit 1 unless every word is right");
  verb.add_option("--time-limit", options.time_limit, "Seconds that each tool of --simulate may take")
      ->type_name("S")
      ->capture_default_str()
      ->transform(time_limit());
  options.json.add_to(verb);
}

void add_transform(CLI::App& unit, const char* name, bool inverse) {
  const auto options = std::make_shared<UnitArguments>();
  options->transform.inverse = inverse;
  options->transform.width = inverse ? 20 : 12;
  CLI::App* verb = unit.add_subcommand(
      name, inverse ? "The inverse real transform, unnormalised" : "The real transform, packed spectra");
  verb->add_option("--size", options->transform.size, "Points: 2, 4, ... 64")
      ->transform(within(2, 64))
      ->capture_default_str();
  verb->add_option("--width", options->transform.width, "Bits of an input word, 2 to 32")
      ->transform(within(2, 32))
      ->capture_default_str();
  if (!inverse)
    verb->add_option("--drop", options->transform.drop, "Bits to round away at the end")
        ->transform(within(0, 31))
        ->capture_default_str();
  verb->add_option("--vectors", options->transform.words, "Vectors of the bench")
      ->transform(within(1, 1000000))
      ->capture_default_str();
  add_common(*verb, *options, inverse ? "erngen_ifft" : "erngen_fft");
  verb->callback([options] {
    require_top_name(options->top);
    finish(*options, transform_core(options->transform, options->top));
  });
}

}  // namespace

void add_unit(CLI::App& app) {
  CLI::App* unit = app.add_subcommand("unit", "Write one hardware unit as a standalone core with its bench");
  unit->require_subcommand(1);
  add_transform(*unit, "fft", false);
  add_transform(*unit, "ifft", true);

  const auto a = std::make_shared<UnitArguments>();
  CLI::App* activation = unit->add_subcommand("activation", "The smallest sigmoid or tanh unit within an error");
  activation->add_option("--function", a->activation.function, "sigmoid or tanh [sigmoid]")
      ->type_name("sigmoid|tanh")
      ->transform(one_of<Function>({{"sigmoid", Function::sigmoid}, {"tanh", Function::tanh}}));
  activation->add_option("--input-width", a->input_width, "Bits of the argument, 2 to 18")
      ->capture_default_str()
      ->transform(within(2, 18));
  activation->add_option("--input-fraction", a->input_fraction, "Its fraction bits")
      ->transform(within(-64, 64))
      ->capture_default_str();
  activation->add_option("--width", a->activation.width, "Bits of the result, 2 to 18")
      ->capture_default_str()
      ->transform(within(2, 18));
  activation->add_option("--error", a->activation.max_ulp, "Largest error in units of the last bit")
      ->transform(within(0.5, 1024.0))
      ->capture_default_str();
  activation->add_option("--kind", a->activation.kind, "table or piecewise [the smaller]")
      ->type_name("auto|table|piecewise")
      ->transform(one_of<KindChoice>(
          {{"auto", KindChoice::automatic}, {"table", KindChoice::table}, {"piecewise", KindChoice::piecewise}}));
  activation->add_option("--multiplier", a->activation.multiplier, "How a piecewise unit multiplies [lut]")
      ->type_name("lut|dsp")
      ->transform(one_of<Multiplier>({{"lut", Multiplier::logic}, {"dsp", Multiplier::dsp}}));
  add_common(*activation, *a, "erngen_activation");
  activation->callback([a] {
    require_top_name(a->top);
    a->activation.input = {a->input_width, a->input_fraction};
    finish(*a, activation_core(a->activation, a->top));
  });

  const auto c = std::make_shared<UnitArguments>();
  CLI::App* matrix =
      unit->add_subcommand("circulant", "A block-circulant matrix-vector product with streams and registers");
  matrix->footer(
      "The weights are seeded random numbers; others are written at run time or by generating a network of one dense "
      "layer.");
  matrix->add_option("--rows", c->rows, "Rows of the matrix")->transform(within(1, 65536))->capture_default_str();
  matrix->add_option("--columns", c->columns, "Columns of the matrix")
      ->transform(within(1, 65536))
      ->capture_default_str();
  matrix->add_option("--block", c->block, "Block size: 1, 2, ... 64")->transform(within(1, 64))->capture_default_str();
  matrix->add_option("--weights", c->quantise.weight_width, "Bits of a weight")
      ->capture_default_str()
      ->transform(within(4, 18));
  matrix->add_option("--activations", c->quantise.activation_width, "Bits of inputs and outputs")
      ->capture_default_str()
      ->transform(within(4, 18));
  matrix->add_option("--device", c->plan.device, "FPGA to fit")->capture_default_str();
  matrix->add_option("--max-dsp", c->plan.max_dsp, "Most DSP blocks")->transform(within(1, 1000000));
  matrix->add_option("--vectors", c->frames, "Vectors of the bench")
      ->capture_default_str()
      ->transform(within(4, 10000));
  add_common(*matrix, *c, "erngen_circulant");
  matrix->callback([c] {
    require_top_name(c->top);
    if (!is_power_of_two(c->block)) throw wrong_option(fmt::format("--block {}: choose 1, 2, 4, ... 64", c->block));
    circulant(*c);
  });
}

}  // namespace erngen::cli
