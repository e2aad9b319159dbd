// Phase II's results as JSON and CSV.
#include "explore/phase2.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/parallel.hpp"

namespace erngen {

namespace {

/// Calls field(name, value) for everything of a design, in the order of the reports' columns.
template <class Field>
void each_field(const Phase2Request& request, const Phase2Design& d, const Field& field) {
  const NumberFormats& formats = request.widths[d.width].network.formats;
  field("rows", d.shape.rows);
  field("columns", d.shape.columns);
  field("words", d.shape.words);
  field("readout", d.shape.readout);
  field("ports", d.shape.ports);
  field("folding", d.shape.folding);
  field("products", d.shape.cell_luts ? "lut" : "dsp");
  field("rotations", d.shape.adders ? "lut" : "dsp");
  field("streams", d.shape.contexts);
  field("frames_in_flight", d.shape.frames);
  field("weight_bits", formats.weight_width);
  field("activation_bits", formats.activation_width);
  if (chooses_form(request)) {
    field("lane_form", name_of(d.shape.form));
    field("spectrum_bits", formats.spectrum_width());
  }
  field("activation_unit", d.shape.dsp_activations ? "dsp" : "lut");
  field("admission", d.shape.early ? "early" : "late");
  field("pipeline", d.shape.pipeline);
  field("cycles_per_frame", d.cycles_per_frame);
  field("latency_cycles", d.latency_cycles);
  field("busy_cycles", d.busy_cycles);
  field("run_cycles", d.run_cycles);
  field("latency_us", d.latency_cycles / request.clock_mhz);
  field("frames_per_second", request.clock_mhz * 1e6 / d.cycles_per_frame);
  field("dsp", d.resources.dsp);
  field("bram36", d.resources.bram36);
  field("lut", d.resources.lut);
  field("ff", d.resources.ff);
  if (d.resources.cells > 0) field("logic_cells", d.resources.cells);
  field("fits", d.fits);
  field("meets", d.meets);
  field("pareto", d.front);
  field("drain", d.shape.readout);  // former names, which scripts rely on
  field("paths", d.shape.ports);
  field("turns", d.shape.folding);
}

/// A line of the CSV file, with values as JSON writes them but strings, which have no quotes.
struct CsvLine {
  std::string& text;
  void operator()(const char*, int value) const { fmt::format_to(std::back_inserter(text), "{},", value); }
  void operator()(const char*, bool value) const { text += value ? "true," : "false,"; }
  void operator()(const char*, const char* value) const { text.append(value) += ','; }
  void operator()(const char*, double value) const { text.append(Json(value).dump()) += ','; }
};

}  // namespace

Json design_json(const Phase2Request& request, const Phase2Design& d) {
  const Phase2Width& width = request.widths[d.width];
  Json json;
  each_field(request, d, [&](const char* name, const auto& value) { json[name] = value; });
  if (width.sqnr_db > 0) json["sqnr_db"] = width.sqnr_db;
  return json;
}

Json result_json(const Phase2Request& request, const Phase2Result& result) {
  Json json{{"device", request.device.name},
            {"part", request.device.part},
            {"clock_mhz", request.clock_mhz},
            {"budget",
             {{"dsp", request.budget.dsp},
              {"bram36", request.budget.bram36},
              {"lut", request.budget.lut},
              {"ff", request.budget.ff}}},
            {"looked_at", result.designs.size()},
            {"fitting", result.fitting},
            {"chosen", nullptr},
            {"reasons", result.reasons},
            {"front", Json::array()}};
  if (result.chosen) json["chosen"] = design_json(request, result.designs[*result.chosen]);
  for (const Phase2Design& d : result.designs)
    if (d.front) json["front"].push_back(design_json(request, d));
  return json;
}

std::string result_csv(const Phase2Request& request, const Phase2Result& result) {
  std::string head;
  if (!result.designs.empty())
    each_field(request, result.designs[0], [&](const char* name, const auto&) { head.append(name) += ','; });
  constexpr size_t chunk = 1024;
  std::vector<std::string> parts((result.designs.size() + chunk - 1) / chunk);
  parallel_for(parts.size(), request.threads, [&](size_t p) {
    std::string& text = parts[p];
    for (size_t n = p * chunk; n < std::min(result.designs.size(), (p + 1) * chunk); ++n) {
      const Phase2Design& d = result.designs[n];
      each_field(request, d, CsvLine{text});
      if (const double sqnr = request.widths[d.width].sqnr_db; sqnr > 0) text += Json(sqnr).dump();
      text += '\n';
    }
  });
  std::string text = head.empty() ? "" : head + "sqnr_db\n";
  for (const std::string& part : parts) text += part;
  return text;
}

}  // namespace erngen
