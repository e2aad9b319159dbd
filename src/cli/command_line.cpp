#include "cli/command_line.hpp"

#include <vector>

#include <fmt/format.h>

#include "cli/nearest.hpp"

namespace erngen::cli {
namespace {

/// The verb that was parsed last.
const CLI::App& chosen(const CLI::App& app) {
  const auto verbs = app.get_subcommands();
  return verbs.empty() ? app : chosen(*verbs.front());
}

}  // namespace

std::string full_name(const CLI::App& app) {
  return app.get_parent() ? full_name(*app.get_parent()) + " " + app.get_name() : app.get_name();
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* verb) { return !verb->get_name().empty(); });  // not groups of options
}

std::string help_for_missing_verb(const CLI::App& app, int argc, const char* const* argv) {
  const auto verbs = verbs_of(app);
  if (verbs.empty()) return "";
  if (argc == 0) return app.help(app.get_parent() ? full_name(*app.get_parent()) : "");
  const std::string word = argv[0];
  if (word.starts_with('-')) return "";
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs) {
    if (verb->check_name(word)) return help_for_missing_verb(*verb, argc - 1, argv + 1);
    names.push_back(verb->get_name());
  }
  const std::string meant = nearest(word, names);
  throw Error(ExitCode::usage, fmt::format("unknown verb '{}'", word),
              (meant.empty() ? "" : fmt::format("did you mean '{}'? ", meant)) + "see " + full_name(app) + " --help");
}

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = chosen(app);
  std::vector<std::string> known;
  for (const CLI::Option* option : verb.get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  std::string meant;
  if (dynamic_cast<const CLI::ExtrasError*>(&error))
    for (const std::string& word : app.remaining(true))
      if (meant.empty() && word.starts_with("--")) meant = nearest(word.substr(0, word.find('=')), known);
  return {ExitCode::usage, error.what(),
          (meant.empty() ? "" : fmt::format("did you mean {}? ", meant)) + "see " + full_name(verb) + " --help"};
}

}  // namespace erngen::cli
