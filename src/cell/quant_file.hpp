// Quantised network files (docs/reference/network-format.md): a QuantNetwork in a safetensors container.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "cell/quant_network.hpp"

namespace erngen {

enum class FileKind { network, quantised };

/// Whether a file holds a float network (read_network()) or a quantised one. Throws Error(bad_input) naming the file if
/// it is neither.
FileKind file_kind(const std::filesystem::path& file);
/// The same; none for any other file.
std::optional<FileKind> file_kind_if_ours(const std::filesystem::path& file);

/// Reads and validates: what comes back satisfies check_quant_network(). Throws Error(bad_input) naming the file and
/// the tensor, key or number that is wrong, unknown, missing or superfluous; Error(unsupported) for a newer version or
/// another convention.
QuantNetwork read_quant_network(const std::filesystem::path& file);

/// What the file says beside its tensors and metadata: formats, layers, the graph ("vectors", "phases"), units.
Json quant_description(const QuantNetwork& network);

/// The bytes of the file; the same network gives the same bytes. Validates first.
std::string quant_network_bytes(const QuantNetwork& network);

/// Writes quant_network_bytes() atomically. Throws Error(output).
void write_quant_network(const QuantNetwork& network, const std::filesystem::path& file);

}  // namespace erngen
