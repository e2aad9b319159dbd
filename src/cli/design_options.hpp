// The options of `generate` and `build` that say what a design's directory holds.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/plan_options.hpp"
#include "design/write_design.hpp"

namespace erngen::cli {

/// --name, --prefix, --wrapper, --bench. A wrapper chooses stream options of `plan` that are not given.
void add_design_options(CLI::App& app, DesignRequest& request, PlanArguments& plan);

/// The command line that makes this design again.
std::string design_command(const PlanArguments& plan, const DesignRequest& request);

}  // namespace erngen::cli
