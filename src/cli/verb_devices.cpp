// erngen devices: the device database.
#include <memory>

#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "device/device.hpp"

namespace erngen::cli {
namespace {

Json memory_json(const MemoryType& type, int count) {
  return {{"primitive", type.name}, {"count", count}, {"bits", type.bits}, {"widest_port", type.widest_port},
          {"initialised", type.initialised}};
}

Json device_json(const Device& device) {
  const DspType& dsp = dsp_type(device.family);
  Json json{{"name", device.name},
            {"part", device.part},
            {"family", family_name(device.family)},
            {"dsp", device.dsp},
            {"dsp_type", {{"primitive", dsp.name}, {"widths", {dsp.wide, dsp.narrow}}, {"accumulator", dsp.accumulator},
                          {"preadder", dsp.preadder}, {"source", dsp.source}}},
            {"bram36", device.bram36()},
            {"block_ram", memory_json(block_ram_type(device.family), device.block_ram)},
            {"lut", device.lut},
            {"lut_inputs", device.lut_inputs()},
            {"ff", device.ff},
            {"source", device.source}};
  if (device.large_ram > 0) json["large_ram"] = memory_json(large_ram_type(device.family), device.large_ram);
  return json;
}

void run(const JsonOption& output) {
  Json list = Json::array();
  Table table({"device", "family", "DSP", "kind", "block RAM", "of", "36 Kbit", "LUT", "FF"}), sources({"device", "part", "source"});
  for (const Device& device : devices()) {
    const DspType& dsp = dsp_type(device.family);
    list.push_back(device_json(device));
    table.add({device.name, family_name(device.family), std::to_string(device.dsp),
               dsp.name + " " + std::to_string(dsp.wide) + "x" + std::to_string(dsp.narrow), std::to_string(device.block_ram),
               block_ram_type(device.family).name, std::to_string(device.bram36()), std::to_string(device.lut), std::to_string(device.ff)});
    sources.add({device.name, device.part, device.source});
  }
  output.report({{"devices", list}}, table.text() + "\n" + sources.text());
}

}  // namespace

void add_devices(CLI::App& app) {
  const auto json = std::make_shared<JsonOption>();
  CLI::App* verb = app.add_subcommand("devices", "List the FPGAs that erngen knows, with the sources of the numbers");
  json->add_to(*verb);
  verb->callback([json] { run(*json); });
}

}  // namespace erngen::cli
