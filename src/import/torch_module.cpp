#include "import/torch_module.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/learned_state.hpp"
#include "import/module_kind.hpp"
#include "import/tensor_name.hpp"

namespace erngen {
namespace {

/// The tensors of one module by the part of the name after the last dot.
struct Group {
  std::string name;
  std::map<std::string, const Tensor*> tensors;
};

std::vector<Group> group_tensors(const NamedTensors& tensors) {
  std::vector<Group> groups;
  for (const auto& [name, tensor] : tensors) {
    const TensorName parts(name);
    auto group = std::ranges::find(groups, parts.module, &Group::name);
    if (group == groups.end()) group = groups.insert(groups.end(), {parts.module, {}});
    group->tensors[parts.leaf] = &tensor;
  }
  return groups;
}

/// Makes the layers of one module.
class ModuleReader {
 public:
  ModuleReader(const Group& group, const std::string& file) : group_(group), file_(file) {}

  TorchModule read() const {
    refuse_known_unsupported();
    TorchModule module;
    module.name = group_.name;
    if (std::any_of(group_.tensors.begin(), group_.tensors.end(),
                    [](const auto& item) { return is_recurrent_leaf(item.first); })) {
      size_t used = 0;
      module.bidirectional = find("weight_ih_l0_reverse") != nullptr;
      if (find("weight_ih"))
        module.layers.push_back(read_recurrent("", used));  // nn.LSTMCell, nn.GRUCell
      else
        for (int n = 0; n == 0 || find(fmt::format("weight_ih_l{}", n)); ++n) {
          module.layers.push_back(read_recurrent(fmt::format("_l{}", n), used));
          if (module.bidirectional) module.layers.push_back(read_recurrent(fmt::format("_l{}_reverse", n), used));
        }
      if (used != group_.tensors.size()) refuse_unknown();
      if (std::holds_alternative<RnnLayer>(module.layers.front()))
        module.claims.push_back(
            fmt::format("takes {} for a plain recurrent layer with tanh, PyTorch's default", module.shown()));
    } else {
      module.layers.push_back(read_linear());
    }
    return module;
  }

 private:
  std::string full_name(const std::string& leaf) const { return group_.name.empty() ? leaf : group_.name + "." + leaf; }

  const Tensor* find(const std::string& leaf) const {
    const auto found = group_.tensors.find(leaf);
    return found == group_.tensors.end() ? nullptr : found->second;
  }

  Error refuse(const std::string& leaf, const std::string& why, const std::string& way_out) const {
    return unsupported(fmt::format("{}: tensor {}: {}", file_, full_name(leaf), why), way_out);
  }

  /// The way out for what the host can compute: never one that only makes the message go away.
  std::string on_the_host(const std::string& name) const {
    return fmt::format(
        "if your host computes it before or after the network, leave it out and compare the rest: --ignore "
        "{} --check X.npy Y.npy",
        name);
  }

  void refuse_known_unsupported() const {
    std::vector<std::pair<std::string, const Tensor*>> leaves(group_.tensors.begin(), group_.tensors.end());
    const ModuleKind kind = module_kind(leaves);
    for (const auto& [leaf, tensor] : group_.tensors) {
      if (leaf == "running_mean" || leaf == "running_var" || leaf == "num_batches_tracked")
        throw refuse(leaf, "batch normalisation is not part of the network format",
                     "fold it into the weights of its neighbour before saving");
      const bool not_a_matrix = leaf == "weight" && tensor->shape.size() != 2;
      if (not_a_matrix || kind == ModuleKind::attention)
        throw refuse(leaf,
                     fmt::format("shape {} belongs neither to nn.LSTM, nn.GRU, nn.RNN nor nn.Linear; it looks like {}",
                                 tensor->shape_text(), kind_text(kind)),
                     on_the_host(group_.name.empty() ? leaf : full_name("")));
    }
  }

  [[noreturn]] void refuse_unknown() const {
    for (const auto& [leaf, tensor] : group_.tensors)
      if (!is_recurrent_leaf(leaf)) throw unknown(leaf);
    throw bad_input(fmt::format("{}: module '{}' has tensors of layers that are not complete", file_, group_.name),
                    "layers must be numbered l0, l1, ... with weight_ih, weight_hh and both biases or none");
  }

