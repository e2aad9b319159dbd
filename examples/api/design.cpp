// From a network file and recorded frames to a simulated accelerator, with the library alone.
//   design NETWORK FRAMES.npy DIRECTORY
#include <cstdio>
#include <exception>

#include <erngen/erngen.hpp>

namespace {

int run(const char* network, const char* frames, const char* directory) {
  const erngen::Model model = erngen::Model::read(network);
  const erngen::Frames x = erngen::read_frames(frames);
  const erngen::QuantisedModel fixed = model.quantised(x, {.weights = 12, .activations = 12});
  std::printf("SQNR of the fixed-point model: %.1f dB\n", fixed.check(x, model.run(x)).sqnr_db);

  const erngen::Accelerator accelerator = fixed.planned("xc7a100t", {.clock_mhz = 100});
  const erngen::Prediction plan = accelerator.prediction();
  std::printf("planned: %.0f cycles a frame, latency %d cycles, %d DSP blocks\n", plan.cycles_per_frame,
              plan.latency_cycles, plan.dsp);
  accelerator.write(directory);

  const erngen::Simulation simulation = erngen::simulate(directory, x);
  std::printf("simulated: %lld words compared, %lld mismatches\n", static_cast<long long>(simulation.outputs_checked),
              static_cast<long long>(simulation.mismatches));
  return simulation.passed ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "design NETWORK FRAMES.npy DIRECTORY\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2], argv[3]);
  } catch (const erngen::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.kind());
  }
}
