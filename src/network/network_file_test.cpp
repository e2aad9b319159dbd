// Network files: what is written comes back, and everything doubtful is refused.
#include "base/check_error.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/test_directory.hpp"
#include "network/directions.hpp"
#include "network/graph_zoo.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"
#include "network/safetensors.hpp"

using namespace erngen;

namespace {

NetworkShape shape_of(CellKind cell) {
  NetworkShape shape;
  shape.cell = cell;
  shape.input = 6;
  shape.hidden = 9;
  shape.block.all.input = 2;
  shape.block.all.recurrent = 4;
  shape.layers = 2;
  shape.dense = 3;
  return shape;
}

/// Writes a network, lets `damage` change the container, reads it again.
template <class F>
Network read_damaged(const Network& network, F&& damage) {
  TestDirectory directory;
  write_network(network, directory / "net");
  TensorFile tensors = read_safetensors(directory / "net");
  damage(tensors);
  write_safetensors(tensors, directory / "net");
  return read_network(directory / "net");
}

std::string& metadata(TensorFile& tensors, const std::string& key) {
  for (auto& [name, value] : tensors.metadata)
    if (name == key) return value;
  throw std::runtime_error("no metadata " + key);
}

/// Damages the JSON description.
template <class F>
auto description(F&& change) {
  return [change](TensorFile& tensors) {
    Json json = parse_json(metadata(tensors, "network"), "test");
    change(json);
    metadata(tensors, "network") = json.dump();
  };
}

}  // namespace

TEST_CASE("every kind of network survives a round trip, byte for byte") {
  TestDirectory directory;
  int count = 0;
  for (const CellKind cell : {CellKind::lstm, CellKind::gru})
    for (int variant = 0; variant < 16; ++variant) {
      NetworkShape shape = shape_of(cell);
      shape.bias = variant & 1;
      if (cell == CellKind::lstm) {
        shape.peephole = variant & 2;
        shape.projection = variant & 4 ? 5 : 0;
        shape.candidate = variant & 8 ? Nonlinearity::sigmoid : Nonlinearity::tanh;
      } else {
        shape.reset = variant & 2 ? Reset::before : Reset::after;
      }
      Network network = random_network(shape);
      network.metadata = {{"labels", {"", "a"}}, {"frontend", {{"rate", 8000}}}};
      const auto file = directory / "net";
      write_network(network, file);
      const Network again = read_network(file);
      CHECK(network_bytes(again) == read_file(file));
      CHECK(again.metadata == network.metadata);
      CHECK(again.parameters() == network.parameters());
      ++count;
    }
  CHECK(count == 32);
}

TEST_CASE("networks that are no chains survive a round trip, byte for byte") {
  TestDirectory directory;
  for (auto& [name, network] : graph_zoo()) {
    network.last_frame_only = name == "heads";
    network.nodes[0].name = "first";
    const auto file = directory / "net";
    write_network(network, file);
    const Network again = read_network(file);
    CHECK(network_bytes(again) == read_file(file));
    CHECK(again.outputs == network.outputs);
    CHECK(again.last_frame_only == network.last_frame_only);
    CHECK(again.nodes[0].name == "first");
    for (size_t n = 0; n < network.nodes.size(); ++n) CHECK(again.nodes[n].inputs == network.nodes[n].inputs);
  }
}

TEST_CASE("activations and initial states survive a round trip") {
  TestDirectory directory;
  LayerDraw draw(3);
  Network network;
  LstmLayer lstm = draw.lstm(4, 5);
  lstm.gate_activation = {Nonlinearity::hard_sigmoid, 0.25f, 0.5f};
  lstm.candidate = Nonlinearity::relu;
  lstm.cell_activation = {Nonlinearity::clip, -1, 1};
  lstm.initial_hidden.assign(5, 0.25f);
  lstm.initial_cell.assign(5, -0.5f);
  GruLayer gru = draw.gru(5, 6);
  gru.candidate = {Nonlinearity::leaky_relu, 0.125f};
  gru.gate_activation = {Nonlinearity::hard_sigmoid, 0.2f, 0.5f};
  gru.initial_hidden.assign(6, 1.0f);
  RnnLayer rnn = draw.rnn(6, 3, Nonlinearity::relu);
  rnn.initial_hidden.assign(3, 2.0f);
  network.append(lstm);
  network.append(gru);
  network.append(rnn);
  network.append(draw.dense(3, 2, {Nonlinearity::clip, 0, 6}));
  write_network(network, directory / "net");
  const Network again = read_network(directory / "net");
  CHECK(network_bytes(again) == network_bytes(network));
  CHECK(std::get<LstmLayer>(again.nodes[0].layer).gate_activation == lstm.gate_activation);
  CHECK(std::get<LstmLayer>(again.nodes[0].layer).initial_cell == lstm.initial_cell);
  CHECK(std::get<GruLayer>(again.nodes[1].layer).candidate == gru.candidate);
  CHECK(std::get<RnnLayer>(again.nodes[2].layer).initial_hidden == rnn.initial_hidden);
  CHECK(std::get<DenseLayer>(again.nodes[3].layer).activation == Activation(Nonlinearity::clip, 0, 6));
}

