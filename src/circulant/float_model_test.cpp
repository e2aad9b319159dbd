// The float model against the cells' textbook equations in dense Eigen matrices.
#include "base/check_error.hpp"

#include <cmath>

#include <Eigen/Dense>

#include "base/random.hpp"
#include "circulant/float_model.hpp"
#include "network/directions.hpp"
#include "network/graph_zoo.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"

using namespace erngen;
using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd dense(const BlockMatrix& m) {
  return MatrixXd::NullaryExpr(m.rows, m.cols, [&](Eigen::Index r, Eigen::Index c) {
    return m.element(static_cast<int>(r), static_cast<int>(c));
  });
}

ArrayXd vec(const std::vector<float>& v, int size) {
  if (v.empty()) return ArrayXd::Zero(size);
  return Eigen::Map<const Eigen::ArrayXf>(v.data(), size).cast<double>();
}

ArrayXd sigma(const ArrayXd& z) { return (1 + (-z).exp()).inverse(); }

/// One stream through one layer, [frames] in and out.
ArrayXd apply(const Activation& f, const ArrayXd& z) {
  switch (f.kind) {
    case Nonlinearity::none: return z;
    case Nonlinearity::relu: return z.max(0.0);
    case Nonlinearity::clip: return z.max(f.alpha).min(f.beta);
    case Nonlinearity::leaky_relu: return (z > 0).select(z, f.alpha * z);
    case Nonlinearity::sigmoid: return sigma(z);
    case Nonlinearity::tanh: return z.tanh();
    case Nonlinearity::hard_sigmoid: return (f.alpha * z + f.beta).max(0.0).min(1.0);
  }
  return z;
}

std::vector<VectorXd> oracle(const LstmLayer& l, const std::vector<VectorXd>& frames) {
  ArrayXd c = vec(l.initial_cell, l.hidden);
  VectorXd y = vec(l.initial_hidden, l.output());
  std::vector<VectorXd> result;
  for (const VectorXd& x : frames) {
    const auto z = [&](int gate) -> ArrayXd {
      return (dense(l.input_weights[gate]) * x + dense(l.recurrent_weights[gate]) * y).array() +
             vec(l.bias[gate], l.hidden);
    };
    const ArrayXd i = apply(l.gate_activation, z(0) + vec(l.peephole[0], l.hidden) * c);
    const ArrayXd f = apply(l.gate_activation, z(1) + vec(l.peephole[1], l.hidden) * c);
    const ArrayXd g = apply(l.candidate, z(2));
    c = f * c + i * g;
    const ArrayXd o = apply(l.gate_activation, z(3) + vec(l.peephole[2], l.hidden) * c);
    const VectorXd m = o * apply(l.cell_activation, c);
    y = l.projection ? VectorXd(dense(*l.projection) * m) : m;
    result.push_back(y);
  }
  return result;
}

std::vector<VectorXd> oracle(const GruLayer& l, const std::vector<VectorXd>& frames) {
  VectorXd h = vec(l.initial_hidden, l.hidden);
  std::vector<VectorXd> result;
  for (const VectorXd& x : frames) {
    const auto wx = [&](int gate) -> ArrayXd {
      return (dense(l.input_weights[gate]) * x).array() + vec(l.bias[gate], l.hidden);
    };
    const auto u = [&](int gate, const VectorXd& v) -> ArrayXd { return dense(l.recurrent_weights[gate]) * v; };
    const ArrayXd r = apply(l.gate_activation, wx(0) + u(0, h)), z = apply(l.gate_activation, wx(1) + u(1, h));
    const ArrayXd inner =
        l.reset == Reset::before ? u(2, (r * h.array()).matrix()) : ArrayXd(r * (u(2, h) + vec(l.bias_hn, l.hidden)));
    const ArrayXd n = apply(l.candidate, wx(2) + inner);
    h = (1 - z) * n + z * h.array();
    result.push_back(h);
  }
  return result;
}

std::vector<VectorXd> oracle(const DenseLayer& l, const std::vector<VectorXd>& frames) {
  std::vector<VectorXd> result;
  for (const VectorXd& x : frames)
    result.push_back(apply(l.activation, (dense(l.weights) * x).array() + vec(l.bias, l.output())));
  return result;
}

std::vector<VectorXd> oracle(const RnnLayer& l, const std::vector<VectorXd>& frames) {
  VectorXd h = vec(l.initial_hidden, l.hidden);
  std::vector<VectorXd> result;
  for (const VectorXd& x : frames) {
    h = apply(l.activation,
              (dense(l.input_weights[0]) * x + dense(l.recurrent_weights[0]) * h).array() + vec(l.bias[0], l.hidden));
    result.push_back(h);
  }
  return result;
}

/// Its inputs lie one behind the other.
std::vector<VectorXd> oracle(const AddLayer& l, const std::vector<VectorXd>& frames) {
  std::vector<VectorXd> result;
  for (const VectorXd& x : frames)
    result.push_back(apply(l.activation, x.reshaped(l.size, x.size() / l.size).rowwise().sum()));
  return result;
}

