// Quantised network files: what is written comes back, everything doubtful is refused, and damage never crashes.
#include "base/check_error.hpp"

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/test_directory.hpp"
#include "cell/fixed_model.hpp"
#include "cell/quant_file.hpp"
#include "cell/quantiser.hpp"
#include "cell/test_networks.hpp"
#include "network/network_file.hpp"
#include "network/safetensors.hpp"

using namespace erngen;

namespace {

QuantNetwork quantised(const NetworkShape& shape, int bits = 12) {
  const Network network = random_network(shape);
  QuantiseOptions options;
  options.weight_width = options.activation_width = bits;
  options.exact_widths = true;  // a file is no better for their search
  options.units = &known_units;
  QuantNetwork result = quantise(network, random_frames({20, network.input()}, 3), options, nullptr);
  result.metadata = {{"labels", {"", "a"}}, {"recipe", {{"seed", 1}}}};
  return result;
}

NetworkShape everything() {
  NetworkShape shape;
  shape.input = 6;
  shape.hidden = 5;
  shape.projection = 3;
  shape.peephole = true;
  shape.dense = 2;
  shape.block.all = {4, 2, 4, 1};
  return shape;
}

NetworkShape gru_after() {
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.input = 3;
  shape.hidden = 6;
  shape.block.all = {4, 4, 4, 1};
  return shape;
}

/// Outputs of some frames of extreme inputs; proves that a network that was read can run.
std::vector<std::int32_t> outputs(const QuantNetwork& network) {
  FixedModel model(network);
  std::vector<std::int32_t> x(network.graph.input_size()), y(network.graph.output_size()), all;
  for (int frame = 0; frame < 4; ++frame) {
    for (size_t i = 0; i < x.size(); ++i)
      x[i] =
          static_cast<std::int32_t>((i + frame) % 3 == 0 ? network.input_format().max() : network.input_format().min());
    model.step(x, y);
    all.insert(all.end(), y.begin(), y.end());
  }
  return all;
}

/// Reads `bytes` as a file: true if it is accepted (and runs), false on Error; anything else fails the test.
bool accepted(const std::filesystem::path& file, const std::string& bytes) {
  write_file_atomically(file, bytes);
  try {
    outputs(read_quant_network(file));
    return true;
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK(message.starts_with(file.string()));
    CHECK((error.kind() == ExitCode::bad_input || error.kind() == ExitCode::unsupported));
    return false;
  }
}

template <class F>
QuantNetwork read_damaged(const QuantNetwork& network, F&& damage) {
  TestDirectory directory;
  write_quant_network(network, directory / "q");
  TensorFile tensors = read_safetensors(directory / "q");
  damage(tensors);
  write_safetensors(tensors, directory / "q");
  return read_quant_network(directory / "q");
}

std::string& metadata(TensorFile& tensors, const std::string& key) {
  for (auto& [name, value] : tensors.metadata)
    if (name == key) return value;
  throw std::runtime_error("no metadata " + key);
}

template <class F>
auto description(F&& change) {
  return [change](TensorFile& tensors) {
    Json json = parse_json(metadata(tensors, "network"), "test");
    change(json);
    metadata(tensors, "network") = json.dump();
  };
}

std::vector<std::int32_t>& words(TensorFile& tensors, const std::string& name) {
  for (auto& [key, tensor] : tensors.tensors)
    if (key == name) return std::get<1>(tensor.values);
  throw std::runtime_error("no tensor " + name);
}

}  // namespace

TEST_CASE("files that older versions wrote compute what those versions computed") {
  // Two small networks as erngen wrote them then, and the frames and answers of the designs that it generated of them.
  const std::vector<std::vector<std::int32_t>> frames = {{52, 5, 19}, {-28, 50, -91}, {-110, -30, 94}};
  const std::vector<std::vector<std::int32_t>> answers = {{-4, -13}, {-14, -15}, {-4, -12}};
  for (const char* name : {"quantised-version-1.safetensors", "quantised-version-2.safetensors"}) {
    CAPTURE(name);
    const QuantNetwork network = read_quant_network(std::filesystem::path(FIXTURES) / name);
    FixedModel model(network);
    for (size_t n = 0; n < frames.size(); ++n) {
      std::vector<std::int32_t> y(2);
      model.step(frames[n], y);
      CHECK(y == answers[n]);
    }
    TestDirectory directory;
    write_quant_network(network, directory / "q");
    CHECK(outputs(read_quant_network(directory / "q")) == outputs(network));
  }
}

