#include "base/contents.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "base/protobuf.hpp"
#include "base/zip.hpp"

using namespace std::string_view_literals;

namespace erngen {
namespace {

struct Magic {
  std::string_view bytes;
  const char* name;
};

// The first bytes of formats, from their specifications or from file(1)'s database.
constexpr Magic magics[] = {
    {"\x93NUMPY"sv, "a NumPy .npy array"},
    {"\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19."sv, "a PyTorch file of the kind before 1.6 (a pickle)"},
    {"RIFF"sv, "a RIFF file (WAV audio?)"},
    {"fLaC"sv, "FLAC audio"},
    {"OggS"sv, "Ogg audio"},
    {"ID3"sv, "MP3 audio"},
    {"NIST_1A"sv, "NIST SPHERE audio"},
    {"\x1f\x8b"sv, "a gzip archive"},
    {"BZh"sv, "a bzip2 archive"},
    {"\xfd"
     "7zXZ\0"sv,
     "an xz archive"},
    {"\x28\xb5\x2f\xfd"sv, "a Zstandard archive"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    {"GGUF"sv, "a GGUF model"},
    {"MATLAB 5.0 MAT-file"sv, "a MATLAB file"},
    {"PAR1"sv, "a Parquet file"},
    {"ARROW1"sv, "an Arrow file"},
    {"\x89PNG"sv, "a PNG image"},
    {"\xff\xd8\xff"sv, "a JPEG image"},
    {"%PDF"sv, "a PDF document"},
    {"\x7f"
     "ELF"sv,
     "a program (ELF)"},
    {"version https://git-lfs.github.com/spec/"sv, "a Git LFS pointer in place of the file itself (git lfs pull)"},
};

bool contains(std::string_view bytes, std::string_view part) { return bytes.find(part) != std::string_view::npos; }

std::string zip_name(std::string_view bytes) {
  try {
    const ZipReader archive(bytes, "archive");
    const auto& names = archive.names();
    const auto any = [&](std::string_view end) {
      return std::ranges::any_of(names, [&](const std::string& name) { return name.ends_with(end); });
    };
    if (archive.has("model.weights.h5")) return "a Keras model (.keras)";
    if (any("/data.pkl") && any("/constants.pkl")) return "a TorchScript archive";
    if (any("/models/model.json") && any("/archive_format")) return "a torch.export programme (.pt2)";
    if (any("data.pkl")) return "a PyTorch file (.pt or .ckpt: a zip archive with a pickle)";
    if (!names.empty() && std::ranges::all_of(names, [](const std::string& name) { return name.ends_with(".npy"); }))
      return "a NumPy .npz archive";
    if (any("[Content_Types].xml")) return "an Office document";
    return "a zip archive";
  } catch (const Error&) {
    return "a damaged or truncated zip archive";
  }
}

/// safetensors: 8 bytes for the length of the JSON header that follows.
std::string safetensors_name(std::string_view bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  if (length > bytes.size() - 8 || !bytes.substr(8).starts_with('{')) return "";
  const std::string_view header = bytes.substr(8, length);
  if (contains(header, R"("format":"erngen-network")")) return "a network file of erngen";
  if (contains(header, R"("format":"erngen-quantised")")) return "a quantised network file of erngen";
  return "a safetensors file";
}

// ModelProto of onnx.proto: ir_version 1 first, the graph 7. SavedModel: schema version 1, meta graphs 2. GraphDef:
// nodes 1, each with its name 1 and operation 2.
std::string protobuf_name(std::string_view bytes) {
  const ProtobufFields fields = protobuf_fields(bytes);
  if (fields.list.empty()) return "";
  const auto has = [&](int number, int wire) {
    return std::ranges::any_of(fields.list, [&](const auto& f) { return f.number == number && f.wire == wire; });
  };
  const auto& first = fields.list.front();
  const bool plausible = std::ranges::all_of(fields.list, [](const auto& f) { return f.number <= 25; });
  if (plausible && first.number == 1 && first.wire == 0 && has(7, 2)) return "an ONNX model";
  if (first.number == 1 && first.wire == 0 && fields.list.size() > 1 &&
      std::ranges::all_of(fields.list.begin() + 1, fields.list.end(),
                          [](const auto& f) { return f.number == 2 && f.wire == 2; }))
    return "a TensorFlow SavedModel (saved_model.pb)";
  if (first.number == 1 && first.wire == 2) {
    const ProtobufFields node = protobuf_fields(first.contents);
    if (node.whole && node.list.size() > 1 && node.list[0].number == 1 && node.list[0].wire == 2 &&
        node.list[1].number == 2 && node.list[1].wire == 2 && is_text(node.list[0].contents) &&
        is_text(node.list[1].contents))
      return "a TensorFlow graph (.pb)";
  }
  return "";
}

/// A pickle of protocol 0, which is text: a dictionary or list with its number in the memo, or first a class by its
/// module and name, a line each.
bool is_text_pickle(std::string_view text) {
  if (text.starts_with("(dp") || text.starts_with("(lp")) return text.size() > 3 && text[3] >= '0' && text[3] <= '9';
  if (!text.starts_with('c')) return false;
  const auto end_of_name = [&](size_t from) {  // of a line that is a name; npos: it is none
    const size_t end = text.find('\n', from);
    if (end == std::string_view::npos || end == from) return std::string_view::npos;
    const bool is_name = std::ranges::all_of(text.substr(from, end - from), [](char c) {
      return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    return is_name ? end : std::string_view::npos;
  };
  const size_t module = end_of_name(1);
  const size_t name = module == std::string_view::npos ? module : end_of_name(module + 1);
  return name != std::string_view::npos && name + 1 < text.size() && (text[name + 1] == 'p' || text[name + 1] == '(');
}

std::string text_name(std::string_view bytes) {
  if (is_text_pickle(bytes)) return "a Python pickle";
  const size_t start = bytes.find_first_not_of(" \t\r\n");
  const std::string_view text = start == std::string_view::npos ? "" : bytes.substr(start);
  if (text.starts_with("<!DOCTYPE html") || text.starts_with("<!doctype html") || text.starts_with("<html"))
    return "a web page (HTML)";
  if (text.starts_with("<?xml")) return "an XML file";
  const size_t next = text.find_first_not_of(" \t\r\n", 1);
  const char second = next == std::string_view::npos ? '\0' : text[next];
  if (text.starts_with('{') && (second == '"' || second == '}')) return "a JSON file";
  if (text.starts_with('[') && contains("\"{[]-0123456789tfn", std::string_view(&second, 1))) return "a JSON file";
  return "a text file";
}

}  // namespace

std::string contents_name(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  if (std::ranges::all_of(bytes, [](char c) { return c == '\0'; })) return "nothing but zero bytes";
  if (bytes.size() > 8)
    if (std::string name = safetensors_name(bytes); !name.empty()) return name;
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return zip_name(bytes);
  if (bytes.starts_with("\x89HDF\r\n\x1a\n"))
    return contains(bytes, "keras_version") || contains(bytes, "_layer_checkpoint_dependencies")
               ? "a Keras model in HDF5 (.h5)"
               : "an HDF5 file (Keras weights?)";
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3") return "a TensorFlow Lite model";
  for (const Magic& magic : magics)
    if (bytes.starts_with(magic.bytes)) return magic.name;
  if (bytes.size() >= 2 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5) return "a Python pickle";
  if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar") return "a tar archive";
  if (bytes.ends_with("\x57\xfb\x80\x8b\x24\x75\x47\xdb")) return "the index of a TensorFlow checkpoint";
  if (is_text(bytes)) return text_name(bytes);
  return protobuf_name(bytes);
}

bool is_text(std::string_view bytes) {
  int follow = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (follow > 0) {
      if (byte >> 6 != 2) return false;
      --follow;
    } else if (byte < 128) {
      if (byte == 127 || (byte < 32 && (byte < 8 || byte > 13) && byte != 27)) return false;
    } else {
      follow = byte >> 5 == 6 ? 1 : byte >> 4 == 14 ? 2 : byte >> 3 == 30 ? 3 : -1;
      if (follow < 0) return false;
    }
  }
  return !bytes.empty();
}

std::string directory_name(const std::filesystem::path& directory) {
  const auto has = [&](const char* name) {
    std::error_code failed;
    return std::filesystem::exists(directory / name, failed);
  };
  if (has("saved_model.pb") || has("saved_model.pbtxt")) return "a directory: a TensorFlow SavedModel";
  if (has("manifest.json") && has("rtl")) return "a directory: a design that erngen generated";
  return "a directory";
}

Error other_contents(const std::string& file, std::string_view bytes, const std::string& expected,
                     const std::string& way_out) {
  const std::string name = contents_name(bytes);
  return bad_input(name.empty() ? fmt::format("{}: is not {}", file, expected)
                                : fmt::format("{}: is {}, not {}", file, name, expected),
                   way_out);
}

}  // namespace erngen
