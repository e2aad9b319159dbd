#include "network/network.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace erngen {
namespace {

constexpr int max_size = 65536;                     // of a vector
constexpr std::int64_t max_parameters = 1ll << 28;  // of a matrix: 1 GiB of float32

/// Checks one layer; `prefix` is "layers.N".
class LayerCheck {
 public:
  explicit LayerCheck(std::string prefix) : prefix_(std::move(prefix)) {}

  void operator()(const LstmLayer& layer) const {
    size("input", layer.input);
    size("hidden", layer.hidden);
    if (layer.projection) matrix("projection", *layer.projection, layer.projection->rows, layer.hidden);
    family("input", layer.input_weights, layer.gate_names, layer.hidden, layer.input);
    family("recurrent", layer.recurrent_weights, layer.gate_names, layer.hidden, layer.output());
    vectors("bias", layer.bias, layer.gate_names, layer.has_bias() ? layer.hidden : 0);
    constexpr std::array<const char*, 3> peephole_names{"i", "f", "o"};
    vectors("peephole", layer.peephole, peephole_names, layer.has_peephole() ? layer.hidden : 0);
    activation("gate activation", layer.gate_activation);
    activation("candidate", layer.candidate);
    activation("cell activation", layer.cell_activation);
    initial("hidden", layer.initial_hidden, layer.output());
    initial("cell", layer.initial_cell, layer.hidden);
  }

  void operator()(const GruLayer& layer) const {
    size("input", layer.input);
    size("hidden", layer.hidden);
    family("input", layer.input_weights, layer.gate_names, layer.hidden, layer.input);
    family("recurrent", layer.recurrent_weights, layer.gate_names, layer.hidden, layer.hidden);
    vectors("bias", layer.bias, layer.gate_names, layer.has_bias() ? layer.hidden : 0);
    vector("bias.hn", layer.bias_hn, layer.has_bias() && layer.reset == Reset::after ? layer.hidden : 0);
    activation("gate activation", layer.gate_activation);
    activation("candidate", layer.candidate);
    initial("hidden", layer.initial_hidden, layer.hidden);
  }

  void operator()(const RnnLayer& layer) const {
    size("input", layer.input);
    size("hidden", layer.hidden);
    family("input", layer.input_weights, layer.gate_names, layer.hidden, layer.input);
    family("recurrent", layer.recurrent_weights, layer.gate_names, layer.hidden, layer.hidden);
    vectors("bias", layer.bias, layer.gate_names, layer.has_bias() ? layer.hidden : 0);
    activation("activation", layer.activation);
    initial("hidden", layer.initial_hidden, layer.hidden);
  }

  void operator()(const DenseLayer& layer) const {
    size("input", layer.weights.cols);
    size("output", layer.weights.rows);
    matrix("weight", layer.weights, layer.weights.rows, layer.weights.cols);
    vector("bias", layer.bias, layer.bias.empty() ? 0 : layer.weights.rows);
    activation("activation", layer.activation);
  }

  void operator()(const AddLayer& layer) const {
    size("size", layer.size);
    activation("activation", layer.activation);
  }

 private:
  void size(const char* name, int value) const {
    if (value < 1 || value > max_size)
      throw bad_input(fmt::format("{}: {} size {} is outside 1..{}", prefix_, name, value, max_size));
  }

  void activation(const char* name, const Activation& value) const {
    check_activation(value, fmt::format("{}: {}", prefix_, name));
  }

  void initial(const char* name, const std::vector<float>& values, int expected) const {
    vector(fmt::format("initial.{}", name), values, values.empty() ? 0 : expected);
  }

  void finite(const std::string& name, const std::vector<float>& values) const {
    for (size_t n = 0; n < values.size(); ++n)
      if (!std::isfinite(values[n]))
        throw bad_input(fmt::format("{}.{}: element {} is {}, not a finite number", prefix_, name, n, values[n]),
                        "a network with such a weight is not trained: look for a diverged training run");
  }

  void vector(const std::string& name, const std::vector<float>& values, int expected) const {
    if (values.size() != static_cast<size_t>(expected))
      throw bad_input(fmt::format("{}.{}: has {} elements, expected {}", prefix_, name, values.size(), expected));
    finite(name, values);
  }

