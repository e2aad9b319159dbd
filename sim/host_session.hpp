// For tests: what a host does to a design, written down twice: as a script for the bench and as steps of the fixed
// models.
#pragma once

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/fixed_model.hpp"
#include "rtl/images.hpp"
#include "simulate/simulate.hpp"
#include "system_design.hpp"

namespace erngen {

/// The run must be whole, with every word as the models have it.
inline void check(const SimulationReport& report) {
  INFO(report.first_mismatch);
  CHECK(report.mismatches == 0);
  CHECK(report.end == "complete");
}

/// Addresses of docs/reference/registers.md.
namespace reg {
enum : std::uint32_t {
  version = 0x00,
  configuration = 0x04,
  status = 0x08,
  control = 0x0c,
  cycles_low = 0x10,
  cycles_high = 0x14,
  frames = 0x18,
  shape = 0x1c,
  state_clear = 0x20,
  state_tile = 0x24,
  state_row = 0x28,
  state_flags = 0x2c,
  state_command = 0x30,
  state_clear_high = 0x34,
  frames_dropped = 0x38,
  weight_lane = 0x40,
  weight_row = 0x44,
  weight_data = 0x48,
  weight_crc = 0x4c,
  weight_words = 0x50,
  weight_check = 0x54,
  constant_words = 0x58,
  interrupt_enable = 0x60,
  interrupt_cause = 0x64,
  interrupt_status = 0x68,
  interrupt_frames = 0x6c,
  sequence_frames = 0x70,
  stream = 0x74,
  window = 0x400
};
}

/// CRC-32 of IEEE 802.3, a byte and a bit at a time.
inline std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (const std::uint8_t byte : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (crc ^ (byte >> bit)) & 1;
      crc = (crc >> 1) ^ (carry ? 0xedb88320u : 0);
    }
  return ~crc;
}

class HostSession {
 public:
  explicit HostSession(const SystemDesign& design) : design_(design), rng_(7) {
    stimulus_.input_size = design.network.graph.input_size();
    stimulus_.output_size = design.network.graph.output_size();
    use(design.network);
  }

  FixedModel& model(int stream) { return models_[stream]; }
  const std::vector<FixedModel>& models() const { return models_; }
  Rng& rng() { return rng_; }
  const std::string& script() const { return script_; }

  template <class... T>
  void line(fmt::format_string<T...> text, T&&... values) {
    script_ += fmt::format(text, std::forward<T>(values)...) + "\n";
  }
  void write(std::uint32_t address, std::uint32_t data) { line("write {:#x} {:#x}", address, data); }
  void expect(std::uint32_t address, std::uint32_t data, std::uint32_t mask = 0xffffffffu) {
    line("expect {:#x} {:#x} {:#x}", address, data, mask);
  }
  void halt() {
    write(reg::control, 1);
    line("poll {:#x} 2 3", +reg::status);
  }
  void resume() { write(reg::control, 0); }

  /// Continues all streams from a zero state with another network, which must outlive the session.
  void use(const QuantNetwork& network) {
    models_.clear();
    for (int s = 0; s < design_.plan.shape.contexts; ++s) models_.emplace_back(network);
  }

  /// Puts the streams where these models are.
  void restore(const std::vector<FixedModel>& models) {
    models_.clear();
    for (const FixedModel& model : models) models_.push_back(model);
  }

  /// A frame with what the stream's model makes of it; sent with the script's next `frames`.
  void add_frame(int stream, bool end = false) {
    const auto x = random_frame(design_.network, rng_);
    std::vector<std::int32_t> y(stimulus_.output_size);
    models_[stream].step(x, y);
    if (end) models_[stream].reset();
    stimulus_.frames.push_back({stream, end});
    stimulus_.inputs.insert(stimulus_.inputs.end(), x.begin(), x.end());
    stimulus_.expected.insert(stimulus_.expected.end(), y.begin(), y.end());
  }
  /// `count` frames of each stream, the last of `ending` (-1: of none) with the end of its sequence.
  void frames(int count, int ending = -1) {
    for (int t = 0; t < count; ++t)
      for (int s = 0; s < design_.plan.shape.contexts; ++s) add_frame(s, s == ending && t == count - 1);
    line("frames {}", count * design_.plan.shape.contexts);
  }

