#include "cell/quant_file.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/in_file.hpp"
#include "cell/graph_json.hpp"
#include "cell/quant_check.hpp"
#include "network/container.hpp"
#include "network/layer_json.hpp"
#include "ops/lowering.hpp"

namespace erngen {
namespace {

constexpr const char* format_name = "erngen-quantised";

constexpr int newest_version = 3;

/// Calls f(key, number) for the formats that do not follow from the graph, those of a version.
template <class FormatsT, class F>
void for_each_format(FormatsT& formats, int version, F&& f) {
  f("activation_width", formats.activation_width);
  f("weight_width", formats.weight_width);
  f("preactivation_width", formats.preactivation_width);
  f("preactivation_fraction", formats.preactivation_fraction);
  f("cell_width", formats.cell_width);
  f("cell_fraction", formats.cell_fraction);
  f("drain_width", formats.readout_width);
  f("drain_fraction", formats.readout_fraction);
  f("peephole_fraction", formats.peephole_fraction);
  f("candidate_fraction", formats.candidate_fraction);
  if (version == 1) return;
  f("gate_width", formats.gate_width);
  f("state_width", formats.state_width);
  f("candidate_width", formats.candidate_width);
  f("spectrum_drop", formats.spectrum_drop);
}

/// What a file of version 1 leaves open: gate values and states of A bits, and spectra that lose what the port cannot
/// take. required: derive_formats() was called.
void complete_version_1(NumberFormats& formats) {
  formats.gate_width = formats.state_width = formats.activation_width;
  formats.candidate_width = 18;
  formats.spectrum_drop = 0;
  formats.spectrum_drop = std::max(0, formats.spectrum_width() - NumberFormats::max_spectrum_width);
}

/// Calls matrix(name, m) or vector(name, v, size) for every tensor of the graph, in file order.
template <class GraphT, class Matrix, class Values>
void for_each_tensor(GraphT& graph, Matrix&& matrix, Values&& vector) {
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    auto& phase = graph.phases[p];
    for (size_t n = 0; n < phase.parts.size(); ++n)
      for (size_t t = 0; t < phase.parts[n].terms.size(); ++t) {
        auto& matrices = phase.parts[n].terms[t].matrices;
        for (size_t g = 0; g < matrices.size(); ++g)
          matrix(fmt::format("phases.{}.parts.{}.terms.{}.{}", p, n, t, phase.operation().gate_names[g]), matrices[g]);
      }
    for (size_t g = 0; g < phase.bias.size(); ++g)
      vector(fmt::format("phases.{}.bias.{}", p, phase.operation().gate_names[g]), phase.bias[g], phase.size);
    constexpr const char* peepholes[] = {"i", "f", "o"};
    for (size_t g = 0; g < phase.peephole.size(); ++g)
      vector(fmt::format("phases.{}.peephole.{}", p, peepholes[g]), phase.peephole[g], phase.size);
    for (size_t g = 0; g < phase.first_bias.size(); ++g)
      vector(fmt::format("phases.{}.first_bias.{}", p, phase.operation().gate_names[g]), phase.first_bias[g],
             phase.size);
    if (!phase.initial.empty()) vector(fmt::format("phases.{}.initial", p), phase.initial, phase.size);
  }
}

std::vector<int> shape_of(const SpectralMatrix<std::int32_t>& m) { return {m.row_blocks(), m.col_blocks(), m.block}; }

const Json& get(const Json& object, const char* key, const std::string& what) {
  const auto found = object.find(key);
  if (!object.is_object() || found == object.end()) throw bad_input(fmt::format("{}: has no '{}'", what, key));
  return *found;
}

int whole(const Json& object, const char* key, const std::string& what, int low, int high) {
  const Json& value = get(object, key, what);
  const bool fits = value.is_number_integer() && value.get<double>() >= low && value.get<double>() <= high;
  if (!fits)
    throw bad_input(fmt::format("{}: '{}' is {}, not a whole number in {}..{}", what, key, value.dump(), low, high));
  return value.get<int>();
}

/// A width or a fraction: small, of either sign.
int bits(const Json& object, const char* key, const std::string& what) { return whole(object, key, what, -256, 256); }

const Json& element(const Json& object, const char* key, size_t n, const std::string& what) {
  const Json& list = get(object, key, what);
  if (!list.is_array() || n >= list.size())
    throw bad_input(fmt::format("{}: '{}' is not a list with an element {}", what, key, n));
  return list[n];
}

Json unit_json(const ActivationUnit& unit) {
  const ActivationShape& s = unit.shape();
  return {{"kind", kind_name(s.kind)}, {"range_bits", s.range_bits},   {"address_bits", s.address_bits},
          {"beyond", s.beyond},        {"entry_shift", s.entry_shift}, {"shift", s.shift}};
}

ActivationUnit read_unit(const Json& units, const std::string& name, Function function, const NumberFormats& formats,
                         TensorTaker& tensors) {
  const Json& json = get(units, name.c_str(), "units");
  require_known_keys(json, {"kind", "range_bits", "address_bits", "beyond", "entry_shift", "shift"}, name);
  const Json& kind = get(json, "kind", name);
  if (kind != "table" && kind != "piecewise")
    throw bad_input(fmt::format("{}: 'kind' is {}, not \"table\" or \"piecewise\"", name, kind.dump()));
  ActivationShape shape{function, kind == "table" ? UnitKind::table : UnitKind::piecewise, formats.preactivation(),
                        formats.gate()};
  shape.range_bits = bits(json, "range_bits", name);
  shape.address_bits = whole(json, "address_bits", name, 1, 18);
  shape.entry_shift = bits(json, "entry_shift", name);
  shape.shift = bits(json, "shift", name);
  shape.beyond = whole(json, "beyond", name, 0, 1 << 18);
  const int entries = 1 << shape.address_bits;
  auto values = tensors.take<std::int32_t>(name + ".entries", {entries});
  if (shape.kind == UnitKind::table) return {shape, std::move(values)};
  return {shape, std::move(values), tensors.take<std::int32_t>(name + ".slopes", {entries})};
}

/// The layers of the file, as far as shapes go.
Network read_structure(const Json& json) {
  Network structure;
  for (size_t n = 0; n < json["layers"].size(); ++n) {
    Json described = json["layers"][n];
    const std::string what = fmt::format("layers.{}", n);
    Node node = read_node_links(described, static_cast<int>(n), what);
    node.layer = zero_layer(read_layer_json(described, what));
    structure.nodes.push_back(std::move(node));
  }
  structure.outputs = read_outputs(json, structure.nodes.size());
  structure.input_size = read_input(json, input_size(structure.nodes[0].layer));
  structure.last_frame_only = read_last_frame_only(json);
  read_orders(json, structure);
  structure.validate_links();
  return structure;
}

/// Takes fractions and guards from `json`; what follows from them is computed.
void read_fractions(const Json& json, int version, QuantNetwork& network) {
  auto& graph = network.graph;
  for (size_t v = 0; v < graph.vectors.size(); ++v) {
    Vector& vector = graph.vectors[v];
    const std::string what = fmt::format("vectors.{}", v);
    const Json& from = element(json, "vectors", v, "network");
    vector.fraction = bits(from, "fraction", what);
    for (size_t s = 0; s < vector.spectra.size(); ++s)
      vector.spectra[s].guard = bits(element(from, "spectra", s, what), "guard", what + ".spectra");
  }
  derive_formats(network.formats, graph);
  if (version == 1) complete_version_1(network.formats);
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    auto& phase = graph.phases[p];
    if (phase.operation().is_linear()) phase.output_fraction = graph.vectors[phase.output].fraction;
    const std::string what = fmt::format("phases.{}", p);
    const Json& described = element(json, "phases", p, "network");
    phase.readout_fraction = version == 1 ? network.formats.readout_fraction : bits(described, "drain_fraction", what);
    for (size_t n = 0; n < phase.parts.size(); ++n) {
      auto& part = phase.parts[n];
      const Json& from = element(described, "parts", n, what);
      for (size_t t = 0; t < part.terms.size(); ++t)
        part.terms[t].weight_fraction = bits(element(from, "terms", t, what), "weight_fraction", what);
      const auto& first = part.terms.front();
      part.accumulator_fraction =
          first.weight_fraction + spectrum_fraction(network.formats, graph.vectors[first.vector], first.spectrum);
    }
  }
}

