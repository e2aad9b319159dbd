// Phase II's results as JSON and CSV.
#include "explore/phase2.hpp"

#include <fmt/format.h>

namespace erngen {

Json design_json(const Phase2Request& request, const Phase2Design& d) {
  const Phase2Width& width = request.widths[d.width];
  Json json{{"rows", d.shape.rows}, {"columns", d.shape.columns}, {"words", d.shape.words}, {"drain", d.shape.drain}, {"paths", d.shape.paths},
            {"turns", d.shape.turns},
            {"products", d.shape.cell_luts ? "lut" : "dsp"}, {"rotations", d.shape.adders ? "lut" : "dsp"}, {"streams", d.shape.slots},
            {"weight_bits", width.network.formats.weight_width},
            {"activation_bits", width.network.formats.activation_width}, {"activation_unit", d.shape.dsp_activations ? "dsp" : "lut"},
            {"cycles_per_frame", d.cycles_per_frame}, {"latency_cycles", d.latency_cycles}, {"busy_cycles", d.busy_cycles},
            {"run_cycles", d.run_cycles}, {"latency_us", d.latency_cycles / request.clock_mhz},
            {"frames_per_second", request.clock_mhz * 1e6 / d.cycles_per_frame}, {"dsp", d.resources.dsp}, {"bram36", d.resources.bram36},
            {"lut", d.resources.lut}, {"ff", d.resources.ff}, {"fits", d.fits}, {"meets", d.meets}, {"pareto", d.front}};
  if (width.sqnr_db > 0) json["sqnr_db"] = width.sqnr_db;
  return json;
}

Json result_json(const Phase2Request& request, const Phase2Result& result) {
  Json json{{"device", request.device->name}, {"part", request.device->part}, {"clock_mhz", request.clock_mhz},
            {"budget", {{"dsp", request.budget.dsp}, {"bram36", request.budget.bram36}, {"lut", request.budget.lut}, {"ff", request.budget.ff}}},
            {"looked_at", result.designs.size()}, {"fitting", result.fitting}, {"chosen", nullptr}, {"reasons", result.reasons}, {"front",
                Json::array()}};
  if (result.chosen) json["chosen"] = design_json(request, result.designs[*result.chosen]);
  for (const Phase2Design& d : result.designs)
    if (d.front) json["front"].push_back(design_json(request, d));
  return json;
}

std::string result_csv(const Phase2Request& request, const Phase2Result& result) {
  std::string text;
  bool head = true;
  for (const Phase2Design& d : result.designs) {
    Json row = design_json(request, d);
    if (!row.contains("sqnr_db")) row["sqnr_db"] = "";
    std::string names, values;
    for (const auto& [name, value] : row.items()) {
      names += (names.empty() ? "" : ",") + name;
      values += (values.empty() ? "" : ",") + (value.is_string() ? value.get<std::string>() : value.dump());
    }
    if (head) text += names + "\n";
    head = false;
    text += values + "\n";
  }
  return text;
}

}  // namespace erngen
