// Zip archives in memory: the container of .npz, .pt and .keras files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

struct zip;

namespace erngen {

/// Reads an archive, stored or deflated.
class ZipReader {
 public:
  /// Keeps a view of `bytes`. Throws Error(bad_input) starting with `what` for a damaged archive.
  ZipReader(std::string_view bytes, std::string what);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const;

  /// The bytes of an entry's contents, as the archive says. Throws Error(bad_input) naming it if it is missing.
  std::uint64_t size(const std::string& name) const;

  /// The contents of an entry. Throws Error(bad_input) naming it if it is missing, damaged or above 8 GiB.
  std::string read(const std::string& name) const;

 private:
  Error fail(const std::string& name, const std::string& why) const;
  std::uint64_t index(const std::string& name) const;

  std::string what_;
  zip* archive_ = nullptr;
  std::vector<std::string> names_;
};

/// An archive of stored entries, (name, contents), without times. Throws Error(internal).
std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace erngen
