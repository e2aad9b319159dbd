// Measures how the SQNR of networks follows the widths: one JSON object a network and a line.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "cell/quantiser.hpp"
#include "network/network_file.hpp"
#include "study_networks.hpp"

using namespace erngen;

namespace {

double output_sqnr(const Network& network, const Sequences& x, int weights, int activations) {
  static UnitCache units;
  QuantiseOptions options;
  options.units = &units;
  options.weight_width = weights;
  options.activation_width = activations;
  QuantiseReport report;
  quantise(network, x, options, &report);
  if (std::getenv("ADVICE"))
    for (const std::string& warning : report.warnings)
      std::printf("  W %d A %d: %s\n", weights, activations, warning.c_str());
  return report.output_sqnr_db;
}

void study(const std::string& name, const Network& network, const Sequences& x) {
  std::string line = fmt::format("{:90}", name);
  for (const int bits : {8, 12, 14, 16, 18}) line += fmt::format(" {:5.1f}", output_sqnr(network, x, bits, bits));
  line += " | W 8:";
  for (const int bits : {12, 16, 18}) line += fmt::format(" {:5.1f}", output_sqnr(network, x, 8, bits));
  std::puts(line.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[2]).ends_with(".npy")) {
    study(argv[1], read_network(argv[1]), Sequences(read_npy(argv[2])));
    return 0;
  }
  for (int seed = std::atoi(argv[1]); seed < std::atoi(argv[2]); ++seed) {
    const StudyCase c = study_case(static_cast<std::uint64_t>(seed), 200);
    study(fmt::format("{} {}", seed, c.name), c.network, Sequences(c.x));
  }
}
