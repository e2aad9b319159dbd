// erngen devices: the device database.
#include <memory>
#include <set>

#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "device/device.hpp"

namespace erngen::cli {
namespace {

Json memory_json(const MemoryType& type, int count) {
  Json shapes = Json::array();
  for (const RamShape& shape : type.shapes) shapes.push_back({shape.depth, shape.width});
  return {{"primitive", type.name}, {"count", count},
          {"bits", type.bits},      {"widest_port", type.widest_port},
          {"shapes", shapes},       {"initialised", type.initialised},
          {"source", type.source}};
}

std::string shapes_text(const MemoryType& type) {
  std::string text = "words x bits: ";
  for (const RamShape& shape : type.shapes)
    text += (&shape == &type.shapes[0] ? "" : ", ") + std::to_string(shape.depth) + " x " + std::to_string(shape.width);
  return text;
}

Json device_json(const Device& device) {
  const DspType& dsp = dsp_type(device.family);
  Json json{{"name", device.name},
            {"part", device.part},
            {"family", family_name(device.family)},
            {"dsp", device.dsp},
            {"dsp_type",
             {{"primitive", dsp.name},
              {"widths", {dsp.wide, dsp.narrow}},
              {"accumulator", dsp.accumulator},
              {"preadder", dsp.preadder},
              {"ports", dsp.ports},
              {"source", dsp.source}}},
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
  Table table({"device", "family", "DSP", "kind", "block RAM", "of", "36 Kbit", "LUT", "FF"}),
      sources({"device", "part", "source"});
  Table blocks({"block", "what it is", "source"});
  std::set<std::string> seen;
  const auto add_block = [&](const std::string& name, const std::string& what, const std::string& source) {
    if (!name.empty() && seen.insert(name + source).second) blocks.add({name, what, source});
  };
  for (const Device& device : devices()) {
    add_block(dsp_type(device.family).name, dsp_type(device.family).ports, dsp_type(device.family).source);
    for (const MemoryType* type : {&block_ram_type(device.family), &large_ram_type(device.family)})
      add_block(type->name, shapes_text(*type), type->source);
    const DspType& dsp = dsp_type(device.family);
    list.push_back(device_json(device));
    table.add({device.name, family_name(device.family), std::to_string(device.dsp),
               dsp.name + " " + std::to_string(dsp.wide) + "x" + std::to_string(dsp.narrow),
               std::to_string(device.block_ram), block_ram_type(device.family).name,
               fmt::format("{:.4g}", device.bram36()), std::to_string(device.lut), std::to_string(device.ff)});
    sources.add({device.name, device.part, device.source});
  }
  Json named = Json::array();
  Table on_boards({"board", "device", "part"});
  for (const Board& board : boards()) {
    const Device device = find_device(board.name);
    named.push_back({{"name", board.name}, {"device", device.name}, {"part", device.part}});
    on_boards.add({board.name, device.name, device.part});
  }
  output.report({{"devices", list}, {"boards", named}},
                table.text() + "\n" + on_boards.text() + "\n" + sources.text() + "\n" + blocks.text());
}

}  // namespace

void add_devices(CLI::App& app) {
  const auto json = std::make_shared<JsonOption>();
  CLI::App* verb =
      app.add_subcommand("devices", "List the FPGAs and boards that erngen knows, with the sources of the numbers");
  json->add_to(*verb);
  verb->callback([json] { run(*json); });
}

}  // namespace erngen::cli
