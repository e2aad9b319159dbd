// The phase graph in real numbers against the layers' definitions.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "base/check_error.hpp"
#include "cell/real_model.hpp"
#include "cell/test_networks.hpp"
#include "circulant/float_model.hpp"
#include "network/graph_zoo.hpp"
#include "ops/lowering.hpp"

using namespace erngen;

TEST_CASE("the lowered network computes what the network means") {
  std::vector<std::pair<std::string, Network>> networks = graph_zoo();
  for (const auto& [name, shape] : network_zoo()) networks.emplace_back(name, random_network(shape));
  for (const auto& [name, network] : networks) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const Graph<double> graph = lower(network);
    FloatModel expected(network);
    RealModel actual(graph);
    CHECK(graph.input_size() == network.input());
    CHECK(graph.output_size() == network.output());
    const Array x = random_frames({2, 30, network.input()}, 7);
    double error = 0, power = 0;
    for (int stream = 0; stream < 2; ++stream) {
      expected.reset();
      actual.reset();
      for (int t = 0; t < 30; ++t) {
        const float* frame = x.values.data() + (stream * 30 + t) * network.input();
        const std::vector<double> in(frame, frame + network.input());
        const auto want = expected.step(in);
        const auto got = actual.step(in, {});
        REQUIRE(got.size() == want.size());
        for (size_t i = 0; i < got.size(); ++i) {
          error = std::max(error, std::abs(got[i] - want[i]));
          power = std::max(power, std::abs(want[i]));
        }
      }
    }
    CHECK(power > 0.01);
    CHECK(error < 1e-9 * power);
  }
}

TEST_CASE("what the cells cannot compute is refused by name") {
  LayerDraw draw(5);
  const auto refused = [](auto layer, const char* text) {
    Network network;
    network.input_size = 4;
    network.append(layer, "voice");
    CHECK_ERROR(lower(network), ExitCode::unsupported, text);
  };
  LstmLayer lstm = draw.lstm(4, 5);
  lstm.candidate = {Nonlinearity::leaky_relu, 0.1f};
  refused(lstm, "layers.0 (voice): a candidate with leaky_relu(0.1): the engine has");
  lstm.candidate = Nonlinearity::relu;
  lstm.cell_activation = Nonlinearity::sigmoid;
  refused(lstm, "a function of the cell state");
  GruLayer gru = draw.gru(4, 5);
  gru.gate_activation = Nonlinearity::relu;
  refused(gru, "gates with relu: the engine has sigmoid and hard sigmoid");
  gru.gate_activation = {Nonlinearity::hard_sigmoid, 0.2f, 0.5f};
  Network both;
  both.input_size = 4;
  both.append(draw.gru(4, 4));
  both.append(gru);
  std::get<GruLayer>(both.nodes[1].layer).input = 4;
  CHECK_ERROR(lower(both), ExitCode::unsupported, "hard_sigmoid beside sigmoid");
}

TEST_CASE("vectors are produced once, before they are read, and known by name") {
  for (const auto& [name, shape] : network_zoo()) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const Graph<double> graph = lower(random_network(shape));
    std::set<int> ready{0};
    std::set<std::string> names;
    for (const Vector& vector : graph.vectors) CHECK(names.insert(vector.name).second);
    for (const auto& phase : graph.phases) {
      for (const auto& part : phase.parts)
        for (const auto& term : part.terms) {
          CHECK((term.previous ? graph.vectors[term.vector].recurrent : ready.contains(term.vector)));
          CHECK(graph.vectors[term.vector].spectra[term.spectrum].block == part.block);
          CHECK(static_cast<int>(term.matrices.size()) == gate_count(phase.op));
        }
      if (!phase.operation().leaves_sums) CHECK(ready.insert(phase.output).second);
    }
    CHECK(ready.size() == graph.vectors.size());
  }
}
