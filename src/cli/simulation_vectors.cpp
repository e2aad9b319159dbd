#include "cli/simulation_vectors.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::cli {

SimulationVectors simulation_vectors(const std::filesystem::path& design, const Array&, const std::string&) {
  // To be filled with the quantised network's reader and FixedModel (src/cell).
  throw Error(ExitCode::internal, fmt::format("{}: the reference model is not connected yet", design.string()));
}

}  // namespace erngen::cli
