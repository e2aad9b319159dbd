// Another network for a design that is already made: the words that a host writes (docs/reference/registers.md,
// docs/reference/drivers.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cell/quant_network.hpp"

namespace erngen {

/// A load stream: what erngen_load() of src/driver takes.
struct LoadStream {
  std::string bytes;
  std::string top;                  ///< of the design
  std::uint32_t configuration = 0;  ///< of the design
  int blocks = 0, words = 0;        ///< memories, and words of data in them
  std::uint32_t crc = 0;            ///< what WEIGHT_CRC must be
  std::string loadable;             ///< what the design's host can load: name_of(Loadable)
};

/// The words that make `network`, of the file `name`, run in the design of the directory. Throws Error(bad_input) with
/// the first difference unless the network has the structure, the formats, the activation units and the schedule of the
/// design's own, and equal contents in all memories that cannot be loaded; or if the directory's images are not what
/// its network makes, so that nobody knows what is in the device.
LoadStream load_stream(const QuantNetwork& network, const std::string& name, const std::filesystem::path& design);

}  // namespace erngen
