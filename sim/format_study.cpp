// Measures how the SQNR of networks follows the widths: one JSON object a network and a line (docs/results/formats.md).
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cell/format_trials.hpp"
#include "ops/lowering.hpp"
#include "network/network_file.hpp"
#include "study_networks.hpp"

using namespace erngen;
using nlohmann::ordered_json;

namespace {

/// SQNR of the outputs in decibels with the formats that quantise() takes; null where they are exact.
ordered_json output_sqnr(FormatTrials& trials, int weights, int activations) {
  const double sqnr = trials.output_sqnr(trials.choose({weights, activations}));
  return std::isfinite(sqnr) ? ordered_json(std::round(sqnr * 100) / 100) : ordered_json();
}

ordered_json study(const Network& network, const Sequences& x, bool exact) {
  static UnitCache units;
  QuantiseOptions options;
  options.units = &units;
  options.exact_widths = exact;
  FormatTrials trials(network, x, options);
  ordered_json both = ordered_json::object(), eight = ordered_json::object();
  for (int bits = 8; bits <= 18; ++bits) both[std::to_string(bits)] = output_sqnr(trials, bits, bits);
  for (int bits = 8; bits <= 18; ++bits)
    eight[std::to_string(bits)] = bits == 8 ? both["8"] : output_sqnr(trials, 8, bits);
  return {{"weights = activations", both}, {"weights 8", eight}};
}

/// The names that a file of such lines has already.
std::set<std::string> names_in(const std::string& path) {
  std::set<std::string> names;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (const auto entry = ordered_json::parse(line, nullptr, false); entry.is_object()) names.insert(entry["name"]);
  return names;
}

}  // namespace

/// format_study LINES FIRST END: seeds FIRST to END - 1; or format_study LINES NETWORK X.npy. Lines that LINES has are
/// kept, so that a study that was stopped goes on. With a further word `exact` both widths are those that are named,
/// also where fewer bits lose less.
int main(int argc, char** argv) {
  const bool exact = argc == 5 && std::string(argv[4]) == "exact";
  if (argc != 4 && !exact) {
    std::cerr << "format_study LINES (FIRST END | NETWORK X.npy) [exact]\n";
    return 2;
  }
  const std::string path = argv[1], last = argv[3];
  const std::set<std::string> known = names_in(path);
  const auto add = [&](const std::string& name, const Network& network, const Sequences& x) {
    if (known.count(name)) return;
    ordered_json line = {{"name", name}, {"block", lower(network).max_block()}};
    line.update(study(network, x, exact));
    std::ofstream(path, std::ios::app) << line.dump() << std::endl;
  };
  if (last.ends_with(".npy")) {
    add(std::filesystem::path(argv[2]).stem(), read_network(argv[2]), Sequences(read_npy(last)));
    return 0;
  }
  for (int seed = std::atoi(argv[2]); seed < std::stoi(last); ++seed) {
    const StudyCase c = study_case(static_cast<std::uint64_t>(seed), 200);
    add(fmt::format("{}: {}", seed, c.name), c.network, Sequences(c.x));
  }
}
