#include "import/onnx/recurrent_node.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::onnx {
namespace {

/// Positions of the inputs in the operator specification.
enum Input : size_t { x_input, w_input, r_input, b_input, lengths_input, h_input, c_input };

constexpr const char* projected = "the state dict has it: save model.state_dict() with safetensors, and import that";

}  // namespace

RecurrentNode::RecurrentNode(Context& context, const GraphNode& node, const std::vector<Value>& inputs,
                             const NodeKind& kind)
    : context_(context), node_(node), inputs_(inputs), x_(traced_input(inputs, x_input, "X")) {
  batch_first_ = node.integer("layout", 0) != 0;
  read_direction();
  read_axes();
  read_sizes(kind.gates);
  functions_ = gate_functions(node, kind.defaults, static_cast<int>(backward_.size()));
  require_full_length();
  context.recurrent = true;
}

void RecurrentNode::read_direction() {
  const std::string direction = node_.text("direction", "forward");
  if (direction != "forward" && direction != "reverse" && direction != "bidirectional")
    throw bad_input(fmt::format("direction is '{}'", direction));
  const bool reversed = direction == "reverse";
  if (direction == "bidirectional")
    backward_ = {false, true};
  else
    backward_ = {reversed};
  if (!context_.reverse_input) return;
  // The user turns the sequences: what runs backward in the graph is a forward layer here.
  if (direction == "bidirectional" || (context_.recurrent && reversed != context_.frames.reversed))
    throw unsupported("--reverse-input: layers run in both directions", "import without it: erngen turns the frames");
  backward_ = {false};
  context_.frames.reversed = reversed;
}

/// The axes in the order time, sequences, elements.
void RecurrentNode::read_axes() {
  if (x_.axes.size() != 3) throw bad_input(fmt::format("X has {} axes, not 3", x_.axes.size()));
  require_features_last(x_, "X");
  if (batch_first_) std::swap(x_.axes[0], x_.axes[1]);
  if (x_.last)
    throw unsupported("runs over a vector that there is once a sequence",
                      "import the part before with --outputs, and the part after on its own");
  const Axis& time = x_.axes[0];
  if (time.empty() && !is_missing(inputs_, h_input) && std::holds_alternative<State>(inputs_[h_input])) return;
  if (time.size() != 1 || time.front().label == Atom::features)
    throw unsupported(
        fmt::format("its frames are axis {} of X, which is not an axis of the network's input", batch_first_ ? 1 : 0));
  if (context_.frames.label && *context_.frames.label != time.front().label)
    throw unsupported(fmt::format("its frames are axis {} of the network's input, those of the layers before axis {}",
                                  time.front().label, *context_.frames.label));
  context_.frames.label = time.front().label;
}

void RecurrentNode::read_sizes(int gates) {
  const Constant &w = constant_input(inputs_, w_input, "W"), &r = constant_input(inputs_, r_input, "R");
  if (w.rank() != 3 || r.rank() != 3) throw bad_input("W and R do not have 3 axes");
  const auto ws = w.known_shape(), rs = r.known_shape();
  if (const auto count = static_cast<std::int64_t>(backward_.size()); ws[0] != count || rs[0] != count)
    throw bad_input(fmt::format("W and R have {} and {} directions, not {}", ws[0], rs[0], count));
  const std::int64_t hidden = rs[1] / gates;
  const std::int64_t stated = node_.integer("hidden_size", hidden);
  require_no_projection();
  if (rs[1] != gates * hidden || rs[2] != hidden || ws[1] != rs[1] || stated != hidden || hidden < 1 || hidden > 65536)
    throw bad_input(fmt::format("hidden_size {}, W of shape {} and R of shape {} do not fit together ({} gates)",
                                stated, shape_text(w.shape()), shape_text(r.shape()), gates));
  if (ws[2] != x_.signal.size())
    throw bad_input(
        fmt::format("W of shape {} reads {} elements, X has {}", shape_text(w.shape()), ws[2], x_.signal.size()));
  input_ = static_cast<int>(ws[2]);
  hidden_ = static_cast<int>(hidden);
}

/// torch 2.15 leaves half of a projected LSTM out of the file.
void RecurrentNode::require_no_projection() const {
  std::string trace;
  for (const auto& [name, constant] : context_.model.constants)
    if (name.find("weight_hr") != std::string::npos) trace = fmt::format("the file has a tensor '{}'", name);
  for (const size_t at : {h_input, c_input}) {
    if (node_.op != "LSTM" || is_missing(inputs_, at) || rank_of(inputs_[at]) == 0) continue;
    const Size width = shape_of(inputs_[at]).back();
    const std::int64_t hidden = node_.integer("hidden_size", 0);
    if (hidden > 0 && width.value() && !width.is(hidden))
      trace = fmt::format("{} has {} elements, hidden_size is {}", at == h_input ? "initial_h" : "initial_c",
                          width.text(), hidden);
  }
  if (!trace.empty())
    throw unsupported(fmt::format("{}: PyTorch cannot export proj_size to ONNX, its file is another network", trace),
                      projected);
}

std::optional<Constant> RecurrentNode::weights(size_t at, const char* name) const {
  if (is_missing(inputs_, at)) return {};
  const Constant& constant = constant_input(inputs_, at, name);
  if (constant.rank() < 2 || !constant.shape().front().is(static_cast<std::int64_t>(backward_.size())))
    throw bad_input(fmt::format("{} has shape {}", name, shape_text(constant.shape())));
  return constant.along(0, direction_, 1, 1).without_axis(0);
}

