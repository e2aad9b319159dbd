// The verbs of the command. Each function adds one subcommand; its callback does the work and throws Error.
#pragma once

#include <CLI/CLI.hpp>

namespace erngen::cli {

void add_new(CLI::App& app);
void add_import(CLI::App& app);
void add_build(CLI::App& app);
void add_compress(CLI::App& app);
void add_quantise(CLI::App& app);
void add_run(CLI::App& app);
void add_train(CLI::App& app);
void add_features(CLI::App& app);
void add_recognise(CLI::App& app);
void add_score(CLI::App& app);
void add_plan(CLI::App& app);
void add_generate(CLI::App& app);
void add_weights(CLI::App& app);
void add_simulate(CLI::App& app);
void add_explore(CLI::App& app);
void add_synth(CLI::App& app);
void add_unit(CLI::App& app);
void add_devices(CLI::App& app);

}  // namespace erngen::cli
