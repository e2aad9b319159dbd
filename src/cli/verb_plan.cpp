// erngen plan: the parallelism and the schedule for a device.
#include <memory>

#include "base/file.hpp"
#include "cell/quant_file.hpp"
#include "cli/plan_options.hpp"
#include "cli/report.hpp"
#include "cli/timeline_svg.hpp"
#include "cli/verbs.hpp"
#include "plan/area.hpp"
#include "rtl/generate.hpp"

namespace erngen::cli {

void add_plan(CLI::App& app) {
  struct Options {
    PlanArguments plan;
    std::string timeline;
    JsonOption json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("plan", "Choose the engine for a device and predict its cycles");
  verb->footer(
      "Cycles are exact: the simulation compares them. DSP blocks and BRAM36 are what Yosys maps; LUT and FF\n"
      "are estimates (docs/results/calibration.md has their errors), and so is power, with the bounds shown\n"
      "(docs/results/energy.md).");
  options->plan.add_to(*verb);
  verb->add_option("--timeline", options->timeline, "Draw the schedule of a run as SVG")->type_name("FILE.svg");
  options->json.add_to(*verb);
  verb->callback([options] {
    const Device& device = find_device(options->plan.device);
    const QuantNetwork network = read_quant_network(options->plan.network);
    const Plan plan = make_plan(network, device, options->plan.options());
    if (!options->timeline.empty()) write_file_atomically(options->timeline, timeline_svg(network, plan));
    Json json = plan_json(plan);
    add_shares(json, plan, device);
    const Workload work(network);
    json["multiplications_per_frame"] = work.multiplications;
    const auto memories = mapped_memories(work, plan.shape, plan.map, plan.program, device.family);
    for (const AreaTerm& term : area_terms(work, plan.shape, plan.map, plan.program, memories, device.family))
      json["area_terms"][term.name] = term.value;
    for (const MappedEngineMemory& m : memories)
      json["memories"].push_back({{"name", m.name},
                                  {"width", m.width},
                                  {"depth", m.depth},
                                  {"count", m.count},
                                  {"bram36", m.count * bram36_of(m.mapped.half_blocks, device.family)},
                                  {"lut_ram", m.count * m.mapped.lut_ram}});
    options->json.report(json, plan_text(plan, device));
  });
}

}  // namespace erngen::cli
