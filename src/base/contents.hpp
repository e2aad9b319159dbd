// What a file is, told from its bytes: a file that is not what a reader expects is refused by the name of what it is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace erngen {

/// What `bytes`, a whole file, are: "an ONNX model", "an HDF5 file", "a text file", ...; empty if nothing that is
/// known.
std::string contents_name(std::string_view bytes);

/// Whether the bytes, at least one, are UTF-8 without control characters except white space and escape.
bool is_text(std::string_view bytes);

/// What a directory is: "a TensorFlow SavedModel", "a design that erngen generated", "a directory".
std::string directory_name(const std::filesystem::path& directory);

/// Error(bad_input) "FILE: is an ONNX model, not a .npy file"; for unknown bytes "FILE: is not a .npy file".
Error other_contents(const std::string& file, std::string_view bytes, const std::string& expected,
                     const std::string& way_out = "");

}  // namespace erngen
