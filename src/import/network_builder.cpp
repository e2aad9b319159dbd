#include "import/network_builder.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

double factor(const std::vector<double>& scale, size_t at) { return scale.empty() ? 1 : scale[at]; }

std::vector<double> part(const std::vector<double>& values, int begin, int count) {
  if (values.empty()) return {};
  return {values.begin() + begin, values.begin() + begin + count};
}

/// f(scale, offset) of scale (old scale x + old offset) + offset.
void compose(std::vector<double>& old_scale, std::vector<double>& old_offset, std::span<const double> scale,
             std::span<const double> offset, size_t size) {
  if (!scale.empty()) {
    old_scale.resize(size, 1);
    for (size_t e = 0; e < old_scale.size(); ++e) old_scale[e] = factor(old_scale, e) * scale[e];
    for (size_t e = 0; e < old_offset.size(); ++e) old_offset[e] *= scale[e];
  }
  if (!offset.empty()) {
    old_offset.resize(size, 0);
    for (size_t e = 0; e < size; ++e) old_offset[e] += offset[e];
  }
}

void require_size(const std::string& name, const char* what, size_t size, size_t wanted) {
  if (size != wanted) throw bad_input(fmt::format("{}: {} has {} elements, not {}", name, what, size, wanted));
}

/// The matrix with its columns times the scales of the pieces that it reads.
BlockMatrix scaled_columns(BlockMatrix weights, const std::vector<SignalPiece>& pieces) {
  int column = 0;
  for (const SignalPiece& piece : pieces) {
    if (!piece.scale.empty())
      for (int r = 0; r < weights.rows; ++r)
        for (int c = 0; c < piece.size; ++c) {
          float& w = *weights.at(r, column + c);
          w = static_cast<float>(w * piece.scale[c]);
        }
    column += piece.size;
  }
  return weights;
}

/// The matrix times the offsets of the pieces that it reads, or empty.
std::vector<double> offsets_through(const BlockMatrix& weights, const std::vector<SignalPiece>& pieces) {
  if (std::ranges::all_of(pieces, [](const SignalPiece& piece) { return piece.offset.empty(); })) return {};
  std::vector<double> sum(weights.rows);
  int column = 0;
  for (const SignalPiece& piece : pieces) {
    for (int r = 0; r < weights.rows && !piece.offset.empty(); ++r)
      for (int c = 0; c < piece.size; ++c) sum[r] += double{*weights.at(r, column + c)} * piece.offset[c];
    column += piece.size;
  }
  return sum;
}

std::vector<int> nodes(const std::vector<SignalPiece>& pieces) {
  std::vector<int> list;
  for (const SignalPiece& piece : pieces) list.push_back(piece.node);
  return list;
}

int total(const std::vector<SignalPiece>& pieces) {
  return std::accumulate(pieces.begin(), pieces.end(), 0, [](int sum, const auto& piece) { return sum + piece.size; });
}

std::vector<float> rounded(const std::vector<double>& values) { return {values.begin(), values.end()}; }

}  // namespace

int Signal::size() const {
  if (const auto* linear = std::get_if<Linear>(&value_)) return (*linear)->weights.rows;
  return total(std::get<0>(value_));
}

NetworkBuilder::NetworkBuilder(int input) { network_.input_size = input; }

Signal NetworkBuilder::input() const { return whole(Node::network_input); }

Signal NetworkBuilder::whole(int node) const {
  return std::vector<SignalPiece>{{node, network_.size_of(node), {}, {}}};
}

std::vector<SignalPiece> NetworkBuilder::pieces(const Signal& x) {
  if (const auto* list = std::get_if<0>(&x.value_)) return *list;
  const int node = node_of(std::get<1>(x.value_));
  return std::get<0>(whole(node).value_);
}

