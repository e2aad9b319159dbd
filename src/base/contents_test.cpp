// What files are called: every name from bytes of that format, and damaged ones.
#include "base/check_error.hpp"

#include "base/contents.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/npz.hpp"
#include "base/test_directory.hpp"
#include "base/zip.hpp"

using namespace erngen;
using namespace std::string_literals;

namespace {

/// A length and that many bytes, as protobuf has strings and messages; shorter than 128.
std::string field(int number, const std::string& contents) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(contents.size())} + contents;
}

std::string safetensors(const std::string& header) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  return bytes + header;
}

}  // namespace

TEST_CASE("files are called what they are") {
  const auto check = [](const std::string& bytes, const char* name) { CHECK(contents_name(bytes) == name); };
  check("", "empty");
  check(std::string(64, '\0'), "nothing but zero bytes");
  check(npy_bytes({{2}, {1, 2}}), "a NumPy .npy array");
  check(npz_bytes({{"features", npy_bytes(Array{{2}, {1, 2}})}}), "a NumPy .npz archive");
  check(zip_bytes({{"metadata.json", "{}"}, {"config.json", "{}"}, {"model.weights.h5", "\x89HDF"}}),
        "a Keras model (.keras)");
  check(zip_bytes({{"net/data.pkl", "\x80\x02."}, {"net/data/0", "abcd"}}),
        "a PyTorch file (.pt or .ckpt: a zip archive with a pickle)");
  check(zip_bytes({{"net/data.pkl", "\x80\x02."}, {"net/constants.pkl", "\x80\x02."}}), "a TorchScript archive");
  check(zip_bytes({{"readme.txt", "hello"}}), "a zip archive");
  check("PK\x03\x04 and no more", "a damaged or truncated zip archive");
  check("\x89HDF\r\n\x1a\n weights", "an HDF5 file (Keras weights?)");
  check("\x89HDF\r\n\x1a\n keras_version", "a Keras model in HDF5 (.h5)");
  check("\x1c\x00\x00\x00TFL3 and so on"s, "a TensorFlow Lite model");
  check("\x80\x04\x95\x0f", "a Python pickle");
  check("(dp0\nVa\np1\nI1\ns.", "a Python pickle");  // protocol 0
  check("ccollections\nOrderedDict\np0\n(tRp1\n.", "a Python pickle");
  check("cats\nand dogs\n", "a text file");
  check("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.", "a PyTorch file of the kind before 1.6 (a pickle)");
  check("\x1f\x8b\x08", "a gzip archive");
  check("RIFF\x24\x00\x00\x00WAVE"s, "a RIFF file (WAV audio?)");
  check("{\"class_name\": \"Sequential\"}", "a JSON file");
  check("[1, 2]", "a JSON file");
  check("0.5,0.25\n1,2\n", "a text file");
  check("<!DOCTYPE html><html>", "a web page (HTML)");
  check("version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "a Git LFS pointer in place of the file itself (git lfs pull)");
  check(safetensors("{\"a\":{}}"), "a safetensors file");
  check("\x80\x02" + std::string(6, '\0') + "{" + std::string(0x27f, ' '), "a safetensors file");  // not a pickle
  check(safetensors("{\"__metadata__\":{\"format\":\"erngen-network\"}}"), "a network file of erngen");
  check(safetensors("{\"__metadata__\":{\"format\":\"erngen-quantised\"}}"), "a quantised network file of erngen");
  check("\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff", "");
}

TEST_CASE("protobuf models are told apart by their fields") {
  const std::string graph = field(7, field(1, field(4, "MatMul")) + field(2, "main"));
  const std::string onnx = "\x08\x0a" + field(2, "pytorch") + field(3, "2.15.0") + graph + field(8, "\x10\x14");
  CHECK(contents_name(onnx) == "an ONNX model");
  CHECK(contents_name(onnx.substr(0, onnx.size() - 9)) == "an ONNX model");  // truncated within the graph
  CHECK(contents_name("\x08\x01" + field(2, field(1, "\x0a\x00"s))) == "a TensorFlow SavedModel (saved_model.pb)");
  CHECK(contents_name(field(1, field(1, "x") + field(2, "Placeholder"))) == "a TensorFlow graph (.pb)");
  CHECK(contents_name("\x0f\xff\xff").empty());
}

TEST_CASE("what is not expected is refused by its name") {
  CHECK_ERROR(throw other_contents("x.npy", "\x80\x04.", "a .npy file"), ExitCode::bad_input,
              "x.npy: is a Python pickle, not a .npy file");
  CHECK_ERROR(throw other_contents("x.npy", "\xfe\xff", "a .npy file"), ExitCode::bad_input,
              "x.npy: is not a .npy file");
  TestDirectory directory;
  write_file_atomically(directory / "a.json", "\x89HDF\r\n\x1a\n");
  CHECK_ERROR(read_json((directory / "a.json").string()), ExitCode::bad_input, "an HDF5 file");
  std::filesystem::create_directory(directory / "saved");
  CHECK_ERROR(read_file(directory / "saved"), ExitCode::bad_input, "saved: is a directory, not a file");
  write_file_atomically(directory / "saved/saved_model.pb", "\x08\x01");
  CHECK_ERROR(read_file(directory / "saved"), ExitCode::bad_input, "a TensorFlow SavedModel");
}

TEST_CASE("archives of arrays") {
  const std::string outputs = npy_bytes(Array{{2, 1}, {1, 2}}), lengths = npy_bytes(std::vector<std::int64_t>{2});
  const std::string bytes = npz_bytes({{"outputs", outputs}, {"lengths", lengths}});
  CHECK(bytes == npz_bytes({{"outputs", outputs}, {"lengths", lengths}}));
  TestDirectory directory;
  write_file_atomically(directory / "y.npz", bytes);
  const auto arrays = read_npz(directory / "y.npz");
  CHECK(arrays.size() == 2);
  CHECK(arrays.at("outputs").shape == std::vector<int>{2, 1});
  CHECK(arrays.at("lengths").values == std::vector<float>{2});
  CHECK(read_npz(directory / "y.npz", {"lengths"}).size() == 1);
  for (size_t length = 0; length < bytes.size(); length += 7) {
    write_file_atomically(directory / "cut.npz", bytes.substr(0, length));
    CHECK_ERROR(read_npz(directory / "cut.npz"), ExitCode::bad_input, "cut.npz");
  }
  write_file_atomically(directory / "k.npz", zip_bytes({{"config.json", "{}"}, {"model.weights.h5", ""}}));
  CHECK_ERROR(read_npz(directory / "k.npz"), ExitCode::bad_input, "is a Keras model (.keras), not an .npz archive");
}
