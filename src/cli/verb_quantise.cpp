// erngen quantise: formats from calibration data, integers from weights.
#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "base/decibels.hpp"
#include "base/error.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "cell/quantise_json.hpp"
#include "cell/quantiser.hpp"
#include "cell/width_search.hpp"
#include "cli/quantise_options.hpp"
#include "cli/reference_options.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "network/layer_json.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"

namespace erngen::cli {
namespace {

struct QuantiseArguments {
  std::string network, calibration, output, formats_of;
  std::vector<std::string> together_with;
  QuantiseOptions quantise;
  bool search = false;
  ReferenceOptions reference;
  JsonOption json;
};

Json point_json(const WidthPoint& p) {
  return {{"weights", p.weight_width}, {"activations", p.activation_width}, {"sqnr_db", decibels_json(p.sqnr_db)}};
}

Json search_json(const WidthSearch& found, double min_sqnr) {
  Json json{{"min_sqnr_db", min_sqnr},
            {"weights", found.weight_width},
            {"activations", found.activation_width},
            {"sqnr_db", decibels_json(found.sqnr_db)},
            {"tried", Json::array()},
            {"matrices", Json::array()},
            {"together", Json::object()}};
  for (const WidthPoint& p : found.tried) json["tried"].push_back(point_json(p));
  for (const MatrixWidth& m : found.matrices) {
    Json curve = Json::array();
    for (const WidthPoint& p : m.curve)
      curve.push_back({{"width", p.weight_width}, {"sqnr_db", decibels_json(p.sqnr_db)}});
    json["matrices"].push_back({{"name", m.family}, {"width", m.width}, {"curve", curve}});
  }
  for (const auto& [family, width] : found.together) json["together"][family] = width;
  json["together_sqnr_db"] = decibels_json(found.together_sqnr_db);
  return json;
}

/// A line of '#' up to 60 columns for a curve.
std::string bar(double sqnr_db) { return std::string(static_cast<size_t>(std::clamp(sqnr_db, 0.0, 120.0) / 2), '#'); }

std::string search_text(const WidthSearch& found, double min_sqnr) {
  Table curve({"activations", "weights", "SQNR dB", ""});
  for (const WidthPoint& p : found.tried)
    curve.add(
        {fmt::to_string(p.activation_width), fmt::to_string(p.weight_width), decibels_text(p.sqnr_db), bar(p.sqnr_db)});
  Table matrices({"matrix", "smallest width alone", "SQNR dB below it", "together"});
  for (size_t n = 0; n < found.matrices.size(); ++n) {
    const MatrixWidth& m = found.matrices[n];
    const WidthPoint& last = m.curve.back();
    matrices.add({m.family, fmt::to_string(m.width), last.weight_width < m.width ? decibels_text(last.sqnr_db) : "-",
                  fmt::to_string(found.together[n].second)});
  }
  return fmt::format(
      "{}\n{}\nfewest bits for {:g} dB: {} for weights, {} for activations ({} dB); with the matrices' own widths "
      "together {} dB\n",
      curve.text(), matrices.text(), min_sqnr, found.weight_width, found.activation_width, decibels_text(found.sqnr_db),
      decibels_text(found.together_sqnr_db));
}

/// The user's own input and outputs, before anything is computed.
struct Check {
  std::optional<Sequences> x, y;
};

Check read_check(const QuantiseArguments& options, const Network& network) {
  const ReferenceOptions& reference = options.reference;
  reference.require_sane(options.search);
  if (!reference.wanted()) return {};
  Check check;
  check.x = read_sequences(reference.input());
  check.x->require_features(network.input(), reference.input());
  check.y = reference.read(*check.x, network.output(), OutputForm(network));
  return check;
}

Verdict judge(const QuantiseArguments& options, const Check& check, const QuantNetwork& network) {
  if (!check.y) return {};
  const FixedRun run = run_fixed(network, *check.x, options.reference.input());
  return options.reference.judge(check.y, check.x->with(real_outputs(run, network).values, run.result_size),
                                 OutputForm(network.structure, network.metadata));
}

void run_search(const QuantiseArguments& options, const Network& network, const Sequences& calibration,
                const Check& check) {
  WidthSearchOptions wanted;
  wanted.min_sqnr_db = options.reference.min_sqnr_db().value_or(wanted.min_sqnr_db);
  wanted.quantise = options.quantise;
  const WidthSearch found = search_widths(network, calibration, wanted);
  QuantiseOptions chosen = options.quantise;
  chosen.weight_width = found.weight_width;
  chosen.activation_width = found.activation_width;
  chosen.exact_widths = true;
  const QuantNetwork quantised = quantise(network, calibration, chosen, nullptr);
  const Verdict verdict = judge(options, check, quantised);
  if (!options.output.empty() && verdict.passed()) write_quant_network(quantised, options.output);
  Json json = search_json(found, wanted.min_sqnr_db);
  json["comparison"] = verdict.json;
  options.json.report(json, search_text(found, wanted.min_sqnr_db) + verdict.text);
  verdict.require();
}

void require_same_structure(const Network& network, const Network& other, const std::string& file,
                            const std::string& other_file) {
  if (structure_json(structure_of(network)) != structure_json(structure_of(other)))
    throw bad_input(fmt::format("{}: has other layers, sizes or blocks than {}", file, other_file),
                    "formats are shared by networks that differ in their weights only");
}

void run(const QuantiseArguments& options) {
  if (!options.search && options.output.empty())
    throw Error(ExitCode::usage, "--output is missing", "name the file to write with -o QNET, or give --search");
  const Network network = read_network(options.network);
  const Sequences calibration = read_sequences(options.calibration);
  calibration.require_features(network.input(), options.calibration);
  QuantiseArguments wanted = options;
  std::optional<QuantNetwork> formats;
  std::vector<Network> others;
  if (!options.formats_of.empty()) {
    formats = read_quant_network(options.formats_of);
    require_same_structure(network, formats->structure, options.network, options.formats_of);
    wanted.quantise.formats = &*formats;
  }
  others.reserve(options.together_with.size());
  for (const std::string& file : options.together_with) {
    others.push_back(read_network(file));
    require_same_structure(others.back(), network, file, options.network);
    wanted.quantise.others.push_back(&others.back());
  }
  const Check check = read_check(options, network);
  if (options.search) return run_search(wanted, network, calibration, check);
  QuantiseReport report;
  const QuantNetwork quantised = quantise(network, calibration, wanted.quantise, &report);
  const Verdict verdict = judge(options, check, quantised);
  if (verdict.passed()) write_quant_network(quantised, options.output);
  Json json = quantise_json(quantised, report);
  json["comparison"] = verdict.json;
  options.json.report(json, quantise_text(quantised, report) + verdict.text);
  verdict.require();
}

}  // namespace

void add_quantise(CLI::App& app) {
  const auto options = std::make_shared<QuantiseArguments>();
  CLI::App* verb =
      app.add_subcommand("quantise", "Choose fixed-point formats and quantise a network")->alias("quantize");
  verb->footer(
      "Formats come from the ranges of all signals on the calibration data: some hundreds of typical frames, in the "
      "shape\n"
      "that 'erngen run' takes. SQNR is the power of a signal in real numbers over the power of its error in fixed\n"
      "point, on the same data. The arithmetic is defined in docs/reference/arithmetic.md.");
  verb->add_option("network", options->network, "Network file to read")->type_name("NET")->required();
  verb->add_option("--calibration", options->calibration, "Typical input, .npy or .npz")
      ->type_name("X.npy")
      ->required();
  verb->add_option("-o,--output", options->output, "Quantised network file to write; with --search it may be left out")
      ->type_name("QNET");
  verb->add_flag("--search", options->search,
                 "Find the smallest widths that keep --min-sqnr, for all matrices and for each of them");
  options->reference.add_check(*verb,
                               "Least SQNR in decibels: with --check against your model's outputs, exit code 1 below "
                               "it; with --search against real numbers, there 30 if it is not given");
  add_quantise_options(*verb, options->quantise);
  CLI::Option* formats =
      verb->add_option("--formats-of", options->formats_of,
                       "Take all formats and activation units of this quantised network of the same layers and blocks")
          ->type_name("QNET");
  CLI::Option* together =
      verb->add_option(
              "--together-with", options->together_with,
              "Networks of the same layers and blocks whose numbers and signals the formats shall hold, too; quantise "
              "them with --formats-of then")
          ->type_name("NET");
  formats->excludes(together);
  for (const char* other : {"--weights", "--activations", "--spectra", "--cells", "--search"})
    formats->excludes(verb->get_option(other));
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