/// What the file says of the dataflow must be what its layers mean.
void require_same_graph(const Json& json, int version, const Graph<std::int32_t>& graph) {
  Json ours = graph_json(graph);
  if (version == 1)
    for (Json& phase : ours["phases"]) phase.erase("drain_fraction");
  const Json theirs{{"vectors", json["vectors"]}, {"phases", json["phases"]}};
  if (theirs == ours) return;
  const Json difference = Json::diff(theirs, ours);
  throw bad_input(
      fmt::format("network{}: differs from what the layers mean", difference.at(0).at("path").get<std::string>()));
}

QuantNetwork read_contents(const TensorFile& tensors, const Description& description, const std::string& file) {
  const auto& [version, json] = description;
  QuantNetwork network;
  const Json& formats = get(json, "formats", "network");
  size_t known = 0;
  for_each_format(network.formats, version, [&](const char* key, int& value) {
    value = bits(formats, key, "formats");
    ++known;
  });
  if (formats.contains("open_bits")) {
    network.formats.open_bits = bits(formats, "open_bits", "formats");
    ++known;
  }
  if (formats.size() != known) throw bad_input(fmt::format("formats: {} entries, expected {}", formats.size(), known));
  if (json.contains("metadata")) network.metadata = json["metadata"];
  if (!network.metadata.is_object()) throw bad_input("metadata is not a JSON object");

  network.structure = read_structure(json);
  network.graph = lower_structure(network.structure);
  read_fractions(json, version, network);
  check_formats(network.formats);
  require_same_graph(json, version, network.graph);

  TensorTaker taker(tensors, file);
  for_each_tensor(
      network.graph, [&](const std::string& name, auto& m) { m.words = taker.take<std::int32_t>(name, shape_of(m)); },
      [&](const std::string& name, auto& v, int size) { v = taker.take<std::int32_t>(name, {size}); });
  const Json& units = get(json, "units", "network");
  require_known_keys(units, {"sigmoid", "tanh"}, "units");
  network.sigmoid = read_unit(units, "sigmoid", network.graph.functions.sigmoid, network.formats, taker);
  network.tanh = read_unit(units, "tanh", network.graph.functions.tanh, network.formats, taker);
  taker.require_all_taken();
  check_quant_network(network);
  return network;
}