TEST_CASE("the orders of frames survive a round trip, and are checked") {
  TestDirectory directory;
  LayerDraw draw(3);
  Network whole;
  whole.input_size = 5;
  whole.add(draw.lstm(5, 4), {Node::network_input}, "there");
  whole.add(draw.gru(5, 4), {Node::network_input}, "back");
  whole.add(draw.rnn(8, 3, Nonlinearity::tanh), {0, 1}, "behind");
  whole.outputs = {whole.add(draw.dense(11, 2), {0, 1, 2}, "head")};
  const Network network =
      streaming_network(whole, {Direction::forward, Direction::backward, Direction::forward, Direction::forward});
  CHECK(network.frame == std::vector<FramePart>{{5, false}, {5, true}, {4, true, 0}});
  CHECK(network.passes() == 2);
  CHECK(network.needs_whole_sequences());
  CHECK(!network.last_step_suffices());
  CHECK(network.frame_size() == 14);
  CHECK(network.input() == 5);
  write_network(network, directory / "n.net");
  const Network read = read_network(directory / "n.net");
  CHECK(read.frame == network.frame);
  CHECK(read.result == network.result);
  CHECK(network_bytes(read) == network_bytes(network));
  const auto refused = [&](const char* text, const std::function<void(Network&)>& change) {
    Network changed = network;
    change(changed);
    CHECK_ERROR(changed.validate(), ExitCode::bad_input, text);
  };
  refused("frame.0: has 5 elements of the input's 6", [](Network& n) { n.input_size = 6; });
  refused("frame.2: takes 4 outputs from number 5 on, but there are", [](Network& n) { n.frame[2].output = 5; });
  refused("frame.3: no layer reads it", [](Network& n) { n.frame.push_back({5, true}); });
  refused("the network's frames depend on themselves", [](Network& n) { n.frame[2].output = 2; });
}

TEST_CASE("a file of version 1, without inputs and outputs, is a chain") {
  const Network network = random_network(shape_of(CellKind::lstm));
  const Network read = read_damaged(network, [](TensorFile& t) {
    metadata(t, "version") = "1";
    description([](Json& j) {
      j.erase("input");
      j.erase("outputs");
      for (Json& layer : j["layers"]) layer.erase("inputs");
    })(t);
  });
  CHECK(network_bytes(read) == network_bytes(network));
}

TEST_CASE("the documented layout is what is written") {
  TestDirectory directory;
  NetworkShape shape = shape_of(CellKind::lstm);
  shape.layers = 1;
  shape.projection = 5;
  shape.block.all.projection = 4;
  write_network(random_network(shape), directory / "net");
  TensorFile tensors = read_safetensors(directory / "net");
  CHECK(metadata(tensors, "format") == "erngen-network");
  CHECK(metadata(tensors, "version") == "2");
  CHECK(metadata(tensors, "convention") == "first_column");
  CHECK(metadata(tensors, "network") ==
        R"({"input":6,"layers":[{"kind":"lstm","input":6,"hidden":9,"projection":5,"peephole":false,"bias":true,)"
        R"("candidate":"tanh","block":{"input":2,"recurrent":4,"projection":4},"inputs":["x"]},)"
        R"({"kind":"dense","input":5,"output":3,"bias":true,"block":{"weight":1},"inputs":[0]}],)"
        R"("outputs":[1],"metadata":{}})");
  CHECK(tensors.find("layers.0.input.g")->shape == std::vector<int>{5, 3, 2});
  CHECK(tensors.find("layers.0.recurrent.o")->shape == std::vector<int>{3, 2, 4});
  CHECK(tensors.find("layers.0.projection")->shape == std::vector<int>{2, 3, 4});
  CHECK(tensors.find("layers.0.bias.f")->shape == std::vector<int>{9});
  CHECK(tensors.find("layers.1.weight")->shape == std::vector<int>{3, 5, 1});
  CHECK(tensors.find("layers.1.bias")->shape == std::vector<int>{3});
  CHECK(tensors.tensors.size() == 4 + 4 + 1 + 4 + 2);
}

