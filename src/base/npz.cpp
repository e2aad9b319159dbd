#include "base/npz.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/zip.hpp"

namespace erngen {

std::map<std::string, Array> read_npz(const std::filesystem::path& file, const std::vector<std::string>& names) {
  return parse_npz(read_file(file), file.string(), names);
}

std::map<std::string, Array> parse_npz(std::string_view bytes, const std::string& file,
                                       const std::vector<std::string>& names) {
  constexpr const char* way_out = "write it with numpy.savez(FILE, features=..., ...)";
  if (!bytes.starts_with("PK")) throw other_contents(file, bytes, "an .npz archive", way_out);
  const ZipReader archive(bytes, file);
  std::map<std::string, Array> arrays;
  for (const std::string& name : archive.names()) {
    if (!name.ends_with(".npy")) throw other_contents(file, bytes, "an .npz archive", way_out);
    const std::string array = name.substr(0, name.size() - 4);
    if (names.empty() || std::ranges::find(names, array) != names.end())
      arrays.emplace(array, parse_npy(archive.read(name), fmt::format("{}: {}", file, name)));
  }
  return arrays;
}

std::string npz_bytes(std::vector<std::pair<std::string, std::string>> arrays) {
  for (auto& [name, bytes] : arrays) name += ".npy";
  return zip_bytes(arrays);
}

}  // namespace erngen
