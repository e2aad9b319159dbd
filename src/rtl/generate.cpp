#include "rtl/generate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/module_name.hpp"
#include "base/staged_directory.hpp"
#include "bench/bench_files.hpp"
#include "cell/quant_file.hpp"
#include "network/layer_json.hpp"
#include "plan/output_shifts.hpp"
#include "rtl/cocotb.hpp"
#include "rtl/driver_files.hpp"
#include "rtl/embedded.hpp"
#include "rtl/images.hpp"
#include "rtl/packaging.hpp"
#include "rtl/ports.hpp"
#include "rtl/readme.hpp"
#include "rtl/register_map.hpp"
#include "rtl/template_names.hpp"
#include "rtl/top.hpp"
#include "rtl/two_clocks.hpp"
#include "rtl/wrappers.hpp"

namespace erngen {

namespace {

/// FNV-1a, 32 bits (Fowler, Noll, Vo): identifies a configuration, protects nothing.
std::uint32_t hash(std::string_view text, std::uint32_t seed = 0x811c9dc5u) {
  for (unsigned char c : text) seed = (seed ^ c) * 0x01000193u;
  return seed;
}

Json stream_json(const StreamShape& s) {
  return {{"size", s.size},
          {"width", s.width},
          {"fraction", s.fraction},
          {"element_bits", s.element_bits},
          {"beat_elements", s.beat_elements}};
}

Json formats_json(const NumberFormats& f) {
  return {{"activation_width", f.activation_width},
          {"weight_width", f.weight_width},
          {"gate", f.gate().name()},
          {"preactivation", Format{f.preactivation_width, f.preactivation_fraction}.name()},
          {"cell", f.cell().name()},
          {"state", f.state().name()},
          {"candidate", Format{f.candidate_width, f.candidate_fraction}.name()},
          {"spectrum_width", f.spectrum_width()},
          {"accumulator_width", f.accumulator_width()},
          {"readout", Format{f.readout_width, f.readout_fraction}.name()},
          {"drain", Format{f.readout_width, f.readout_fraction}.name()},  // its former name
          {"sum", Format{f.sum_width(), f.sum_fraction()}.name()}};
}

/// Where the host finds recurrent states: values for the registers STATE_TILE, STATE_ROW and STATE_FLAGS.
Json state_json(const QuantNetwork& network, const Plan& plan) {
  Json states = Json::array();
  const auto& graph = network.graph;
  for (int context = 0; context < plan.shape.contexts; ++context)
    for (const auto& phase : graph.phases) {
      const Vector& v = graph.vectors[phase.output];
      const int tile = plan.map.state_tile[context][phase.layer], tiles = tile_count(phase.size, plan.shape.words);
      if (phase.operation().keeps_cell)
        states.push_back({{"kind", "cell"},
                          {"name", "c" + std::to_string(phase.layer)},
                          {"stream", context},
                          {"size", phase.size},
                          {"width", network.formats.cell_width},
                          {"fraction", network.formats.cell_fraction},
                          {"tile", tile},
                          {"tiles", tiles},
                          {"unit", tile},
                          {"units", tiles}});
      if (!v.recurrent || phase.operation().leaves_sums) continue;
      const Spectrum second = v.spectra.size() > 1 ? v.spectra[1] : Spectrum{1, 0};
      const Format format = kept_format(network, phase);
      const auto flag = [](TileField field, int value) {
        return value << (field_offset(field) - field_offset(first_host_flag));
      };
      const int flags = flag(TileField::state, 1) | flag(TileField::second, v.spectra.size() > 1) |
                        flag(TileField::at_parity, 1) | flag(TileField::shift, kept_shift_number(network, phase)) |
                        flag(TileField::guard, v.spectra[0].guard) | flag(TileField::second_guard, second.guard) |
                        flag(TileField::block, log2_exact(v.spectra[0].block)) |
                        flag(TileField::second_block, log2_exact(second.block));
      states.push_back({{"kind", "vector"},
                        {"name", v.name},
                        {"stream", context},
                        {"size", v.size},
                        {"width", format.width},
                        {"fraction", format.fraction},
                        {"tile", tile},
                        {"tiles", tiles},
                        {"unit", tile},
                        {"units", tiles},
                        {"row", plan.map.vector_row[context][phase.output]},
                        {"lane", plan.map.vector_lane[phase.output]},
                        {"flags", flags}});
      if (feeds_spectrum(graph, phase))
        states.push_back({{"kind", "spectrum"},
                          {"name", v.name},
                          {"stream", context},
                          {"size", v.size},
                          {"width", network.formats.spectrum_width()},
                          {"fraction", spectrum_fraction(network.formats, v, 0)},
                          {"tiles", tiles},
                          {"row", plan.map.vector_row[context][phase.output]},
                          {"lane", plan.map.vector_lane[phase.output]}});
    }
  return states;
}

std::uint32_t version_word(const std::string& version) {
  int major = 0, minor = 0, patch = 0;
  std::sscanf(version.c_str(), "%d.%d.%d", &major, &minor, &patch);
  return static_cast<std::uint32_t>(major << 16 | minor << 8 | patch);
}

/// What the host makes a frame of, and the result: Network::frame and Network::result, with formats.
Json sequences_json(const QuantNetwork& network) {
  const Network& structure = network.structure;
  const Json orders = structure_json(structure);
  Json json{{"features", structure.input()},
            {"results", structure.output()},
            {"passes", structure.passes()},
            {"frame", orders["frame"]}};
  const std::vector<int> offsets = structure.frame_offsets();
  for (size_t part = 0; part < offsets.size(); ++part) {
    json["frame"][part]["first"] = offsets[part];
    json["frame"][part]["fraction"] = network.part_format(static_cast<int>(part)).fraction;
  }
  if (orders.contains("result")) json["result"] = orders["result"];
  if (structure.last_frame_only) json["last_frame_only"] = true;
  return json;
}

}  // namespace

Json plan_json(const Plan& plan) {
  const Resources& r = plan.resources;
  Json json{{"device", plan.device},
            {"clock_mhz", plan.clock_mhz},
            {"streams", plan.shape.contexts},
            {"frames_in_flight", plan.shape.frames},
            {"words", plan.shape.words},
            {"rows", plan.shape.rows},
            {"columns", plan.shape.columns},
            {"readout", plan.shape.readout},
            {"ports", plan.shape.ports},
            {"folding", plan.shape.folding},
            {"products", plan.shape.cell_luts ? "lut" : "dsp"},
            {"rotations", plan.shape.adders ? "lut" : "dsp"},
            {"dsp_activations", plan.shape.dsp_activations},
            {"cycles_per_frame", plan.cycles_per_frame},
            {"latency_cycles", plan.latency_cycles},
            {"frames_per_second", plan.clock_mhz * 1e6 / plan.cycles_per_frame},
            {"latency_us", plan.latency_cycles / plan.clock_mhz},
            {"run_cycles", plan.program.run_cycles},
            {"busy_cycles", plan.program.busy_cycles},
            {"roofline_cycles", plan.roofline_cycles},
            {"dsp", r.dsp},
            {"bram36", r.bram36},
            {"lut", r.lut},
            {"ff", r.ff}};
  if (plan.shape.form != LaneForm::plain) {
    json["lane_form"] = name_of(plan.shape.form);
    json["form_roofline_cycles"] = plan.form_roofline_cycles;
  }
  if (plan.shape.contexts > 1) json["stream_latency_cycles"] = plan.stream_latency_cycles;
  if (plan.shape.pipeline != 0) json["pipeline"] = plan.shape.pipeline;
  if (r.cells > 0) json["logic_cells"] = r.cells;
  if (plan.passes > 0) {
    json["passes"] = plan.passes;
    json["sequence_of_100_cycles"] = plan.sequence_cycles(100);
  }
  for (const auto& [former, name] : {std::pair("drain", "readout"), {"paths", "ports"}, {"turns", "folding"}})
    json[former] = json[name];  // scripts rely on the former names
  return json;
}

Json manifest(const QuantNetwork& network, const Plan& plan, const GenerateRequest& request) {
  Json m = {{"generator", "erngen"},
            {"version", request.version},
            {"command", request.command},
            {"top", request.top},
            {"streams", plan.shape.contexts},
            {"input", stream_json(plan.input)},
            {"output", stream_json(plan.output)}};
  if (!request.device.is_null()) m["device"] = request.device;
  if (const Json protocol = protocol_json(plan.protocol); !protocol.is_null()) m["protocol"] = protocol;
  if (!request.wrappers.empty()) m["wrappers"] = request.wrappers;
  if (!request.cocotb_rounds.is_null()) m["benches"] = {"cocotb"};
  if (plan.shape.loadable != Loadable::weights) m["loadable"] = name_of(plan.shape.loadable);
  m["predicted"] = plan_json(plan);
  m["formats"] = formats_json(network.formats);
  m["program"] = {{"segments", plan.program.segments.size()},
                  {"passes", plan.program.passes.size()},
                  {"weight_rows", plan.program.weight_rows},
                  {"lanes", plan.shape.lanes()}};
  if (plan.shape.form != LaneForm::plain) {
    const Workload work(network);
    m["program"]["corrections"] = {
        {"first_lane", plan.shape.lanes()},
        {"pieces", correction_pieces(plan.shape.words, plan.shape.form, correction_bits(work, plan.shape),
                                     weight_bits(work, plan.shape))},
        {"rows", correction_rows(work, plan.shape)}};
  }
  m["states"] = state_json(network, plan);
  if (network.structure.needs_whole_sequences()) m["sequences"] = sequences_json(network);
  return m;
}

void generate(const QuantNetwork& network, const Plan& plan, const GenerateRequest& request,
              const std::filesystem::path& directory) {
  require_top_name(request.top);
  if (!request.prefix.empty()) require_prefix(request.prefix, request.top);
  const std::string prefix = request.prefix.empty() ? default_prefix(request.top) : request.prefix;
  StagedDirectory stage(directory);
  const Workload work(network);
  const std::string network_bytes = quant_network_bytes(network);
  Json description = manifest(network, plan, request);
  const std::uint32_t configuration = hash(network_bytes, hash(description.dump()));
  description["configuration"] = fmt::format("{:08x}", configuration);

  const BenchShape bench{request.top, plan.shape.contexts, plan.input, plan.output, plan.protocol};
  PackageFiles package{{}, {}, {}, request.example_frames, request.part, request.architecture};
  std::string list;
  for (const EmbeddedFile& file : embedded_templates()) {
    if (std::ranges::find(two_clock_templates(), file.name) != two_clock_templates().end()) continue;
    package.rtl.push_back("rtl/" + with_prefix(file.name, prefix));
    stage.write(package.rtl.back(), with_prefix(file.text, prefix));
  }
  const std::uint32_t version = version_word(request.version);
  const std::string top_file = fmt::format("rtl/{}.v", request.top);
  stage.write(top_file,
              with_prefix(top_module(work, plan, request.top, configuration, version, request.command), prefix));
  package.rtl.push_back(top_file);
  for (const std::string& file : package.rtl) list += file + "\n";
  stage.write("rtl/files.f", list);
  for (const Image& image : make_images(work, plan)) {
    package.images.push_back(fmt::format("images/{}", image_name(request.top, image.name)));
    stage.write(package.images.back(), image.text);
  }
  for (const EmbeddedFile& file : embedded_bench()) stage.write(fmt::format("testbench/{}", file.name), file.text);
  for (const GeneratedFile& file : bench_files(bench)) stage.write("testbench/" + file.name, file.text);
  for (const GeneratedFile& file : request.examples) {
    package.examples.push_back("testbench/example/" + file.name);
    stage.write(package.examples.back(), file.text);
  }
  stage.write(fmt::format("software/{}_registers.h", request.top), register_header(description));
  for (const EmbeddedFile& file : embedded_driver()) stage.write(fmt::format("software/{}", file.name), file.text);
  for (const GeneratedFile& file : driver_files(description, version)) stage.write("software/" + file.name, file.text);
  stage.write(fmt::format("{}.core", request.top), fusesoc_core(description, package));
  stage.write("component.xml", ip_xact_component(description, package));
  const VendorDesign vendors{bench, request.version.substr(0, request.version.rfind('.')), request.part,
                             plan.clock_mhz};
  for (const std::string& wrapper : request.wrappers)
    for (const GeneratedFile& file : wrapper_files(wrapper, vendors, prefix)) stage.write(file.name, file.text);
  if (!request.cocotb_rounds.is_null())
    for (const GeneratedFile& file : cocotb_files(description, request.cocotb_rounds))
      stage.write(file.name, file.text);
  stage.write("README.md", design_readme(description, present_ports(bench), request.part));
  stage.write("network.safetensors", network_bytes);
  stage.write("manifest.json", description.dump(2) + "\n");
  stage.commit();
}

}  // namespace erngen