Array random_input(std::vector<int> shape, std::uint64_t seed) {
  Rng rng(seed);
  size_t size = 1;
  for (const int extent : shape) size *= extent;
  Array x{std::move(shape), std::vector<float>(size)};
  for (float& value : x.values) value = static_cast<float>(rng.normal());
  return x;
}

/// The largest difference over the largest value, all streams and frames. Layers that are not forward have a direction.
double relative_difference(const Network& network, const Array& x, const Array& y,
                           const std::vector<Direction>& directions = {}) {
  const int frames = x.shape[x.shape.size() - 2], streams = x.shape.size() == 3 ? x.shape[0] : 1;
  double worst = 0, largest = 0;
  size_t from = 0, to = 0;
  for (int s = 0; s < streams; ++s) {
    std::vector<VectorXd> v;
    for (int t = 0; t < frames; ++t, from += network.input())
      v.push_back(Eigen::Map<const Eigen::VectorXf>(x.values.data() + from, network.input()).cast<double>());
    std::map<int, std::vector<VectorXd>> value{{Node::network_input, v}};
    const auto join = [&](const std::vector<int>& sources) {
      std::vector<VectorXd> joined(v.size());
      for (size_t t = 0; t < v.size(); ++t)
        for (const int source : sources) {
          const VectorXd head = joined[t];
          joined[t].resize(head.size() + value[source][t].size());
          joined[t] << head, value[source][t];
        }
      return joined;
    };
    for (size_t n = 0; n < network.nodes.size(); ++n) {
      const Direction direction = directions.empty() ? Direction::forward : directions[n];
      std::vector<VectorXd> in = join(network.nodes[n].inputs);
      if (direction == Direction::backward) std::ranges::reverse(in);
      std::vector<VectorXd>& out = value[static_cast<int>(n)];
      out = std::visit([&](const auto& l) { return oracle(l, in); }, network.nodes[n].layer);
      if (direction != Direction::forward) std::ranges::reverse(out);
    }
    v = join(network.outputs);
    for (const VectorXd& frame : v)
      for (const double expected : frame) {
        worst = std::max(worst, std::fabs(expected - y.values.at(to++)));
        largest = std::max(largest, std::fabs(expected));
      }
  }
  CHECK(to == y.values.size());
  return worst / largest;
}

}  // namespace

TEST_CASE("every kind of layer agrees with a dense oracle to 1e-6 relative") {
  int count = 0;
  for (int variant = 0; variant < 48; ++variant) {
    NetworkShape shape;
    shape.seed = variant + 1;
    shape.cell = variant % 3 == 2 ? CellKind::gru : CellKind::lstm;
    shape.input = 5 + variant % 7;
    shape.hidden = 9 + variant % 11;
    shape.layers = 1 + variant % 2;
    shape.dense = variant % 4 == 1 ? 3 : 0;
    shape.bias = variant % 8 != 7;
    shape.block.all = {1 << variant % 4, 1 << (variant / 2) % 6, 1 << (variant / 3) % 5, 1 << variant % 3};
    if (shape.cell == CellKind::gru) {
      shape.reset = variant & 1 ? Reset::before : Reset::after;
    } else {
      shape.peephole = variant & 4;
      shape.projection = variant & 2 ? 6 : 0;
      shape.candidate = variant & 8 ? Nonlinearity::sigmoid : Nonlinearity::tanh;
    }
    CAPTURE(variant);
    const Network network = random_network(shape);
    FloatModel model(network);
    const Array x = random_input({3, 12, shape.input}, 100 + variant);
    const Array y = model.run(x);
    CHECK(y.shape == std::vector<int>{3, 12, network.output()});
    CHECK(relative_difference(network, x, y) < 1e-6);
    ++count;
  }
  CHECK(count == 48);
}

TEST_CASE("branches, sums, concatenations and several outputs agree with the oracle") {
  int count = 0;
  for (const auto& [name, network] : graph_zoo()) {
    const auto& shown_name = name;
    CAPTURE(shown_name);
    FloatModel model(network);
    const Array x = random_input({2, 9, network.input()}, 17);
    CHECK(relative_difference(network, x, model.run(x)) < 1e-6);
    ++count;
  }
  CHECK(count >= 9);
}

