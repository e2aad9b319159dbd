// NumPy .npy arrays, the exchange format of recorded input and output.
#pragma once

#include <cstdint>
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

/// Reads a .npy file and converts its elements to float32: float16, float32, float64, signed and unsigned integers of
/// 8 to 64 bits and booleans, of either byte order, in C or Fortran order.
/// Throws Error(bad_input) naming the file for anything else, for a truncated file and for NaN or infinity.
Array read_npy(const std::filesystem::path& file);

/// The same of a file's bytes; messages begin with `what`.
Array parse_npy(std::string_view bytes, const std::string& what);

/// The bytes of a .npy file of float32, and of one of int64 with one axis, as numpy.save writes them.
std::string npy_bytes(const Array& array);
std::string npy_bytes(const std::vector<std::int64_t>& list);

/// Writes npy_bytes() atomically (a temporary file beside it, then a rename). Throws Error(output).
void write_npy(const std::filesystem::path& file, const Array& array);

}  // namespace erngen