  Error unknown(const std::string& leaf) const {
    return refuse(leaf, "is not a parameter of nn.LSTM, nn.GRU, nn.RNN or nn.Linear", on_the_host(full_name(leaf)));
  }

  /// The values of a tensor of the given shape. Throws if it is missing or different.
  const std::vector<float>& take(const std::string& leaf, const std::vector<int>& shape, size_t& used) const {
    const Tensor* tensor = find(leaf);
    if (!tensor) throw bad_input(fmt::format("{}: tensor {} is missing", file_, full_name(leaf)));
    if (!tensor->is_float() || tensor->shape != shape)
      throw bad_input(fmt::format("{}: tensor {} is {} {}, expected floats of {}", file_, full_name(leaf),
                                  tensor->is_float() ? "floats of" : "integers of", tensor->shape_text(),
                                  Tensor{shape, {}}.shape_text()));
    ++used;
    return std::get<0>(tensor->values);
  }

  /// A tensor that must be a matrix: its rows and columns.
  std::pair<int, int> matrix_shape(const std::string& leaf) const {
    const Tensor* tensor = find(leaf);
    if (!tensor) throw bad_input(fmt::format("{}: tensor {} is missing", file_, full_name(leaf)));
    if (tensor->shape.size() != 2 || tensor->size() == 0)
      throw bad_input(
          fmt::format("{}: tensor {} has shape {}, expected a matrix", file_, full_name(leaf), tensor->shape_text()));
    return {tensor->shape[0], tensor->shape[1]};
  }

  Layer read_recurrent(const std::string& suffix, size_t& used) const {
    const auto [ih_rows, input] = matrix_shape("weight_ih" + suffix);
    const auto [rows, recurrent] = matrix_shape("weight_hh" + suffix);
    const bool projected = find("weight_hr" + suffix) != nullptr;
    const int hidden = projected ? matrix_shape("weight_hr" + suffix).second : recurrent;
    const int gates = rows % hidden == 0 ? rows / hidden : 0;
    if (gates == 4) return read_lstm(suffix, input, hidden, recurrent, projected, used);
    if (gates == 3 && !projected) return read_gru(suffix, input, hidden, used);
    if (gates == 1 && !projected) return read_rnn(suffix, input, hidden, used);
    throw bad_input(fmt::format(
        "{}: tensor {} has {} rows for {} units: neither the 4 gates of an LSTM, the 3 of a GRU nor the 1 of an RNN",
        file_, full_name("weight_hh" + suffix), rows, hidden));
  }

  /// Cuts [gates * hidden, cols] into one dense matrix a gate.
  template <size_t gates>
  void cut(const std::vector<float>& values, int hidden, int cols, std::array<BlockMatrix, gates>& matrices) const {
    auto position = values.begin();
    for (BlockMatrix& matrix : matrices) {
      matrix = BlockMatrix(hidden, cols, 1);
      std::copy_n(position, matrix.columns.size(), matrix.columns.begin());
      position += static_cast<std::ptrdiff_t>(matrix.columns.size());
    }
  }

  /// Both biases, [gates * hidden] each, or neither.
  std::optional<std::pair<std::vector<float>, std::vector<float>>> biases(const std::string& suffix, int size,
                                                                          size_t& used) const {
    if (!find("bias_ih" + suffix) && !find("bias_hh" + suffix)) return {};
    return {{take("bias_ih" + suffix, {size}, used), take("bias_hh" + suffix, {size}, used)}};
  }

  Layer read_lstm(const std::string& suffix, int input, int hidden, int recurrent, bool projected, size_t& used) const {
    LstmLayer layer;
    layer.input = input;
    layer.hidden = hidden;
    cut(take("weight_ih" + suffix, {4 * hidden, input}, used), hidden, input, layer.input_weights);
    cut(take("weight_hh" + suffix, {4 * hidden, recurrent}, used), hidden, recurrent, layer.recurrent_weights);
    if (projected) {
      layer.projection = BlockMatrix(recurrent, hidden, 1);
      layer.projection->columns = take("weight_hr" + suffix, {recurrent, hidden}, used);
    }
    if (const auto b = biases(suffix, 4 * hidden, used))
      for (int gate = 0; gate < 4; ++gate)
        for (int n = gate * hidden; n < (gate + 1) * hidden; ++n)
          layer.bias[gate].push_back(b->first[n] + b->second[n]);
    return layer;
  }

