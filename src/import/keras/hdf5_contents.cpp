// hdf5_contents() with libhdf5. Runs in a process of its own.
#include <fmt/format.h>
#include <hdf5.h>

#include "import/keras/hdf5.hpp"

namespace erngen::keras {
namespace {

constexpr hsize_t max_elements = hsize_t{1} << 28;  // of a data set: 1 GiB of float32
constexpr hsize_t max_text = hsize_t{1} << 26;      // of an attribute, in bytes
constexpr int max_depth = 32, max_objects = 100000;

/// An identifier of libhdf5 that is closed.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  Close close_;
};

/// Opens the bytes as a file of the "core" driver, which reads nothing of the disk.
hid_t open_image(std::string_view bytes) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // failures are return values
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr size_t increment = 1 << 16;
  if (H5Pset_fapl_core(access, increment, false) < 0 ||
      H5Pset_file_image(access, const_cast<char*>(bytes.data()), bytes.size()) < 0)
    return -1;
  return H5Fopen("image", H5F_ACC_RDONLY, access);
}

/// The texts of an attribute, if it holds texts; also the empty list of any type.
std::optional<std::vector<std::string>> texts_of(hid_t attribute) {
  const Handle space(H5Aget_space(attribute), H5Sclose), type(H5Aget_type(attribute), H5Tclose);
  if (space < 0 || type < 0) return {};
  const hssize_t signed_count = H5Sget_simple_extent_npoints(space);
  if (signed_count < 0) return {};
  const auto count = static_cast<hsize_t>(signed_count);
  std::vector<std::string> result;
  if (count == 0) return result;
  if (H5Tget_class(type) != H5T_STRING) return {};
  if (H5Tis_variable_str(type) > 0) {
    if (count > max_text / sizeof(char*)) return {};
    std::vector<char*> pointers(count, nullptr);
    if (H5Aread(attribute, type, pointers.data()) < 0) return {};
    for (const char* text : pointers) result.emplace_back(text ? text : "");
    return result;
  }
  const size_t width = H5Tget_size(type);
  if (width == 0 || count > max_text / width) return {};
  std::string bytes(count * width, '\0');
  if (H5Aread(attribute, type, bytes.data()) < 0) return {};
  for (size_t n = 0; n < count; ++n) {
    const std::string text = bytes.substr(n * width, width);
    result.push_back(text.substr(0, text.find('\0')));
  }
  return result;
}

class Walk {
 public:
  explicit Walk(hid_t file) : file_(file) {
    for (const char* key : {"groups", "texts", "data", "unread"}) contents_[key] = Json::object();
  }

  const Json& contents() const { return contents_; }

  /// All attributes of an object that hold text.
  void attributes(hid_t object, const std::string& path) {
    std::vector<std::string> names;
    const auto add = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
      static_cast<std::vector<std::string>*>(list)->emplace_back(name);
      return 0;
    };
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
    for (const std::string& name : names) {
      const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
      if (attribute < 0) continue;
      if (const auto texts = texts_of(attribute)) contents_["texts"][path][name] = *texts;
    }
  }

  /// An object and all in it that is reached without links into other files.
  void visit(const std::string& path, int depth) {
    H5L_info_t link;
    if (depth > max_depth || ++objects_ > max_objects || H5Lexists(file_, path.c_str(), H5P_DEFAULT) <= 0 ||
        H5Lget_info(file_, path.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
      return;
    const Handle object(H5Oopen(file_, path.c_str(), H5P_DEFAULT), H5Oclose);
    if (object < 0) return;
    if (H5Iget_type(object) == H5I_DATASET) return data(object, path);
    if (H5Iget_type(object) != H5I_GROUP) return;
    attributes(object, path);
    std::vector<std::string> names;
    const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
      static_cast<std::vector<std::string>*>(list)->emplace_back(name);
      return 0;
    };
    H5Literate(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
    contents_["groups"][path] = names;
    for (const std::string& name : names) visit(path + "/" + name, depth + 1);
  }

 private:
  void data(hid_t object, const std::string& path) {
    const Handle space(H5Dget_space(object), H5Sclose), type(H5Dget_type(object), H5Tclose),
        creation(H5Dget_create_plist(object), H5Pclose);
    const int rank = H5Sget_simple_extent_ndims(space);
    if (space < 0 || type < 0 || creation < 0 || rank < 0 || rank > 8) return;
    if (H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) != 0) {
      contents_["unread"][path] = "stands in another file";
      return;
    }
    const H5T_class_t kind = H5Tget_class(type);
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) {
      contents_["unread"][path] = "holds neither real nor whole numbers";
      return;
    }
    std::vector<hsize_t> shape(static_cast<size_t>(rank));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    hsize_t count = 1;
    for (const hsize_t extent : shape)
      if (extent > max_elements || (count *= extent) > max_elements) return;
    if (count != static_cast<hsize_t>(H5Sget_simple_extent_npoints(space))) return;
    const bool narrow = kind == H5T_FLOAT && H5Tget_size(type) <= 4;
    const hid_t read_as = narrow ? H5T_IEEE_F32LE : kind == H5T_FLOAT ? H5T_IEEE_F64LE : H5T_STD_I64LE;
    std::vector<std::uint8_t> bytes(count * (narrow ? 4 : 8));
    if (H5Dread(object, read_as, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0) return;
    const char* name = narrow ? "F32" : kind == H5T_FLOAT ? "F64" : "I64";
    contents_["data"][path] = {{"shape", shape}, {"type", name}, {"bytes", Json::binary(std::move(bytes))}};
  }

  hid_t file_;
  Json contents_ = Json::object();
  int objects_ = 0;
};

}  // namespace

const bool has_hdf5 = true;

std::string hdf5_contents(std::string_view bytes, const std::vector<std::string>& roots) {
  const Handle file(open_image(bytes), H5Fclose);
  if (file < 0) return {};
  Walk walk(file);
  walk.attributes(file, "");
  for (const std::string& root : roots) walk.visit(root, 0);
  std::string result;
  Json::to_cbor(walk.contents(), result);
  return result;
}

}  // namespace erngen::keras
