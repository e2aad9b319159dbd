#include "design/simulation_vectors.hpp"

#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"

namespace erngen {

SimulationVectors simulation_vectors(const std::filesystem::path& design, const Sequences& x,
                                     const std::string& x_name) {
  const QuantNetwork network = read_quant_network(design / "network.safetensors");
  FixedRun run = run_fixed(network, x, x_name);
  return {std::move(run.lengths),
          x.features(),
          run.output_size,
          OutputForm(network.structure, network.metadata),
          network.output_format().fraction,
          std::move(run.inputs),
          std::move(run.outputs),
          std::move(run.saturations)};
}

}  // namespace erngen