  void matrix(const std::string& name, const BlockMatrix& m, int rows, int cols) const {
    const size_t count = BlockMatrix::parameter_count(m.rows, m.cols, m.block);
    if (m.rows != rows || m.cols != cols || m.columns.size() != count)
      throw bad_input(fmt::format("{}.{}: is {} x {} with {} values, expected {} x {} with {}", prefix_, name, m.rows,
                                  m.cols, m.columns.size(), rows, cols, count));
    finite(name, m.columns);
  }

  template <class Matrices, class Names>
  void family(const std::string& name, const Matrices& matrices, const Names& gates, int rows, int cols) const {
    for (size_t gate = 0; gate < gates.size(); ++gate) {
      const std::string full = name + "." + gates[gate];
      matrix(full, matrices[gate], rows, cols);
      if (matrices[gate].block != matrices[0].block)
        throw bad_input(fmt::format("{}.{}: block size {} differs from the {} of {}.{}", prefix_, full,
                                    matrices[gate].block, matrices[0].block, name, gates[0]),
                        "all gates of a layer's " + name + " matrices share one block size");
    }
  }

  template <class Vectors, class Names>
  void vectors(const std::string& name, const Vectors& values, const Names& gates, int expected) const {
    for (size_t gate = 0; gate < gates.size(); ++gate) vector(name + "." + gates[gate], values[gate], expected);
  }

  std::string prefix_;
};

size_t vector_parameters(const Layer& layer) {
  return std::visit(
      [](const auto& l) {
        size_t count = 0;
        if constexpr (requires { l.weights; }) {
          count += l.bias.size();
        } else if constexpr (requires { l.bias; }) {
          for (const auto& bias : l.bias) count += bias.size();
        }
        if constexpr (requires { l.peephole; })
          for (const auto& peephole : l.peephole) count += peephole.size();
        if constexpr (requires { l.bias_hn; }) count += l.bias_hn.size();
        if constexpr (requires { l.initial_hidden; }) count += l.initial_hidden.size();
        if constexpr (requires { l.initial_cell; }) count += l.initial_cell.size();
        return count;
      },
      layer);
}

}  // namespace

BlockMatrix::BlockMatrix(int rows_, int cols_, int block_)
    : rows(rows_), cols(cols_), block(block_), columns(parameter_count(rows_, cols_, block_)) {}

size_t BlockMatrix::parameter_count(int rows, int cols, int block) {
  if (rows < 1 || cols < 1 || rows > max_size || cols > max_size)
    throw bad_input(fmt::format("a matrix of {} x {}: sizes must be 1..{}", rows, cols, max_size));
  if (!is_power_of_two(block) || block > 64)
    throw bad_input(fmt::format("block size {}: must be 1, 2, 4, 8, 16, 32 or 64", block));
  const std::int64_t count = std::int64_t{ceil_div(rows, block)} * ceil_div(cols, block) * block;
  if (count > max_parameters)
    throw bad_input(fmt::format("a matrix of {} x {} in blocks of {} has {} parameters, more than {}", rows, cols,
                                block, count, max_parameters));
  return static_cast<size_t>(count);
}

float BlockMatrix::element(int r, int c) const { return at(r / block, c / block)[(r - c) & (block - 1)]; }

int input_size(const Layer& layer) {
  return std::visit(
      [](const auto& l) {
        if constexpr (requires { l.weights; })
          return l.weights.cols;
        else if constexpr (requires { l.input; })
          return l.input;
        else
          return l.size;
      },
      layer);
}

int output_size(const Layer& layer) {
  return std::visit([](const auto& l) { return l.output(); }, layer);
}

const char* kind_name(const Layer& layer) {
  constexpr std::array<const char*, 5> names{"lstm", "gru", "dense", "rnn", "add"};
  return names[layer.index()];
}

bool is_recurrent(const Layer& layer) {
  return std::visit(
      [](const auto& l) {
        return requires { l.recurrent_weights; };
      },
      layer);
}

int Network::add(Layer layer, std::vector<int> inputs, std::string name) {
  nodes.push_back({std::move(layer), std::move(inputs), std::move(name)});
  return static_cast<int>(nodes.size()) - 1;
}

void Network::append(Layer layer, std::string name) {
  const int last = nodes.empty() ? Node::network_input : static_cast<int>(nodes.size()) - 1;
  if (nodes.empty()) input_size = erngen::input_size(layer);
  outputs = {add(std::move(layer), {last}, std::move(name))};
}

