// How the error of networks with long memories grows over 100,000 frames: a drawing, and the same as a table.
#include <cmath>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/sqnr.hpp"
#include "cell/fixed_model.hpp"
#include "ops/lowering.hpp"
#include "cell/quantiser.hpp"
#include "cell/real_model.hpp"
#include "cli/svg_chart.hpp"
#include "study_networks.hpp"

using namespace erngen;

namespace {

constexpr int frames = 100000, calibration = 2000, window = 2000;
constexpr int shown[] = {0, 1, 4, 9, 24, 49};  ///< windows in the table

/// The power of the outputs and of their error in each window of frames, both models from a zero state.
std::vector<Power> error_over_time(const StudyCase& c, int bits) {
  Array first = c.x;
  first.shape[0] = calibration;
  first.values.resize(static_cast<size_t>(calibration) * static_cast<size_t>(c.x.shape[1]));
  QuantiseOptions options;
  options.weight_width = options.activation_width = bits;
  const QuantNetwork network = quantise(c.network, Sequences(first), options, nullptr);
  const Graph<double> graph = lower(c.network);
  RealModel real(graph);
  FixedModel fixed(network);
  const Sequences x(c.x);
  std::vector<double> values(static_cast<size_t>(x.features()));
  std::vector<std::int32_t> raw(values.size()), y(static_cast<size_t>(network.graph.output_size()));
  std::vector<Power> powers(frames / window);
  for (size_t n = 0; n < x.frames(); ++n) {
    const std::span<const float> frame = x.frame(n);
    std::copy(frame.begin(), frame.end(), values.begin());
    for (size_t i = 0; i < raw.size(); ++i)
      raw[i] = static_cast<std::int32_t>(quantise(frame[i], network.input_format()));
    const std::vector<double> expected = real.step(values, {});
    fixed.step(raw, y);
    for (size_t i = 0; i < y.size(); ++i) powers[n / window].add(expected[i], to_double(y[i], network.output_format()));
  }
  return powers;
}

}  // namespace

/// memory_study FILE.svg: draws the error, relative to the outputs, and prints the SQNR of some windows.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "memory_study FILE.svg\n";
    return 2;
  }
  cli::Chart chart{"frame", "error of the outputs, relative", {}, true};
  std::string table = "| network | bits |";
  for (const int n : shown) table += fmt::format(" {} to {} |", n * window, (n + 1) * window);
  table += "\n|---|---|";
  for (size_t n = 0; n < std::size(shown); ++n) table += "---|";
  for (const std::uint64_t seed : {100, 58, 152}) {
    const StudyCase c = study_case(seed, frames);
    for (const int bits : {12, 16}) {
      cli::Series series{fmt::format("seed {}, {} bits", seed, bits), {}};
      table += fmt::format("\n| {}: {} | {} |", seed, c.name, bits);
      const std::vector<Power> powers = error_over_time(c, bits);
      for (size_t n = 0; n < powers.size(); ++n)
        series.points.emplace_back((static_cast<double>(n) + 0.5) * window,
                                   std::sqrt(powers[n].error / powers[n].signal));
      for (const int n : shown) table += fmt::format(" {:.1f} |", powers[static_cast<size_t>(n)].sqnr_db());
      chart.series.push_back(std::move(series));
    }
  }
  write_file_atomically(argv[1], cli::svg_charts({chart}));
  std::cout << table << '\n';
}
