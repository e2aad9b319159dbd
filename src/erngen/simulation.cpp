#include "erngen/simulation.hpp"

#include "design/simulation_vectors.hpp"
#include "erngen/convert.hpp"
#include "simulate/simulate.hpp"

namespace erngen {

Simulation simulate(const std::filesystem::path& directory, const Frames& x, const SimulationOptions& options) {
  design_shape(directory);  // it is a design at all
  const SimulationVectors vectors = simulation_vectors(directory, sequences_of(x), "input");
  SimulationRequest request;
  request.directory = directory;
  request.stimulus = vectors.stimulus();
  request.simulator = options.icarus ? Simulator::icarus : Simulator::verilator;
  request.stalls = options.stalls;
  request.waves = options.waves;
  request.time_limit = std::chrono::duration<double>(options.time_limit);
  if (options.progress)
    request.progress = [&](const SimulationProgress& p) { options.progress(p.stage, p.done, p.total); };
  const SimulationReport report = simulate(request);

  Simulation result;
  result.outputs = frames_like(x, vectors.real_outputs(request.stimulus, report.outputs), vectors.structure.output());
  result.outputs_checked = report.outputs_checked;
  result.mismatches = report.mismatches;
  result.first_mismatch = report.first_mismatch;
  result.cycles_per_frame = report.cycles_per_frame;
  result.latency_cycles = report.latency_cycles;
  result.passed = report.passed();
  result.report = json_text(to_json(report));
  return result;
}

}  // namespace erngen
