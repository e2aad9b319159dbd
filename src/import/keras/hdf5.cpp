#include "import/keras/hdf5.hpp"

#include <fmt/format.h>

#include "base/isolated.hpp"
#include "network/element_type.hpp"

namespace erngen::keras {

Hdf5::Hdf5(std::string_view bytes, std::string file, const std::vector<std::string>& roots) : file_(std::move(file)) {
  if (!has_hdf5)
    throw unsupported(file_ + ": is a Keras model, whose weights are in HDF5, and this erngen is built without libhdf5",
                      "install the package libhdf5-dev, and build erngen again");
  constexpr size_t bytes_a_second = size_t{1} << 24;
  const auto seconds = static_cast<unsigned>(5 + bytes.size() / bytes_a_second);
  const auto read = isolated([&] { return hdf5_contents(bytes, roots); }, seconds);
  if (!read || read->empty()) throw damaged("its HDF5 cannot be read");
  contents_ = Json::from_cbor(*read, true, false);
  if (!contents_.is_object()) throw damaged("its HDF5 cannot be read");
}

Error Hdf5::damaged(const std::string& what) const {
  return bad_input(fmt::format("{}: {}", file_, what), "the file is truncated or damaged: copy or save it again");
}

bool Hdf5::has(const std::string& path) const {
  return contents_["groups"].contains(path) || contents_["data"].contains(path) || contents_["unread"].contains(path);
}

std::vector<std::string> Hdf5::names(const std::string& group) const {
  if (!contents_["groups"].contains(group)) throw damaged(group + " is not a group that can be read");
  return contents_["groups"][group].get<std::vector<std::string>>();
}

std::optional<std::vector<std::string>> Hdf5::texts(const std::string& path, const std::string& attribute) const {
  const Json& all = contents_["texts"];
  if (!all.contains(path) || !all[path].contains(attribute)) return {};
  return all[path][attribute].get<std::vector<std::string>>();
}

Tensor Hdf5::read(const std::string& path) const {
  if (contents_["unread"].contains(path))
    throw unsupported(fmt::format("{}: {} {}", file_, path, contents_["unread"][path].get<std::string>()),
                      "save the model again with Keras, in float32");
  if (!contents_["data"].contains(path)) throw damaged(path + " is missing or cannot be read");
  const Json& data = contents_["data"][path];
  const auto& bytes = data["bytes"].get_binary();
  Tensor tensor{data["shape"].get<std::vector<int>>(), {}};
  find_element_type(data["type"].get<std::string>())
      ->read(tensor, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, fmt::format("{}: {}", file_, path));
  return tensor;
}

}  // namespace erngen::keras
