// erngen explore: the searches of E-RNN (HPCA 2019), one phase a run.
#include <map>
#include <memory>

#include "base/error.hpp"
#include "cli/explore_phase.hpp"
#include "cli/number.hpp"
#include "cli/verbs.hpp"

namespace erngen::cli {

void add_explore(CLI::App& app) {
  struct Options {
    int phase = 1;
    ExploreCommon common;
    std::map<int, std::unique_ptr<ExplorePhase>> phases;
  };
  const auto options = std::make_shared<Options>();
  options->phases.emplace(1, explore_phase1());
  options->phases.emplace(2, explore_phase2());
  std::vector<int> known;
  for (const auto& [number, phase] : options->phases) known.push_back(number);

  CLI::App* verb = app.add_subcommand("explore", "Search for a network and a design");
  verb->footer(
      "Phase 1 decides cell type and block sizes by training, under an accuracy requirement. Its ledger survives a "
      "kill: the same\n"
      "command goes on where it was, and no training is repeated. Phase 2 looks at every design of a network on a "
      "device, chooses one and\n"
      "says what binds; DIR gets index.html, designs.csv and phase2.json.");
  verb->add_option("--phase", options->phase, "Which search: 1 or 2")
      ->type_name("N")
      ->required()
      ->check(CLI::IsMember(known));
  verb->add_option("--device", options->common.device, "FPGA to fit, see `erngen devices`")->capture_default_str();
  verb->add_option("--clock", options->common.clock, "Clock in MHz")->transform(megahertz())->capture_default_str();
  verb->add_option("-o,--output", options->common.output,
                   "Directory of the results and the ledger; phase 2 works without")
      ->type_name("DIR");
  for (const auto& [number, phase] : options->phases) phase->add_to(*verb);
  options->common.json.add_to(*verb);
  verb->callback([options] {
    if (options->phase == 1 && options->common.output.empty())
      throw Error(ExitCode::usage, "--output is missing", "name a directory with -o DIR");
    options->phases.at(options->phase)->run(options->common);
  });
}

}  // namespace erngen::cli
