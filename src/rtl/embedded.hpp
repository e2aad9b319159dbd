// The hand-written Verilog templates and bench sources, carried inside the program.
#pragma once

#include <span>
#include <string_view>

namespace erngen {

struct EmbeddedFile {
  std::string_view name;
  std::string_view text;
};

/// templates/*.v, byte for byte, sorted by name.
std::span<const EmbeddedFile> embedded_templates();
/// The fixed sources of testbench/, byte for byte.
std::span<const EmbeddedFile> embedded_bench();
/// src/rtl/systems, byte for byte.
std::span<const EmbeddedFile> embedded_systems();
/// The C driver in src/driver, byte for byte.
std::span<const EmbeddedFile> embedded_driver();

}  // namespace erngen
