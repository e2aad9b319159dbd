// The network as a value: shapes, validation, random networks.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <cmath>
#include <limits>

#include "network/network.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"

using namespace erngen;

namespace {
NetworkShape big_shape() {
  NetworkShape shape;
  shape.input = 19;
  shape.hidden = 21;
  shape.projection = 10;
  shape.peephole = true;
  shape.layers = 2;
  shape.dense = 5;
  shape.block.all.input = 4;
  shape.block.all.recurrent = 8;
  shape.block.all.projection = 2;
  shape.block.all.dense = 1;
  return shape;
}
LstmLayer& lstm(Network& network, int n = 0) { return std::get<LstmLayer>(network.nodes[n].layer); }
}  // namespace

TEST_CASE("an element of a circulant block is w[(r - c) mod k]") {
  BlockMatrix m(3, 6, 4);  // one row block, two column blocks, both cut
  for (size_t n = 0; n < m.columns.size(); ++n) m.columns[n] = static_cast<float>(n);
  CHECK(m.parameters() == 8);
  // Block 0 is [0 3 2 1; 1 0 3 2; 2 1 0 3; ...], block 1 the same plus 4.
  const float expected[3][6] = {{0, 3, 2, 1, 4, 7}, {1, 0, 3, 2, 5, 4}, {2, 1, 0, 3, 6, 5}};
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 6; ++c) CHECK(m.element(r, c) == expected[r][c]);
}

TEST_CASE("matrices of impossible shapes cannot be made") {
  CHECK_ERROR(BlockMatrix(0, 4, 1), ExitCode::bad_input, "0 x 4");
  CHECK_ERROR(BlockMatrix(4, -1, 1), ExitCode::bad_input, "4 x -1");
  CHECK_ERROR(BlockMatrix(4, 100000, 1), ExitCode::bad_input, "1..65536");
  CHECK_ERROR(BlockMatrix(65536, 65536, 1), ExitCode::bad_input, "parameters, more than");
  for (const int block : {0, -2, 3, 12, 128})
    CHECK_ERROR(BlockMatrix(4, 4, block), ExitCode::bad_input, "must be 1, 2, 4, 8, 16, 32 or 64");
}

TEST_CASE("a random network has the asked shape") {
  const Network network = random_network(big_shape());
  CHECK(network.nodes.size() == 3);
  CHECK(network.input() == 19);
  CHECK(network.output() == 5);
  CHECK(network.max_block() == 8);
  CHECK(std::string(kind_name(network.nodes[0].layer)) == "lstm");
  CHECK(std::string(kind_name(network.nodes[2].layer)) == "dense");
  // Layer 0: input 4 gates x 6x5 blocks x 4, recurrent 4 x 3x2 x 8, projection 5x11x2, bias and peephole 7 x 21.
  const size_t first = 4 * 6 * 5 * 4 + 4 * 3 * 2 * 8 + 5 * 11 * 2 + 7 * 21;
  const size_t second = 4 * 6 * 3 * 4 + 4 * 3 * 2 * 8 + 5 * 11 * 2 + 7 * 21;
  CHECK(network.parameters() == first + second + 5 * 10 + 5);
  std::string names;
  for_each_matrix(network, [&](const std::string& name, const BlockMatrix&) { names += name + " "; });
  CHECK(names.starts_with("layers.0.input.i layers.0.input.f layers.0.input.g layers.0.input.o layers.0.recurrent.i "));
  CHECK(names.ends_with("layers.1.recurrent.o layers.1.projection layers.2.weight "));
}

TEST_CASE("a layer may have its own block sizes") {
  NetworkShape shape = big_shape();
  shape.block.layers[1] = {16, 1, 32, 1};
  shape.block.layers[2].dense = 2;
  Network network = random_network(shape);
  CHECK(lstm(network, 0).input_weights[3].block == 4);
  CHECK(lstm(network, 1).input_weights[3].block == 16);
  CHECK(lstm(network, 1).recurrent_weights[0].block == 1);
  CHECK(lstm(network, 1).projection->block == 32);
  CHECK(std::get<DenseLayer>(network.nodes[2].layer).weights.block == 2);
  shape.block.layers[3] = {};
  CHECK_ERROR(random_network(shape), ExitCode::usage, "block sizes for layer 3");
}

TEST_CASE("the same seed gives the same network, another seed another one") {
  NetworkShape shape = big_shape();
  CHECK(network_bytes(random_network(shape)) == network_bytes(random_network(shape)));
  const std::string first = network_bytes(random_network(shape));
  shape.seed = 2;
  CHECK(network_bytes(random_network(shape)) != first);
}

