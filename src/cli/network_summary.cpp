#include "cli/network_summary.hpp"

#include <fmt/format.h>

#include "cli/report.hpp"
#include "network/layer_json.hpp"
#include "network/output_cut.hpp"

namespace erngen::cli {
namespace {

/// The network that has only this layer: its parameters are the layer's.
Network only(const Layer& layer) {
  Network network;
  network.append(layer);
  return network;
}

size_t layer_parameters(const Layer& layer) { return only(layer).parameters(); }

/// Parameters if every block had size 1.
size_t dense_parameters(const Layer& layer) {
  const Network network = only(layer);
  size_t count = network.parameters();
  for_each_matrix(network, [&](const std::string&, const BlockMatrix& m) {
    count += static_cast<size_t>(m.rows) * m.cols - m.parameters();
  });
  return count;
}

/// "x, 0, 2": what the layer reads.
std::string inputs_text(const Node& node) {
  std::vector<std::string> names;
  for (const int input : node.inputs)
    names.push_back(input < 0 ? part_name(Node::part_number(input)) : std::to_string(input));
  return fmt::format("{}", fmt::join(names, ", "));
}

double ratio(size_t dense, size_t parameters) {
  return parameters == 0 ? 1 : static_cast<double>(dense) / static_cast<double>(parameters);
}

Json describe(const LstmLayer& layer) {
  Json json{{"hidden", layer.hidden},
            {"projection", layer.projection ? layer.projection->rows : 0},
            {"peephole", layer.has_peephole()},
            {"bias", layer.has_bias()},
            {"candidate", activation_name(layer.candidate)},
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

Json describe(const RnnLayer& layer) {
  return {{"hidden", layer.hidden},
          {"activation", activation_name(layer.activation)},
          {"bias", layer.has_bias()},
          {"block", {{"input", layer.input_weights[0].block}, {"recurrent", layer.recurrent_weights[0].block}}}};
}

Json describe(const DenseLayer& layer) {
  Json json{{"bias", !layer.bias.empty()}, {"block", {{"weight", layer.weights.block}}}};
  if (layer.activation != Activation()) json["activation"] = activation_name(layer.activation);
  return json;
}

Json describe(const AddLayer& layer) {
  Json json{{"block", Json::object()}};
  if (layer.activation != Activation()) json["activation"] = activation_name(layer.activation);
  return json;
}

/// "peepholes, projection", or what else is not said by the sizes.
std::string details(const Json& layer) {
  std::vector<std::string> words;
  if (layer.value("peephole", false)) words.push_back("peepholes");
  if (layer.value("projection", 0) > 0) words.push_back("projection");
  if (layer.value("candidate", "tanh") != "tanh") words.push_back(layer["candidate"].get<std::string>() + " candidate");
  if (layer.contains("activation")) words.push_back(layer["activation"].get<std::string>());
  if (layer.contains("reset")) words.push_back("reset " + layer["reset"].get<std::string>());
  if (layer.contains("inputs")) words.push_back("reads " + layer["inputs"].get<std::string>());
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
  for (const Node& node : network.nodes) {
    const Layer& layer = node.layer;
    Json json{{"kind", kind_name(layer)}, {"input", input_size(layer)}, {"output", output_size(layer)}};
    if (!network.is_chain()) json["inputs"] = inputs_text(node);
    json.update(std::visit([](const auto& l) { return describe(l); }, layer));
    json["parameters"] = layer_parameters(layer);
    json["dense_parameters"] = dense_parameters(layer);
    parameters += layer_parameters(layer);
    dense += dense_parameters(layer);
    layers.push_back(std::move(json));
  }
  Json json{{"layers", layers},
            {"parameters", parameters},
            {"dense_parameters", dense},
            {"compression", ratio(dense, parameters)}};
  const OutputForm form(network);
  if (form.last) json["last_frame_only"] = true;
  if (form.cut != OutputCut::none) json["output_cut"] = cut_name(form.cut);
  return json;
}

std::string network_text(const Network& network) {
  const Json json = network_json(network);
  Table table({"layer", "kind", "inputs", "cells", "outputs", "blocks", "parameters", "compression", ""});
  const auto number = [](const Json& value) { return std::to_string(value.get<long long>()); };
  for (size_t n = 0; n < json["layers"].size(); ++n) {
    const Json& layer = json["layers"][n];
    const size_t parameters = layer["parameters"].get<size_t>();
    table.add(
        {std::to_string(n), layer["kind"].get<std::string>(), number(layer["input"]),
         layer.contains("hidden") ? number(layer["hidden"]) : "-", number(layer["output"]), blocks(layer),
         number(layer["parameters"]),
         parameters == 0 ? "-" : fmt::format("{:.2f}", ratio(layer["dense_parameters"].get<size_t>(), parameters)),
         details(layer)});
  }
  table.add({"all", "", std::to_string(network.input()), "", std::to_string(network.output()), "",
             number(json["parameters"]), fmt::format("{:.2f}", json["compression"].get<double>()), ""});
  return table.text();
}

}  // namespace erngen::cli