int Network::size_of(int index) const {
  if (index >= 0) return output_size(nodes[static_cast<size_t>(index)].layer);
  return frame.empty() ? input_size : frame[static_cast<size_t>(Node::part_number(index))].size;
}

int Network::input_of(const Node& node) const {
  int size = 0;
  for (const int input : node.inputs)
    size = std::holds_alternative<AddLayer>(node.layer) ? size_of(input) : size + size_of(input);
  return size;
}

int Network::output_elements() const {
  int size = 0;
  for (const int output : outputs) size += size_of(output);
  return size;
}

int Network::output() const {
  if (result.empty()) return output_elements();
  int size = 0;
  for (const ResultPart& part : result) size += part.size;
  return size;
}

std::vector<FramePart> Network::frame_parts() const {
  return frame.empty() ? std::vector{FramePart{input_size}} : frame;
}

std::vector<int> Network::frame_offsets() const {
  const int block = max_block();
  std::vector<int> offsets;
  int at = 0;
  for (const FramePart& part : frame_parts()) {
    offsets.push_back(at);
    at += ceil_div(part.size, block) * block;
  }
  return offsets;
}

int Network::frame_size() const { return frame_offsets().back() + frame_parts().back().size; }

bool Network::last_step_suffices() const {
  return last_frame_only &&
         std::ranges::all_of(frame, [](const FramePart& part) { return part.output == FramePart::of_input; }) &&
         std::ranges::all_of(result, [](const ResultPart& part) {
           return std::ranges::none_of(part.sum, &ResultPart::Summand::mirrored);
         });
}

int Network::passes() const {
  // The pass in which a part of the frame, a node and an output are right for the first time.
  std::vector<int> parts(frame.size(), 0);
  std::vector<int> of_node(nodes.size());
  const auto pass_of = [&](int index) {
    if (index >= 0) return of_node[static_cast<size_t>(index)];
    return frame.empty() ? 0 : parts[static_cast<size_t>(Node::part_number(index))];
  };
  for (size_t round = 0; round <= frame.size(); ++round) {
    for (size_t n = 0; n < nodes.size(); ++n) {
      of_node[n] = 0;
      for (const int input : nodes[n].inputs) of_node[n] = std::max(of_node[n], pass_of(input));
    }
    bool settled = true;
    for (size_t p = 0; p < frame.size(); ++p) {
      if (frame[p].output == FramePart::of_input) continue;
      int latest = 0, at = 0;
      for (const int output : outputs) {
        const int end = at + size_of(output);
        if (at < frame[p].output + frame[p].size && frame[p].output < end) latest = std::max(latest, pass_of(output));
        at = end;
      }
      settled = settled && parts[p] == latest + 1;
      parts[p] = latest + 1;
    }
    if (!settled) continue;
    int passes = 0;
    for (const int output : outputs) passes = std::max(passes, pass_of(output));
    return passes + 1;
  }
  throw bad_input("the network's frames depend on themselves: a part of 'frame' is an output that needs that part");
}

size_t Network::parameters() const {
  size_t count = 0;
  for_each_matrix(*this, [&](const std::string&, const BlockMatrix& m) { count += m.parameters(); });
  for (const Node& node : nodes) count += vector_parameters(node.layer);
  return count;
}

int Network::max_block() const {
  int largest = 1;
  for_each_matrix(*this, [&](const std::string&, const BlockMatrix& m) { largest = std::max(largest, m.block); });
  return largest;
}

bool Network::is_chain() const {
  if (!frame.empty() || !result.empty()) return false;
  for (size_t n = 0; n < nodes.size(); ++n)
    if (nodes[n].inputs != std::vector{static_cast<int>(n) - 1}) return false;
  return outputs == std::vector{static_cast<int>(nodes.size()) - 1};
}

void Network::validate() const {
  if (!metadata.is_object()) throw bad_input("the network's metadata is not a JSON object");
  for (size_t n = 0; n < nodes.size(); ++n) std::visit(LayerCheck(fmt::format("layers.{}", n)), nodes[n].layer);
  validate_links();
}