TEST_CASE("impossible shapes are refused by name") {
  NetworkShape shape;
  shape.hidden = 0;
  CHECK_ERROR(random_network(shape), ExitCode::usage, "hidden size 0");
  shape = {};
  shape.block.all.recurrent = 12;
  CHECK_ERROR(random_network(shape), ExitCode::bad_input, "block size 12");
  shape = {};
  shape.cell = CellKind::gru;
  shape.peephole = true;
  CHECK_ERROR(random_network(shape), ExitCode::usage, "only an LSTM has a projection");
  shape = {};
  shape.reset = Reset::before;
  CHECK_ERROR(random_network(shape), ExitCode::usage, "only a GRU has a reset gate");
}

TEST_CASE("validation names the tensor that is wrong") {
  const Network good = random_network(big_shape());
  const auto check = [&](const char* text, auto&& damage) {
    Network bad = good;
    damage(bad);
    CHECK_ERROR(bad.validate(), ExitCode::bad_input, text);
  };
  CHECK_NOTHROW(good.validate());
  check("no layers", [](Network& n) { n.nodes.clear(); });
  check("metadata", [](Network& n) { n.metadata = 1; });
  check("layers.0: takes 10 inputs, but what it reads has 19",
        [](Network& n) { std::swap(n.nodes[0].layer, n.nodes[2].layer); });
  check("layers.2: takes 10 inputs, but layers.1 has 5", [](Network& n) { n.nodes[1].layer = n.nodes[2].layer; });
  check("layers.1: reads 1, which is no earlier layer", [](Network& n) { n.nodes[1].inputs = {1}; });
  check("layers.1: reads -2, which is no earlier layer", [](Network& n) { n.nodes[1].inputs = {-2}; });
  check("layers.2: reads nothing", [](Network& n) { n.nodes[2].inputs = {}; });
  check("layers.2: nothing reads it", [](Network& n) { n.outputs = {1}; });
  check("output 3 is no layer", [](Network& n) { n.outputs = {3}; });
  check("has no outputs", [](Network& n) { n.outputs = {}; });
  check("clip to 1..0", [](Network& n) {
    std::get<DenseLayer>(n.nodes[2].layer).activation = {Nonlinearity::clip, 1, 0};
  });
  check("layers.0.initial.cell: has 2 elements", [](Network& n) { lstm(n).initial_cell = {1, 2}; });
  check("layers.1.recurrent.f: element 3 is nan",
        [](Network& n) { lstm(n, 1).recurrent_weights[1].columns[3] = std::numeric_limits<float>::quiet_NaN(); });
  check("layers.0.bias.o: element 0 is -inf",
        [](Network& n) { lstm(n).bias[3][0] = -std::numeric_limits<float>::infinity(); });
  check("layers.0.bias.g: has 0 elements, expected 21", [](Network& n) { lstm(n).bias[2].clear(); });
  check("layers.0.peephole.o: has 20 elements", [](Network& n) { lstm(n).peephole[2].pop_back(); });
  check("layers.0.input.g: block size 8 differs",
        [](Network& n) { lstm(n).input_weights[2] = BlockMatrix(21, 19, 8); });
  check("layers.0.recurrent.i: is 21 x 21", [](Network& n) { lstm(n).recurrent_weights[0] = BlockMatrix(21, 21, 8); });
  check("layers.0.projection: is 10 x 20", [](Network& n) { lstm(n).projection = BlockMatrix(10, 20, 2); });
  check("layers.0.input.i: is 21 x 19 with 119 values",
        [](Network& n) { lstm(n).input_weights[0].columns.pop_back(); });
}

TEST_CASE("an infinite element would poison a GRU's extra bias too") {
  NetworkShape shape;
  shape.cell = CellKind::gru;
  Network network = random_network(shape);
  auto& gru = std::get<GruLayer>(network.nodes[0].layer);
  CHECK(gru.bias_hn.size() == 128);
  gru.bias_hn[5] = std::numeric_limits<float>::infinity();
  CHECK_ERROR(network.validate(), ExitCode::bad_input, "layers.0.bias.hn: element 5");
  gru.bias_hn.clear();
  CHECK_ERROR(network.validate(), ExitCode::bad_input, "layers.0.bias.hn: has 0 elements");
  gru.reset = Reset::before;
  CHECK_NOTHROW(network.validate());
}
