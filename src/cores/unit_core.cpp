#include "cores/unit_core.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "base/staged_directory.hpp"
#include "bench/design_files.hpp"
#include "rtl/bit_word.hpp"
#include "rtl/images.hpp"
#include "rtl/template_names.hpp"
#include "simulate/process.hpp"
#include "spectral/fixed_fft.hpp"
#include "spectral/twiddle.hpp"
#include "units/transform.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

constexpr std::uint64_t seed = 1;

/// Corners first: all words at an end of the range, alternating ends, one word alone; then random ones that favour the
/// ends.
std::vector<std::int64_t> vector_of(Rng& rng, int number, int size, int width) {
  const std::int64_t high = (std::int64_t{1} << (width - 1)) - 1, low = -high - 1;
  std::vector<std::int64_t> x(static_cast<size_t>(size));
  for (int n = 0; n < size; ++n) {
    std::int64_t& v = x[static_cast<size_t>(n)];
    if (number == 0)
      v = low;
    else if (number == 1)
      v = high;
    else if (number == 2)
      v = n % 2 ? low : high;
    else if (number < 3 + size)
      v = n == number - 3 ? low : 0;
    else if (rng.below(4) == 0)
      v = rng.below(2) ? high : low;
    else
      v = low + static_cast<std::int64_t>(rng.below(std::uint64_t{1} << width));
  }
  return x;
}

std::string line_of(const std::vector<std::int64_t>& words, int width) {
  BitWord word;
  for (const std::int64_t value : words) word.append(value, width);
  return word.hex() + "\n";
}

std::string header(const std::string& top, const std::string& purpose) {
  return fmt::format(
      "// {}: {}\n// Made by erngen. valid_i marks the words; valid_o comes LATENCY cycles later "
      "(manifest.json).\n`default_nettype "
      "none\n\n",
      top, purpose);
}

std::string module_head(const std::string& top, int in_bits, int out_bits, const char* parameters = "") {
  return fmt::format(
      "module {} {}(\n    input  wire clk,\n    input  wire rst_i,\n    input  wire valid_i,\n    input  wire [{}:0] "
      "data_i,\n"
      "    output wire valid_o,\n    output wire [{}:0] data_o\n);\n",
      top, parameters, in_bits - 1, out_bits - 1);
}

constexpr const char* module_end = "endmodule\n\n`default_nettype wire\n";

}  // namespace

