// Faults put into a generated design, one at a time: the simulation must find each of them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <functional>
#include <sstream>

#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "cell/fixed_model.hpp"
#include "simulate/simulate.hpp"
#include "system_design.hpp"

using namespace erngen;
namespace fs = std::filesystem;

namespace {

struct Bench {
  TestDirectory directory;
  SystemDesign design;
  SimulationRequest request;

  Bench() {
    NetworkShape shape;  // blocks of 8: the smallest whose transforms multiply by a twiddle factor
    shape.input = 8;
    shape.hidden = 16;
    shape.block.all = {8, 8, 8, 1};
    design = make_system_design(shape, {8, 4, 1, 1, 1}, directory / "design");
    request.directory = design.directory;
    request.watchdog = 3000;
    request.stimulus = {8, 16, {}, {}, {}};
    FixedModel model(design.network);
    Rng rng(5);
    std::vector<std::int32_t> y(16);
    for (int t = 0; t < 8; ++t) {
      const auto x = random_frame(design.network, rng);
      model.step(x, y);
      request.stimulus.frames.push_back({0, t == 7});
      request.stimulus.inputs.insert(request.stimulus.inputs.end(), x.begin(), x.end());
      request.stimulus.expected.insert(request.stimulus.expected.end(), y.begin(), y.end());
    }
  }
};

/// Flips bit `bit` of a hexadecimal word.
void flip_bit(std::string& word, int bit) {
  char& digit = word.at(word.size() - 1 - bit / 4);
  const int value = std::stoi(std::string(1, digit), nullptr, 16) ^ (1 << bit % 4);
  digit = "0123456789abcdef"[value];
}

/// Clears the highest bit that is set: in a line of an activation table, most of a slope or a value.
void clear_top_bit(std::string& word) {
  for (int bit = 4 * static_cast<int>(word.size()) - 1; bit >= 0; --bit)
    if (std::stoi(std::string(1, word[word.size() - 1 - bit / 4]), nullptr, 16) >> bit % 4 & 1)
      return flip_bit(word, bit);
  FAIL("a line without a bit that is set: " << word);
}

}  // namespace

TEST_CASE("every fault in an image or in the twiddle factors is found") {
  Bench bench;
  const SimulationReport clean = simulate(bench.request);
  INFO(clean.first_mismatch);
  REQUIRE(clean.mismatches == 0);
  REQUIRE(clean.outputs_checked == 8 * 16);

  const NumberFormats& f = bench.design.network.formats;
  struct Fault {
    std::string name, file;
    std::function<void(std::string&)> change;  ///< of the file's text
  };
  const auto in_line = [](int line, std::function<void(std::string&)> change) {
    return [=](std::string& text) {
      size_t begin = 0;
      for (int n = 0; n < line; ++n) begin = text.find('\n', begin) + 1;
      const size_t end = text.find('\n', begin);
      std::string word = text.substr(begin, end - begin);
      change(word);
      text.replace(begin, end - begin, word);
    };
  };
  const auto bit = [&](int line, int at) { return in_line(line, [at](std::string& word) { flip_bit(word, at); }); };
  const std::vector<Fault> faults{
      {"a weight", "images/erngen_accelerator_weights_000000.hex", bit(0, f.weight_width - 2)},
      {"a weight of the last stage", "images/erngen_accelerator_weights_003000.hex", bit(1, f.weight_width - 2)},
      {"a bias", "images/erngen_accelerator_bias_0.hex", bit(0, f.sum_fraction())},
      {"a segment's weight row", "images/erngen_accelerator_program.hex", bit(0, 32)},
      {"a segment's steps", "images/erngen_accelerator_program.hex", bit(0, 16)},
      {"a segment's clearing of the accumulators", "images/erngen_accelerator_program.hex", bit(0, 75)},
      {"a pass's bias row", "images/erngen_accelerator_passes.hex", bit(0, 58)},
      {"a pass's operation", "images/erngen_accelerator_passes.hex", bit(0, 2)},
      {"the sigmoid", "images/erngen_accelerator_sigmoid.hex", in_line(0, clear_top_bit)},
      {"the hyperbolic tangent", "images/erngen_accelerator_tanh.hex", in_line(0, clear_top_bit)},
      {"a twiddle factor", "rtl/erngen_accelerator.v", [](std::string& text) {
         const size_t at = text.find("5a82");  // cos(pi/4) with 15 fraction bits
         REQUIRE(at != std::string::npos);
         text[at] = '4';
       }}};
  for (const Fault& fault : faults) {
    const fs::path file = bench.design.directory / fault.file;
    const std::string right = read_file(file);
    std::string wrong = right;
    fault.change(wrong);
    REQUIRE(wrong != right);
    write_file_atomically(file, wrong, Sync::none);
    SimulationRequest request = bench.request;
    if (fault.file.starts_with("rtl/")) request.simulator = Simulator::icarus;  // no compilation for one run
    const SimulationReport report = simulate(request);
    INFO(fault.name, ": ", report.end, ", ", report.first_mismatch);
    CHECK(report.mismatches > 0);
    write_file_atomically(file, right, Sync::none);
  }
  CHECK(simulate(bench.request).mismatches == 0);
}
