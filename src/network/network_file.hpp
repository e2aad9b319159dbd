// Network files (docs/reference/network-format.md): a Network in a safetensors container.
#pragma once

#include <filesystem>
#include <string>

#include "network/network.hpp"

namespace erngen {

/// Reads and validates. Throws Error(bad_input) naming the file and the tensor, layer or key that is wrong,
/// unknown, missing or superfluous; Error(unsupported) for a newer version or another convention.
Network read_network(const std::filesystem::path& file);

/// The bytes of the file; the same network gives the same bytes. Validates first.
std::string network_bytes(const Network& network);

/// Writes network_bytes() atomically. Throws Error(output).
void write_network(const Network& network, const std::filesystem::path& file);

}  // namespace erngen
