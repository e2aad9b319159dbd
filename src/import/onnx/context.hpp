// The state of reading a graph, and the operations by their names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "import/onnx/model.hpp"
#include "import/onnx/value.hpp"

namespace erngen::onnx {

struct Context {
  Context(const Model& model_, int input) : model(model_), builder(input) {}

  const Model& model;
  NetworkBuilder builder;
  FrameAxis frames;
  bool reset_after = false;     ///< the user says that GRUs of doubtful files are reset after the product
  bool reverse_input = false;   ///< the user feeds the frames from the last one to the first one
  bool recurrent = false;       ///< a recurrent layer has been read
  bool doubtful_reset = false;  ///< reset_after has decided on one
  std::vector<std::string> notes;
};

/// Computes the outputs of a node from its inputs. Throws Error(unsupported), Error(bad_input); the caller adds the
/// node's name.
using Operation = std::vector<Value> (*)(Context&, const GraphNode&, const std::vector<Value>& inputs);
using Operations = std::map<std::string, Operation>;

/// Identity, Cast, Reshape, Transpose, Slice, Gather, Concat, Shape, ...: of constants and of vectors.
const Operations& shape_operations();
/// Arithmetic of constants alone.
const Operations& constant_operations();
/// Add, Mul, Relu, Clip, ... of vectors, and Softmax and ArgMax at the end.
const Operations& elementwise_operations();
/// MatMul, Gemm, BatchNormalization.
const Operations& linear_operations();
/// LSTM, GRU, RNN.
const Operations& recurrent_operations();

// The inputs of an operation.

bool is_missing(const std::vector<Value>& inputs, size_t at);
/// Throws Error(unsupported) naming `what` if it is not known when the file is read.
const Constant& constant_input(const std::vector<Value>& inputs, size_t at, const char* what);
/// The one element of a constant of whole numbers. Throws Error(bad_input) if there are none or several.
std::int64_t whole_number(const Constant& constant, const char* what);
/// The value that all elements of a constant of real numbers have. Throws Error(unsupported) if they differ.
float real_number(const Constant& constant, const char* what);
/// A vector to compute with. Throws Error(unsupported) for states and for what is cut off at the end.
const Traced& traced_input(const std::vector<Value>& inputs, size_t at, const char* what);
/// What a constant does to each element of a vector: [size of the vector]. Throws Error(unsupported) if it is not the
/// same for all frames and sequences. `axes` become those of the result.
std::vector<double> by_element(const Constant& constant, const Traced& vector, Axes& axes, const char* what);
/// Throws Error(unsupported) unless the elements of the vector are its last axis.
void require_features_last(const Traced& vector, const char* what);

}  // namespace erngen::onnx