TEST_CASE("every kind of network survives a round trip: same bytes, same outputs, same formats") {
  TestDirectory directory;
  for (const auto& [name, shape] : network_zoo())
    for (const int bits : {4, 12, 18}) {
      if (bits == 18 && shape.layers == 1) continue;
      const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
      CAPTURE(shown_name);
      CAPTURE(bits);
      const QuantNetwork network = quantised(shape, bits);
      write_quant_network(network, directory / "q");
      const QuantNetwork again = read_quant_network(directory / "q");
      CHECK(quant_network_bytes(again) == read_file(directory / "q"));
      CHECK(outputs(again) == outputs(network));
      CHECK(again.metadata == network.metadata);
      CHECK(again.sigmoid == network.sigmoid);
      CHECK(again.tanh == network.tanh);
      CHECK(again.formats.accumulator_width() == network.formats.accumulator_width());
      CHECK(again.formats.sum_width() == network.formats.sum_width());
    }
}

TEST_CASE("a file says what it is") {
  TestDirectory directory;
  write_network(random_network(everything()), directory / "float");
  write_quant_network(quantised(everything()), directory / "fixed");
  write_file_atomically(directory / "text", "hello, I am no network");
  TensorFile other;
  other.add("w", {1}, std::vector<float>{1});
  write_safetensors(other, directory / "other");
  CHECK(file_kind(directory / "float") == FileKind::network);
  CHECK(file_kind(directory / "fixed") == FileKind::quantised);
  CHECK_ERROR(file_kind(directory / "text"), ExitCode::bad_input, "text");
  CHECK_ERROR(file_kind(directory / "other"), ExitCode::bad_input, "is not an erngen file");
  CHECK_ERROR(file_kind(directory / "none"), ExitCode::bad_input, "none");
  CHECK_ERROR(read_quant_network(directory / "float"), ExitCode::bad_input, "is not an erngen-quantised file");
  CHECK_ERROR(read_network(directory / "fixed"), ExitCode::bad_input, "is not an erngen-network file");
}

TEST_CASE("damaged contents are named") {
  const QuantNetwork network = quantised(everything());
  const auto bad = [&](const char* text, auto&& damage) {
    CHECK_ERROR(read_damaged(network, damage), ExitCode::bad_input, text);
  };
  const char* matrix = "phases.0.parts.0.terms.0.o";
  bad("phases.0.parts.0.terms.0.o is missing",
      [&](TensorFile& t) { std::erase_if(t.tensors, [&](auto& n) { return n.first == matrix; }); });
  bad("tensor more belongs to no layer", [](TensorFile& t) { t.add("more", {1}, std::vector<std::int32_t>{1}); });
  bad("word 3 is 2048, which does not fit 12 bits", [&](TensorFile& t) { words(t, matrix)[3] = 2048; });
  bad("word 0 is -2049", [](TensorFile& t) { words(t, "phases.0.peephole.f")[0] = -2049; });
  bad("phases.0.bias", [](TensorFile& t) { words(t, "phases.0.bias.g")[2] = INT32_MAX; });
  bad("holds real numbers",
      [](TensorFile& t) { t.tensors[0].second.values = std::vector<float>(t.tensors[0].second.size()); });
  bad("has shape", [](TensorFile& t) { std::swap(t.tensors[0].second.shape[0], t.tensors[0].second.shape[2]); });
  bad("an entry", [](TensorFile& t) { words(t, "sigmoid.entries")[1] = -1; });
  bad("address_bits", description([](Json& j) { j["units"]["sigmoid"]["address_bits"] = 19; }));
  bad("sigmoid.entries has shape", description([](Json& j) { j["units"]["sigmoid"]["address_bits"] = 1; }));
  bad("'kind' is \"magic\"", description([](Json& j) { j["units"]["tanh"]["kind"] = "magic"; }));
  bad("units: has no 'tanh'", description([](Json& j) { j["units"].erase("tanh"); }));
  bad("unknown key 'extra'", description([](Json& j) { j["extra"] = 1; }));
  bad("has no 'formats'", description([](Json& j) { j.erase("formats"); }));
  bad("formats: 15 entries", description([](Json& j) { j["formats"]["extra"] = 1; }));
  bad("activation width is 19", description([](Json& j) { j["formats"]["activation_width"] = 19; }));
  bad("weight width is 3", description([](Json& j) { j["formats"]["weight_width"] = 3; }));
  bad("cell state fraction is 3", description([](Json& j) { j["formats"]["cell_fraction"] = 3; }));
  bad("readout spectrum width", description([](Json& j) { j["formats"]["drain_width"] = 50; }));
  bad("'drain_width' is 1000000000.0", description([](Json& j) { j["formats"]["drain_width"] = 1e9; }));
  bad("metadata is not", description([](Json& j) { j["metadata"] = 3; }));
  bad("layers.1: takes 4 inputs, but layers.0 has 3 outputs",
      description([](Json& j) { j["layers"][1]["input"] = 4; }));
  bad("block size 3", description([](Json& j) { j["layers"][0]["block"]["input"] = 3; }));
  bad("vectors/0/name: differs", description([](Json& j) { j["vectors"][0]["name"] = "z"; }));
  bad("terms/0/vector: differs", description([](Json& j) { j["phases"][0]["parts"][0]["terms"][0]["vector"] = "m0"; }));
  bad("differs", description([](Json& j) { j["phases"][0]["hint"] = 1; }));
  const QuantNetwork gru = quantised(gru_after());
  CHECK_ERROR(read_damaged(gru, description([](Json& j) {
                             auto& fraction = j["phases"][2]["parts"][0]["terms"][1]["weight_fraction"];
                             fraction = fraction.get<int>() + 1;
                           })),
              ExitCode::bad_input, "products of layers.0.recurrent");
  CHECK_ERROR(read_damaged(gru, [](TensorFile& t) { metadata(t, "version") = "4"; }), ExitCode::unsupported,
              "version '4'");
}