  /// A frame that is sent with a fault, for which nothing may come out; and the one that goes down with it.
  void add_broken_frame(int stream, FrameFault fault) {
    const auto x = random_frame(design_.network, rng_);
    stimulus_.frames.push_back({stream, true, fault});
    stimulus_.inputs.insert(stimulus_.inputs.end(), x.begin(), x.end());
    stimulus_.expected.resize(stimulus_.expected.size() + static_cast<size_t>(stimulus_.output_size), 0);
    if (fault == FrameFault::last_lost) add_broken_frame(stream, FrameFault::swallowed);
  }
  /// All streams begin again from zero; frames that have been let go and not come out are lost.
  void reset_models() {
    for (FixedModel& model : models_) model.reset();
  }

  /// The manifest's entries of a stream.
  std::vector<Json> states(int stream) const {
    std::vector<Json> result;
    for (const Json& state : design_.manifest.at("states"))
      if (state.at("stream") == stream) result.push_back(state);
    return result;
  }
  std::vector<std::int32_t> model_state(const Json& state) {
    const auto& model = models_[state.at("stream").get<int>()];
    const auto values = is_cell(state)       ? model.cell(layer(state))
                        : is_spectrum(state) ? model.spectrum(vector(state))
                                             : model.vector(vector(state));
    return {values.begin(), values.end()};
  }
  void set_model_state(const Json& state, std::span<const std::int32_t> values) {
    auto& model = models_[state.at("stream").get<int>()];
    if (is_cell(state))
      model.set_cell(layer(state), values);
    else if (is_spectrum(state))
      model.set_spectrum(vector(state), values);
    else
      model.set_vector(vector(state), values);
  }
  std::vector<std::int32_t> random_state(const Json& state) {
    const int width = state.at("width").get<int>();
    std::vector<std::int32_t> values(state.at("size").get<size_t>());
    const Format format{width, 0};
    for (std::int32_t& v : values) v = static_cast<std::int32_t>(rng_.between(format.min(), format.max()));
    return values;
  }

  /// Script only: reads a state and compares it.
  void expect_state(const Json& state, std::span<const std::int32_t> values) {
    for_blocks(state, values, [&](int block, std::span<const std::int32_t> part) {
      name_block(state, block);
      write(reg::state_command, command(state));
      for (size_t n = 0; n < part.size(); ++n)
        expect(reg::window + 4 * static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(part[n]));
    });
  }
  /// Script only: reads a state; its elements go to the report's reads.
  void read_state(const Json& state) {
    for_blocks(state, std::vector<std::int32_t>(state.at("size").get<size_t>()), [&](int block, auto part) {
      name_block(state, block);
      write(reg::state_command, command(state));
      for (size_t n = 0; n < part.size(); ++n) line("read {:#x}", reg::window + 4 * n);
    });
  }
  /// Script only: writes a state.
  void write_state(const Json& state, std::span<const std::int32_t> values) {
    const EngineShape& engine = design_.plan.shape;
    if (state.contains("flags")) write(reg::state_flags, state.at("flags").get<std::uint32_t>());
    for_blocks(state, values, [&](int block, std::span<const std::int32_t> part) {
      name_block(state, block);
      for (int n = 0; n < engine.words; ++n)
        write(reg::window + 4 * n, n < static_cast<int>(part.size()) ? static_cast<std::uint32_t>(part[n]) : 0);
      write(reg::state_command, command(state) | 1);
    });
  }

  /// Script only: loads what the design lets a host load of a network with the same formats, and compares the CRC. Lane
  /// 0 needs no name right after a reset.
  void load_weights(const QuantNetwork& network, bool after_reset = false) {
    const EngineShape& engine = design_.plan.shape;
    const Workload work(network);
    const int words = ceil_div(weight_bits(work, engine), 32);
    const bool constants = engine.loadable != Loadable::weights;
    const int constant_words = ceil_div(constant_row_bits(work, engine.words), 32);
    expect(reg::weight_words, words);
    expect(reg::constant_words, constants ? constant_words : 0);
    write(reg::weight_crc, 0);
    std::vector<std::uint8_t> bytes;
    for (const Image& image : make_images(work, design_.plan)) {
      const std::optional<int> lane = load_number(image.name, work);
      if (!lane) continue;
      if (*lane > 0 || !after_reset) {
        write(reg::weight_lane, *lane);
        write(reg::weight_row, 0);
      }
      const int count = *lane < 0x8000 ? words : constant_words;
      std::istringstream rows(image.text);
      for (std::string row; std::getline(rows, row);) {
        row.insert(0, 8 * count - row.size(), '0');
        for (int w = count - 1; w >= 0; --w) {
          const auto word = static_cast<std::uint32_t>(std::stoul(row.substr(8 * w, 8), nullptr, 16));
          write(reg::weight_data, word);
          for (int b = 0; b < 4; ++b) bytes.push_back(static_cast<std::uint8_t>(word >> (8 * b)));
        }
      }
    }
    last_crc_ = crc32(bytes);
    expect(reg::weight_crc, last_crc_);
  }
  std::uint32_t last_crc() const { return last_crc_; }

