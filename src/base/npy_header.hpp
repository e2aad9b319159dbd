// The header of a .npy file: a Python dictionary literal with the keys descr, fortran_order and shape.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace erngen {

/// What every message about a bad .npy file offers.
inline constexpr const char* npy_way_out = "write it with numpy.save(FILE, x.astype('float32'))";

struct NpyHeader {
  std::string descr;  ///< byte order, kind and bytes of an element, e.g. "<f4"
  bool fortran_order = false;
  std::vector<int> shape;
  size_t data = 0;  ///< where the elements begin
};

/// Reads the header at the beginning of a .npy file's `bytes`, versions 1 to 3. Throws Error(bad_input) starting with
/// `what` for a truncated or damaged one and for records of named fields.
NpyHeader parse_npy_header(std::string_view bytes, const std::string& what);

}  // namespace erngen
