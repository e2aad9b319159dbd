#include "train/npz.hpp"

#include <memory>

#include <fmt/format.h>
#include <zip.h>

#include "base/error.hpp"

namespace erngen {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

std::string reason(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

}  // namespace

std::map<std::string, Array> read_npz(const std::filesystem::path& file) {
  constexpr zip_uint64_t limit = zip_uint64_t{1} << 33;
  int code = 0;
  const std::unique_ptr<zip_t, Discard> archive(zip_open(file.c_str(), ZIP_RDONLY, &code));
  if (!archive)
    throw bad_input(fmt::format("{}: cannot be read as .npz: {}", file.string(), reason(code)),
                    "write it with numpy.savez(FILE, features=..., ...)");
  std::map<std::string, Array> arrays;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t n = 0; n < count; ++n) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    const auto index = static_cast<zip_uint64_t>(n);
    const std::string name =
        zip_stat_index(archive.get(), index, 0, &stat) == 0 && stat.name ? stat.name : fmt::format("entry {}", n);
    if (!name.ends_with(".npy")) throw bad_input(fmt::format("{}: {} is not a .npy array", file.string(), name));
    if (stat.size > limit)
      throw bad_input(fmt::format("{}: {} has {} bytes, the limit is {}", file.string(), name, stat.size, limit));
    const std::unique_ptr<zip_file_t, Discard> entry(zip_fopen_index(archive.get(), index, 0));
    std::string bytes(stat.size, '\0');
    if (!entry || zip_fread(entry.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()))
      throw bad_input(fmt::format("{}: {} cannot be read: {}", file.string(), name, zip_strerror(archive.get())));
    arrays.emplace(name.substr(0, name.size() - 4), parse_npy(bytes, fmt::format("{}: {}", file.string(), name)));
  }
  return arrays;
}

}  // namespace erngen
