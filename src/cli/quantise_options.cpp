#include "cli/quantise_options.hpp"

#include <fmt/format.h>

#include "activation/cost.hpp"
#include "base/decibels.hpp"
#include "cli/choice.hpp"
#include "cli/number.hpp"
#include "cli/report.hpp"
#include "cli/saturation_report.hpp"

namespace erngen::cli {
namespace {

std::string signals_text(const char* title, const std::vector<SignalReport>& signals) {
  Table table({title, "format", "holds up to", "largest seen", "SQNR dB"});
  for (const SignalReport& s : signals)
    table.add({s.gates.empty() ? s.name : fmt::format("{} ({})", s.name, s.gates), s.format.name(),
               fmt::format("{:.4g}", to_double(s.format.max(), s.format)), fmt::format("{:.4g}", s.max_abs),
               decibels_text(s.sqnr_db)});
  return table.text();
}

}  // namespace

std::string quantise_text(const QuantNetwork& network, const QuantiseReport& report) {
  const NumberFormats& f = network.formats;
  Table units(
      {"activation", "kind", "from", "to", "entries", "bits", "error ulp", "LUTs (estimate)", "block RAM bits"});
  for (const ActivationUnit* unit : {&network.sigmoid, &network.tanh}) {
    const ActivationCost cost = activation_cost(*unit, Multiplier::logic);
    units.add({function_name(unit->function()), kind_name(unit->kind()), unit->input().name(), unit->output().name(),
               fmt::to_string(unit->entries().size()), fmt::to_string(unit->entry_width() + unit->slope_width()),
               fmt::format("{:.3f}", unit->max_error_ulp()), fmt::format("{:.0f}", cost.lut),
               fmt::to_string(cost.bram_bits)});
  }
  std::string text = fmt::format(
      "{}\n{}\n{}\ngate values {} bits, spectra {} bits, accumulators {} bits, readout {} bits, sums {} bits; {} "
      "calibration frames\n",
      signals_text("signal", report.signals), signals_text("spectra of", report.matrices), units.text(), f.gate_width,
      f.spectrum_width(), f.accumulator_width(), f.readout_width, f.sum_width(), report.frames);
  text += saturations_text(report.saturations);
  for (const std::string& warning : report.warnings) text += fmt::format("warning: {}\n", warning);
  return text;
}

void add_quantise_options(CLI::App& app, QuantiseOptions& quantise) {
  const auto width = [&](const char* name, int& value, const char* description) {
    app.add_option(name, value, description)->type_name("BITS")->capture_default_str()->transform(within(4, 18));
  };
  width("--weights", quantise.weight_width, "Most bits of a weight, 4 to 18");
  width("--activations", quantise.activation_width, "Most bits of inputs, states and outputs, 4 to 18");
  app.add_flag("--exact-widths", quantise.exact_widths,
               "Take these two widths as given, also where fewer bits lose less on the calibration data");
  app.add_option("--spectra", quantise.spectrum_width,
                 "Most bits of a spectrum word, 12 to 18; with 17 every product of a lane fits a multiplier of 18 x "
                 "18 bits (ECP5)")
      ->type_name("BITS")
      ->capture_default_str()
      ->transform(within(QuantiseOptions::least_spectrum_width, NumberFormats::max_spectrum_width));
  app.add_option("--cells", quantise.cell_width,
                 "Most bits of an LSTM's cell state, activations + 4 to 32; with 18 its product fits a multiplier of "
                 "18 x 18 bits (ECP5)")
      ->type_name("BITS")
      ->capture_default_str()
      ->transform(within(8, 32));
  app.add_option("--activation-error", quantise.activation_ulp,
                 "Largest error of sigmoid and tanh, in units of the activations' last bit")
      ->type_name("ULP")
      ->capture_default_str()
      ->transform(within(0.5, 1024.0));
  const auto unit = [&](const std::string& function, KindChoice& value) {
    app.add_option("--" + function + "-unit", value, "How " + function + " is computed [auto: the smallest]")
        ->type_name("auto|table|piecewise")
        ->transform(one_of<KindChoice>(
            {{"auto", KindChoice::automatic}, {"table", KindChoice::table}, {"piecewise", KindChoice::piecewise}}));
  };
  unit("sigmoid", quantise.sigmoid_kind);
  unit("tanh", quantise.tanh_kind);
}

}  // namespace erngen::cli