  SimulationRequest request() const {
    SimulationRequest r;
    r.directory = design_.directory;
    r.stimulus = stimulus_;
    r.script = script_;
    r.watchdog = 20000;
    r.object_cache = design_.directory.parent_path() / "objects";
    return r;
  }
  SimulationReport run(std::optional<std::uint64_t> stalls = {}) const {
    SimulationRequest r = request();
    r.stalls = stalls;
    return simulate(r);
  }
  Stimulus& stimulus() { return stimulus_; }

 private:
  /// WEIGHT_LANE of an image (docs/reference/registers.md); none for one that cannot be loaded.
  std::optional<int> load_number(const std::string& image, const Workload& work) const {
    const EngineShape& engine = design_.plan.shape;
    const auto is = [&](const char* prefix) { return image.starts_with(prefix); };
    const auto digits = [&](int from, int count) { return std::stoi(image.substr(image.find('_') + 1 + from, count)); };
    if (is("weights_")) return digits(0, 3) * engine.readout * engine.columns + digits(3, 3);
    if (is("correction_") && !is("correction_rows"))
      return engine.lanes() +
             digits(0, 3) * correction_pieces(engine.words, engine.form, correction_bits(work, engine),
                                              weight_bits(work, engine)) +
             digits(3, 3);
    if (engine.loadable == Loadable::weights) return {};
    if (is("bias_")) return 0x8000 + digits(0, 1);
    if (is("peephole_")) return 0x9000 + static_cast<int>(std::string("ifo").find(image[9]));
    if (is("initial_c")) return 0xb000;
    if (is("initial_")) return 0xa000 + digits(0, 1);
    if (engine.loadable == Loadable::constants) return {};
    if (is("sigmoid")) return 0xc000;
    if (is("tanh")) return 0xc001;
    return {};
  }

  static bool is_cell(const Json& state) { return state.at("kind").get<std::string>() == "cell"; }
  static bool is_spectrum(const Json& state) { return state.at("kind").get<std::string>() == "spectrum"; }
  static int layer(const Json& state) { return std::stoi(state.at("name").get<std::string>().substr(1)); }
  int vector(const Json& state) const {
    const auto& vectors = design_.network.graph.vectors;
    for (size_t v = 0; v < vectors.size(); ++v)
      if (vectors[v].name == state.at("name").get<std::string>()) return static_cast<int>(v);
    throw Error(ExitCode::internal, "the manifest names a vector that the network does not have");
  }
  static std::uint32_t command(const Json& state) {
    return state.at("stream").get<std::uint32_t>() << 8 | (is_cell(state) ? 2u : is_spectrum(state) ? 4u : 0u);
  }
  /// Script only: where a block lies, of what the entry has.
  void name_block(const Json& state, int block) {
    if (state.contains("tile")) write(reg::state_tile, state.at("tile").get<std::uint32_t>() + block);
    if (!state.contains("lane")) return;
    const std::uint32_t columns = design_.plan.shape.columns, lane = state.at("lane").get<std::uint32_t>() + block;
    write(reg::state_row, lane % columns << 16 | (state.at("row").get<std::uint32_t>() + lane / columns));
  }

  template <class Body>
  void for_blocks(const Json& state, std::span<const std::int32_t> values, const Body& body) {
    const size_t words = design_.plan.shape.words;
    for (int block = 0; block < state.at("tiles").get<int>(); ++block)
      body(block, values.subspan(block * words, std::min(words, values.size() - block * words)));
  }

  const SystemDesign& design_;
  Rng rng_;
  std::vector<FixedModel> models_;
  Stimulus stimulus_;
  std::string script_;
  std::uint32_t last_crc_ = 0;
};

}  // namespace erngen