  // n = tanh(W_n x + b_in + r (U_n h + b_hn)): for n the two biases cannot be summed.
  Layer read_gru(const std::string& suffix, int input, int hidden, size_t& used) const {
    GruLayer layer;
    layer.input = input;
    layer.hidden = hidden;
    layer.reset = Reset::after;
    cut(take("weight_ih" + suffix, {3 * hidden, input}, used), hidden, input, layer.input_weights);
    cut(take("weight_hh" + suffix, {3 * hidden, hidden}, used), hidden, hidden, layer.recurrent_weights);
    if (const auto b = biases(suffix, 3 * hidden, used)) {
      for (int gate = 0; gate < 2; ++gate)
        for (int n = gate * hidden; n < (gate + 1) * hidden; ++n)
          layer.bias[gate].push_back(b->first[n] + b->second[n]);
      layer.bias[GruLayer::n].assign(b->first.begin() + 2 * hidden, b->first.end());
      layer.bias_hn.assign(b->second.begin() + 2 * hidden, b->second.end());
    }
    return layer;
  }

  Layer read_rnn(const std::string& suffix, int input, int hidden, size_t& used) const {
    RnnLayer layer;
    layer.input = input;
    layer.hidden = hidden;
    cut(take("weight_ih" + suffix, {hidden, input}, used), hidden, input, layer.input_weights);
    cut(take("weight_hh" + suffix, {hidden, hidden}, used), hidden, hidden, layer.recurrent_weights);
    if (const auto b = biases(suffix, hidden, used))
      for (int n = 0; n < hidden; ++n) layer.bias[0].push_back(b->first[n] + b->second[n]);
    return layer;
  }

  Layer read_linear() const {
    for (const auto& [leaf, tensor] : group_.tensors)
      if (leaf != "weight" && leaf != "bias") throw unknown(leaf);
    const auto [rows, cols] = matrix_shape("weight");
    size_t used = 0;
    DenseLayer layer;
    layer.weights = BlockMatrix(rows, cols, 1);
    layer.weights.columns = take("weight", {rows, cols}, used);
    if (find("bias")) layer.bias = take("bias", {rows}, used);
    return layer;
  }

  const Group& group_;
  const std::string& file_;
};

}  // namespace

Signal apply_module(NetworkBuilder& builder, Signal x, TorchModule module) {
  const std::string module_name = module.shown();
  if (x.size() != module.input())
    throw bad_input(fmt::format("{} takes {} inputs, but gets {}", module_name, module.input(), x.size()));
  const size_t directions = module.bidirectional ? 2 : 1;
  for (size_t n = 0; n < module.layers.size(); n += directions) {
    const std::string name =
        module.is_linear() ? module_name : fmt::format("{}, layer {}", module_name, n / directions);
    std::vector<Signal> outputs;
    for (size_t d = 0; d < directions; ++d)
      outputs.push_back(std::visit(
          [&](auto& layer) -> Signal {
            if constexpr (requires { layer.weights; })
              return builder.dense(layer.weights, layer.bias, x, name);
            else if constexpr (requires { layer.input_weights; })
              return builder.recurrent(std::move(layer), x, name, d == 1);
            else
              return x;
          },
          module.layers[n + d]));
    x = directions == 1 ? outputs.front() : builder.concatenate(outputs);
  }
  return x;
}

std::vector<TorchModule> torch_modules(const NamedTensors& tensors, const std::string& file) {
  std::vector<TorchModule> modules;
  NamedTensors weights = tensors;
  const NamedTensors states = take_states(weights);
  for (const Group& group : group_tensors(weights)) modules.push_back(ModuleReader(group, file).read());
  assign_states(modules, states);
  return modules;
}

}  // namespace erngen
