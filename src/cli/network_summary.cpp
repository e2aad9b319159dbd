#include "cli/network_summary.hpp"

#include <fmt/format.h>

#include "cli/report.hpp"

namespace erngen::cli {
namespace {

/// The network that has only this layer: its parameters are the layer's.
size_t layer_parameters(const Layer& layer) { return Network{{layer}, Json::object()}.parameters(); }

/// Parameters if every block had size 1.
size_t dense_parameters(const Layer& layer) {
  const Network network{{layer}, Json::object()};
  size_t count = network.parameters();
  for_each_matrix(network, [&](const std::string&, const BlockMatrix& m) {
    count += static_cast<size_t>(m.rows) * m.cols - m.parameters();
  });
  return count;
}

double ratio(size_t dense, size_t parameters) { return static_cast<double>(dense) / static_cast<double>(parameters); }

Json describe(const LstmLayer& layer) {
  Json json{{"hidden", layer.hidden},
            {"projection", layer.projection ? layer.projection->rows : 0},
            {"peephole", layer.has_peephole()},
            {"bias", layer.has_bias()},
            {"candidate", layer.candidate == Candidate::tanh ? "tanh" : "sigmoid"},
            {"block", {{"input", layer.input_weights[0].block}, {"recurrent", layer.recurrent_weights[0].block}}}};
  if (layer.projection) json["block"]["projection"] = layer.projection->block;
  return json;
}

Json describe(const GruLayer& layer) {
  return {{"hidden", layer.hidden},
          {"reset", layer.reset == Reset::before ? "before" : "after"},
          {"bias", layer.has_bias()},
          {"block", {{"input", layer.input_weights[0].block}, {"recurrent", layer.recurrent_weights[0].block}}}};
}

Json describe(const DenseLayer& layer) {
  return {{"bias", !layer.bias.empty()}, {"block", {{"weight", layer.weights.block}}}};
}

/// "peepholes, projection", or what else is not said by the sizes.
std::string details(const Json& layer) {
  std::vector<std::string> words;
  if (layer.value("peephole", false)) words.push_back("peepholes");
  if (layer.value("projection", 0) > 0) words.push_back("projection");
  if (layer.value("candidate", "tanh") == "sigmoid") words.push_back("sigmoid candidate");
  if (layer.contains("reset")) words.push_back("reset " + layer["reset"].get<std::string>());
  if (!layer.value("bias", true)) words.push_back("no bias");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string blocks(const Json& layer) {
  std::vector<int> sizes;
  for (const auto& [family, size] : layer["block"].items()) sizes.push_back(size.get<int>());
  return fmt::format("{}", fmt::join(sizes, ","));
}

}  // namespace

Json network_json(const Network& network) {
  Json layers = Json::array();
  size_t parameters = 0, dense = 0;
  for (const Layer& layer : network.layers) {
    Json json{{"kind", kind_name(layer)}, {"input", input_size(layer)}, {"output", output_size(layer)}};
    json.update(std::visit([](const auto& l) { return describe(l); }, layer));
    json["parameters"] = layer_parameters(layer);
    json["dense_parameters"] = dense_parameters(layer);
    parameters += layer_parameters(layer);
    dense += dense_parameters(layer);
    layers.push_back(std::move(json));
  }
  return {{"layers", layers},
          {"parameters", parameters},
          {"dense_parameters", dense},
          {"compression", ratio(dense, parameters)}};
}

std::string network_text(const Network& network) {
  const Json json = network_json(network);
  Table table({"layer", "kind", "inputs", "cells", "outputs", "blocks", "parameters", "compression", ""});
  const auto number = [](const Json& value) { return std::to_string(value.get<long long>()); };
  for (size_t n = 0; n < json["layers"].size(); ++n) {
    const Json& layer = json["layers"][n];
    table.add({std::to_string(n), layer["kind"].get<std::string>(), number(layer["input"]),
               layer.contains("hidden") ? number(layer["hidden"]) : "-", number(layer["output"]), blocks(layer),
               number(layer["parameters"]),
               fmt::format("{:.2f}", ratio(layer["dense_parameters"].get<size_t>(), layer["parameters"].get<size_t>())),
               details(layer)});
  }
  table.add({"all", "", number(json["layers"].front()["input"]), "", number(json["layers"].back()["output"]), "",
             number(json["parameters"]), fmt::format("{:.2f}", json["compression"].get<double>()), ""});
  return table.text();
}

}  // namespace erngen::cli