BlockMatrix RecurrentNode::gate(const Constant& weights, int gate) const {
  const Constant rows = weights.along(0, std::int64_t{gate} * hidden_, hidden_, 1);
  BlockMatrix matrix(hidden_, static_cast<int>(rows.known_shape()[1]), 1);
  matrix.columns = rows.reals("the weights");
  return matrix;
}

std::vector<float> RecurrentNode::bias(int at) const {
  const auto b = weights(b_input, "B");
  if (!b) return {};
  const std::int64_t rows = 2 * constant_input(inputs_, r_input, "R").known_shape()[1];
  if (b->rank() != 1 || !b->shape().front().is(rows))
    throw bad_input(fmt::format("B has shape {}, not [{}, {}]",
                                shape_text(constant_input(inputs_, b_input, "B").shape()), backward_.size(), rows));
  return b->along(0, std::int64_t{at} * hidden_, hidden_, 1).reals("B");
}

std::vector<float> RecurrentNode::initial(size_t at, const char* name) const {
  if (is_missing(inputs_, at)) return {};
  if (const auto* state = std::get_if<State>(&inputs_[at]); state && state->is_input) {
    context_.notes.push_back(
        fmt::format("{} is the state that the accelerator keeps: zero at the beginning of a "
                    "sequence, and readable and writable in its state memory",
                    state->what));
    return {};
  }
  if (!std::holds_alternative<Constant>(inputs_[at]))
    throw unsupported(fmt::format("{} is computed by the network", name),
                      "compute it on the host, and write it to the state memory at the beginning of a sequence");
  Constant state = std::get<Constant>(inputs_[at]);
  if (state.rank() != 3) throw bad_input(fmt::format("{} has shape {}", name, shape_text(state.shape())));
  if (batch_first_) state = state.transposed({1, 0, 2});
  if (!state.shape()[0].is(static_cast<std::int64_t>(backward_.size())) || !state.shape()[2].is(hidden_))
    throw bad_input(fmt::format("{} has shape {}, not [{}, sequences, {}]", name, shape_text(state.shape()),
                                backward_.size(), hidden_));
  state = state.along(0, direction_, 1, 1);
  const Constant of_one = state.along(1, 0, 1, 1);
  const auto values = of_one.reals(name);
  if (state.is_known() && of_one.broadcast(state.shape()).reals(name) != state.reals(name))
    throw unsupported(fmt::format("{} differs between the sequences of a batch", name),
                      "export with one initial state for all sequences");
  if (std::ranges::all_of(values, [](float value) { return value == 0; })) return {};
  return values;
}

void RecurrentNode::require_full_length() const {
  if (is_missing(inputs_, lengths_input)) return;
  const char* way_out =
      "export without lengths: the accelerator ends each sequence at the frame that is marked as its last";
  if (!std::holds_alternative<Constant>(inputs_[lengths_input]))
    throw unsupported("sequence_lens is an input of the graph", way_out);
  const Constant& lengths = std::get<Constant>(inputs_[lengths_input]);
  const Size frames = size_of(x_.axes[0]);
  Constant values = lengths;
  for (int at = 0; at < values.rank(); ++at)
    if (!values.shape()[at].value()) values = values.along(at, 0, 1, 1);
  for (const Size& length : values.sizes("sequence_lens"))
    if (!(length == frames))
      throw unsupported(fmt::format("sequence_lens has {} where X has {} frames", length.text(), frames.text()),
                        way_out);
}

void RecurrentNode::require_no_clip() const {
  if (!node_.has("clip")) return;
  const float clip = node_.real("clip", 0);
  if (std::ranges::all_of(functions_, [&](const GateFunction& f) { return saturates_within(f, clip); })) return;
  throw unsupported(
      fmt::format("clip is {}: erngen does not limit what enters the activation functions, and not all of "
                  "them are constant beyond",
                  clip),
      "export without clip if training did not need it");
}

std::span<const GateFunction> RecurrentNode::functions() const {
  const size_t count = functions_.size() / backward_.size();
  return std::span(functions_).subspan(static_cast<size_t>(direction_) * count, count);
}

std::vector<Value> RecurrentNode::results(const std::vector<Signal>& outputs) const {
  const Axis elements{Atom{Atom::features, hidden_}};
  // Of sequences of one frame the last frame is each frame.
  const bool one_frame = size_of(x_.axes[0]).is(1);
  std::vector<Value> all, ends;
  for (size_t d = 0; d < outputs.size(); ++d) {
    Traced y{outputs[d], {x_.axes[0], x_.axes[1], elements}, false, false, {}};
    if (batch_first_) std::swap(y.axes[0], y.axes[1]);
    const bool first = backward_[d] && !one_frame;
    const Signal end = first ? context_.builder.first_frame(outputs[d], node_.label()) : outputs[d];
    all.push_back(std::move(y));
    ends.push_back(Traced{end, {x_.axes[1], elements}, !one_frame, true, {}});
  }
  const int y_axis = batch_first_ ? 2 : 1, end_axis = batch_first_ ? 1 : 0;
  if (outputs.size() == 1) return {with_axis(all.front(), y_axis), with_axis(ends.front(), end_axis)};
  return {std::make_shared<const Stack>(Stack{std::move(all), y_axis}),
          std::make_shared<const Stack>(Stack{std::move(ends), end_axis})};
}

}  // namespace erngen::onnx
