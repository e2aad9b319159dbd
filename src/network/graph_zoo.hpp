// Small networks that are no chains, one of each kind, for tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "network/random_network.hpp"

namespace erngen {

/// Draws layers; the numbers of one zoo follow from its seed.
class LayerDraw {
 public:
  explicit LayerDraw(std::uint64_t seed) : seed_(seed) {}

  LstmLayer lstm(int input, int hidden, int block = 1) {
    return recurrent<LstmLayer>(CellKind::lstm, input, hidden, block);
  }
  GruLayer gru(int input, int hidden, int block = 1, Reset reset = Reset::after) {
    return recurrent<GruLayer>(CellKind::gru, input, hidden, block, reset);
  }
  RnnLayer rnn(int input, int hidden, Activation activation, int block = 1) {
    GruLayer from = gru(input, hidden, block);
    for (float& w : from.recurrent_weights[0].columns) w *= 0.5f;  // also without an activation it stays bounded
    return {input, hidden, activation, {from.input_weights[0]}, {from.recurrent_weights[0]}, {from.bias[0]}, {}};
  }
  DenseLayer dense(int input, int output, Activation activation = {}, int block = 1) {
    const RnnLayer from = rnn(input, output, Nonlinearity::tanh, block);
    return {from.input_weights[0], from.bias[0], activation};
  }

 private:
  template <class LayerT>
  LayerT recurrent(CellKind cell, int input, int hidden, int block, Reset reset = Reset::after) {
    NetworkShape shape;
    shape.cell = cell;
    shape.input = input;
    shape.hidden = hidden;
    shape.reset = reset;
    shape.block.all = {block, block, block, block};
    shape.seed = ++seed_;
    return std::get<LayerT>(random_network(shape).nodes[0].layer);
  }

