#include "import/onnx/graph.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/in_file.hpp"
#include "import/onnx/context.hpp"
#include "import/onnx/missing_operation.hpp"

namespace erngen::onnx {
namespace {

bool is_known(const GraphNode& node) {
  if (!node.domain.empty()) return false;
  for (const Operations* table : {&shape_operations(), &constant_operations(), &elementwise_operations(),
                                  &linear_operations(), &recurrent_operations()})
    if (table->contains(node.op)) return true;
  return false;
}

/// The graph's outputs, or those that the options name.
std::vector<std::string> output_names(const Model& model, const OnnxOptions& options) {
  if (!options.outputs.empty()) return options.outputs;
  std::vector<std::string> names;
  for (const GraphPort& port : model.outputs) names.push_back(port.name);
  return names;
}

/// An output that no node computes: of the file, or of the command line.
Error bad_output(const Model& model, const std::string& name) {
  if (std::ranges::find(model.outputs, name, &GraphPort::name) != model.outputs.end())
    return bad_input(fmt::format("output '{}' is computed by no node", name));
  return Error(ExitCode::usage, fmt::format("--outputs names '{}', which the graph does not compute", name));
}

/// The model without nodes that lead to no output. Throws Error(unsupported) for a node whose operation no network has.
Model pruned(Model model, const std::vector<std::string>& outputs) {
  std::set<std::string> wanted(outputs.begin(), outputs.end());
  std::vector<GraphNode> nodes;
  for (size_t n = model.nodes.size(); n-- > 0;) {
    GraphNode& node = model.nodes[n];
    if (std::ranges::none_of(node.outputs, [&](const auto& name) { return !name.empty() && wanted.contains(name); }))
      continue;
    wanted.insert(node.inputs.begin(), node.inputs.end());
    nodes.push_back(std::move(node));
  }
  std::ranges::reverse(nodes);
  for (const std::string& name : outputs)
    if (std::ranges::none_of(
            nodes, [&](const GraphNode& node) { return std::ranges::find(node.outputs, name) != node.outputs.end(); }))
      throw bad_output(model, name);
  for (const GraphNode& node : nodes)
    if (!is_known(node)) throw missing_operation(node);
  model.nodes = std::move(nodes);
  return model;
}

/// Inputs of the graph that are nothing but initial states of recurrent layers: followed back from the layers through
/// operations that only move values.
std::set<std::string> state_inputs(const Model& model) {
  static const std::set<std::string> moves = {"Slice", "Gather", "Squeeze", "Unsqueeze", "Identity",
                                              "Split", "Cast",   "Reshape", "Transpose"};
  std::set<std::string> states;
  for (size_t n = model.nodes.size(); n-- > 0;) {
    const GraphNode& node = model.nodes[n];
    if (recurrent_operations().contains(node.op)) {
      for (size_t at = 5; at < std::min<size_t>(node.inputs.size(), 7); ++at) states.insert(node.inputs[at]);
    } else if (moves.contains(node.op) && !node.inputs.empty() &&
               std::ranges::any_of(node.outputs, [&](const auto& name) { return states.contains(name); })) {
      states.insert(node.inputs.front());
    }
  }
  std::erase_if(states, [&](const std::string& name) {
    return std::ranges::find(model.inputs, name, &GraphPort::name) == model.inputs.end();
  });
  return states;
}

bool is_used(const Model& model, const std::string& name) {
  return std::ranges::any_of(
      model.nodes, [&](const GraphNode& node) { return std::ranges::find(node.inputs, name) != node.inputs.end(); });
}

/// The one input that is neither a state nor unused.
const GraphPort& data_input(const Model& model, const std::set<std::string>& states) {
  std::vector<const GraphPort*> ports;
  for (const GraphPort& port : model.inputs)
    if (!states.contains(port.name) && is_used(model, port.name)) ports.push_back(&port);
  if (ports.empty()) throw unsupported("the graph computes nothing from an input");
  if (ports.size() > 1) {
    std::vector<std::string> names;
    for (const GraphPort* port : ports) names.push_back(port->name);
    throw unsupported(
        fmt::format("the graph has {} inputs: {}; a network has one", names.size(), fmt::join(names, ", ")),
        "give those that are weights or other constants with --constant NAME=FILE.npy");
  }
  if (!ports.front()->shape)
    throw unsupported(fmt::format("the shape of input '{}' is not in the file", ports.front()->name));
  return *ports.front();
}

/// A reading of the graph in which `features` is the axis of the input that holds the elements of a frame, or none.
class Reading {
 public:
  Reading(const Model& model, const OnnxOptions& options, const GraphPort& port, const std::set<std::string>& states,
          std::optional<int> features)
      : options_(options), port_(port), context_(model, features ? elements(port, *features) : 1) {
    context_.reset_after = options.gru_reset_after;
    context_.reverse_input = options.reverse_input;
    for (const auto& [name, constant] : model.constants) values_[name] = constant;
    for (const std::string& name : states)
      values_[name] =
          State{fmt::format("input '{}'", name), true,
                std::ranges::find(model.inputs, name, &GraphPort::name)->shape.value_or(std::vector<Size>{})};
    Axes axes;
    for (size_t at = 0; at < port.shape->size(); ++at) {
      const int label = static_cast<int>(at);
      axes.push_back({Atom{label == features ? Atom::features : label, (*port.shape)[at]}});
    }
    values_[port.name] = Traced{context_.builder.input(), axes, false, false, {}};
  }

