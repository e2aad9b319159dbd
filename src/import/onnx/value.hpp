// What a name in an ONNX graph stands for while the graph is read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "import/network_builder.hpp"
#include "import/onnx/axes.hpp"
#include "import/onnx/constant.hpp"
#include "network/output_cut.hpp"

namespace erngen::onnx {

/// An input that an operation does not have.
struct Missing {};

/// A vector that the network computes in each frame, or in the last one of a sequence.
struct Traced {
  Signal signal;
  Axes axes;
  bool last = false;                ///< of the last frame only
  bool state = false;               ///< the final hidden state of a recurrent layer, unchanged
  OutputCut cut = OutputCut::none;  ///< computed from the signal at the very end
};

/// The state of a recurrent layer before the first or after the last frame: an input of the graph that is nothing but
/// an initial state, or a final cell state. The accelerator keeps it in its state memory.
struct State {
  std::string what;  ///< "input 'h0'", "the final cell state of node 'rnn' (LSTM)"
  bool is_input = false;
  std::vector<Size> shape;
};

struct Stack;
using Value = std::variant<Missing, Constant, Traced, State, std::shared_ptr<const Stack>>;

/// Values stacked on an axis that is neither frames nor elements, such as the final states of several layers.
struct Stack {
  std::vector<Value> items;  ///< each without the axis
  int axis = 0;
};

std::vector<Size> shape_of(const Value& value);
int rank_of(const Value& value);
/// `number`, counted from the end if it is negative; of a value with `added` more axes.
int axis_of(const Value& value, std::int64_t number, int added = 0);

/// What the selection along the axis of frames means.
struct FrameAxis {
  std::optional<int> label;  ///< the axis of the graph's input that counts frames, if a recurrent layer has said so
  bool reversed = false;     ///< the user feeds the frames from the last one to the first one
};

// Views. All throw Error(unsupported) where the result is no vector of a frame.
Value transposed(const Value& value, const std::vector<std::int64_t>& order);
Value with_axis(const Value& value, int at);     ///< of size 1
Value without_axis(const Value& value, int at);  ///< whose size is 1
/// Elements begin, begin + step, .., `count` of them; a negative begin counts from the end of an axis of open size.
Value along(const Value& value, int at, std::int64_t begin, std::int64_t count, std::int64_t step,
            const FrameAxis& frames, NetworkBuilder& builder, const std::string& name);
/// Sizes that are not known are what the others leave. Values stacked on the axis before the elements become one vector
/// where both axes are merged, such as the outputs of both directions.
Value reshaped(const Value& value, const std::vector<Size>& shape, NetworkBuilder& builder);
/// Stacked vectors as one vector of each frame, one behind the other, or the value itself.
Value unstacked(const Value& value, NetworkBuilder& builder);

}  // namespace erngen::onnx
