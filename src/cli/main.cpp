// The erngen command: finds the verb, maps errors to exit codes (docs/errors.md). Only src/cli speaks.
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "cli/verbs.hpp"

namespace {

using erngen::ExitCode;

int fail(ExitCode code, const std::string& message) {
  fmt::print(stderr, "erngen: error: {}\n", message);
  return static_cast<int>(code);
}

/// The verb that was being parsed, for "erngen VERB --help".
std::string verb_of(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? "" : chosen.front()->get_name() + " ";
}

int run(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    return fail(ExitCode::usage, fmt::format("{}\n  way out: see erngen {}--help", error.what(), verb_of(app)));
  } catch (const erngen::Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ExitCode::internal, "not enough memory");
  } catch (const std::exception& error) {
    return fail(ExitCode::internal,
                fmt::format("internal error: {}\n  way out: please report it with the command line", error.what()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("erngen makes FPGA accelerators for recurrent networks with block-circulant weights.", "erngen");
  app.set_version_flag("--version", "erngen " ERNGEN_VERSION, "Print the version and exit");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 success, 1 mismatch, 2 wrong command line, 3 bad input, 4 unsupported, 5 does not fit,\n"
      "6 cannot write, 7 external tool failed, 70 defect in erngen.");
  erngen::cli::add_new(app);
  erngen::cli::add_import(app);
  erngen::cli::add_compress(app);
  erngen::cli::add_quantise(app);
  erngen::cli::add_run(app);
  erngen::cli::add_train(app);
  erngen::cli::add_features(app);
  erngen::cli::add_recognise(app);
  erngen::cli::add_score(app);
  erngen::cli::add_plan(app);
  erngen::cli::add_generate(app);
  erngen::cli::add_simulate(app);
  erngen::cli::add_explore(app);
  erngen::cli::add_synth(app);
  erngen::cli::add_unit(app);
  erngen::cli::add_devices(app);

  const int code = run(app, argc, argv);
  // Reports go to standard output: a full disk behind it must not look like success.
  std::cout.flush();
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) || !std::cout) && code == 0)
    return fail(ExitCode::output, "standard output: cannot write");
  return code;
}