TEST_CASE("doubtful files are refused with file, tensor and reason") {
  const Network lstm = random_network(shape_of(CellKind::lstm));
  const auto bad = [&](const char* text, auto&& damage) {
    CHECK_ERROR(read_damaged(lstm, damage), ExitCode::bad_input, text);
  };
  bad("net: is not an erngen-network file", [](TensorFile& t) { t.metadata.clear(); });
  bad("'format' is pt", [](TensorFile& t) { metadata(t, "format") = "pt"; });
  bad("unknown metadata 'colour'", [](TensorFile& t) { t.metadata.emplace_back("colour", "red"); });
  bad("'version' is missing",
      [](TensorFile& t) { std::erase_if(t.metadata, [](auto& m) { return m.first == "version"; }); });
  bad("'network' is missing",
      [](TensorFile& t) { std::erase_if(t.metadata, [](auto& m) { return m.first == "network"; }); });
  bad("not valid JSON", [](TensorFile& t) { metadata(t, "network") = "{"; });
  bad("tensor layers.0.input.f is missing",
      [](TensorFile& t) { std::erase_if(t.tensors, [](auto& n) { return n.first == "layers.0.input.f"; }); });
  bad("tensor layers.0.peephole.i belongs to no layer",
      [](TensorFile& t) { t.add("layers.0.peephole.i", {9}, std::vector<float>(9)); });
  bad("has shape [9], expected [5, 3, 2]", [](TensorFile& t) { t.tensors[0].second = {{9}, std::vector<float>(9)}; });
  bad("holds integers", [](TensorFile& t) { t.tensors[0].second.values = std::vector<std::int32_t>(30); });
  bad("unknown key 'extra'", description([](Json& j) { j["extra"] = 1; }));
  bad("no list of layers", description([](Json& j) { j["layers"] = Json::array(); }));
  bad("metadata is not a JSON object", description([](Json& j) { j["metadata"] = "x"; }));
  bad("layers.0: unknown key 'zoneout'", description([](Json& j) { j["layers"][0]["zoneout"] = 0.1; }));
  bad("layers.0: block: unknown key 'output'", description([](Json& j) { j["layers"][0]["block"]["output"] = 1; }));
  bad("layers.0: has no 'hidden'", description([](Json& j) { j["layers"][0].erase("hidden"); }));
  bad("'hidden' is 0, not a whole number", description([](Json& j) { j["layers"][0]["hidden"] = 0; }));
  bad("'hidden' is 1.5", description([](Json& j) { j["layers"][0]["hidden"] = 1.5; }));
  bad("'hidden' is 18446744073709551615",
      description([](Json& j) { j["layers"][0]["hidden"] = 18446744073709551615u; }));
  bad("'bias' is 1, not true or false", description([](Json& j) { j["layers"][0]["bias"] = 1; }));
  bad("'candidate' is \"gelu\"", description([](Json& j) { j["layers"][0]["candidate"] = "gelu"; }));
  bad("block size 3", description([](Json& j) { j["layers"][0]["block"]["input"] = 3; }));
  bad("block size of 'input' is -8", description([](Json& j) { j["layers"][0]["block"]["input"] = -8; }));
  bad("block size 0", description([](Json& j) { j["layers"][0]["block"]["input"] = 0; }));
  bad("without a projection", description([](Json& j) { j["layers"][0]["block"]["projection"] = 8; }));
  bad("layers.1: takes 9 inputs, but layers.0 has 3 outputs", [](TensorFile& t) {
    description([](Json& j) {
      j["layers"][0] = j["layers"][2];
      j["layers"][0]["input"] = 6;
      j["layers"][0]["inputs"] = {"x"};
    })(t);
    std::erase_if(t.tensors, [](auto& n) { return n.first.starts_with("layers.0."); });
    t.add("layers.0.weight", {3, 6, 1}, std::vector<float>(18));
    t.add("layers.0.bias", {3}, std::vector<float>(3));
  });
}

TEST_CASE("what this version cannot mean is unsupported, not bad") {
  const Network lstm = random_network(shape_of(CellKind::lstm));
  const auto refuse = [&](const char* text, auto&& damage) {
    CHECK_ERROR(read_damaged(lstm, damage), ExitCode::unsupported, text);
  };
  refuse("version '3'", [](TensorFile& t) { metadata(t, "version") = "3"; });
  refuse("convention 'first_row'", [](TensorFile& t) { metadata(t, "convention") = "first_row"; });
  refuse("kind \"conv\"", description([](Json& j) { j["layers"][0]["kind"] = "conv"; }));
}

TEST_CASE("an invalid network is not written") {
  TestDirectory directory;
  Network network = random_network(shape_of(CellKind::gru));
  std::get<GruLayer>(network.nodes[0].layer).bias_hn.clear();
  CHECK_ERROR(write_network(network, directory / "net"), ExitCode::bad_input, "bias.hn");
  CHECK(directory.entries() == 0);
}
