// The register map of a generated accelerator: the one description behind templates/ern_control.v,
// docs/reference/registers.md and the C header.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/json.hpp"

namespace erngen {

enum class Access { read, write, both };

struct Register {
  std::uint32_t address = 0;  ///< bytes
  const char* name = "";
  Access access = Access::read;
  const char* read = "";   ///< what a read gives, for the documents; "0" where it means nothing
  const char* write = "";  ///< what a write does; "-" where it is ignored
};

/// All registers but the window, by address.
std::span<const Register> registers();

/// Bits of STATUS and others that software names.
struct RegisterBit {
  const char* reg = "";
  const char* name = "";
  int bit = 0;
  const char* meaning = "";
};
std::span<const RegisterBit> register_bits();

/// First byte of WINDOW, which has one word for each of the K elements of a block.
inline constexpr std::uint32_t window_address = 0x400;

/// The localparams of templates/ern_control.v, between its markers.
std::string register_verilog();
/// The tables of docs/reference/registers.md, between its markers: registers, and the bits of one of them.
std::string register_table();
std::string bit_table(const std::string& reg);
/// A C header (C89, and C++) for a design: addresses, bits, and the design's own numbers from its manifest.
std::string register_header(const Json& manifest);

}  // namespace erngen
