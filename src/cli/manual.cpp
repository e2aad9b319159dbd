#include "cli/manual.hpp"

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/file.hpp"
#include "cli/command_line.hpp"

namespace erngen::cli {
namespace {

/// Text of a page: what roff would take for a request or an escape stays text.
std::string roff(const std::string& text) {
  std::string result;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
    line_begins = c == '\n';
  }
  return result;
}

/// "erngen-unit-fft" for "erngen unit fft".
std::string page_name(const CLI::App& app) {
  std::string name = full_name(app);
  for (char& c : name)
    if (c == ' ') c = '-';
  return name;
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return !option->get_group().empty(); });  // "" hides
}

std::string option_text(const CLI::Option& option) {
  std::string names = option.get_positional() ? option.get_name(true) : option.get_name(false, true);
  std::string value = option.get_type_name();
  if (option.get_type_size() == 0) value.clear();  // a flag
  if (!option.get_default_str().empty() && !value.empty()) value += "=" + option.get_default_str();
  return fmt::format(".TP\n\\fB{}\\fR{}{}\n{}\n", roff(names), value.empty() ? "" : " ", roff(value),
                     roff(option.get_description()));
}

std::string page(const CLI::App& app, const std::string& version) {
  std::string text =
      fmt::format(".TH {} 1 \"\" \"erngen {}\" \"erngen\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR",
                  page_name(app), version, roff(page_name(app)), roff(app.get_description()), roff(full_name(app)));
  const auto verbs = verbs_of(app);
  for (const CLI::Option* option : options_of(app))
    if (option->get_positional())
      text +=
          (option->get_required() ? " " : " [") + roff(option->get_name(true)) + (option->get_required() ? "" : "]");
  text += verbs.empty() ? " [\\fIoptions\\fR]\n" : " \\fIverb\\fR ...\n";
  std::map<std::string, std::string> groups;
  std::vector<std::string> order;
  const auto add = [&](const CLI::App& from) {
    for (const CLI::Option* option : options_of(from)) {
      const std::string group = option->get_positional() ? "Arguments" : option->get_group();
      if (!groups.count(group)) order.push_back(group);
      groups[group] += option_text(*option);
    }
  };
  add(app);
  for (const CLI::App* group : app.get_subcommands([](const CLI::App* sub) { return sub->get_name().empty(); }))
    add(*group);
  for (const std::string& group : order) text += fmt::format(".SH {}\n{}", roff(group), groups[group]);
  if (!verbs.empty()) {
    text += ".SH Verbs\n";
    for (const CLI::App* verb : verbs)
      text += fmt::format(".TP\n\\fB{}\\fR(1)\n{}\n", roff(page_name(*verb)), roff(verb->get_description()));
  }
  if (!app.get_footer().empty()) text += fmt::format(".SH Notes\n{}\n", roff(app.get_footer()));
  return text;
}

void write_pages(const CLI::App& app, const std::filesystem::path& directory, const std::string& version) {
  write_file_atomically(directory / (page_name(app) + ".1"), page(app, version));
  for (const CLI::App* verb : verbs_of(app)) write_pages(*verb, directory, version);
}

/// One line of the script's table for each command: "erngen plan) words='--device --clock ...' ;;".
void add_words(const CLI::App& app, std::string& table) {
  std::vector<std::string> words;
  for (const CLI::App* verb : verbs_of(app)) words.push_back(verb->get_name());
  const auto add = [&](const CLI::App& from) {
    for (const CLI::Option* option : options_of(from))
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  };
  add(app);
  for (const CLI::App* group : app.get_subcommands([](const CLI::App* sub) { return sub->get_name().empty(); }))
    add(*group);
  table += fmt::format("    '{}') words='{}' ;;\n", full_name(app), fmt::join(words, " "));
  for (const CLI::App* verb : verbs_of(app)) add_words(*verb, table);
}

std::string completion(const CLI::App& app) {
  std::string table;
  add_words(app, table);
  return "# Completion of the words of erngen in bash.\n_erngen() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} path=erngen word words\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$path $word\" in\n" +
         [&] {
           std::vector<std::string> paths;
           const auto collect = [&](const auto& self, const CLI::App& from) -> void {
             for (const CLI::App* verb : verbs_of(from)) {
               paths.push_back(fmt::format("'{}'", full_name(*verb)));
               self(self, *verb);
             }
           };
           collect(collect, app);
           return fmt::format("      {}) path=\"$path $word\" ;;\n", fmt::join(paths, " | "));
         }() +
         "    esac\n  done\n  case $path in\n" + table +
         "  esac\n"
         "  [[ $current != -* && $path != erngen && $path != 'erngen unit' ]] && words=\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _erngen erngen\n";
}

}  // namespace

void write_manual(const CLI::App& app, const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);  // writing says what is wrong
  write_pages(app, directory, ERNGEN_VERSION);
}

void write_completion(const CLI::App& app, const std::filesystem::path& file) {
  write_file_atomically(file, completion(app));
}

}  // namespace erngen::cli