TEST_CASE("networks in both directions, made to run frame by frame, agree with whole sequences") {
  int count = 0, most_passes = 0, split = 0;
  Rng rng(5);
  for (int round = 0; round < 12; ++round) {
    auto networks = graph_zoo();
    LayerDraw draw(static_cast<std::uint64_t>(round) + 50);
    Network both;
    both.input_size = 5;
    constexpr int in = Node::network_input;
    both.nodes = {{draw.lstm(5, 4, 2), {in}, ""},
                  {draw.gru(5, 4, 2), {in}, ""},
                  {draw.dense(13, 5, {}, 2), {0, 1, in}, ""},
                  {AddLayer{5}, {2, in}, ""}};
    both.outputs = {3};
    networks.emplace_back("both directions", both);
    for (auto& [name, network] : networks) {
      const auto& shown_name = name;
      CAPTURE(shown_name);
      CAPTURE(round);
      std::vector<Direction> directions;
      for (const Node& node : network.nodes)
        directions.push_back(is_recurrent(node.layer) && rng.below(2) ? Direction::backward : Direction::forward);
      if (round % 3 == 0) {  // what comes out of a layer, or goes in, in the other order
        const int source = static_cast<int>(rng.below(network.nodes.size()));
        network.outputs.push_back(network.add(AddLayer{network.size_of(source)}, {source}));
        directions.push_back(Direction::flipped);
        network.outputs.push_back(network.add(AddLayer{network.input()}, {Node::network_input}));
        directions.push_back(Direction::flipped);
      }
      Network streaming;
      try {
        streaming = streaming_network(network, directions);
      } catch (const Error& error) {
        CHECK(error.kind() == ExitCode::unsupported);  // blocks across both directions
        CHECK(network.max_block() > 1);
        continue;
      }
      const Array x = random_input({2, 9, network.input()}, 17);
      FloatModel model(streaming);
      CHECK(relative_difference(network, x, model.run(x), directions) < 1e-6);
      ++count;
      most_passes = std::max(most_passes, streaming.passes());
      split += std::ranges::any_of(streaming.result, [](const ResultPart& part) { return part.sum.size() > 1; });
    }
  }
  CHECK(count > 150);
  CHECK(most_passes > 2);
  CHECK(split > 3);
}

TEST_CASE("a network of realistic size stays within 1e-6 over many frames") {
  NetworkShape shape;
  shape.input = 39;
  shape.hidden = 96;
  shape.peephole = true;
  shape.projection = 48;
  shape.layers = 2;
  shape.dense = 11;
  const Network network = random_network(shape);
  FloatModel model(network);
  const Array x = random_input({60, 39}, 1);
  const Array y = model.run(x);
  CHECK(y.shape == std::vector<int>{60, 11});
  CHECK(relative_difference(network, x, y) < 1e-6);
}

TEST_CASE("network files written by others compute what ONNX Runtime computes (tools/make_network_fixtures.py)") {
  for (const std::string name :
       {"lstm_peephole", "lstm_sigmoid", "lstm_all", "gru_before", "gru_before_dense", "gru_after"}) {
    CAPTURE(name);
    const std::string file = std::string(FIXTURES) + "/" + name;
    const Array y = FloatModel(read_network(file + ".net")).run(read_npy(file + ".x.npy"));
    const Array expected = read_npy(file + ".y.npy");
    REQUIRE(y.shape == expected.shape);
    double worst = 0, largest = 0;
    for (size_t n = 0; n < y.size(); ++n) {
      worst = std::max(worst, std::fabs(static_cast<double>(y.values[n]) - expected.values[n]));
      largest = std::max(largest, std::fabs(static_cast<double>(expected.values[n])));
    }
    CHECK(largest > 0.3);
    CHECK(worst / largest < 1e-5);
  }
}

TEST_CASE("streams are independent and state is kept between frames") {
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.input = 4;
  shape.hidden = 8;
  const Network network = random_network(shape);
  FloatModel model(network);
  const Array two = random_input({2, 5, 4}, 2);
  const Array y = model.run(two);
  const Array second{{5, 4}, {two.values.begin() + 20, two.values.end()}};
  CHECK(model.run(second).values == std::vector<float>(y.values.begin() + 40, y.values.end()));
  // Frame by frame, without a reset between them.
  model.reset();
  const std::vector<double> x(second.values.begin(), second.values.end());
  std::vector<float> kept;
  for (int t = 0; t < 5; ++t)
    for (const double value : model.step(std::span(x).subspan(4 * t, 4))) kept.push_back(static_cast<float>(value));
  CHECK(kept == std::vector<float>(y.values.begin() + 40, y.values.end()));
  // With a reset the second frame comes out differently: the state matters.
  model.reset();
  CHECK(static_cast<float>(model.step(std::span(x).subspan(4, 4))[0]) != kept[8]);
}

TEST_CASE("progress counts every frame, and wrong shapes are refused") {
  NetworkShape shape;
  shape.input = 4;
  shape.hidden = 8;
  FloatModel model(random_network(shape));
  size_t calls = 0, last = 0;
  model.run(random_input({2, 3, 4}, 1), "x", [&](size_t done, size_t total) {
    ++calls;
    last = done;
    CHECK(total == 6);
  });
  CHECK(calls == 6);
  CHECK(last == 6);
  CHECK_ERROR(model.run(random_input({3, 5}, 1), "x.npy"), ExitCode::bad_input,
              "x.npy: frames have 5 elements, the network takes 4");
}
