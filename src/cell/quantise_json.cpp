#include "cell/quantise_json.hpp"

#include "base/decibels.hpp"

namespace erngen {
namespace {

Json signals_json(const std::vector<SignalReport>& signals) {
  Json list = Json::array();
  for (const SignalReport& s : signals) {
    list.push_back({{"name", s.name},
                    {"format", s.format.name()},
                    {"width", s.format.width},
                    {"fraction", s.format.fraction},
                    {"max_abs", s.max_abs},
                    {"sqnr_db", decibels_json(s.sqnr_db)}});
    if (!s.gates.empty()) list.back()["gates"] = s.gates;
  }
  return list;
}

}  // namespace

Json saturations_json(const std::vector<SignalSaturation>& saturations) {
  Json list = Json::array();
  for (const SignalSaturation& s : saturations)
    list.push_back(
        {{"signal", s.signal}, {"saturated", s.count.saturated}, {"values", s.count.values}, {"flat", s.flat}});
  return list;
}

Json quantise_json(const QuantNetwork& network, const QuantiseReport& report) {
  const NumberFormats& f = network.formats;
  Json json{{"frames", report.frames},
            {"output_sqnr_db", decibels_json(report.output_sqnr_db)},
            {"input_format", network.input_format().name()},
            {"output_format", network.output_format().name()},
            {"widths",
             {{"activation", f.activation_width},
              {"weight", f.weight_width},
              {"preactivation", f.preactivation_width},
              {"gate", f.gate_width},
              {"state", f.state_width},
              {"candidate", f.candidate_width},
              {"cell", f.cell_width},
              {"spectrum", f.spectrum_width()},
              {"accumulator", f.accumulator_width()},
              {"readout", f.readout_width},
              {"drain", f.readout_width},  // its former name
              {"sum", f.sum_width()}}},
            {"signals", signals_json(report.signals)},
            {"matrices", signals_json(report.matrices)},
            {"activation_units", Json::array()}};
  for (const ActivationUnit* unit : {&network.sigmoid, &network.tanh})
    json["activation_units"].push_back({{"function", function_name(unit->function())},
                                        {"kind", kind_name(unit->kind())},
                                        {"input_format", unit->input().name()},
                                        {"output_format", unit->output().name()},
                                        {"entries", unit->entries().size()},
                                        {"word_bits", unit->entry_width() + unit->slope_width()},
                                        {"error_ulp", unit->max_error_ulp()}});
  json["saturations"] = saturations_json(report.saturations);
  json["warnings"] = report.warnings;
  return json;
}

}  // namespace erngen