  ImportedNetwork read() {
    for (const GraphNode& node : context_.model.nodes) compute(node);
    return finish();
  }

 private:
  static int elements(const GraphPort& port, int at) {
    const Size& size = (*port.shape)[at];
    if (!size.value())
      throw unsupported(fmt::format("the file leaves open how many elements a frame of input '{}' has: shape {}",
                                    port.name, shape_text(*port.shape)),
                        "export the model again with this size fixed");
    if (*size.value() > 65536) throw unsupported(fmt::format("a frame of {} elements", *size.value()));
    return static_cast<int>(*size.value());
  }

  Value input(const std::string& name) const {
    if (name.empty()) return Missing{};
    const auto found = values_.find(name);
    if (found != values_.end()) return found->second;
    if (const auto other = context_.model.unreadable.find(name); other != context_.model.unreadable.end())
      throw unsupported(fmt::format("reads '{}', a tensor of type {}", name, other->second));
    throw bad_input(fmt::format("reads '{}', which nothing before it gives", name));
  }

  void compute(const GraphNode& node) {
    in_file(node.label(), [&] {
      std::vector<Value> inputs;
      for (const std::string& name : node.inputs) inputs.push_back(input(name));
      const std::vector<Value> results = operation(node, inputs)(context_, node, inputs);
      for (size_t n = 0; n < std::min(results.size(), node.outputs.size()); ++n)
        if (!node.outputs[n].empty()) values_[node.outputs[n]] = results[n];
    });
  }

  static Operation operation(const GraphNode& node, const std::vector<Value>& inputs) {
    const bool constants = !inputs.empty() && std::ranges::all_of(inputs, [](const Value& value) {
      return std::holds_alternative<Constant>(value) || std::holds_alternative<Missing>(value);
    });
    for (const Operations* table : {&shape_operations(), constants ? &constant_operations() : &elementwise_operations(),
                                    &linear_operations(), &recurrent_operations()})
      if (const auto found = table->find(node.op); found != table->end()) return found->second;
    throw missing_operation(node);
  }

  struct Output {
    std::string name;
    Traced value;
  };

  std::vector<Output> outputs() {
    const std::vector<std::string> names = output_names(context_.model, options_);
    std::vector<Output> found;
    std::vector<std::string> states;
    for (const std::string& name : names) {
      const auto value = values_.find(name);
      if (value == values_.end()) throw bad_output(context_.model, name);
      value->second = unstacked(value->second, context_.builder);
      const auto* traced = std::get_if<Traced>(&value->second);
      if (traced && !(traced->state && options_.outputs.empty())) {
        found.push_back({name, *traced});
      } else if (std::holds_alternative<Constant>(value->second)) {
        throw unsupported(fmt::format("output '{}' is a constant", name));
      } else {
        states.push_back(name);
      }
    }
    // A model whose only outputs are final states computes the last frame.
    if (found.empty())
      for (const std::string& name : std::exchange(states, {})) {
        if (const auto* traced = std::get_if<Traced>(&values_.at(name)); traced && found.empty())
          found.push_back({name, *traced});
        else
          states.push_back(name);
      }
    if (found.empty()) throw unsupported("the graph's outputs are final states of recurrent layers, no vectors");
    for (const std::string& name : states)
      context_.notes.push_back(
          fmt::format("output '{}' is the final state of a recurrent layer, which the accelerator keeps in its state "
                      "memory: it is no output of the network",
                      name));
    return found;
  }