TEST_CASE("an illegal network is not written") {
  TestDirectory directory;
  QuantNetwork network = quantised(everything());
  network.graph.phases[0].parts[0].terms[0].matrices[1].words[0] = 5000;
  CHECK_ERROR(write_quant_network(network, directory / "q"), ExitCode::bad_input, "does not fit 12 bits");
  network = quantised(everything());
  network.formats.max_terms += 1;
  CHECK_ERROR(write_quant_network(network, directory / "q"), ExitCode::bad_input, "longest accumulation");
  CHECK(directory.entries() == 0);
}

TEST_CASE("no number, list or text in the description can be replaced unnoticed or crash") {
  TestDirectory directory;
  for (const NetworkShape& shape : {everything(), gru_after()}) {
    const QuantNetwork network = quantised(shape, 6);
    write_quant_network(network, directory / "q");
    const TensorFile tensors = read_safetensors(directory / "q");
    const Json original = parse_json(*tensors.find_metadata("network"), "test");
    const Json leaves = original.flatten();
    const Json others[] = {0,   -1,    1,   7,       65536, 2147483648u,   18446744073709551615u,
                           1.5, 1e300, "x", nullptr, true,  Json::array(), Json::object()};
    int kept = 0, count = 0;
    for (const auto& [path, value] : leaves.items()) {
      if (path.starts_with("/metadata")) continue;
      for (const Json& other : others) {
        if (other == value) continue;
        const auto& shown_path = path;  // clang 14 lets no macro capture a structured binding
        CAPTURE(shown_path);
        CAPTURE(other.dump());
        Json changed = original;
        changed[Json::json_pointer(path)] = other;
        TensorFile damaged = tensors;
        metadata(damaged, "network") = changed.dump();
        kept += accepted(directory / "q", safetensors_bytes(damaged));
        ++count;
      }
    }
    CHECK(count > 500);
    CHECK(kept > 0);  // other fractions and guards are legal
    CHECK(kept < count / 10);
  }
}

TEST_CASE("damaged bytes are refused or harmless") {
  TestDirectory directory;
  const std::string original = quant_network_bytes(quantised(everything(), 6));
  Rng rng(11);
  int refused = 0;
  constexpr int trials = 1500;
  for (int trial = 0; trial < trials; ++trial) {
    std::string bytes = original;
    const auto place = [&] { return static_cast<size_t>(rng.below(bytes.size())); };
    switch (rng.below(5)) {
      case 0: bytes.resize(place()); break;
      case 1: bytes[place()] = static_cast<char>(rng.below(256)); break;
      case 2: bytes[place()] = static_cast<char>(bytes[place()] ^ (1 << rng.below(8))); break;
      case 3: bytes.insert(place(), 1 + rng.below(9), static_cast<char>(rng.below(256))); break;
      case 4: bytes.erase(place(), 1 + rng.below(9)); break;
    }
    CAPTURE(trial);
    refused += !accepted(directory / "q", bytes);
  }
  CHECK(refused > trials / 2);
}
