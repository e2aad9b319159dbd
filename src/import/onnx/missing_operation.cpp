#include "import/onnx/missing_operation.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

namespace erngen::onnx {
namespace {

constexpr const char* on_host =
    "compute it on the host: import the part of the graph before it with --outputs NAME, or export the part behind it "
    "on "
    "its own";
constexpr const char* keras =
    "if Keras wrote the file, save the Keras model as .keras and import that: its exporter writes GRUs as loops";

struct Family {
  std::set<std::string> operations;
  const char* what;
  const char* way_out;
};

const Family families[] = {
    {{"Loop", "Scan", "If", "SequenceMap"}, "a graph within the graph", keras},
    {{"Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ConvInteger"},
     "a convolution or pooling over frames",
     on_host},
    {{"LayerNormalization", "InstanceNormalization", "GroupNormalization", "RMSNormalization", "LpNormalization"},
     "a normalisation that depends on its input",
     on_host},
    {{"Attention", "MultiHeadAttention"}, "an attention", on_host},
    {{"QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearMatMul", "MatMulInteger", "QLinearConv",
      "DynamicQuantizeLSTM", "QGemm", "QLinearAdd", "FakeQuantize"},
     "part of a quantised graph",
     "import the float model: erngen quantise chooses the formats"},
    {{"Elu", "Selu", "Celu", "Gelu", "Softplus", "Softsign", "HardSwish", "Mish", "Swish", "ThresholdedRelu", "Erf"},
     "an activation that erngen does not have (it has Relu, LeakyRelu, Clip, Sigmoid, Tanh, HardSigmoid)",
     on_host},
    {{"ReduceMean", "ReduceMax", "ReduceSum", "ReduceMin", "ReduceL2", "ReduceProd", "CumSum"},
     "a reduction of computed values",
     on_host},
};

}  // namespace

Error missing_operation(const GraphNode& node) {
  const auto unsupported = [&](const std::string& message, const char* way_out) {
    return erngen::unsupported(node.label() + ": " + message, way_out);
  };
  if (!node.domain.empty())
    return unsupported(fmt::format("operation {} of domain '{}' is not of the ONNX standard", node.op, node.domain),
                       "export the model again without optimisation or quantisation by a runtime");
  for (const Family& family : families)
    if (family.operations.contains(node.op))
      return unsupported(fmt::format("{} is {}", node.op, family.what), family.way_out);
  return unsupported(fmt::format("operation {} is none that a network has", node.op), on_host);
}

}  // namespace erngen::onnx
