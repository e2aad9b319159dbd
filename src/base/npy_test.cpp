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
  CHECK(with("|i1", raw<std::int8_t>({3, -7})).values == expected);
  CHECK(with("<u1", raw<std::uint8_t>({3, 250})).values == std::vector<float>{3, 250});
  CHECK(with("<u2", raw<std::uint16_t>({3, 65535})).values == std::vector<float>{3, 65535});
  CHECK(with("<u4", raw<std::uint32_t>({3, 1u << 31})).values == std::vector<float>{3, 2147483648.0f});
  CHECK(with("<u8", raw<std::uint64_t>({3, std::uint64_t{1} << 63})).values == std::vector<float>{3, 0x1p63f});
  CHECK(with("|b1", raw<char>({1, 0})).values == std::vector<float>{1, 0});
  CHECK(with("<f2", raw<std::uint16_t>({0x4200, 0xc700})).values == expected);
  CHECK(with("<f2", raw<std::uint16_t>({0x0001, 0x7bff})).values == std::vector<float>{0x1p-24f, 65504});
  CHECK(with(">i2", raw<std::uint16_t>({0x0300, 0xf9ff})).values == expected);
  CHECK(with(">f4", raw<std::uint32_t>({0x00004040, 0x0000e0c0})).values == expected);
  CHECK(with("<f4", raw<float>({3, -7}), 3).values == expected);
  CHECK(with("<f4", raw<float>({3, -7}), 2).shape == std::vector<int>{1, 2});
  CHECK(parse(npy("{\"shape\":(0,5),\"descr\":\"<f4\",\"fortran_order\":False}", "")).size() == 0);
  CHECK(parse(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", raw<float>({3, -7}))).values == expected);
}

TEST_CASE("Fortran order becomes C order") {
  // numpy.asfortranarray([[[0, 1], [2, 3], [4, 5]], [[6, 7], [8, 9], [10, 11]]])
  const Array x = parse(npy("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 2), }",
                            raw<std::int16_t>({0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11})));
  CHECK(x.values == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(parse(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (0, 5), }", "")).size() == 0);
}

TEST_CASE("anything else is refused with the file's name and the reason") {
  const std::string good = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", raw<float>({1, 2}));
  for (size_t length = 0; length < good.size(); ++length)
    CHECK_ERROR(parse(good.substr(0, length)), ExitCode::bad_input, "x.npy");
  CHECK_ERROR(parse(good + "x"), ExitCode::bad_input, "9 bytes of data where the header promises 8");
  CHECK_ERROR(parse("PK\x03\x04 an npz file"), ExitCode::bad_input,
              "is a damaged or truncated zip archive, not a .npy file");
  const auto refuse = [](const std::string& header, const std::string& data, const char* text) {
    CHECK_ERROR(parse(npy(header, data)), ExitCode::bad_input, text);
  };
  refuse("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", raw<double>({1}),
         "complex numbers (element type '<c8')");
  refuse("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "", "Python objects (a pickle) (element type '|O')");
  refuse("{'descr': '<U3', 'fortran_order': False, 'shape': (1,)}", "", "holds text");
  refuse("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "", "extended precision");
  refuse("{'descr': '<f', 'fortran_order': False, 'shape': (1,)}", "", "element type '<f'");
  refuse("{'descr': '', 'fortran_order': False, 'shape': (1,)}", "", "element type ''");
  refuse("{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", raw<std::uint16_t>({0x7c00}), "element 0 is inf");
  refuse("{'descr': '<f4', 'fortran_order': False}", "", "missing key");
  refuse("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", "", "repeated key");
  refuse("{'descr': '<f4', 'order': False, 'shape': (1,)}", "", "unknown key");
  refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "", "no number");
  refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,)}", "", "beyond 2147483647");
  refuse("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536)}", "", "more than 2^31");
  refuse("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", raw<float>({1}),
         "records of named fields");
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  refuse(header, raw<float>({1, std::numeric_limits<float>::quiet_NaN()}), "element 1 is nan");
  refuse(header, raw<float>({-std::numeric_limits<float>::infinity(), 0}), "element 0 is -inf");
  refuse("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", raw<double>({1e300}), "not a finite float32");
}

TEST_CASE("a write that fails leaves the old array") {
  TestDirectory directory;
  CHECK_ERROR(write_npy(directory / "none/x.npy", {{1}, {1}}), ExitCode::output, "x.npy");
}
