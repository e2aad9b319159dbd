#include "design/load_stream.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fingerprint.hpp"
#include "base/parsed_number.hpp"
#include "bench/design_files.hpp"
#include "cell/quant_file.hpp"
#include "rtl/images.hpp"
#include "rtl/top.hpp"
#include "units/lane.hpp"

namespace erngen {
namespace {

constexpr std::uint32_t magic = 0x4c4e5245, format_version = 1;  // "ERNL"

/// IEEE 802.3, reflected: what ern_control computes of the words, the least significant byte first.
class Crc32 {
 public:
  void add(std::uint32_t word) {
    sum_ ^= word;
    for (int bit = 0; bit < 32; ++bit) sum_ = sum_ >> 1 ^ (sum_ & 1u ? 0xedb88320u : 0u);
  }
  std::uint32_t value() const { return ~sum_; }

 private:
  std::uint32_t sum_ = 0xffffffffu;
};

class Words {
 public:
  void add(std::uint32_t word) {
    crc_.add(word);
    for (int byte = 0; byte < 4; ++byte) bytes_.push_back(static_cast<char>(word >> (8 * byte)));
  }
  std::uint32_t crc() const { return crc_.value(); }
  std::string take() {
    add(crc());
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  Crc32 crc_;
};

/// A memory that a host can load: its number in WEIGHT_LANE, and its rows in words.
struct Block {
  std::uint32_t number = 0;
  std::vector<std::uint32_t> words;
};

/// The 32-bit words of a line of hexadecimal digits, the lowest first, `count` of them.
void append_line(std::vector<std::uint32_t>& words, std::string_view line, int count) {
  for (int n = 0; n < count; ++n) {
    const size_t digits = 8, last = line.size() - std::min(line.size(), digits * static_cast<size_t>(n));
    const size_t first = last - std::min(last, digits);
    words.push_back(first == last ? 0
                                  : static_cast<std::uint32_t>(
                                        std::stoul(std::string(line.substr(first, last - first)), nullptr, 16)));
  }
}

Block block_of(const Image& image, std::uint32_t number, int row_words) {
  Block block{number, {}};
  for (size_t at = 0; at < image.text.size();) {
    const size_t end = image.text.find('\n', at);
    append_line(block.words, std::string_view(image.text).substr(at, end - at), row_words);
    at = end + 1;
  }
  return block;
}

/// What WEIGHT_LANE must be for an image, if the design's host can load it (templates: ern_constants, ern_cells).
std::optional<std::uint32_t> memory_number(const std::string& name, const Workload& work, const EngineShape& shape) {
  const auto number_after = [&](const char* prefix) {
    return static_cast<std::uint32_t>(std::stoul(name.substr(std::string_view(prefix).size())));
  };
  if (name == "correction_rows.hex") return {};
  if (name.starts_with("correction_")) {
    const std::uint32_t row_and_piece = number_after("correction_");
    const int pieces =
        correction_pieces(shape.words, shape.form, correction_bits(work, shape), weight_bits(work, shape));
    return static_cast<std::uint32_t>(shape.lanes()) + row_and_piece / 1000 * static_cast<std::uint32_t>(pieces) +
           row_and_piece % 1000;
  }
  if (name.starts_with("weights_")) {
    const std::uint32_t lane = number_after("weights_");
    return lane / 1000 * static_cast<std::uint32_t>(shape.readout * shape.columns) + lane % 1000;
  }
  if (shape.loadable == Loadable::weights) return {};
  if (name.starts_with("bias_")) return 0x8000 + number_after("bias_");
  if (name.starts_with("peephole_"))
    return 0x9000 + static_cast<std::uint32_t>(std::string_view("ifo").find(name.at(9)));
  if (name == "initial_c.hex") return 0xb000;
  if (name.starts_with("initial_")) return 0xa000 + number_after("initial_");
  if (shape.loadable == Loadable::constants) return {};
  if (name == "sigmoid.hex") return 0xc000;
  if (name == "tanh.hex") return 0xc001;
  return {};
}

Error wrong_manifest(const std::filesystem::path& design, const std::string& what) {
  return bad_input(fmt::format("{}: {}", (design / "manifest.json").string(), what),
                   "generate the design again with erngen generate");
}

/// The options and the shape of the design, from its manifest; admission is not in it.
struct Made {
  PlanOptions options;
  EngineShape shape;
};

Made made_with(const Json& manifest, const BenchShape& bench, const std::filesystem::path& design) {
  Made made;
  PlanOptions& o = made.options;
  o.contexts = bench.streams;
  o.input_beat = bench.input.beat_elements;
  o.output_beat = bench.output.beat_elements;
  o.bytes = bench.input.element_bits == 8;
  o.protocol = bench.protocol;
  o.ends_only = bench.protocol.ends_only;
  EngineShape& s = made.shape;
  try {
    const Json& p = manifest.at("predicted");
    const auto number = [&](const char* key) {
      const int value = p.at(key).get<int>();
      if (value < 1 || value > 65536) throw wrong_manifest(design, fmt::format("\"{}\" is {}", key, value));
      return value;
    };
    s.words = number("words");
    s.rows = number("rows");
    s.columns = number("columns");
    s.readout = number("readout");
    s.ports = number("ports");
    s.folding = number("folding");
    s.contexts = bench.streams;
    s.frames = p.value("frames_in_flight", 1);
    s.adders = p.at("rotations") == "lut";
    s.cell_luts = p.at("products") == "lut";
    s.dsp_activations = p.at("dsp_activations").get<bool>();
    s.pipeline = p.value("pipeline", 0);
    if (s.pipeline < lowest_pipeline || s.pipeline > highest_pipeline)
      throw wrong_manifest(design, fmt::format("\"pipeline\" is {}", s.pipeline));
    const std::string form = p.value("lane_form", "plain");
    for (const LaneForm f : lane_forms)
      if (form == name_of(f)) s.form = f;
    const std::string loadable = manifest.value("loadable", "weights");
    for (const Loadable l : {Loadable::weights, Loadable::constants, Loadable::tables})
      if (loadable == name_of(l)) s.loadable = l;
    o.clock_mhz = p.at("clock_mhz").get<double>();
  } catch (const Json::exception& e) {
    throw wrong_manifest(design, e.what());
  }
  o.dsp_activations = s.dsp_activations;
  o.loadable = s.loadable;
  o.pipeline = s.pipeline;
  return made;
}

/// A network in an engine of a given shape: everything that its Verilog and its memories are made of.
struct Lowered {
  Workload work;
  Plan plan;
  std::vector<Image> images;
  std::string module;