UnitCore transform_core(const TransformRequest& r, const std::string& top) {
  if (!is_power_of_two(r.size) || r.size < 2 || r.size > max_block_size)
    throw wrong_option(fmt::format("transform size is {}", r.size), "choose a power of two from 2 to 64");
  if (r.width < 2 || r.width > 32)
    throw wrong_option(fmt::format("word width is {}", r.width), "choose from 2 to 32 bits");
  if (r.words < 1 || r.words > 1'000'000)
    throw wrong_option(fmt::format("{} vectors", r.words), "choose from 1 to 1000000");
  const int growth = log2_exact(r.size);
  if (r.drop < 0 || (r.inverse && r.drop != 0) || r.drop >= r.width + growth)
    throw wrong_option(fmt::format("drop is {}", r.drop),
                       "a forward transform may drop 0 bits to less than its result has; an inverse one none");
  UnitCore core;
  core.kind = r.inverse ? "ifft" : "fft";
  core.top = top;
  const int out = r.inverse ? ifft_out_width(r.width, r.size) : fft_out_width(r.size, r.width, r.drop);
  core.in_bits = r.size * r.width;
  core.out_bits = r.size * out;
  core.latency = r.inverse ? ifft_latency(r.size) : fft_latency(r.size, r.drop);
  core.words = r.words;
  core.templates = {"ern_delay", "ern_valid_delay", "ern_rotate", r.inverse ? "ern_ifft" : "ern_fft",
                    r.inverse ? "ern_ifft_stage" : "ern_fft_stage"};
  core.verilog =
      header(top, fmt::format("{} real transform of {} words of {} bits, packed spectra; words of {} bits.",
                              r.inverse ? "inverse" : "forward", r.size, r.width, out)) +
      module_head(top, core.in_bits, core.out_bits) +
      fmt::format(
          "  wire [2:0] mode_unused;\n  wire tag_unused;\n  {} #(\n      .K({}), .MODES({}), .IN_WIDTH({}), {}, "
          ".OUT_WIDTH({}), "
          ".TAG_WIDTH(1),\n"
          "      .TWIDDLES({})\n  ) u_transform (\n      .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .mode_i(3'd{}), "
          ".tag_i(1'b0), .data_i(data_i),\n"
          "      .valid_o(valid_o), .mode_o(mode_unused), .tag_o(tag_unused), .data_o(data_o)\n  );\n  wire unused = "
          "&{{1'b0, "
          "mode_unused, tag_unused}};\n",
          r.inverse ? "ern_ifft" : "ern_fft", r.size, r.size, r.width,
          r.inverse ? fmt::format(".KREF({})", r.size) : fmt::format(".DROP({})", r.drop), out,
          twiddle_parameter(r.size), growth) +
      module_end;
  Rng rng(seed);
  std::string inputs, expected;
  for (int number = 0; number < r.words; ++number) {
    const auto x = vector_of(rng, number, r.size, r.width);
    std::vector<std::int64_t> y(x.size());
    if (r.inverse)
      ifft_fixed(x.data(), y.data(), r.size);
    else
      fft_fixed(x.data(), y.data(), r.size);
    if (r.drop > 0)
      for (std::int64_t& v : y) v = saturate(round_shift(v, r.drop), out);
    inputs += line_of(x, r.width);
    expected += line_of(y, out);
  }
  core.images = {{"inputs.hex", inputs}, {"expected.hex", expected}};
  core.description = {{"size", r.size},
                      {"in_width", r.width},
                      {"out_width", out},
                      {"drop", r.drop},
                      {"products", transform_products(r.size, r.size)}};
  return core;
}

UnitCore activation_core(const ActivationRequest& r, const std::string& top) {
  const ActivationUnit unit =
      smallest_unit(r.function, r.input, {r.width, r.width - 1}, r.max_ulp, r.kind, r.multiplier);
  const ActivationCost cost = activation_cost(unit, r.multiplier);
  UnitCore core;
  core.kind = "activation";
  core.top = top;
  core.in_bits = r.input.width;
  core.out_bits = r.width;
  core.latency = cost.latency;
  core.words = 1 << r.input.width;
  core.templates = {"ern_activation", "ern_activation_bank", "ern_valid_delay"};
  core.verilog =
      header(top, fmt::format("{} of {} as {}, at most {:.3f} ulp off.", function_name(r.function), unit.input().name(),
                              unit.output().name(), unit.max_error_ulp())) +
      module_head(top, core.in_bits, core.out_bits, image_dir_parameter) + image_dir_slash +
      fmt::format(
          "  ern_activation_bank #(\n      .N(1), .IN_WIDTH({}), .OUT_WIDTH({}), .DSP({}), .LATENCY({}), "
          ".IMAGE({}),\n      .UNIT({})\n"
          "  ) u_unit (\n      .clk(clk), .table_i(58'd0), .x_i(data_i), .y_o(data_o)\n  );\n"
          "  ern_valid_delay #(.WIDTH(1), .DEPTH({})) u_valid (\n      .clk(clk), .rst_i(rst_i), .data_i(valid_i), "
          ".data_o(valid_o)\n  );\n",
          core.in_bits, core.out_bits, r.multiplier == Multiplier::dsp ? 1 : 0, cost.latency,
          image_file(top, "activation.hex"), activation_parameter(unit), cost.latency) +
      module_end;
  std::string inputs, expected;
  for (std::int64_t raw = r.input.min(); raw <= r.input.max(); ++raw) {
    inputs += line_of({raw}, core.in_bits);
    expected += line_of({unit.evaluate(raw)}, core.out_bits);
  }
  core.images = {
      {image_name(top, "activation.hex"), activation_image(unit)}, {"inputs.hex", inputs}, {"expected.hex", expected}};
  core.description = {{"function", function_name(r.function)},
                      {"kind", kind_name(unit.kind())},
                      {"input", unit.input().name()},
                      {"output", unit.output().name()},
                      {"entries", unit.entries().size()},
                      {"error_ulp", unit.max_error_ulp()},
                      {"lut", cost.lut},
                      {"dsp", cost.dsp},
                      {"bram_bits", cost.bram_bits}};
  return core;
}

