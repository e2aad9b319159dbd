#include "network/network_file.hpp"

#include "base/file.hpp"
#include "base/in_file.hpp"
#include "network/container.hpp"
#include "network/layer_json.hpp"

namespace erngen {
namespace {

constexpr const char* format = "erngen-network";

constexpr int newest_version = 2;

/// Which vectors a layer has.
struct Present {
  bool bias, peephole, initial_hidden, initial_cell;
};

Present present(const Layer& layer) {
  return std::visit(
      [](const auto& l) {
        Present has{};
        if constexpr (requires { l.weights; })
          has.bias = !l.bias.empty();
        else if constexpr (requires { l.bias; })
          has.bias = l.has_bias();
        if constexpr (requires { l.peephole; }) has.peephole = l.has_peephole();
        if constexpr (requires { l.initial_hidden; }) has.initial_hidden = !l.initial_hidden.empty();
        if constexpr (requires { l.initial_cell; }) has.initial_cell = !l.initial_cell.empty();
        return has;
      },
      layer);
}

/// Calls f(name, vector, size) for every bias, peephole and initial state that the layer has, in file order.
template <class LayerT, class F>
void for_each_vector(LayerT& layer, const std::string& prefix, const Present& has, F&& f) {
  if constexpr (requires { layer.weights; }) {
    if (has.bias) f(prefix + "bias", layer.bias, layer.output());
  } else if constexpr (requires { layer.bias; }) {
    for (size_t gate = 0; has.bias && gate < layer.gate_names.size(); ++gate)
      f(prefix + "bias." + layer.gate_names[gate], layer.bias[gate], layer.hidden);
  }
  if constexpr (requires { layer.bias_hn; })
    if (has.bias && layer.reset == Reset::after) f(prefix + "bias.hn", layer.bias_hn, layer.hidden);
  if constexpr (requires { layer.peephole; }) {
    constexpr std::array<const char*, 3> names{"i", "f", "o"};
    for (size_t gate = 0; has.peephole && gate < names.size(); ++gate)
      f(prefix + "peephole." + names[gate], layer.peephole[gate], layer.hidden);
  }
  if constexpr (requires { layer.initial_hidden; })
    if (has.initial_hidden) f(prefix + "initial.hidden", layer.initial_hidden, layer.output());
  if constexpr (requires { layer.initial_cell; })
    if (has.initial_cell) f(prefix + "initial.cell", layer.initial_cell, layer.hidden);
}

}  // namespace

Network read_network(const std::filesystem::path& path) {
  const std::string file = path.string();
  constexpr const char* way_out = "make one with 'erngen import' or 'erngen new'";
  const TensorFile tensors = read_safetensors(path, "a network file of erngen", way_out);
  const Json json =
      read_description(tensors, file, format, newest_version,
                       {"input", "layers", "outputs", "last_frame_only", "frame", "result", "metadata"}, way_out)
          .network;
  return in_file(file, [&] {
    Network network;
    if (json.contains("metadata")) network.metadata = json["metadata"];
    TensorTaker taker(tensors, file);
    for (size_t n = 0; n < json["layers"].size(); ++n) {
      Json described = json["layers"][n];
      const std::string what = fmt::format("layers.{}", n);
      Node node = read_node_links(described, static_cast<int>(n), what);
      EmptyLayer made = read_layer_json(described, what);
      const Present has{made.bias, made.peephole, made.initial_hidden, made.initial_cell};
      std::visit(
          [&](auto& layer) {
            for_each_vector(layer, what + ".", has, [&](const std::string& name, std::vector<float>& v, int size) {
              v = taker.take<float>(name, {size});
            });
          },
          made.layer);
      node.layer = std::move(made.layer);
      network.nodes.push_back(std::move(node));
    }
    network.outputs = read_outputs(json, network.nodes.size());
    network.input_size = read_input(json, input_size(network.nodes[0].layer));
    network.last_frame_only = read_last_frame_only(json);
    read_orders(json, network);
    for_each_matrix(network, [&](const std::string& name, BlockMatrix& m) {
      m.columns = taker.take<float>(name, {m.row_blocks(), m.col_blocks(), m.block});
    });
    taker.require_all_taken();
    network.validate();
    return network;
  });
}

std::string network_bytes(const Network& network) {
  network.validate();
  Json json = structure_json(network);
  json["metadata"] = network.metadata;
  TensorFile tensors;
  tensors.metadata = write_description(format, newest_version, json);
  for_each_matrix(network, [&](const std::string& name, const BlockMatrix& m) {
    tensors.add(name, {m.row_blocks(), m.col_blocks(), m.block}, m.columns);
  });
  for (size_t n = 0; n < network.nodes.size(); ++n)
    std::visit(
        [&](const auto& layer) {
          for_each_vector(
              layer, fmt::format("layers.{}.", n), present(network.nodes[n].layer),
              [&](const std::string& name, const std::vector<float>& v, int size) { tensors.add(name, {size}, v); });
        },
        network.nodes[n].layer);
  return safetensors_bytes(tensors);
}

void write_network(const Network& network, const std::filesystem::path& file) {
  write_file_atomically(file, network_bytes(network));
}

}  // namespace erngen
