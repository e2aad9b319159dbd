#include "cli/plan_options.hpp"
#include "base/printable.hpp"
#include "cli/choice.hpp"
#include "cli/number.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "cli/report.hpp"
#include "design/plan_arguments.hpp"
#include "plan/power.hpp"

namespace erngen::cli {

namespace {

/// A number of frames in flight, or nothing.
std::optional<FrameRange> number_of_frames(const std::string& text) {
  int frames = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frames);
  if (error != std::errc() || end != text.data() + text.size() || frames < 1 || frames > most_overlapped) return {};
  return FrameRange{frames, frames};
}

std::string check_overlap(const std::string& text) {
  if (text == "off" || text == "on" || text == "auto" || number_of_frames(text)) return "";
  return fmt::format("'{}' is not one of off, on, auto, and no number from 1 to {}", text, most_overlapped);
}

}  // namespace

void PlanArguments::add_to(CLI::App& app) {
  app.add_option("network", network, "Quantised network file")->type_name("QNET")->required();
  add_options(app);
}

CLI::Option* add_pipeline_option(CLI::App& app, int& level, const std::string& registers) {
  return app
      .add_option(
          "--pipeline", level,
          fmt::format("{} of the pipeline: level {}, the fewest, for small layers, to {}, the most, for a faster "
                      "clock at the price of cycles (docs/concepts/engine.md)",
                      registers, lowest_pipeline, highest_pipeline))
      ->transform(within(lowest_pipeline, highest_pipeline))
      ->capture_default_str();
}

void PlanArguments::add_options(CLI::App& app) {
  app.add_option("--device", device,
                 "FPGA to fit: a device or board of `erngen devices`, a full part, or a device file "
                 "(docs/reference/devices.md)")
      ->capture_default_str();
  app.add_option("--clock", clock, "Clock in MHz, for rates and latencies in time")
      ->transform(megahertz())
      ->capture_default_str();
  app.add_option("--streams", streams, "Independent sequences that share the engine (S), 1..64")
      ->transform(within(1, 64))
      ->capture_default_str();
  app.add_option("--max-dsp", max_dsp, "Most DSP blocks; default: all of the device")->transform(within(1, 1000000));
  app.add_option(
         "--words", words,
         "Words of a block row (K), a power of two from the largest block size to 64; default: the largest block size")
      ->transform(within(2, 64));
  app.add_option("--rows", rows, "Row lanes (R); default: the planner's choice")->transform(within(1, 65536));
  app.add_option("--columns", columns, "Column lanes (C); default: the planner's choice")->transform(within(1, 65536));
  app.add_option("--readout,--drain", readout,
                 "Rows that leave the array together (D): 1, 2, 4, or for a GRU with reset after 8; default: the "
                 "planner's choice")
      ->transform(within(1, 8));
  app.add_option("--ports,--paths", ports,
                 "Tiles of one gate that leave together (U): 1, 2 or 4; default: the planner's choice")
      ->transform(within(1, 4));
  app.add_option("--folding,--turns", folding,
                 "Cycles in which the elements of the cells take a tile's cells (T), a power of two; default: the "
                 "planner's choice")
      ->transform(within(1, 64));
  app.add_option("--products", products,
                 "What multiplies in the cells: dsp or lut; default: lut where DSP blocks are short and it saves half "
                 "a percent")
      ->check(CLI::IsMember({"dsp", "lut"}));
  app.add_option("--admission", admission,
                 "When a frame is admitted: early (its last block has arrived) or late (it is transformed); default: "
                 "the planner's choice")
      ->check(CLI::IsMember({"early", "late"}));
  app.add_option(
         "--overlap", overlap,
         "Layers of neighbouring frames in one run of the engine, with one stream: off, on, auto (where it pays, "
         "but not with --goal latency), or the number of frames in flight")
      ->type_name("off|on|auto|N")
      ->check(check_overlap)
      ->capture_default_str();
  app.add_option("--rotations", rotations,
                 "What multiplies by the constants of transforms: dsp or lut; default: lut where DSP blocks are short")
      ->check(CLI::IsMember({"dsp", "lut"}));
  app.add_option(
         "--lane-form", lane_form,
         "How lanes multiply: plain, three products a complex bin; bins, two by Winograd's inner product; blocks, "
         "three for two blocks by the same; these need narrower spectra and weights (AMD and ECP5: 17 and 16 bits); "
         "auto: the planner's choice among those that the widths permit")
      ->check(CLI::IsMember({"plain", "bins", "blocks", "auto"}))
      ->capture_default_str();
  app.add_flag("--dsp-activations", dsp_activations,
               "Multiply in DSP blocks in piecewise activation units; default: in LUTs");
  add_pipeline_option(app, pipeline, "Registers");
  app.add_option(
         "--loadable", loadable,
         "What a host can load at run time: the weights; also biases, peepholes and initial states (constants); "
         "also the tables of the activations (tables) [weights]")
      ->type_name("weights|constants|tables")
      ->transform(one_of<Loadable>(
          {{"weights", Loadable::weights}, {"constants", Loadable::constants}, {"tables", Loadable::tables}}));
  const auto choice =
      app.add_option("--goal", goal,
                     "What the planner makes small: cycles a frame (rate), the latency of one frame, or the design's "
                     "share of the device: of all designs that keep the bounds (area) or of those within 5 % of the "
                     "fewest cycles a frame (knee) [knee; with --min-rate or --max-latency: area]")
          ->type_name("rate|latency|knee|area")
          ->transform(one_of<Goal>(
              {{"rate", Goal::rate}, {"latency", Goal::latency}, {"knee", Goal::knee}, {"area", Goal::area}}));
  app.add_flag_callback(
         "--area", [this] { goal = Goal::area; }, "The same as --goal area")
      ->excludes(choice);
  app.add_option("--min-rate", min_rate, "Least rate, frames per second of all streams together")
      ->type_name("FPS")
      ->transform(within(1e-9, 1e18));
  app.add_option("--max-latency", max_latency, "Longest latency of one frame, us")
      ->type_name("US")
      ->transform(within(1e-9, 1e18));
  stream.add_to(app);
}

