// The safetensors container: exact bytes, all element types, and damaged files.
#include "base/check_error.hpp"

#include <cmath>

#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "network/safetensors.hpp"

using namespace erngen;

namespace {

std::string container(const std::string& header, const std::string& data) {
  std::string bytes;
  for (int n = 0; n < 8; ++n) bytes += static_cast<char>(header.size() >> 8 * n & 255);
  return bytes + header + data;
}

TensorFile parse(const std::string& bytes) {
  TestDirectory directory;
  write_file_atomically(directory / "f.safetensors", bytes);
  return read_safetensors(directory / "f.safetensors");
}

std::string one(const std::string& type, int count, const std::string& data) {
  return container("{\"t\":{\"dtype\":\"" + type + "\",\"shape\":[" + std::to_string(count) + "],\"data_offsets\":[0," +
                       std::to_string(data.size()) + "]}}",
                   data);
}

template <class T>
std::string raw(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

}  // namespace

TEST_CASE("the bytes are those of the specification") {
  TensorFile file;
  file.metadata = {{"k", "v"}};
  file.add("b", {2}, std::vector<float>{1, -2});
  file.add("a", {1, 1}, std::vector<std::int32_t>{7});
  std::string header = R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                       R"("a":{"dtype":"I32","shape":[1,1],"data_offsets":[8,12]}})";
  while (header.size() % 8) header += ' ';
  CHECK(safetensors_bytes(file) == container(header, raw<float>({1, -2}) + raw<std::int32_t>({7})));
  const TensorFile again = parse(safetensors_bytes(file));
  CHECK(safetensors_bytes(again) == safetensors_bytes(file));
  CHECK(*again.find_metadata("k") == "v");
  CHECK(again.find("c") == nullptr);
  CHECK(std::get<1>(again.find("a")->values)[0] == 7);
}

TEST_CASE("all element types are converted exactly") {
  const auto floats = [](const TensorFile& f) { return std::get<0>(f.tensors.at(0).second.values); };
  const auto integers = [](const TensorFile& f) { return std::get<1>(f.tensors.at(0).second.values); };
  CHECK(floats(parse(one("F64", 2, raw<double>({0.5, -3})))) == std::vector<float>{0.5, -3});
  // Half: 1, -2, the largest 65504, the smallest subnormal 2^-24, the largest subnormal, -0.
  const auto half = floats(parse(one("F16", 6, raw<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x8000}))));
  CHECK(half == std::vector<float>{1, -2, 65504, std::ldexp(1.0f, -24), std::ldexp(1023.0f, -24), 0});
  CHECK(floats(parse(one("BF16", 3, raw<std::uint16_t>({0x3f80, 0xc040, 0x0001})))) ==
        std::vector<float>{1, -3, std::ldexp(1.0f, -133)});
  CHECK(integers(parse(one("I64", 2, raw<std::int64_t>({-1, 2147483647})))) ==
        std::vector<std::int32_t>{-1, 2147483647});
  CHECK(integers(parse(one("U8", 2, "\x01\xff"))) == std::vector<std::int32_t>{1, 255});
  CHECK(integers(parse(one("I8", 2, "\x01\xff"))) == std::vector<std::int32_t>{1, -1});
  CHECK(integers(parse(one("I16", 1, raw<std::int16_t>({-300})))) == std::vector<std::int32_t>{-300});
  CHECK(integers(parse(one("U16", 1, raw<std::uint16_t>({65000})))) == std::vector<std::int32_t>{65000});
}

TEST_CASE("values that do not fit are refused") {
  const auto refuse = [](const std::string& type, const std::string& data, const char* text) {
    CHECK_ERROR(parse(one(type, 1, data)), ExitCode::bad_input, text);
  };
  refuse("F32", raw<float>({std::nanf("")}), "tensor t: element 0 is nan");
  refuse("F32", raw<float>({-INFINITY}), "-inf");
  refuse("F16", raw<std::uint16_t>({0x7c00}), "inf");
  refuse("F16", raw<std::uint16_t>({0x7c01}), "nan");
  refuse("BF16", raw<std::uint16_t>({0xff80}), "-inf");
  refuse("F64", raw<double>({1e39}), "not a finite float32");
  refuse("I64", raw<std::int64_t>({std::int64_t{1} << 31}), "outside 32 bits");
  refuse("U32", raw<std::uint32_t>({0x80000000u}), "outside 32 bits");
  CHECK_ERROR(parse(one("F8_E4M3", 1, "x")), ExitCode::unsupported, "F8_E4M3");
}

TEST_CASE("truncation at every length is noticed") {
  TensorFile file;
  file.add("b", {3}, std::vector<float>{1, -2, 3});
  const std::string good = safetensors_bytes(file);
  for (size_t length = 0; length < good.size(); ++length)
    CHECK_ERROR(parse(good.substr(0, length)), ExitCode::bad_input, "f.safetensors");
  CHECK_ERROR(parse(good + '\0'), ExitCode::bad_input, "13 bytes of data, but the tensors use 12");
}

TEST_CASE("damaged headers are refused") {
  const auto refuse = [](const std::string& header, const std::string& data, const char* text) {
    CHECK_ERROR(parse(container(header, data)), ExitCode::bad_input, text);
  };
  const std::string eight(8, '\0');
  CHECK_ERROR(parse(std::string(8, '\xff') + "{}"), ExitCode::bad_input, "not a safetensors file");
  refuse("[]", "", "is not a safetensors file");
  refuse("{", "", "not valid JSON");
  refuse(
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
      eight, "'a' occurs twice");
  refuse(
      R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
      eight, "overlaps");
  refuse(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", eight, "has a gap");
  refuse(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", eight, "8 bytes of data");
  refuse(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", eight, "ends at byte 12 of 8");
  refuse(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "abcd", "do not hold 2 elements");
  refuse(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}})", eight, "do not hold");
  refuse(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", eight, "not a whole number");
  refuse(R"({"a":{"dtype":"F32","shape":[1e3],"data_offsets":[0,4]}})", eight, "not a whole number");
  refuse(R"({"a":{"dtype":"F32","shape":[65536,65536,65536,65536,65536],"data_offsets":[0,0]}})", "", "more than 2^31");
  refuse(R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})", "abcd", "at most 8 sizes");
  refuse(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "", "not a pair");
  refuse(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", "abcd", "unknown key 'x'");
  refuse(R"({"a":{"dtype":"F32","shape":[1]}})", "", "has no 'data_offsets'");
  refuse(R"({"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}})", "abcd", "dtype is not a string");
  refuse(R"({"a":1})", "", "not a JSON object");
  refuse(R"({"__metadata__":{"a":1}})", "", "not a string");
}
