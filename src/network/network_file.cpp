#include "network/network_file.hpp"

#include "base/file.hpp"
#include "base/in_file.hpp"
#include "network/container.hpp"
#include "network/layer_json.hpp"

namespace erngen {
namespace {

constexpr const char* format = "erngen-network";

/// Calls f(name, vector) for every bias and peephole vector of a layer, in file order. Which of them the
/// layer has is decided by `present`: has_bias, has_peephole.
template <class LayerT, class F>
void for_each_vector(LayerT& layer, const std::string& prefix, bool has_bias, bool has_peephole, F&& f) {
  if constexpr (requires { layer.weights; }) {
    if (has_bias) f(prefix + "bias", layer.bias);
  } else if (has_bias) {
    for (size_t gate = 0; gate < layer.gate_names.size(); ++gate)
      f(prefix + "bias." + layer.gate_names[gate], layer.bias[gate]);
  }
  if constexpr (requires { layer.bias_hn; })
    if (has_bias && layer.reset == Reset::after) f(prefix + "bias.hn", layer.bias_hn);
  if constexpr (requires { layer.peephole; }) {
    constexpr std::array<const char*, 3> names{"i", "f", "o"};
    for (size_t gate = 0; has_peephole && gate < names.size(); ++gate)
      f(prefix + "peephole." + names[gate], layer.peephole[gate]);
  }
}

/// The length of a layer's bias and peephole vectors.
template <class LayerT>
int vector_size(const LayerT& layer) {
  if constexpr (requires { layer.hidden; })
    return layer.hidden;
  else
    return layer.output();
}

}  // namespace

Network read_network(const std::filesystem::path& path) {
  const std::string file = path.string();
  constexpr const char* way_out = "make one with 'erngen import' or 'erngen new'";
  const TensorFile tensors = read_safetensors(path, "a network file of erngen", way_out);
  const Json json = read_description(tensors, file, format, 1, {"layers", "metadata"}, way_out).network;
  return in_file(file, [&] {
    Network network;
    if (json.contains("metadata")) network.metadata = json["metadata"];
    TensorTaker taker(tensors, file);
    for (size_t n = 0; n < json["layers"].size(); ++n) {
      EmptyLayer made = read_layer_json(json["layers"][n], fmt::format("layers.{}", n));
      std::visit(
          [&](auto& layer) {
            const auto take = [&](const std::string& name, std::vector<float>& v) {
              v = taker.take<float>(name, {vector_size(layer)});
            };
            for_each_vector(layer, fmt::format("layers.{}.", n), made.bias, made.peephole, take);
          },
          made.layer);
      network.layers.push_back(std::move(made.layer));
    }
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
  Json layers = Json::array();
  for (const Layer& layer : network.layers) layers.push_back(layer_json(layer));
  TensorFile tensors;
  tensors.metadata = write_description(format, 1, {{"layers", layers}, {"metadata", network.metadata}});
  for_each_matrix(network, [&](const std::string& name, const BlockMatrix& m) {
    tensors.add(name, {m.row_blocks(), m.col_blocks(), m.block}, m.columns);
  });
  for (size_t n = 0; n < network.layers.size(); ++n)
    std::visit(
        [&](const auto& layer) {
          bool bias, peephole = false;
          if constexpr (requires { layer.weights; })
            bias = !layer.bias.empty();
          else
            bias = layer.has_bias();
          if constexpr (requires { layer.peephole; }) peephole = layer.has_peephole();
          for_each_vector(layer, fmt::format("layers.{}.", n), bias, peephole,
                          [&](const std::string& name, const std::vector<float>& v) {
                            tensors.add(name, {static_cast<int>(v.size())}, v);
                          });
        },
        network.layers[n]);
  return safetensors_bytes(tensors);
}

void write_network(const Network& network, const std::filesystem::path& file) {
  write_file_atomically(file, network_bytes(network));
}

}  // namespace erngen