std::optional<FileKind> kind_of(const TensorFile& tensors) {
  const std::string* found = tensors.find_metadata("format");
  if (found && *found == "erngen-network") return FileKind::network;
  if (found && *found == format_name) return FileKind::quantised;
  return {};
}

}  // namespace

std::optional<FileKind> file_kind_if_ours(const std::filesystem::path& file) {
  try {
    return kind_of(read_safetensors(file));
  } catch (const Error&) {  // whoever reads it says what it is
    return {};
  }
}

FileKind file_kind(const std::filesystem::path& file) {
  const TensorFile tensors = read_safetensors(file, "a network file of erngen", "make one with 'erngen import'");
  if (const auto kind = kind_of(tensors)) return *kind;
  const std::string* found = tensors.find_metadata("format");
  throw bad_input(
      fmt::format("{}: is not an erngen file: metadata 'format' is {}", file.string(), found ? *found : "missing"),
      "make one with 'erngen import' or 'erngen new'");
}

QuantNetwork read_quant_network(const std::filesystem::path& path) {
  const std::string file = path.string();
  constexpr const char* way_out = "make one with 'erngen quantise'";
  const TensorFile tensors = read_safetensors(path, "a quantised network file of erngen", way_out);
  const Description description = read_description(tensors, file, format_name, newest_version,
                                                   {"formats", "input", "layers", "outputs", "last_frame_only", "frame",
                                                    "result", "vectors", "phases", "units", "metadata"},
                                                   way_out);
  return in_file(file, [&] { return read_contents(tensors, description, file); });
}

Json quant_description(const QuantNetwork& network) {
  Json json{{"formats", Json::object()}};
  for_each_format(network.formats, newest_version, [&](const char* key, int value) { json["formats"][key] = value; });
  if (network.formats.open_bits > 0) json["formats"]["open_bits"] = network.formats.open_bits;
  json.update(structure_json(network.structure));
  json.update(graph_json(network.graph));
  json["units"] = {{"sigmoid", unit_json(network.sigmoid)}, {"tanh", unit_json(network.tanh)}};
  return json;
}

std::string quant_network_bytes(const QuantNetwork& network) {
  check_quant_network(network);
  Json json = quant_description(network);
  json["metadata"] = network.metadata;

  TensorFile tensors;
  tensors.metadata = write_description(format_name, newest_version, json);
  for_each_tensor(
      network.graph, [&](const std::string& name, const auto& m) { tensors.add(name, shape_of(m), m.words); },
      [&](const std::string& name, const auto& v, int size) { tensors.add(name, {size}, v); });
  for (const ActivationUnit* unit : {&network.sigmoid, &network.tanh}) {
    const std::string name = sums_to_one(unit->function()) ? "sigmoid" : "tanh";
    const int entries = static_cast<int>(unit->entries().size());
    tensors.add(name + ".entries", {entries}, unit->entries());
    if (!unit->slopes().empty()) tensors.add(name + ".slopes", {entries}, unit->slopes());
  }
  return safetensors_bytes(tensors);
}

void write_quant_network(const QuantNetwork& network, const std::filesystem::path& file) {
  write_file_atomically(file, quant_network_bytes(network));
}

}  // namespace erngen
