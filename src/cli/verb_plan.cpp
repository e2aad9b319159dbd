// erngen plan: the parallelism and the schedule for a device.
#include <memory>

#include "cell/quant_file.hpp"
#include "cli/plan_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "rtl/generate.hpp"

namespace erngen::cli {

void add_plan(CLI::App& app) {
  struct Options {
    PlanArguments plan;
    JsonOption json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("plan", "Choose the engine for a device and predict its cycles");
  verb->footer("Cycles are exact: the simulation compares them. DSP blocks are counted; BRAM36, LUT and FF are estimates.");
  options->plan.add_to(*verb);
  options->json.add_to(*verb);
  verb->callback([options] {
    const DeviceLimits device = device_limits(options->plan.device);
    const Plan plan = make_plan(read_quant_network(options->plan.network), device, options->plan.options());
    options->json.report(plan_json(plan), plan_text(plan));
  });
}

}  // namespace erngen::cli