int NetworkBuilder::make(const LinearSignal& linear, const Activation& activation) {
  DenseLayer layer;
  layer.weights = linear.weights;
  for (int r = 0; r < layer.weights.rows && !linear.scale.empty(); ++r)
    for (int c = 0; c < layer.weights.cols; ++c) {
      float& w = *layer.weights.at(r, c);
      w = static_cast<float>(w * linear.scale[r]);
    }
  layer.bias = rounded(linear.offset);
  layer.activation = activation;
  return network_.add(std::move(layer), linear.inputs, linear.name);
}

int NetworkBuilder::node_of(const Signal::Linear& linear) {
  const auto found = made_.find(linear);
  if (found != made_.end()) return found->second;
  return made_[linear] = make(*linear, {});
}

LinearSignal NetworkBuilder::linear(const std::vector<SignalPiece>& parts, const std::string& name) const {
  LinearSignal result{name, nodes(parts), BlockMatrix(total(parts), total(parts), 1), {}, {}};
  int row = 0;
  for (const SignalPiece& piece : parts)
    for (int e = 0; e < piece.size; ++e, ++row) {
      *result.weights.at(row, row) = static_cast<float>(factor(piece.scale, e));
      if (piece.offset.empty()) continue;
      result.offset.resize(result.weights.rows);
      result.offset[row] = piece.offset[e];
    }
  return result;
}

int NetworkBuilder::node_of(const SignalPiece& piece, const std::string& name) {
  if (piece.plain() && piece.node != Node::network_input) return piece.node;
  notes.push_back(
      fmt::format("{}: {} elements are passed on {}by a dense layer of their own, for no weights follow that could "
                  "take {}",
                  name, piece.size, piece.plain() ? "" : "scaled ", piece.plain() ? "them" : "the scale"));
  return make(linear({piece}, name), {});
}

Signal NetworkBuilder::dense(const BlockMatrix& weights, std::span<const float> bias, const Signal& x,
                             const std::string& name) {
  require_size(name, "what the weights read", x.size(), weights.cols);
  if (!bias.empty()) require_size(name, "the bias", bias.size(), weights.rows);
  const auto parts = pieces(x);
  LinearSignal result{name, nodes(parts), scaled_columns(weights, parts), {}, offsets_through(weights, parts)};
  const std::vector<double> b(bias.begin(), bias.end());
  compose(result.scale, result.offset, {}, b, weights.rows);
  return std::make_shared<const LinearSignal>(std::move(result));
}

Signal NetworkBuilder::affine(const Signal& x, std::span<const double> scale, std::span<const double> offset) {
  const int size = x.size();
  if (!scale.empty()) require_size("scale", "the factor", scale.size(), size);
  if (!offset.empty()) require_size("offset", "the summand", offset.size(), size);
  if (const auto* linear = std::get_if<1>(&x.value_)) {
    LinearSignal result = **linear;
    compose(result.scale, result.offset, scale, offset, size);
    return std::make_shared<const LinearSignal>(std::move(result));
  }
  auto parts = std::get<0>(x.value_);
  size_t at = 0;
  for (SignalPiece& piece : parts) {
    const auto slice = [&](std::span<const double> all) { return all.empty() ? all : all.subspan(at, piece.size); };
    compose(piece.scale, piece.offset, slice(scale), slice(offset), piece.size);
    at += piece.size;
  }
  return parts;
}

Signal NetworkBuilder::activate(const Signal& x, const Activation& activation, const std::string& name) {
  if (activation.kind == Nonlinearity::none) return x;
  if (const auto* linear = std::get_if<1>(&x.value_)) return whole(make(**linear, activation));
  std::vector<SignalPiece> result;
  for (const SignalPiece& piece : std::get<0>(x.value_)) {
    notes.push_back(
        fmt::format("{}: {} of {} elements that no dense layer makes is a dense layer of its own, whose "
                    "weights are a diagonal matrix",
                    name, activation_name(activation), piece.size));
    result.push_back({make(linear({piece}, name), activation), piece.size, {}, {}});
  }
  return result;
}

