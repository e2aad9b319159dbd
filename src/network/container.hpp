// What network files and quantised network files share: the table of metadata, and tensors taken by name.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "network/safetensors.hpp"

namespace erngen {

/// What the metadata of a file say.
struct Description {
  int version = 1;
  Json network;  ///< the object under the key "network"
};

/// Checks the metadata `format` (its value in the file), `version` (1 to `newest`) and `convention`; the object under
/// the key "network" may have `keys` only and has a list "layers" that is not empty. Throws Error(bad_input) naming the
/// file, with `way_out` for another format, and Error(unsupported) for another version or convention.
Description read_description(const TensorFile& tensors, const std::string& file, const std::string& format, int newest,
                             std::initializer_list<std::string_view> keys, const std::string& way_out);

/// The metadata that read_description() accepts.
std::vector<std::pair<std::string, std::string>> write_description(const std::string& format, int version,
                                                                   const Json& network);

/// Takes tensors out of a container by name and remembers which were taken.
class TensorTaker {
 public:
  TensorTaker(const TensorFile& tensors, const std::string& file) : tensors_(tensors), file_(file) {}

  /// The values of a tensor: T is float or std::int32_t. Throws Error(bad_input) naming file and tensor if it is
  /// missing or has another type or shape.
  template <class T>
  std::vector<T> take(const std::string& name, const std::vector<int>& shape) {
    const Tensor& tensor = find(name, shape, std::is_same_v<T, float>);
    return std::get<std::vector<T>>(tensor.values);
  }

  /// Throws Error(bad_input) naming a tensor that nobody took.
  void require_all_taken() const;

 private:
  const Tensor& find(const std::string& name, const std::vector<int>& shape, bool is_float);

  const TensorFile& tensors_;
  const std::string& file_;
  std::set<std::string> taken_;
};

}  // namespace erngen
