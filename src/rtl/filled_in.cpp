#include "rtl/filled_in.hpp"

#include <stdexcept>

#include "rtl/embedded.hpp"

namespace erngen {
namespace {

constexpr std::string_view sample_top = "erngen_accelerator";
constexpr std::string_view block_begin = "# design: begin\n", block_end = "# design: end\n";

}  // namespace

std::string_view system_file(std::string_view name) {
  for (const EmbeddedFile& file : embedded_systems())
    if (file.name == name) return file.text;
  throw std::logic_error("a file of src/rtl/systems is not embedded");
}

std::string filled_in(std::string_view name, std::string_view top, std::string_view block) {
  const std::string_view whole = system_file(name);
  const size_t begin = whole.find(block_begin), end = whole.find(block_end);
  if (begin == whole.npos || end == whole.npos) throw std::logic_error("a file of src/rtl/systems lacks its marks");
  std::string text;
  const auto append = [&](std::string_view part) {
    for (size_t at = 0; at < part.size();) {
      const size_t next = part.find(sample_top, at);
      text += part.substr(at, next == part.npos ? next : next - at);
      if (next == part.npos) return;
      text += top;
      at = next + sample_top.size();
    }
  };
  append(whole.substr(0, begin + block_begin.size()));
  text += block;
  append(whole.substr(end));
  return text;
}

}  // namespace erngen
