// read_model() and read_tensor() of an erngen that is built without libonnx.
#include "base/error.hpp"
#include "import/onnx/model.hpp"

namespace erngen::onnx {
namespace {

Error absent(const std::filesystem::path& file) {
  return unsupported(file.string() + ": is an ONNX file, and this erngen is built without libonnx",
                     "install the packages libonnx-dev and libprotobuf-dev, and build erngen again");
}

}  // namespace

Model read_model(const std::filesystem::path& file) { throw absent(file); }
Constant read_tensor(const std::filesystem::path& file) { throw absent(file); }

}  // namespace erngen::onnx
