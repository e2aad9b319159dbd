// .npy files: bytes as NumPy writes them, and everything that must be refused.
#include "base/check_error.hpp"

#include <cstring>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "base/test_directory.hpp"

using namespace erngen;

namespace {

/// A file as numpy.save makes it: header padded with spaces to a multiple of 64 bytes, ending in a newline.
std::string npy(std::string header, const std::string& data, char version = 1) {
  const size_t start = version == 1 ? 10 : 12;
  while ((start + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  for (size_t n = 0; n < start - 8; ++n) bytes += static_cast<char>(header.size() >> 8 * n);
  return bytes + header + data;
}

template <class T>
std::string raw(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

Array parse(const std::string& bytes) {
  TestDirectory directory;
  write_file_atomically(directory / "x.npy", bytes);
  return read_npy(directory / "x.npy");
}

}  // namespace

TEST_CASE("arrays are written as numpy.save writes them") {
  TestDirectory directory;
  write_npy(directory / "x.npy", {{2, 3}, {1, 2, 3, 4, 5, -0.5f}});
  CHECK(read_file(directory / "x.npy") ==
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", raw<float>({1, 2, 3, 4, 5, -0.5f})));
  write_npy(directory / "x.npy", {{3}, {1, 2, 3}});
  CHECK(read_file(directory / "x.npy") ==
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", raw<float>({1, 2, 3})));
  write_npy(directory / "x.npy", {{}, {4}});
  CHECK(read_file(directory / "x.npy") ==
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", raw<float>({4})));
  CHECK(read_npy(directory / "x.npy").values == std::vector<float>{4});
}

TEST_CASE("all promised element types and both versions are read") {
  const auto with = [](const char* descr, const std::string& data, char version = 1) {
    return parse(
        npy(std::string("{'descr': '") + descr + "', 'fortran_order': False, 'shape': (1, 2), }", data, version));
  };
  const std::vector<float> expected{3, -7};
  CHECK(with("<f4", raw<float>({3, -7})).values == expected);
  CHECK(with("<f8", raw<double>({3, -7})).values == expected);
  CHECK(with("<i2", raw<std::int16_t>({3, -7})).values == expected);
  CHECK(with("<i4", raw<std::int32_t>({3, -7})).values == expected);
  CHECK(with("<i8", raw<std::int64_t>({3, -7})).values == expected);
  CHECK(with("<f4", raw<float>({3, -7}), 2).shape == std::vector<int>{1, 2});
  CHECK(parse(npy("{\"shape\":(0,5),\"descr\":\"<f4\",\"fortran_order\":False}", "")).size() == 0);
  CHECK(parse(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", raw<float>({3, -7}))).values == expected);
}

TEST_CASE("anything else is refused with the file's name and the reason") {
  const std::string good = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", raw<float>({1, 2}));
  for (size_t length = 0; length < good.size(); ++length)
    CHECK_ERROR(parse(good.substr(0, length)), ExitCode::bad_input, "x.npy");
  CHECK_ERROR(parse(good + "x"), ExitCode::bad_input, "9 bytes of data where the header promises 8");
  CHECK_ERROR(parse("PK\x03\x04 an npz file"), ExitCode::bad_input, "not a .npy file");
  const auto refuse = [](const std::string& header, const std::string& data, const char* text) {
    CHECK_ERROR(parse(npy(header, data)), ExitCode::bad_input, text);
  };
  refuse("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", raw<float>({1}), "element type '>f4'");
  refuse("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", raw<float>({1}), "element type '|O'");
  refuse("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", raw<float>({1}), "Fortran order");
  refuse("{'descr': '<f4', 'fortran_order': False}", "", "missing key");
  refuse("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", "", "repeated key");
  refuse("{'descr': '<f4', 'order': False, 'shape': (1,)}", "", "unknown key");
  refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "", "no number");
  refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,)}", "", "beyond 2147483647");
  refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536)}", "", "more than 2^31");
  refuse("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", raw<float>({1}), "unexpected character");
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  refuse(header, raw<float>({1, std::numeric_limits<float>::quiet_NaN()}), "element 1 is nan");
  refuse(header, raw<float>({-std::numeric_limits<float>::infinity(), 0}), "element 0 is -inf");
  refuse("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", raw<double>({1e300}), "not a finite float32");
}

TEST_CASE("a write that fails leaves the old array") {
  TestDirectory directory;
  CHECK_ERROR(write_npy(directory / "none/x.npy", {{1}, {1}}), ExitCode::output, "x.npy");
}