  Lowered(const QuantNetwork& network, const EngineShape& shape, const PlanOptions& options)
      : work(network),
        plan(time_shape(work, shape, options)),
        images(make_images(work, plan)),
        module(top_module(work, plan, "design", 0, 0, "")) {}
};

/// Tells load streams apart; nobody computes with it.
std::uint32_t short_hash(const QuantNetwork& network) {
  return static_cast<std::uint32_t>(std::stoul(fingerprint(quant_network_bytes(network)).substr(0, 8), nullptr, 16));
}

std::string short_text(const Json& value) {
  std::string text = value.dump();
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

/// The first entry in which two JSON values differ: "vectors[3].fraction: 9 in the design, 10 in the network".
std::string first_difference(const Json& design, const Json& network, const std::string& at) {
  if (design == network) return "";
  if (design.is_object() && network.is_object()) {
    for (const auto& [key, value] : design.items()) {
      const std::string name = at.empty() ? key : at + "." + key;
      if (!network.contains(key)) return name + ": only the design has it";
      if (const std::string found = first_difference(value, network[key], name); !found.empty()) return found;
    }
    for (const auto& [key, value] : network.items())
      if (!design.contains(key)) return fmt::format("{}.{}: only the network has it", at, key);
  }
  if (design.is_array() && network.is_array() && design.size() == network.size())
    for (size_t n = 0; n < design.size(); ++n)
      if (const std::string found = first_difference(design[n], network[n], fmt::format("{}[{}]", at, n));
          !found.empty())
        return found;
  return fmt::format("{}: {} in the design, {} in the network", at, short_text(design), short_text(network));
}

/// The first line in which two texts differ, of either.
std::pair<std::string, std::string> first_lines(const std::string& a, const std::string& b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto line = [](const std::string& text, std::string::const_iterator where) {
    const auto n = static_cast<size_t>(where - text.begin());
    const size_t begin = n == 0 ? 0 : text.rfind('\n', n - 1) + 1, end = text.find('\n', n);
    std::string found = text.substr(begin, end == std::string::npos ? end : end - begin);
    found.erase(0, found.find_first_not_of(' '));
    return found;
  };
  return {line(a, at), line(b, other)};
}

/// Throws with the first thing in which the network differs from the design's own: layers first, then what was chosen
/// for them.
void require_same(const QuantNetwork& own, const QuantNetwork& other, const std::string& what) {
  const Json ours = quant_description(own), theirs = quant_description(other);
  const auto is_choice = [](const std::string& key) {
    return key == "formats" || key == "vectors" || key == "phases" || key == "units";
  };
  Json structure = ours, other_structure = theirs;
  for (Json* json : {&structure, &other_structure})
    for (const char* key : {"formats", "vectors", "phases", "units"}) json->erase(key);
  if (const std::string found = first_difference(structure, other_structure, ""); !found.empty())
    throw bad_input(fmt::format("{}: another structure: {}", what, found),
                    "only a network of the same layers, sizes and blocks fits; generate a design for this one");
  for (const auto& [key, value] : ours.items())
    if (const std::string found = is_choice(key) ? first_difference(value, theirs[key], key) : ""; !found.empty())
      throw bad_input(fmt::format("{}: other formats: {}", what, found),
                      "quantise it in the formats of the design's network: erngen quantise --formats-of");
}

}  // namespace

LoadStream load_stream(const QuantNetwork& network, const std::string& name, const std::filesystem::path& design) {
  const std::string manifest_name = (design / "manifest.json").string();
  const Json manifest = Json::parse(read_file(design / "manifest.json"), nullptr, false);
  const BenchShape bench = bench_shape(manifest, manifest_name);
  const QuantNetwork own = read_quant_network(design / "network.safetensors");
  require_same(own, network, fmt::format("{}: does not fit {}", name, design.string()));

  Made made = made_with(manifest, bench, design);
  const auto as_made = [&](const Lowered& lowered) {
    return std::all_of(lowered.images.begin(), lowered.images.end(), [&](const Image& image) {
      const std::filesystem::path file = design / "images" / image_name(bench.top, image.name);
      return std::filesystem::exists(file) && read_file(file) == image.text;
    });
  };
  std::optional<Lowered> first(std::in_place, own, made.shape, made.options);
  if (!as_made(*first)) {
    made.shape.early = true;
    first.emplace(own, made.shape, made.options);
    if (!as_made(*first))
      throw bad_input(fmt::format("{}: its images are not those of its network.safetensors", design.string()),
                      "generate the design again: another version of erngen made it, or it was changed");
  }
  const Lowered second(network, made.shape, made.options);
  if (second.module != first->module) {
    const auto [a, b] = first_lines(first->module, second.module);
    throw bad_input(fmt::format("{}: does not fit {}: another engine: {} in the design, {} for the network", name,
                                design.string(), a, b),
                    "generate a design for this network");
  }

  const int weight_words = ceil_div(weight_bits(first->work, made.shape), 32);
  const int constant_words = ceil_div(constant_row_bits(first->work, made.shape.words), 32);
  std::vector<Block> blocks;
  for (size_t n = 0; n < first->images.size(); ++n) {
    const Image &before = first->images[n], &after = second.images.at(n);
    const std::optional<std::uint32_t> number = memory_number(after.name, first->work, made.shape);
    if (number) {
      constexpr std::uint32_t first_constants = 0x8000;
      blocks.push_back(block_of(after, *number, *number < first_constants ? weight_words : constant_words));
      continue;
    }
    if (after.text == before.text) continue;
    const bool schedule = after.name == "program.hex" || after.name == "passes.hex";
    const bool table = after.name == "sigmoid.hex" || after.name == "tanh.hex";
    const auto [a, b] = first_lines(before.text, after.text);
    throw bad_input(
        fmt::format("{}: does not fit {}: {} differs ({} in the design, {} for the network){}", name, design.string(),
                    after.name, a, b, schedule ? "" : " and cannot be loaded into this design"),
        schedule ? "another schedule: generate a design for this network"
                 : fmt::format("generate the design with --loadable {}", table ? "tables" : "constants"));
  }

  LoadStream result;
  result.top = bench.top;
  const auto configuration = parsed_number<std::uint32_t>(manifest.at("configuration").get<std::string>(), 16);
  if (!configuration)
    throw bad_input(
        fmt::format("{}: its manifest's configuration is no hexadecimal number of 32 bits", design.string()));
  result.configuration = *configuration;
  result.loadable = name_of(made.shape.loadable);
  Crc32 data;
  for (const Block& block : blocks)
    for (const std::uint32_t word : block.words) data.add(word), ++result.words;
  result.crc = data.value();
  result.blocks = static_cast<int>(blocks.size());
  Words words;
  for (const std::uint32_t word :
       {magic, format_version, result.configuration, short_hash(network), static_cast<std::uint32_t>(result.blocks),
        static_cast<std::uint32_t>(result.words), result.crc})
    words.add(word);
  for (const Block& block : blocks) {
    words.add(block.number);
    words.add(0);
    words.add(static_cast<std::uint32_t>(block.words.size()));
    for (const std::uint32_t word : block.words) words.add(word);
  }
  result.bytes = words.take();
  return result;
}

}  // namespace erngen
