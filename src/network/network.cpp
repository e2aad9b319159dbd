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
  }

  void operator()(const GruLayer& layer) const {
    size("input", layer.input);
    size("hidden", layer.hidden);
    family("input", layer.input_weights, layer.gate_names, layer.hidden, layer.input);
    family("recurrent", layer.recurrent_weights, layer.gate_names, layer.hidden, layer.hidden);
    vectors("bias", layer.bias, layer.gate_names, layer.has_bias() ? layer.hidden : 0);
    vector("bias.hn", layer.bias_hn, layer.has_bias() && layer.reset == Reset::after ? layer.hidden : 0);
  }

  void operator()(const DenseLayer& layer) const {
    size("input", layer.weights.cols);
    size("output", layer.weights.rows);
    matrix("weight", layer.weights, layer.weights.rows, layer.weights.cols);
    vector("bias", layer.bias, layer.bias.empty() ? 0 : layer.weights.rows);
  }

 private:
  void size(const char* name, int value) const {
    if (value < 1 || value > max_size)
      throw bad_input(fmt::format("{}: {} size {} is outside 1..{}", prefix_, name, value, max_size));
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
        } else {
          for (const auto& bias : l.bias) count += bias.size();
        }
        if constexpr (requires { l.peephole; })
          for (const auto& peephole : l.peephole) count += peephole.size();
        if constexpr (requires { l.bias_hn; }) count += l.bias_hn.size();
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
        else
          return l.input;
      },
      layer);
}

int output_size(const Layer& layer) {
  return std::visit([](const auto& l) { return l.output(); }, layer);
}

const char* kind_name(const Layer& layer) {
  constexpr std::array<const char*, 3> names{"lstm", "gru", "dense"};
  return names[layer.index()];
}

size_t Network::parameters() const {
  size_t count = 0;
  for_each_matrix(*this, [&](const std::string&, const BlockMatrix& m) { count += m.parameters(); });
  for (const Layer& layer : layers) count += vector_parameters(layer);
  return count;
}

int Network::max_block() const {
  int result = 1;
  for_each_matrix(*this, [&](const std::string&, const BlockMatrix& m) { result = std::max(result, m.block); });
  return result;
}

void Network::validate() const {
  if (layers.empty()) throw bad_input("the network has no layers");
  if (!metadata.is_object()) throw bad_input("the network's metadata is not a JSON object");
  for (size_t n = 0; n < layers.size(); ++n) {
    std::visit(LayerCheck(fmt::format("layers.{}", n)), layers[n]);
    if (n > 0 && input_size(layers[n]) != output_size(layers[n - 1]))
      throw bad_input(fmt::format("layers.{}: takes {} inputs, but layers.{} has {} outputs", n, input_size(layers[n]),
                                  n - 1, output_size(layers[n - 1])));
  }
}

}  // namespace erngen
