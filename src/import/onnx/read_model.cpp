// read_model() and read_tensor() with the protobuf classes of libonnx.
#include <set>

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "import/onnx/model.hpp"
#include "import/onnx/tensor_proto.hpp"

namespace erngen::onnx {
namespace {

// The operators that erngen reads changed for the last time with IR 4 (initializers need not be inputs) and operator
// set 22 (LSTM, GRU and RNN); later versions are known up to these.
constexpr int oldest_ir = 3, newest_ir = 14, oldest_opset = 7, newest_opset = 28;

template <class Message>
Message parse(const std::string& bytes, const std::string& file, const std::string& expected) {
  const google::protobuf::LogSilencer quiet;  // the library's complaints become the error below
  Message message;
  if (bytes.size() > 0x7fffffff || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    throw bad_input(fmt::format("{}: is a damaged or truncated {}", file, expected));
  return message;
}

Attribute attribute(const ::onnx::AttributeProto& proto, ExternalData& external) {
  using Proto = ::onnx::AttributeProto;
  using Kind = Attribute::Kind;
  Attribute result;
  switch (proto.type()) {
    case Proto::FLOAT: result.kind = Kind::real, result.real = proto.f(); break;
    case Proto::INT: result.kind = Kind::integer, result.integer = proto.i(); break;
    case Proto::STRING: result.kind = Kind::text, result.text = proto.s(); break;
    case Proto::FLOATS:
      result.kind = Kind::reals, result.reals.assign(proto.floats().begin(), proto.floats().end());
      break;
    case Proto::INTS:
      result.kind = Kind::integers, result.integers.assign(proto.ints().begin(), proto.ints().end());
      break;
    case Proto::STRINGS:
      result.kind = Kind::texts, result.texts.assign(proto.strings().begin(), proto.strings().end());
      break;
    case Proto::TENSOR:
      if (!is_number(proto.t().data_type())) break;
      result.kind = Kind::tensor, result.tensor = constant(proto.t(), external);
      break;
    case Proto::GRAPH:
    case Proto::GRAPHS: result.kind = Kind::graph; break;
    default: break;
  }
  return result;
}

GraphNode node(const ::onnx::NodeProto& proto, ExternalData& external) {
  GraphNode result{proto.name(), proto.op_type(), proto.domain(), {}, {}, {}};
  if (result.domain == "ai.onnx") result.domain.clear();
  result.inputs.assign(proto.input().begin(), proto.input().end());
  result.outputs.assign(proto.output().begin(), proto.output().end());
  for (const auto& one : proto.attribute())
    if (!result.attributes.emplace(one.name(), attribute(one, external)).second)
      throw bad_input(fmt::format("{}: attribute {} is there twice", result.label(), one.name()));
  return result;
}

GraphPort port(const ::onnx::ValueInfoProto& proto, std::map<std::string, int>& symbols) {
  GraphPort result{proto.name(), {}, false};
  const auto& type = proto.type();
  if (!type.has_tensor_type())
    throw unsupported(fmt::format("'{}' is no tensor (a sequence, map or optional value)", proto.name()));
  result.whole = !is_real(type.tensor_type().elem_type());
  if (!type.tensor_type().has_shape()) return result;
  result.shape.emplace();
  for (const auto& axis : type.tensor_type().shape().dim()) {
    // Open sizes without a name differ from all others.
    const auto open = [&](std::string name) {
      if (name.empty()) name = fmt::format("{} of {}", result.shape->size(), proto.name());
      return Size::symbol(symbols.emplace(std::move(name), static_cast<int>(symbols.size())).first->second);
    };
    result.shape->push_back(axis.has_dim_value() && axis.dim_value() > 0 ? Size(axis.dim_value())
                                                                         : open(axis.dim_param()));
  }
  return result;
}

void require_versions(const ::onnx::ModelProto& proto, Model& model) {
  model.ir_version = proto.ir_version();
  for (const auto& set : proto.opset_import()) {
    if (set.domain().empty() || set.domain() == "ai.onnx") model.opset = static_cast<int>(set.version());
  }
  if (model.ir_version < oldest_ir || model.ir_version > newest_ir)
    throw unsupported(fmt::format("ir_version {}: {} to {} are known", model.ir_version, oldest_ir, newest_ir),
                      "export the model again with the exporter's default versions");
  if (model.opset < oldest_opset || model.opset > newest_opset)
    throw unsupported(fmt::format("operator set {}: {} to {} are known", model.opset, oldest_opset, newest_opset),
                      "export the model again with opset_version=17");
}

}  // namespace

Model read_model(const std::filesystem::path& path) {
  const std::string file = path.string(), bytes = read_file(path);
  if (bytes.empty()) throw bad_input(file + ": is empty, not an ONNX model");
  const auto proto = parse<::onnx::ModelProto>(bytes, file, "ONNX model");
  Model model;
  require_versions(proto, model);
  model.producer = proto.producer_name();
  ExternalData external(path);
  const auto& graph = proto.graph();
  if (graph.sparse_initializer_size() > 0)
    throw unsupported(fmt::format("tensor '{}' is sparse", graph.sparse_initializer(0).values().name()));
  for (const auto& tensor : graph.initializer()) {
    const bool number = is_number(tensor.data_type());
    const bool added = number ? model.constants.emplace(tensor.name(), constant(tensor, external)).second
                              : model.unreadable.emplace(tensor.name(), data_type_name(tensor.data_type())).second;
    if (!added) throw bad_input(fmt::format("tensor '{}' is there twice", tensor.name()));
  }
  for (const auto& one : graph.node()) model.nodes.push_back(node(one, external));
  std::map<std::string, int> symbols;
  std::set<std::string> names;
  for (const auto& input : graph.input()) {
    if (!names.insert(input.name()).second) throw bad_input(fmt::format("input '{}' is there twice", input.name()));
    if (!model.constants.contains(input.name())) model.inputs.push_back(port(input, symbols));
  }
  for (const auto& output : graph.output()) model.outputs.push_back(GraphPort{output.name(), {}, false});
  return model;
}

Constant read_tensor(const std::filesystem::path& path) {
  const std::string file = path.string();
  const auto proto = parse<::onnx::TensorProto>(read_file(path), file, "tensor of ONNX");
  if (!is_number(proto.data_type()))
    throw unsupported(fmt::format("{}: is a tensor of {}, not of numbers", file, data_type_name(proto.data_type())));
  ExternalData external(path);
  return constant(proto, external);
}

}  // namespace erngen::onnx
