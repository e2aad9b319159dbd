// NumPy .npy arrays of float32, the exchange format of `erngen run` and `erngen simulate`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace erngen {

/// A C-ordered array.
struct Array {
  std::vector<int> shape;
  std::vector<float> values;
  size_t size() const { return values.size(); }
};

/// Reads a .npy file (version 1 or 2, little-endian, C order, f4 or f8 or i2/i4/i8, converted to float).
/// Throws Error(bad_input) naming the file for anything else, for a truncated file and for NaN or infinity.
Array read_npy(const std::filesystem::path& file);

/// The same of a file's bytes; messages begin with `what`.
Array parse_npy(std::string_view bytes, const std::string& what);

/// Writes float32, atomically (a temporary file beside it, then a rename). Throws Error(output).
void write_npy(const std::filesystem::path& file, const Array& array);

}  // namespace erngen
