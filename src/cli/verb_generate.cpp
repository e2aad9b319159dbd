// erngen generate: the design directory of a quantised network.
#include <memory>

#include <fmt/format.h>

#include "base/printable.hpp"
#include "cell/quant_file.hpp"
#include "cli/design_options.hpp"
#include "cli/plan_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "design/write_design.hpp"
#include "rtl/generate.hpp"

namespace erngen::cli {

void add_generate(CLI::App& app) {
  struct Options {
    PlanArguments plan;
    DesignRequest request;
    std::string output;
    JsonOption json;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("generate", "Write the Verilog accelerator of a quantised network");
  verb->footer(
      "Writes DIR/rtl (Verilog-2005 and files.f), DIR/images (memory images, read from the working directory of "
      "the\n"
      "tool or from the top module's IMAGE_DIR), DIR/testbench, DIR/software (driver, C header), DIR/NAME.core "
      "(FuseSoC),\n"
      "DIR/component.xml (IP-XACT), DIR/README.md, DIR/network.safetensors and DIR/manifest.json. The generated design "
      "is yours.");
  options->plan.add_to(*verb);
  add_design_options(*verb, options->request, options->plan);
  verb->add_option("-o,--output", options->output, "Directory to write; an older output of erngen is replaced")
      ->type_name("DIR")
      ->required();
  options->json.add_to(*verb);
  verb->callback([options] {
    const Device& device = find_device(options->plan.device);
    const QuantNetwork network = read_quant_network(options->plan.network);
    const Plan plan = make_plan(network, device, options->plan.options());
    options->request.version = ERNGEN_VERSION;
    options->request.command = design_command(options->plan, options->request);
    write_design(network, plan, device, options->request, options->output);
    Json json = plan_json(plan);
    add_shares(json, plan, device);
    json["directory"] = options->output;
    const std::string places = fmt::format("\n{}: Verilog in rtl, memory images in images, testbench in testbench\n",
                                           shell_word(options->output));
    options->json.report(json, plan_text(plan, device) + places);
  });
}

}  // namespace erngen::cli
