#include "import/onnx/model.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::onnx {
namespace {

const Attribute* find(const GraphNode& node, const std::string& name, Attribute::Kind kind) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end()) return nullptr;
  if (found->second.kind != kind)
    throw bad_input(fmt::format("{}: attribute {} is of another type than the operation has", node.label(), name));
  return &found->second;
}

}  // namespace

std::int64_t GraphNode::integer(const std::string& attribute, std::int64_t otherwise) const {
  const Attribute* found = find(*this, attribute, Attribute::Kind::integer);
  return found ? found->integer : otherwise;
}
float GraphNode::real(const std::string& attribute, float otherwise) const {
  const Attribute* found = find(*this, attribute, Attribute::Kind::real);
  return found ? found->real : otherwise;
}
std::string GraphNode::text(const std::string& attribute, const std::string& otherwise) const {
  const Attribute* found = find(*this, attribute, Attribute::Kind::text);
  return found ? found->text : otherwise;
}
std::vector<std::int64_t> GraphNode::integers(const std::string& attribute) const {
  const Attribute* found = find(*this, attribute, Attribute::Kind::integers);
  return found ? found->integers : std::vector<std::int64_t>{};
}
std::vector<float> GraphNode::reals(const std::string& attribute) const {
  const Attribute* found = find(*this, attribute, Attribute::Kind::reals);
  return found ? found->reals : std::vector<float>{};
}
std::vector<std::string> GraphNode::texts(const std::string& attribute) const {
  const Attribute* found = find(*this, attribute, Attribute::Kind::texts);
  return found ? found->texts : std::vector<std::string>{};
}

std::string GraphNode::label() const {
  if (!name.empty()) return fmt::format("node '{}' ({})", name, op);
  const auto output = std::ranges::find_if(outputs, [](const std::string& one) { return !one.empty(); });
  return fmt::format("the node of '{}' ({})", output == outputs.end() ? "" : *output, op);
}

}  // namespace erngen::onnx