void Network::validate_links() const {
  if (nodes.empty()) throw bad_input("the network has no layers");
  if (input_size < 1 || input_size > max_size)
    throw bad_input(fmt::format("the network's input size {} is outside 1..{}", input_size, max_size));
  const int count = static_cast<int>(nodes.size()), parts = static_cast<int>(frame_parts().size());
  std::vector<bool> used(nodes.size()), used_parts(static_cast<size_t>(parts));
  for (int n = 0; n < count; ++n) {
    const Node& node = nodes[static_cast<size_t>(n)];
    if (node.inputs.empty()) throw bad_input(fmt::format("layers.{}: reads nothing", n));
    for (const int input : node.inputs) {
      if (Node::part_number(input) >= parts || input >= n)
        throw bad_input(fmt::format("layers.{}: reads {}, which is no earlier layer", n, input));
      (input >= 0 ? used[static_cast<size_t>(input)] : used_parts[static_cast<size_t>(Node::part_number(input))]) =
          true;
      if (std::holds_alternative<AddLayer>(node.layer) && size_of(input) != erngen::input_size(node.layer))
        throw bad_input(fmt::format("layers.{}: adds vectors of {} and {} elements", n, erngen::input_size(node.layer),
                                    size_of(input)));
    }
    if (erngen::input_size(node.layer) == input_of(node)) continue;
    const int first = node.inputs.front();
    if (node.inputs.size() == 1 && first >= 0)
      throw bad_input(fmt::format("layers.{}: takes {} inputs, but layers.{} has {} outputs", n,
                                  erngen::input_size(node.layer), first, size_of(first)));
    throw bad_input(fmt::format("layers.{}: takes {} inputs, but what it reads has {} elements", n,
                                erngen::input_size(node.layer), input_of(node)));
  }
  if (outputs.empty()) throw bad_input("the network has no outputs");
  for (const int output : outputs) {
    if (output < 0 || output >= count) throw bad_input(fmt::format("the network's output {} is no layer", output));
    used[static_cast<size_t>(output)] = true;
  }
  for (int n = 0; n < count; ++n)
    if (!used[static_cast<size_t>(n)])
      throw bad_input(fmt::format("layers.{}: nothing reads it, and it is no output", n));
  for (int p = 0; p < parts && !frame.empty(); ++p)
    if (!used_parts[static_cast<size_t>(p)]) throw bad_input(fmt::format("frame.{}: no layer reads it", p));
  validate_orders();
}

void Network::validate_orders() const {
  const int elements = output_elements();
  const auto require_outputs = [&](const std::string& what, int first, int size) {
    if (size < 1 || size > max_size || first < 0 || first + size > elements)
      throw bad_input(
          fmt::format("{}: takes {} outputs from number {} on, but there are {}", what, size, first, elements));
  };
  for (size_t p = 0; p < frame.size(); ++p) {
    const std::string what = fmt::format("frame.{}", p);
    if (frame[p].output != FramePart::of_input)
      require_outputs(what, frame[p].output, frame[p].size);
    else if (frame[p].size != input_size)
      throw bad_input(fmt::format("{}: has {} elements of the input's {}", what, frame[p].size, input_size));
  }
  if (frame_size() > max_size)
    throw bad_input(fmt::format("the network's frames have {} elements, more than {}", frame_size(), max_size));
  for (size_t p = 0; p < result.size(); ++p) {
    const std::string what = fmt::format("result.{}", p);
    if (result[p].sum.empty()) throw bad_input(what + ": is a sum of nothing");
    for (const ResultPart::Summand& summand : result[p].sum) require_outputs(what, summand.output, result[p].size);
  }
  passes();
}

Network structure_of(const Network& network) {
  Network result = network;
  for_each_matrix(result, [](const std::string&, BlockMatrix& m) { m.columns = {}; });
  const auto zero = [](std::vector<float>& v) { std::fill(v.begin(), v.end(), 0.0f); };
  for (Node& node : result.nodes)
    std::visit(
        [&](auto& l) {
          if constexpr (requires { l.weights; })
            zero(l.bias);
          else if constexpr (requires { l.bias; })
            std::for_each(l.bias.begin(), l.bias.end(), zero);
          if constexpr (requires { l.bias_hn; }) zero(l.bias_hn);
          if constexpr (requires { l.peephole; }) std::for_each(l.peephole.begin(), l.peephole.end(), zero);
          if constexpr (requires { l.initial_hidden; }) zero(l.initial_hidden);
          if constexpr (requires { l.initial_cell; }) zero(l.initial_cell);
        },
        node.layer);
  return result;
}

}  // namespace erngen
