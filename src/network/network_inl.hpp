// The body of for_each_matrix, included by network.hpp.
#pragma once

#include <string>
#include <variant>

namespace erngen {

template <class NetworkT, class F>
void for_each_matrix(NetworkT& network, F&& f) {
  for (size_t n = 0; n < network.nodes.size(); ++n) {
    const std::string prefix = "layers." + std::to_string(n) + ".";
    const auto family = [&](const std::string& name, auto& matrices, const auto& gates) {
      for (size_t gate = 0; gate < gates.size(); ++gate) f(prefix + name + "." + gates[gate], matrices[gate]);
    };
    std::visit(
        [&](auto& layer) {
          if constexpr (requires { layer.weights; }) {
            f(prefix + "weight", layer.weights);
          } else if constexpr (requires { layer.input_weights; }) {
            family("input", layer.input_weights, layer.gate_names);
            family("recurrent", layer.recurrent_weights, layer.gate_names);
          }
          if constexpr (requires { layer.projection; }) {
            if (layer.projection) f(prefix + "projection", *layer.projection);
          }
        },
        network.nodes[n].layer);
  }
}

}  // namespace erngen