  std::uint64_t seed_;
};

/// Gives the recurrent layers states before a sequence's first frame; if only `some`, one in four stays zero.
inline void set_initial_states(Network& network, Rng& rng, bool some = false) {
  const auto draw = [&](int size, double limit) {
    std::vector<float> values(some && rng.below(4) == 0 ? 0 : static_cast<size_t>(size));
    for (float& v : values) v = static_cast<float>(rng.uniform(-limit, limit));
    return values;
  };
  for (Node& node : network.nodes)
    std::visit(
        [&](auto& layer) {
          if constexpr (requires { layer.initial_hidden; }) layer.initial_hidden = draw(layer.output(), 1);
          if constexpr (requires { layer.initial_cell; }) layer.initial_cell = draw(layer.hidden, 3);
        },
        node.layer);
}

/// Gives LSTM and GRU layers other functions: candidates and functions of the cell state of every kind, and hard gates
/// in all of them where no layer has a sigmoid.
inline void set_functions(Network& network, Rng& rng) {
  const Activation hard_tanh(Nonlinearity::clip, -1, 1), six(Nonlinearity::clip, 0, 6);
  const Activation candidates[] = {Nonlinearity::tanh, Nonlinearity::relu, {}, hard_tanh, six};
  const Activation hard(Nonlinearity::hard_sigmoid, 0.2f, 0.5f);
  bool sigmoid = rng.below(2);
  for (const Node& node : network.nodes)
    std::visit(
        [&](const auto& layer) {
          if constexpr (requires { layer.activation; }) sigmoid |= layer.activation == Nonlinearity::sigmoid;
          if constexpr (requires { layer.candidate; }) sigmoid |= layer.candidate == Nonlinearity::sigmoid;
        },
        node.layer);
  for (Node& node : network.nodes)
    std::visit(
        [&](auto& layer) {
          if constexpr (requires { layer.gate_activation; })
            if (!sigmoid) layer.gate_activation = hard;
          if constexpr (requires { layer.candidate; })
            if (layer.candidate == Nonlinearity::tanh) layer.candidate = candidates[rng.below(5)];
          if constexpr (requires { layer.cell_activation; })
            if (rng.below(2)) layer.cell_activation = candidates[rng.below(5)];
        },
        node.layer);
}

inline std::vector<std::pair<std::string, Network>> graph_zoo() {
  std::vector<std::pair<std::string, Network>> zoo;
  LayerDraw draw(7);
  const auto add = [&](const std::string& name, int input, std::vector<int> outputs, std::vector<Node> nodes) {
    Network network;
    network.input_size = input;
    network.nodes = std::move(nodes);
    network.outputs = std::move(outputs);
    network.validate();
    zoo.emplace_back(name, std::move(network));
  };
  constexpr int x = Node::network_input;
  add("residual to the input", 1, {2},
      {{draw.lstm(1, 8), {x}, ""}, {draw.dense(8, 1), {0}, ""}, {AddLayer{1}, {1, x}, ""}});
  add("residual stack", 8, {3},
      {{draw.gru(8, 8, 4), {x}, ""},
       {AddLayer{8}, {0, x}, ""},
       {draw.gru(8, 8, 4), {1}, ""},
       {AddLayer{8}, {2, 1}, ""}});
  add("heads", 6, {2, 1}, {{draw.gru(6, 10, 2), {x}, ""}, {draw.dense(10, 3), {0}, ""}, {draw.dense(10, 1), {0}, ""}});
  add("concatenation in blocks", 8, {2},
      {{draw.gru(8, 8, 4), {x}, ""}, {draw.gru(16, 12, 4), {0, x}, ""}, {draw.dense(20, 5, {}, 4), {0, 1}, ""}});
  add("concatenation across blocks", 6, {1, 2},
      {{draw.gru(6, 7, 2), {x}, ""}, {draw.gru(13, 6, 4), {0, x}, ""}, {draw.dense(13, 4, {}, 2), {0, 1}, ""}});
  add("plain recurrent layer", 5, {1}, {{draw.rnn(5, 9, Nonlinearity::none, 2), {x}, ""}, {draw.dense(9, 4), {0}, ""}});
  add("one vector twice", 4, {1}, {{draw.gru(4, 4), {x}, ""}, {AddLayer{4}, {0, 0, x}, ""}});
  add("sum of two layers", 4, {2},
      {{draw.dense(4, 6, {}, 2), {x}, ""},
       {draw.rnn(4, 6, Nonlinearity::none, 2), {x}, ""},
       {AddLayer{6}, {0, 1}, ""}});
  add("the output is read too", 5, {0, 1}, {{draw.lstm(5, 6, 2), {x}, ""}, {draw.dense(6, 3), {0}, ""}});
  add("every function", 5, {6},
      {{draw.dense(5, 6, Nonlinearity::relu, 2), {x}, ""},
       {draw.dense(6, 6, {Nonlinearity::leaky_relu, 0.125f}, 2), {0}, ""},
       {draw.rnn(6, 6, {Nonlinearity::hard_sigmoid, 0.2f, 0.5f}, 2), {1}, ""},
       {draw.dense(6, 6, Nonlinearity::sigmoid), {2}, ""},
       {draw.rnn(6, 6, Nonlinearity::tanh), {3}, ""},
       {draw.dense(6, 6, {Nonlinearity::clip, -1, 1}), {4}, ""},
       {AddLayer{6, {Nonlinearity::leaky_relu, 0.01f}}, {3, 5}, ""}});
  LstmLayer hard = draw.lstm(4, 5, 2);
  hard.gate_activation = {Nonlinearity::hard_sigmoid, 0.2f, 0.5f};
  hard.candidate = hard.cell_activation = {Nonlinearity::clip, -1, 1};
  for (auto& peephole : hard.peephole) peephole.assign(5, 0.25f);
  GruLayer keras = draw.gru(5, 6, 2, Reset::before);
  keras.gate_activation = {Nonlinearity::hard_sigmoid, 1 / 6.0f, 0.45f};
  keras.candidate = {Nonlinearity::clip, -1, 1};
  for (auto& bias : keras.bias) bias.clear();
  GruLayer torch = draw.gru(6, 4, 2);
  torch.gate_activation = keras.gate_activation;
  torch.candidate = keras.candidate;
  add("hard gates", 4, {2}, {{hard, {x}, ""}, {keras, {0}, ""}, {torch, {1}, ""}});
  LstmLayer both = draw.lstm(4, 5, 2);
  both.gate_activation = both.candidate = {Nonlinearity::hard_sigmoid, 0.2f, 0.5f};
  for (auto& peephole : both.peephole) peephole.assign(5, 0.25f);
  add("hard candidate", 4, {0}, {{both, {x}, ""}});
  add("leaky recurrent layer", 3, {0}, {{draw.rnn(3, 5, {Nonlinearity::leaky_relu, 0.3f}, 2), {x}, ""}});
  Rng states(3);
  add("initial states", 4, {4},
      {{draw.lstm(4, 5, 2), {x}, ""},
       {draw.gru(5, 6, 4), {0}, ""},
       {draw.gru(6, 7, 2, Reset::before), {1}, ""},
       {draw.rnn(7, 5, Nonlinearity::tanh), {2}, ""},
       {draw.dense(5, 3), {3}, ""}});
  add("initial states, hard gates", 4, {3},
      {{hard, {x}, ""},
       {keras, {0}, ""},
       {torch, {1}, ""},
       {draw.rnn(4, 5, {Nonlinearity::leaky_relu, 0.3f}, 2), {2}, ""}});
  Network functions = zoo[zoo.size() - 2].second;
  set_functions(functions, states);
  add("other functions", 4, functions.outputs, functions.nodes);
  for (size_t n = zoo.size() - 3; n < zoo.size(); ++n) set_initial_states(zoo[n].second, states);
  return zoo;
}

}  // namespace erngen