PlanOptions PlanArguments::options() const {
  PlanOptions result;
  result.contexts = streams;
  result.clock_mhz = clock;
  const auto chosen = [](int value) { return value ? std::optional<int>(value) : std::nullopt; };
  result.max_dsp = chosen(max_dsp);
  result.words = chosen(words);
  result.rows = chosen(rows);
  result.columns = chosen(columns);
  result.readout = chosen(readout);
  result.ports = chosen(ports);
  result.folding = chosen(folding);
  if (!products.empty()) result.cell_luts = products == "lut";
  if (!rotations.empty()) result.adders = rotations == "lut";
  if (!admission.empty()) result.early = admission == "early";
  if (overlap != "auto")
    result.frames = overlap == "off" ? no_overlap : overlap == "on" ? some_overlap : *number_of_frames(overlap);
  result.dsp_activations = dsp_activations;
  result.pipeline = pipeline;
  result.form.reset();
  for (const LaneForm form : lane_forms)
    if (lane_form == name_of(form)) result.form = form;
  result.loadable = loadable;
  result.goal = goal;
  result.min_rate = min_rate;
  result.max_latency_us = max_latency;
  stream.put_into(result);
  return result;
}

std::string PlanArguments::command(const std::string& verb) const {
  return fmt::format("erngen {} {} {}", verb, shell_word(std::filesystem::path(network).filename().string()),
                     plan_arguments(device, options()));
}

namespace {

/// Three digits that count, without an exponent below 10 million.
std::string three_digits(double value) {
  const double unit = std::pow(10.0, std::floor(std::log10(std::max(value, 1e-9))) - 2);
  return fmt::format("{:.7g}", std::round(value / unit) * unit);
}

Json power_json(const Power& power, double frames_per_second) {
  const auto watt = [](const Estimate& e) { return Json{{"low", e.low}, {"typical", e.typical}, {"high", e.high}}; };
  const Estimate total = power.total();
  return {{"source", "estimate"},
          {"total_w", total.typical},
          {"low_w", total.low},
          {"high_w", total.high},
          {"energy_per_frame_uj", power.energy_uj(frames_per_second)},
          {"frames_per_second_per_watt", power.frames_per_second_per_watt(frames_per_second)},
          {"parts_w",
           {{"leakage", watt(power.leakage)},
            {"clock", watt(power.clock)},
            {"logic", watt(power.logic)},
            {"registers", watt(power.registers)},
            {"dsp", watt(power.dsp)},
            {"block_ram", watt(power.block_ram)}}}};
}

}  // namespace

