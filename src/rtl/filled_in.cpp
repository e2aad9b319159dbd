#include "rtl/filled_in.hpp"

#include <stdexcept>

#include "rtl/embedded.hpp"

namespace erngen {
namespace {

constexpr std::string_view sample_top = "erngen_accelerator";
constexpr std::string_view block_begin = "# design: begin\n", block_end = "# design: end\n";

}  // namespace

std::string filled_in(std::string_view name, std::string_view top, std::string_view block) {
  for (const EmbeddedFile& file : embedded_systems()) {
    if (file.name != name) continue;
    const size_t begin = file.text.find(block_begin), end = file.text.find(block_end);
    if (begin == file.text.npos || end == file.text.npos) break;
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
    append(file.text.substr(0, begin + block_begin.size()));
    text += block;
    append(file.text.substr(end));
    return text;
  }
  throw std::logic_error("src/rtl/systems lacks a file or its marks");
}

}  // namespace erngen
