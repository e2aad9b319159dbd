#include "base/zip.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <zip.h>

#include "base/error.hpp"

namespace erngen {
namespace {

constexpr zip_uint64_t entry_limit = zip_uint64_t{1} << 33;

/// An error structure of libzip that is freed.
struct ZipError {
  zip_error_t value;
  ZipError() { zip_error_init(&value); }
  ~ZipError() { zip_error_fini(&value); }
  std::string text() { return zip_error_strerror(&value); }
};

}  // namespace

ZipReader::ZipReader(std::string_view bytes, std::string what) : what_(std::move(what)) {
  ZipError error;
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error.value);
  archive_ = source ? zip_open_from_source(source, ZIP_RDONLY, &error.value) : nullptr;
  if (!archive_) {
    if (source) zip_source_free(source);
    throw bad_input(fmt::format("{}: the zip archive cannot be read: {}", what_, error.text()),
                    "the file is truncated or damaged: copy or write it again");
  }
  const zip_int64_t count = zip_get_num_entries(archive_, 0);
  for (zip_int64_t n = 0; n < count; ++n) {
    const char* name = zip_get_name(archive_, static_cast<zip_uint64_t>(n), 0);
    names_.push_back(name ? name : fmt::format("entry {}", n));
  }
}

ZipReader::~ZipReader() { zip_discard(archive_); }

bool ZipReader::has(const std::string& name) const { return std::ranges::find(names_, name) != names_.end(); }

Error ZipReader::fail(const std::string& name, const std::string& why) const {
  return bad_input(fmt::format("{}: {} {}", what_, name, why));
}

std::uint64_t ZipReader::index(const std::string& name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) throw fail(name, "is not in the archive");
  return static_cast<std::uint64_t>(found - names_.begin());
}

std::uint64_t ZipReader::size(const std::string& name) const {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive_, index(name), 0, &stat) != 0 || !(stat.valid & ZIP_STAT_SIZE))
    throw fail(name, "has no size");
  return stat.size;
}

std::string ZipReader::read(const std::string& name) const {
  const std::uint64_t count = size(name);
  if (count > entry_limit) throw fail(name, fmt::format("has {} bytes, the limit is {}", count, entry_limit));
  const auto close = [](zip_file_t* file) { zip_fclose(file); };
  const std::unique_ptr<zip_file_t, decltype(close)> entry(zip_fopen_index(archive_, index(name), 0), close);
  // What is there decides how much memory is taken, not the size that the archive claims.
  constexpr std::uint64_t piece = std::uint64_t{1} << 20;
  std::string bytes;
  bool good = entry != nullptr;
  while (good && bytes.size() < count) {
    const size_t done = bytes.size();
    bytes.resize(done + std::min(piece, count - done));
    good = zip_fread(entry.get(), bytes.data() + done, bytes.size() - done) ==
           static_cast<zip_int64_t>(bytes.size() - done);
  }
  char beyond;  // the checksum is compared at the end, which only a read beyond it finds
  if (!good || zip_fread(entry.get(), &beyond, 1) != 0)
    throw fail(name, fmt::format("cannot be read: {}", entry ? "it is damaged" : zip_strerror(archive_)));
  return bytes;
}

std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& entries) {
  ZipError error;
  const auto check = [&](bool ok) {
    if (!ok) throw Error(ExitCode::internal, "cannot make a zip archive: " + error.text());
  };
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error.value);
  check(target != nullptr);
  zip_source_keep(target);  // it is read after the archive is closed
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> keep(target, zip_source_free);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error.value);
  check(archive != nullptr);
  for (const auto& [name, contents] : entries) {
    zip_source_t* source = zip_source_buffer(archive, contents.data(), contents.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    check(index >= 0);
    const auto at = static_cast<zip_uint64_t>(index);
    check(zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0);
    constexpr zip_uint16_t first_day = 1 << 5 | 1;  // 1 January 1980, the beginning of the format's time
    check(zip_file_set_dostime(archive, at, 0, first_day, 0) == 0);
  }
  check(zip_close(archive) == 0);
  std::string bytes;
  check(zip_source_open(target) == 0);
  char block[1 << 16];
  for (zip_int64_t count; (count = zip_source_read(target, block, sizeof block)) > 0;)
    bytes.append(block, static_cast<size_t>(count));
  zip_source_close(target);
  return bytes;
}

}  // namespace erngen