Signal NetworkBuilder::add(const Signal& a, const Signal& b, const std::string& name) {
  require_size(name, "the second summand", b.size(), a.size());
  const auto *left = std::get_if<1>(&a.value_), *right = std::get_if<1>(&b.value_);
  const auto simple = [](const Signal& x) {
    const auto* list = std::get_if<0>(&x.value_);
    return !list || (list->size() == 1 && list->front().scale.empty());
  };
  if (simple(a) && simple(b) && !(left && right)) {
    // One node each, with an offset at most, which the sum hands on.
    std::vector<int> inputs;
    std::vector<double> offset;
    for (const Signal* x : {&a, &b}) {
      const SignalPiece piece = pieces(*x).front();
      inputs.push_back(piece.node);
      std::vector<double> none;
      compose(none, offset, {}, piece.offset, piece.size);
    }
    return affine(whole(network_.add(AddLayer{a.size()}, inputs, name)), {}, offset);
  }
  // W x + V y = [W V] [x; y].
  const LinearSignal one = left ? **left : linear(pieces(a), name), two = right ? **right : linear(pieces(b), name);
  LinearSignal sum{name, one.inputs, BlockMatrix(a.size(), one.weights.cols + two.weights.cols, 1), {}, one.offset};
  sum.inputs.insert(sum.inputs.end(), two.inputs.begin(), two.inputs.end());
  compose(sum.scale, sum.offset, {}, two.offset, a.size());
  for (int r = 0; r < a.size(); ++r) {
    for (int c = 0; c < one.weights.cols; ++c)
      *sum.weights.at(r, c) = static_cast<float>(*one.weights.at(r, c) * factor(one.scale, r));
    for (int c = 0; c < two.weights.cols; ++c)
      *sum.weights.at(r, one.weights.cols + c) = static_cast<float>(*two.weights.at(r, c) * factor(two.scale, r));
  }
  return std::make_shared<const LinearSignal>(std::move(sum));
}

Signal NetworkBuilder::concatenate(std::span<const Signal> parts) {
  std::vector<SignalPiece> all;
  for (const Signal& part : parts)
    for (SignalPiece& piece : pieces(part)) all.push_back(std::move(piece));
  return all;
}

Signal NetworkBuilder::slice(const Signal& x, int begin, int count, const std::string& name) {
  if (begin < 0 || count < 1 || begin + count > x.size())
    throw bad_input(fmt::format("{}: elements {}..{} of {}", name, begin, begin + count - 1, x.size()));
  if (const auto* whole_linear = std::get_if<1>(&x.value_)) {
    const LinearSignal& all = **whole_linear;
    LinearSignal rows{name, all.inputs, BlockMatrix(count, all.weights.cols, 1), part(all.scale, begin, count),
                      part(all.offset, begin, count)};
    const auto first = all.weights.columns.begin() + static_cast<std::ptrdiff_t>(begin) * all.weights.cols;
    std::copy_n(first, rows.weights.columns.size(), rows.weights.columns.begin());
    return std::make_shared<const LinearSignal>(std::move(rows));
  }
  std::vector<SignalPiece> kept;
  int at = 0;
  bool whole_pieces = true;
  for (const SignalPiece& piece : std::get<0>(x.value_)) {
    const bool inside = at >= begin && at + piece.size <= begin + count;
    const bool outside = at + piece.size <= begin || at >= begin + count;
    if (inside) kept.push_back(piece);
    whole_pieces &= inside || outside;
    at += piece.size;
  }
  if (whole_pieces) return kept;
  BlockMatrix selection(count, x.size(), 1);
  for (int r = 0; r < count; ++r) *selection.at(r, begin + r) = 1;
  notes.push_back(fmt::format("{}: elements {}..{} of {} are taken by a dense layer whose weights are 0 and 1", name,
                              begin, begin + count - 1, x.size()));
  return dense(selection, {}, x, name);
}

