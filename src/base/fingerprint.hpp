// A short name for bytes, by which a file knows what it belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace erngen {

/// FNV-1a with 64 bits, as 16 hexadecimal digits. It guards against mistakes, not against intent.
inline std::string fingerprint(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  return fmt::format("{:016x}", hash);
}

}  // namespace erngen