void write_unit(const UnitCore& core, const std::string& version, const fs::path& directory) {
  StagedDirectory stage(directory);
  const std::string prefix = default_prefix(core.top);
  std::string list;
  size_t found = 0;
  for (const EmbeddedFile& file : embedded_templates()) {
    const std::string name(file.name.substr(0, file.name.size() - 2));
    if (std::find(core.templates.begin(), core.templates.end(), name) == core.templates.end()) continue;
    const std::string to = "rtl/" + with_prefix(file.name, prefix);
    stage.write(to, with_prefix(file.text, prefix));
    list += to + "\n";
    ++found;
  }
  if (found != core.templates.size())
    throw Error(ExitCode::internal, "a template of unit " + core.kind + " is missing");
  stage.write(fmt::format("rtl/{}.v", core.top), with_prefix(core.verilog, prefix));
  list += fmt::format("rtl/{}.v\n", core.top);
  stage.write("rtl/files.f", list);
  for (const auto& [name, text] : core.images) stage.write("images/" + name, text);
  for (const EmbeddedFile& file : embedded_unit_bench()) stage.write(fmt::format("testbench/{}", file.name), file.text);
  stage.write("testbench/ern_unit_parameters.vh",
              fmt::format("// Made by erngen.\n`define ERN_UNIT {}\n`define ERN_IN {}\n`define ERN_OUT {}\n`define "
                          "ERN_LATENCY {}\n`define "
                          "ERN_WORDS {}\n",
                          core.top, core.in_bits, core.out_bits, core.latency, core.words));
  Json manifest{{"generator", "erngen"},     {"version", version},       {"unit", core.kind},
                {"top", core.top},           {"latency", core.latency},  {"in_bits", core.in_bits},
                {"out_bits", core.out_bits}, {"bench_words", core.words}};
  manifest.update(core.description);
  stage.write("manifest.json", manifest.dump(2) + "\n");
  stage.commit();
}

UnitVerdict simulate_unit(const fs::path& directory, std::chrono::duration<double> time_limit) {
  const fs::path build = directory / "build";
  fs::create_directories(build);
  const fs::path log = build / "log.txt";
  fs::remove(log);
  std::vector<std::string> compile{"iverilog",
                                   "-g2005",
                                   "-Wno-timescale",
                                   "-DERN_SIMULATION",
                                   "-I",
                                   "testbench",
                                   "-s",
                                   "ern_unit_testbench",
                                   "-o",
                                   "build/bench.vvp",
                                   "testbench/ern_unit_testbench.v"};
  for (const std::string& file : design_files(directory)) compile.push_back(file);
  run_tool({compile, directory, log, {}, time_limit}, "compiling the unit");
  UnitVerdict verdict;
  const auto line = [&](std::string_view text) {
    if (text.starts_with("PASS") || text.starts_with("FAIL")) {
      verdict.text = text;
      verdict.passed = text.starts_with("PASS");
      std::sscanf(verdict.text.c_str(), "%*s %d", &verdict.words);
    }
    return false;
  };
  run_tool({{"vvp", "-n", "../build/bench.vvp"}, directory / "images", log, line, time_limit}, "simulating the unit");
  if (verdict.text.empty())
    throw Error(ExitCode::tool, fmt::format("{}: the bench gave no verdict", directory.string()),
                fmt::format("read {}", log.string()));
  return verdict;
}

}  // namespace erngen
