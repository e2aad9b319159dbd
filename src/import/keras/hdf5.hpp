// HDF5 files, as far as Keras uses them: groups, data sets of numbers, attributes of text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "network/safetensors.hpp"

namespace erngen::keras {

/// What a file holds. Paths are "layers/lstm/vars/0", "" is the file itself.
class Hdf5 {
 public:
  /// Reads the file's own attributes and all that is in its groups `roots`, with libhdf5 in a process of its own, for
  /// libhdf5 crashes on damaged files. Throws Error(bad_input) starting with `file` for these, and Error(unsupported)
  /// in an erngen without libhdf5.
  Hdf5(std::string_view bytes, std::string file, const std::vector<std::string>& roots);

  bool has(const std::string& path) const;
  /// The names in a group.
  std::vector<std::string> names(const std::string& group) const;
  /// The texts of an attribute, a scalar or a list; nothing if there is none.
  std::optional<std::vector<std::string>> texts(const std::string& path, const std::string& attribute) const;
  /// A data set: real numbers as float32, whole numbers as int32. Throws Error(bad_input) naming file and path if it is
  /// missing or damaged, Error(unsupported) for other types and for data in other files.
  Tensor read(const std::string& path) const;

 private:
  Error damaged(const std::string& what) const;

  std::string file_;
  Json contents_;  ///< of hdf5_contents()
};

/// The contents of an HDF5 file as an object in CBOR:
///   "groups": {PATH: [NAME, ..]}, "texts": {PATH: {ATTRIBUTE: [TEXT, ..]}}, "data": {PATH: {"shape", "type", "bytes"}}
///   with the types F32, F64 and I64, little-endian; "unread": {PATH: REASON} for data sets of other kinds.
/// Empty if the file cannot be opened.
std::string hdf5_contents(std::string_view bytes, const std::vector<std::string>& roots);

/// Whether this erngen has libhdf5.
extern const bool has_hdf5;

}  // namespace erngen::keras
