// Tensors whose bytes lie in a file beside the model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace erngen::onnx {

/// Reads ranges of files in the model's folder, and nothing else: what a model file says of paths comes from outside.
class ExternalData {
 public:
  explicit ExternalData(std::filesystem::path model) : model_(std::move(model)) {}

  /// `bytes` bytes from `offset` of the file `location`, a path relative to the model's folder. Throws Error(bad_input)
  /// naming `tensor` for an absolute path, one with "..", a symbolic link in it, what is not a regular file, a range
  /// that leaves the file, and one that overlaps the range of another tensor.
  std::string read(const std::string& tensor, const std::string& location, std::uint64_t offset, std::uint64_t bytes);

 private:
  struct Range {
    std::uint64_t begin, end;
    std::string tensor;
  };

  std::filesystem::path model_;
  std::map<std::string, std::vector<Range>> taken_;  ///< by location
};

}  // namespace erngen::onnx
