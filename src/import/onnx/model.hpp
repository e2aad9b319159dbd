// What an ONNX file says, as plain values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "import/onnx/constant.hpp"

namespace erngen::onnx {

struct Attribute {
  enum class Kind { real, integer, text, reals, integers, texts, tensor, graph, other };
  Kind kind = Kind::other;
  float real = 0;
  std::int64_t integer = 0;
  std::string text;
  std::vector<float> reals;
  std::vector<std::int64_t> integers;
  std::vector<std::string> texts;
  std::optional<Constant> tensor;
};

/// One operation of the graph.
struct GraphNode {
  std::string name, op, domain;
  std::vector<std::string> inputs, outputs;  ///< names of values; empty where one is left out
  std::map<std::string, Attribute> attributes;

  bool has(const std::string& attribute) const { return attributes.contains(attribute); }
  // An attribute's value, or that for one that is not there. Throws Error(bad_input) for one of another kind.
  std::int64_t integer(const std::string& attribute, std::int64_t otherwise) const;
  float real(const std::string& attribute, float otherwise) const;
  std::string text(const std::string& attribute, const std::string& otherwise) const;
  std::vector<std::int64_t> integers(const std::string& attribute) const;
  std::vector<float> reals(const std::string& attribute) const;
  std::vector<std::string> texts(const std::string& attribute) const;

  /// "node 'rnn' (LSTM)", or "the node of 'y' (LSTM)".
  std::string label() const;
};

/// An input or output of the graph. Open sizes are symbols; equal names in the file are equal symbols.
struct GraphPort {
  std::string name;
  std::optional<std::vector<Size>> shape;
  bool whole = false;  ///< its elements are whole numbers
};

struct Model {
  std::int64_t ir_version = 0;
  int opset = 0;  ///< of the standard domain
  std::string producer;
  std::vector<GraphNode> nodes;
  std::map<std::string, Constant> constants;      ///< initializers
  std::map<std::string, std::string> unreadable;  ///< initializers of types that hold no numbers: name, type
  std::vector<GraphPort> inputs;                  ///< without those that have an initializer
  std::vector<GraphPort> outputs;
};

/// Reads a file, and external data beside it.
///
/// Throws Error(bad_input) for damaged files, tensors whose data does not fit their shape, and external data that is
/// not a regular file in the model's folder, not long enough, or shared by two tensors; Error(unsupported) for versions
/// of the format that are not known, and always if erngen is built without libonnx.
Model read_model(const std::filesystem::path& file);

/// A tensor from a TensorProto file (.pb), as the node tests of ONNX have them.
Constant read_tensor(const std::filesystem::path& file);

}  // namespace erngen::onnx