template <class LayerT>
Signal NetworkBuilder::add_recurrent(LayerT layer, const Signal& x, const std::string& name, bool backward) {
  require_size(name, "what the input weights read", x.size(), layer.input);
  const auto parts = pieces(x);
  for (size_t gate = 0; gate < layer.input_weights.size(); ++gate) {
    BlockMatrix& weights = layer.input_weights[gate];
    const std::vector<double> offset = offsets_through(weights, parts);
    weights = scaled_columns(std::move(weights), parts);
    if (offset.empty()) continue;
    std::vector<double> bias(layer.bias[gate].begin(), layer.bias[gate].end()), none;
    compose(none, bias, {}, offset, layer.hidden);
    layer.bias[gate] = rounded(bias);
    if constexpr (requires { layer.bias_hn; })
      if (layer.reset == Reset::after) layer.bias_hn.resize(layer.hidden);
  }
  const int node = network_.add(std::move(layer), nodes(parts), name);
  if (backward) directions_[node] = Direction::backward;
  return whole(node);
}

Signal NetworkBuilder::recurrent(LstmLayer layer, const Signal& x, const std::string& name, bool backward) {
  return add_recurrent(std::move(layer), x, name, backward);
}
Signal NetworkBuilder::recurrent(GruLayer layer, const Signal& x, const std::string& name, bool backward) {
  return add_recurrent(std::move(layer), x, name, backward);
}
Signal NetworkBuilder::recurrent(RnnLayer layer, const Signal& x, const std::string& name, bool backward) {
  return add_recurrent(std::move(layer), x, name, backward);
}

Signal NetworkBuilder::first_frame(const Signal& x, const std::string& name) {
  auto parts = pieces(x);
  for (SignalPiece& piece : parts) {
    const auto found = directions_.find(piece.node);
    const bool backward = found != directions_.end() && found->second == Direction::backward;
    piece.node = network_.add(AddLayer{piece.size}, {piece.node}, name);
    if (backward)
      directions_[piece.node] = Direction::final_state;
    else
      lost_.insert(piece.node);
  }
  return parts;
}

Signal NetworkBuilder::flip(const Signal& x, const std::string& name) {
  auto parts = pieces(x);
  for (SignalPiece& piece : parts) {
    piece.node = network_.add(AddLayer{piece.size}, {piece.node}, name);
    directions_[piece.node] = Direction::flipped;
  }
  return parts;
}

Network NetworkBuilder::finish(std::span<const Signal> outputs) {
  for (const Signal& output : outputs)
    for (const SignalPiece& piece : pieces(output)) network_.outputs.push_back(node_of(piece, "output"));
  // Without what no output needs.
  std::vector<int> index(network_.nodes.size(), -1);
  std::vector<bool> needed(network_.nodes.size());
  for (const int output : network_.outputs) needed[output] = true;
  for (size_t n = network_.nodes.size(); n-- > 0;)
    for (const int input : network_.nodes[n].inputs)
      if (needed[n] && input != Node::network_input) needed[input] = true;
  std::vector<Node> kept;
  std::vector<Direction> directions;
  for (size_t n = 0; n < network_.nodes.size(); ++n) {
    if (!needed[n]) continue;
    const int number = static_cast<int>(n);
    if (lost_.contains(number))
      throw unsupported(
          fmt::format("{}: takes the first frame: erngen gives all frames, the last one of a sequence, or "
                      "the first one of a layer that runs backward",
                      network_.nodes[n].name),
          "take the frames out of the results on the host");
    index[n] = static_cast<int>(kept.size());
    directions.push_back(directions_.contains(number) ? directions_[number] : Direction::forward);
    for (int& input : network_.nodes[n].inputs)
      if (input != Node::network_input) input = index[input];
    kept.push_back(std::move(network_.nodes[n]));
  }
  network_.nodes = std::move(kept);
  for (int& output : network_.outputs) output = index[output];
  network_.validate();
  Network streaming = streaming_network(network_, directions);
  if (!streaming.needs_whole_sequences()) return streaming;
  const int passes = streaming.passes();
  notes.push_back(
      fmt::format("layers run from the last frame of a sequence to the first: nothing comes out before the "
                  "sequence is there as a whole{}",
                  passes == 1 ? "" : fmt::format(", which goes through the network {} times", passes)));
  return streaming;
}

}  // namespace erngen
