#include "random_graphs.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "base/error.hpp"
#include "network/directions.hpp"
#include "network/graph_zoo.hpp"
#include "network/layer_json.hpp"

namespace erngen {
namespace {

template <class T>
T pick(Rng& rng, std::initializer_list<T> values) {
  return values.begin()[rng.below(values.size())];
}

Activation random_activation(Rng& rng) {
  const Activation clip(Nonlinearity::clip, pick(rng, {-1.0f, 0.0f, -0.3f}), pick(rng, {1.0f, 6.0f, 0.4f}));
  const Activation hard(Nonlinearity::hard_sigmoid, pick(rng, {0.2f, 0.25f, 1.5f}), pick(rng, {0.5f, 0.4f}));
  const Activation leaky(Nonlinearity::leaky_relu, pick(rng, {0.125f, 0.01f, -0.5f}));
  return pick<Activation>(rng, {{}, Nonlinearity::relu, Nonlinearity::sigmoid, Nonlinearity::tanh, clip, hard, leaky});
}

class Draw {
 public:
  Draw(int input, Rng& rng) : rng_(rng), layers_(rng.below(1u << 30)) { network_.input_size = input; }

  Network network() {
    const int count = static_cast<int>(rng_.between(2, 5));
    for (int n = 0; n < count; ++n) add(n);
    std::vector<bool> read(network_.nodes.size());
    for (const Node& node : network_.nodes)
      for (const int input : node.inputs)
        if (input >= 0) read[static_cast<size_t>(input)] = true;
    for (int n = 0; n < count; ++n)
      if (!read[static_cast<size_t>(n)] || rng_.below(8) == 0) network_.outputs.push_back(n);
    if (network_.outputs.size() > 1 && rng_.below(2)) std::reverse(network_.outputs.begin(), network_.outputs.end());
    network_.validate();
    return std::move(network_);
  }

 private:
  void add(int n) {
    if (n > 0 && rng_.below(4) == 0 && add_sum(n)) return;
    std::vector<int> inputs{n - 1};
    if (rng_.below(4) == 0) inputs = {static_cast<int>(rng_.between(-1, n - 1))};
    if (rng_.below(3) == 0) inputs.push_back(static_cast<int>(rng_.between(-1, n - 1)));
    int size = 0;
    for (const int input : inputs) size += network_.size_of(input);
    const int block = pick(rng_, {1, 2, 4, 4, 8});
    const int cells = static_cast<int>(rng_.between(1, 24));
    switch (rng_.below(5)) {
      case 0: network_.add(layers_.lstm(size, cells, block), inputs); break;
      case 1:
        network_.add(layers_.gru(size, cells, block, rng_.below(2) ? Reset::before : Reset::after), inputs);
        break;
      case 2: network_.add(layers_.rnn(size, cells, random_activation(rng_), block), inputs); break;
      default: network_.add(layers_.dense(size, cells, random_activation(rng_), block), inputs);
    }
  }

  /// A sum of earlier vectors of equal size, if there are any.
  bool add_sum(int n) {
    const int size = network_.size_of(n - 1);
    std::vector<int> inputs{n - 1};
    for (int other = -1; other < n; ++other)
      if (network_.size_of(other) == size && rng_.below(2)) inputs.push_back(other);
    if (inputs.size() == 1) return false;
    network_.add(AddLayer{size, rng_.below(2) ? Activation() : random_activation(rng_)}, inputs);
    return true;
  }

  Rng& rng_;
  LayerDraw layers_;
  Network network_;
};

/// One graph in three with layers that run from the last frame of a sequence to the first. The draw follows from the
/// network, so that the others are those they would be without it.
Network in_both_directions(Network network) {
  std::uint32_t seed = 0;
  for_each_matrix(network, [&](const std::string&, const BlockMatrix& m) {
    seed = 31 * seed + std::bit_cast<std::uint32_t>(m.columns.front());
  });
  Rng rng(seed);
  if (rng.below(3) > 0) return network;
  std::vector<Direction> directions;
  for (const Node& node : network.nodes)
    directions.push_back(is_recurrent(node.layer) && rng.below(2) ? Direction::backward : Direction::forward);
  try {
    return streaming_network(network, directions);
  } catch (const Error&) {  // blocks across both directions
    return network;
  }
}

}  // namespace

Network random_graph(int input, Rng& rng) { return in_both_directions(Draw(input, rng).network()); }

std::string graph_text(const Network& network) {
  std::string text;
  for (const Node& node : network.nodes) {
    text += fmt::format("{} {}-{}", kind_name(node.layer), input_size(node.layer), output_size(node.layer));
    std::visit(
        [&](const auto& l) {
          if constexpr (requires { l.reset; }) text += l.reset == Reset::before ? " before" : " after";
          if constexpr (requires { l.activation; })
            if (l.activation != Activation()) text += " " + activation_name(l.activation);
          if constexpr (requires { l.weights; })
            text += fmt::format(" k={}", l.weights.block);
          else if constexpr (requires { l.input_weights; })
            text += fmt::format(" k={}", l.input_weights[0].block);
        },
        node.layer);
    std::string inputs;
    for (const int input : node.inputs)
      inputs += fmt::format("{}{}", inputs.empty() ? "" : " ",
                            input < 0 ? part_name(Node::part_number(input)) : std::to_string(input));
    text += fmt::format(" ({}) | ", inputs);
  }
  text += "out";
  for (const int output : network.outputs) text += fmt::format(" {}", output);
  return text;
}

}  // namespace erngen