  ImportedNetwork finish() {
    const std::vector<Output> all = outputs();
    ImportedNetwork result;
    result.whole_function = true;
    std::vector<Signal> signals;
    for (const Output& output : all) {
      if (output.value.last != all.front().value.last)
        throw unsupported(fmt::format("output '{}' has one vector a frame, output '{}' one a sequence",
                                      output.value.last ? all.front().name : output.name,
                                      output.value.last ? output.name : all.front().name),
                          "choose with --outputs NAME");
      if (output.value.cut != OutputCut::none && all.size() > 1)
        throw unsupported(fmt::format("output '{}' ends with {}, and the network has several outputs", output.name,
                                      cut_name(output.value.cut)),
                          "name the value before it with --outputs, and let the host apply it");
      signals.push_back(output.value.signal);
    }
    if (options_.gru_reset_after && !context_.doubtful_reset)
      throw Error(ExitCode::usage, "--gru-reset: no GRU of this file leaves its reset in doubt");
    if (options_.reverse_input && !context_.frames.reversed)
      throw Error(ExitCode::usage, "--reverse-input: no layer of this file has direction reverse");
    result.network = context_.builder.finish(signals);
    result.network.last_frame_only = all.front().value.last;
    if (result.network.last_frame_only) context_.notes.push_back("only the last frame of a sequence has an output");
    if (const OutputCut cut = all.front().value.cut; cut != OutputCut::none) {
      result.network.metadata["output"]["cut"] = cut_name(cut);
      context_.notes.push_back(fmt::format("the {} at the end is left to the host", cut_name(cut)));
    }
    describe(all);
    result.notes = context_.builder.notes;
    result.notes.insert(result.notes.end(), context_.notes.begin(), context_.notes.end());
    for (const Node& node : result.network.nodes) result.sources.push_back(node.name);
    return result;
  }

  /// Which axis is which, and the order of several outputs.
  void describe(const std::vector<Output>& all) {
    if (context_.frames.label)
      context_.notes.push_back(
          fmt::format("axis {} of input '{}' counts the frames{}", *context_.frames.label, port_.name,
                      context_.frames.reversed ? ", to be fed from the last one to the first one" : ""));
    if (all.size() == 1) return;
    std::vector<std::string> parts;
    for (const Output& output : all) parts.push_back(fmt::format("{} ({})", output.name, output.value.signal.size()));
    context_.notes.push_back(fmt::format("the outputs are one vector: {}", fmt::join(parts, ", ")));
  }

  const OnnxOptions& options_;
  const GraphPort& port_;
  Context context_;
  std::map<std::string, Value> values_;
};

}  // namespace

ImportedNetwork read_graph(const Model& whole, const OnnxOptions& options) {
  const Model model = pruned(whole, output_names(whole, options));
  const auto states = state_inputs(model);
  const GraphPort& port = data_input(model, states);
  const int rank = static_cast<int>(port.shape->size());
  if (rank == 0) throw unsupported(fmt::format("input '{}' is one number", port.name));
  const auto read = [&](std::optional<int> features) { return Reading(model, options, port, states, features).read(); };
  // The elements of a frame are the last axis, or another one (then the graph transposes it), or none (then the graph
  // adds one). If no reading succeeds, the first one says why.
  try {
    return read(rank - 1);
  } catch (const Error& error) {
    for (int features = rank - 2; features >= -1; --features) try {
        if (features >= 0 && !(*port.shape)[features].value()) continue;
        return read(features < 0 ? std::nullopt : std::optional(features));
      } catch (const Error&) {
        continue;
      }
    throw;
  }
}

}  // namespace erngen::onnx
