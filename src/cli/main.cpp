// The erngen command: finds the verb, maps errors to exit codes (docs/reference/errors.md). Only src/cli speaks.
#include <exception>
#include <sstream>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/system_error.hpp"
#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/manual.hpp"
#include "cli/verbs.hpp"

namespace {

using erngen::ExitCode;
using erngen::cli::say;

int fail(const erngen::Error& error) {
  erngen::cli::note(std::string("erngen: error: ") + error.what());
  return static_cast<int>(error.kind());
}

int run(CLI::App& app, int argc, char** argv) {
  try {
    if (argc == 4 && argv[1] == std::string("--write-manual")) {  // for the installation
      erngen::cli::write_manual(app, argv[2]);
      erngen::cli::write_completion(app, argv[3]);
      return 0;
    }
    if (const std::string help = erngen::cli::help_for_missing_verb(app, argc - 1, argv + 1); !help.empty()) {
      say(help);
      return 0;
    }
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    std::ostringstream text;
    const int code = app.exit(help_or_version, text, text);
    say(text.str());
    return code;
  } catch (const CLI::ParseError& error) {
    return fail(erngen::cli::usage_error(app, error));
  } catch (const erngen::Error& error) {
    return fail(error);
  } catch (const std::exception& error) {
    return fail(erngen::as_error(error));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  erngen::cli::open_console();
  erngen::cli::clean_up_on_signals();
  CLI::App app("erngen makes FPGA accelerators for recurrent networks, dense or block-circulant.", "erngen");
  app.set_version_flag("--version", "erngen " ERNGEN_VERSION, "Print the version and exit");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 success, 1 mismatch, 2 wrong command line, 3 bad input, 4 unsupported, 5 does not fit,\n"
      "6 cannot write, 7 external tool failed, 8 memory or files of the machine ran out, 70 defect in erngen.");
  erngen::cli::add_new(app);
  erngen::cli::add_import(app);
  erngen::cli::add_build(app);
  erngen::cli::add_compress(app);
  erngen::cli::add_quantise(app);
  erngen::cli::add_run(app);
  erngen::cli::add_train(app);
  erngen::cli::add_features(app);
  erngen::cli::add_recognise(app);
  erngen::cli::add_score(app);
  erngen::cli::add_plan(app);
  erngen::cli::add_generate(app);
  erngen::cli::add_weights(app);
  erngen::cli::add_simulate(app);
  erngen::cli::add_explore(app);
  erngen::cli::add_synth(app);
  erngen::cli::add_unit(app);
  erngen::cli::add_devices(app);

  const int code = run(app, argc, argv);
  // Reports go to standard output: a full disk behind it must not look like success.
  const std::string failure = erngen::cli::console_failure();
  return failure.empty() || code != 0 ? code : fail({ExitCode::output, failure});
}