std::string plan_text(const Plan& plan, const Device& device) {
  const Resources& r = plan.resources;
  const DeviceLimits limits = limits_of(device);
  const auto of = [](double used, double limit, const char* what, int digits) {
    return fmt::format("{:.{}f} of {:.{}f} {}", used, digits, limit, digits, what) +
           (limit > 0 ? fmt::format(" ({:.0f} %)", 100 * used / limit) : "");
  };
  Table table({"", ""});
  table.add({"engine", fmt::format("{} words x {} rows x {} columns, {} rows and {} tiles leave together, {} stream{}",
                                   plan.shape.words, plan.shape.rows, plan.shape.columns, plan.shape.readout,
                                   plan.shape.ports, plan.shape.contexts, plan.shape.contexts > 1 ? "s" : "")});
  table.add({"elements",
             fmt::format("{} of the cells, folding {}, products in {}; rotations in {}",
                         plan.shape.words / plan.shape.folding, plan.shape.folding,
                         plan.shape.cell_luts ? "LUTs" : "DSP blocks", plan.shape.adders ? "LUTs" : "DSP blocks")});
  const bool plain = plan.shape.form == LaneForm::plain;
  if (!plain)
    table.add({"lanes", fmt::format("{} products for {} in the form {}, {} for one in the plain form",
                                    lane_dsp(plan.shape.words, plan.shape.form),
                                    plan.shape.form == LaneForm::blocks ? "two blocks" : "a block",
                                    name_of(plan.shape.form), lane_dsp(plan.shape.words))});
  table.add({"cycles per frame",
             fmt::format("{:g} (roofline {:.0f}{})", plan.cycles_per_frame, plan.roofline_cycles,
                         plain ? "" : fmt::format(" of plain products, {:.0f} of these", plan.form_roofline_cycles))});
  if (plan.shape.frames > 1)
    table.add({"overlap",
               fmt::format("{} neighbouring frames in a run, each further through the layers", plan.shape.frames)});
  table.add({"latency",
             fmt::format("{} cycles, {:.2f} us at {:g} MHz", plan.latency_cycles, plan.latency_us(), plan.clock_mhz)});
  if (plan.passes > 0)
    table.add({"sequences", fmt::format("as a whole, in {} pass{}: {:.0f} cycles, {:.1f} us, for 100 frames of one",
                                        plan.passes, plan.passes == 1 ? "" : "es", plan.sequence_cycles(100),
                                        plan.sequence_cycles(100) / plan.clock_mhz)});
  if (plan.shape.pipeline)
    table.add(
        {"pipeline", fmt::format("level {}: {}", plan.shape.pipeline, pipeline_level(plan.shape.pipeline).meaning)});
  table.add({"rate", fmt::format("{:.0f} frames per second", plan.frames_per_second())});
  table.add({"blocks", of(r.dsp, limits.dsp, "DSP", 0) + ", " + of(r.bram36, limits.bram36, "BRAM36", 1)});
  table.add({"estimates", of(r.lut, limits.lut, "LUT", 0) + ", " + of(r.ff, limits.ff, "FF", 0) +
                              (r.cells > 0 ? ", " + of(r.cells, limits.lut, "logic cells", 0) : "") +
                              (borrowed_estimates(device.family) ? ", as of other families" : "")});
  table.add({"share of device",
             fmt::format("{:.1f} % (mean of logic, twice, DSP and block RAM)", 100 * device_share(r, limits))});
  if (const auto power = estimate_power(plan, device)) {
    const Estimate w = power->total();
    table.add({"power, estimated",
               fmt::format("{} W ({} to {})", three_digits(w.typical), three_digits(w.low), three_digits(w.high))});
    table.add(
        {"energy, estimated", fmt::format("{} uJ a frame, {} frames per second per watt",
                                          three_digits(power->energy_uj(plan.frames_per_second())),
                                          three_digits(power->frames_per_second_per_watt(plan.frames_per_second())))});
  }
  return table.text();
}

void add_shares(Json& json, const Plan& plan, const Device& device) {
  const DeviceLimits limits = limits_of(device);
  json["available"] = {{"dsp", limits.dsp}, {"bram36", limits.bram36}, {"lut", limits.lut}, {"ff", limits.ff}};
  json["device_share"] = device_share(plan.resources, limits);
  const auto power = estimate_power(plan, device);
  json["power"] = power ? power_json(*power, plan.frames_per_second()) : Json();
}

}  // namespace erngen::cli
