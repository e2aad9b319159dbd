#include "plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "plan/memories.hpp"
#include "plan/overlap.hpp"
#include "plan/planner.hpp"
#include "plan/schedule.hpp"
#include "units/axis.hpp"
#include "units/lane.hpp"

namespace erngen {

namespace {

void check_beat(const char* name, int beat, int element_bits) {
  if (!is_power_of_two(beat) || beat * element_bits > max_beat_bits)
    throw bad_input(
        fmt::format("{} of {} elements is not a power of two of at most {} bits", name, beat, max_beat_bits),
        fmt::format("choose 1, 2, 4, ... {}", max_beat_bits / element_bits));
}

void check_streams(const PlanOptions& options, int activation_width) {
  if (options.bytes && activation_width > 8)
    throw wrong_option(fmt::format("elements of {} bits do not fit in bytes", activation_width),
                       "leave --elements bytes out, or quantise with at most 8 bits of activations");
  const int element_bits = axis_element_bits(activation_width, options.bytes);
  if (options.input_beat) check_beat("input beat", *options.input_beat, element_bits);
  if (options.output_beat) check_beat("output beat", *options.output_beat, element_bits);
  if (options.stream_bits && (!is_power_of_two(*options.stream_bits) || *options.stream_bits < element_bits ||
                              *options.stream_bits > max_beat_bits))
    throw wrong_option(
        fmt::format("stream width is {} bits, with elements in {} bits", *options.stream_bits, element_bits),
        fmt::format("choose a power of two from {} to {}", std::max(32, element_bits), max_beat_bits));
}

/// Elements of a stream's beat: as asked for, or the words that move together inside.
int beat_elements(const std::optional<int>& wanted, const PlanOptions& options, int element_bits, int words) {
  if (wanted) return *wanted;
  return options.stream_bits ? *options.stream_bits / element_bits : default_beat(words, element_bits);
}

void check_bound(const char* name, const std::optional<double>& bound, const char* unit) {
  if (bound && !(std::isfinite(*bound) && *bound > 0))
    throw wrong_option(fmt::format("{} is {} {}", name, *bound, unit), "give a number above 0");
}

void check_network(const Workload& work) {
  std::vector<std::vector<int>> lists{work.readout_shifts, work.shortcut_shifts};
  for (const OutputList& list : work.lists) lists.push_back(list.shifts());
  if (std::any_of(lists.begin(), lists.end(), [](const auto& shifts) { return shifts.size() > 8; }))
    throw unsupported("more than 8 different number formats in one network", "use fewer layers or equal scales");
}

void check_range(const char* name, std::optional<int> value, int low, int high) {
  if (value && (*value < low || *value > high))
    throw wrong_option(fmt::format("{} is {}, outside {}..{}", name, *value, low, high));
}

/// Largest number of gate rows of any phase, in units of `words`.
int most_rows(const Workload& work, int words) {
  int rows = 1;
  for (const auto& phase : work.graph.phases)
    rows = std::max(rows, tile_count(phase.size, words) * gate_count(phase.op));
  return rows;
}

/// Largest number of column blocks of any term; below level 0 of the pipeline, where each step counts, of all terms of
/// a sum: an array of so many columns takes the input and the state together.
int most_columns(const Workload& work, int words, int pipeline) {
  int columns = 1;
  for (const auto& vector : work.graph.vectors)
    if (!vector.spectra.empty()) columns = std::max(columns, vector_tiles(vector, words));
  if (pipeline >= 0) return columns;
  for (const auto& phase : work.graph.phases)
    for (const auto& part : phase.parts) {
      int together = 0;
      for (const auto& term : part.terms) together += vector_tiles(work.graph.vectors[term.vector], words);
      columns = std::max(columns, together);
    }
  return columns;
}

/// Blocks of the input that can enter together: a bank of the spectrum memory each.
int entry_ports(const EngineShape& shape) { return shape.columns >= 4 ? 4 : shape.columns >= 2 ? 2 : 1; }

/// Row lanes worth trying: the fewest that finish the largest phase in a number of passes, a multiple of the rows that
/// readout together.
std::vector<int> row_choices(int row_limit, int most, int readout) {
  std::set<int> rows;
  for (int passes = 1; passes <= row_limit; ++passes)
    rows.insert(ceil_div(ceil_div(row_limit, passes), readout) * readout);
  rows.insert(most / readout * readout);
  rows.erase(rows.upper_bound(most), rows.end());
  rows.erase(0);
  return {rows.begin(), rows.end()};
}

/// Block rows worth trying: wider ones bring the few tiles of a small network out in fewer cycles.
std::vector<int> word_choices(const Workload& work, const PlanOptions& options) {
  // Lanes that would hold the largest phase. Where lanes multiply with fewer products, larger networks wait for their
  // tiles too.
  const int small = options.form == LaneForm::plain ? 20000 : 80000;
  const int least = std::max(2, work.formats.max_block);
  if (options.words) return {*options.words};
  std::vector<int> words = {least};
  if (most_rows(work, least) * most_columns(work, least, 0) <= small)
    for (int wide = 2 * least; wide <= std::min(4 * least, 32); wide *= 2) words.push_back(wide);
  return words;
}

/// Whether lanes of `words` can have the form on the devices of the family.
bool form_fits(const Workload& work, const PlanOptions& options, LaneForm form, int words) {
  return lane_form_fits(form, words, work.formats.spectrum_width(), work.formats.weight_width,
                        dsp_type(options.family).narrow);
}

/// Shapes of `words` and a form of the lanes worth trying.
void add_shapes(const Workload& work, const PlanOptions& options, int words, LaneForm form, int max_dsp,
                std::vector<EngineShape>& shapes) {
  const int lanes = std::max(1, max_dsp * lane_columns(form) / lane_dsp(words, form));
  const int row_limit = most_rows(work, words);
  const bool single = std::any_of(work.graph.phases.begin(), work.graph.phases.end(),
                                  [](const auto& p) { return gate_count(p.op) == 1; });
  const bool shortcut = work.shortcut();  // writes the readout rows into banks of their own
  for (int readout : {1, 2, 4, 8}) {
    if (options.readout ? readout != *options.readout : readout > work.max_readout()) continue;
    const int column_limit = std::max(
        options.columns.value_or(0),
        std::min({ceil_div(most_columns(work, words, options.pipeline), lane_columns(form)) * lane_columns(form), lanes,
                  255}));
    for (int columns = shortcut ? readout : 1; columns <= column_limit; ++columns) {
      if ((options.columns && columns != *options.columns) || columns % lane_columns(form) != 0) continue;
      const auto rows_tried = options.rows ? std::vector<int>{*options.rows}
                                           : row_choices(row_limit, std::min(lanes / columns, 255 * readout), readout);
      for (int rows : rows_tried)
        if (rows % readout == 0)
          for (int ports = 1; ports <= (single ? std::min({readout, columns, 4}) : 1); ports *= 2)
            if (!options.ports || ports == *options.ports) {
              shapes.push_back({words, rows, columns, readout, options.contexts, ports});
              shapes.back().form = form;
            }
    }
  }
}

/// Shapes of `words` worth trying, those of the fewest steps first.
std::vector<EngineShape> shapes_of(const Workload& work, const PlanOptions& options, int words, int max_dsp) {
  std::vector<EngineShape> shapes;
  for (const LaneForm form : lane_forms)
    if (options.form.value_or(form) == form && form_fits(work, options, form, words))
      add_shapes(work, options, words, form, max_dsp, shapes);
  std::vector<std::pair<int, size_t>> order;  // of equal steps the first stays first
  for (size_t n = 0; n < shapes.size(); ++n) order.emplace_back(least_steps(work, shapes[n]), n);
  std::sort(order.begin(), order.end());
  std::vector<EngineShape> sorted;
  for (const auto& [steps, n] : order) sorted.push_back(shapes[n]);
  return sorted;
}

/// The least folding that the multipliers allow, with rotations in DSP blocks if they allow that too: folding costs
/// cycles, additions do not.
bool fit_dsp(const Workload& work, const PlanOptions& options, int max_dsp, EngineShape& shape) {
  for (int folding = options.folding.value_or(1); folding <= options.folding.value_or(shape.words); folding *= 2)
    for (bool adders : {false, true}) {
      if (options.adders && adders != *options.adders) continue;
      shape.folding = folding;
      shape.adders = adders;
      if (count_dsp(work, shape, options.family) <= max_dsp) return true;
    }
  return false;
}

}  // namespace

int least_steps(const Workload& work, const EngineShape& shape) {
  int steps = 0;
  for (const auto& phase : work.graph.phases) steps += least_steps(work.graph, phase, shape);
  return steps;
}

ShapeChoice choose_shapes(const Workload& work, const PlanOptions& options, int max_dsp) {
  ShapeChoice choice;
  for (int words : word_choices(work, options))
    for (const EngineShape& candidate : shapes_of(work, options, words, max_dsp)) {
      bool plenty = false;  // of DSP blocks
      for (bool luts : {false, true}) {
        EngineShape shape = candidate;
        shape.cell_luts = luts;
        shape.dsp_activations = options.dsp_activations;
        shape.loadable = options.loadable;
        shape.pipeline = options.pipeline;
        if (options.cell_luts ? luts != *options.cell_luts : plenty) continue;
        if (fit_dsp(work, options, max_dsp, shape)) {
          plenty = shape.folding == 1;
          choice.shapes.push_back(shape);
        } else if (!choice.too_large ||
                   count_dsp(work, shape, options.family) < count_dsp(work, *choice.too_large, options.family)) {
          choice.too_large = shape;
        }
      }
    }
  return choice;
}

std::vector<EngineShape> all_shapes(const Workload& work, const PlanOptions& options, int max_dsp) {
  std::vector<EngineShape> all;
  for (int words : word_choices(work, options))
    for (EngineShape shape : shapes_of(work, options, words, max_dsp)) {
      shape.dsp_activations = options.dsp_activations;
      shape.loadable = options.loadable;
      shape.pipeline = options.pipeline;
      for (shape.folding = options.folding.value_or(1); shape.folding <= options.folding.value_or(words);
           shape.folding *= 2)
        for (const bool adders : {false, true})
          for (const bool luts : {false, true}) {
            if (adders != options.adders.value_or(adders) || luts != options.cell_luts.value_or(luts)) continue;
            shape.adders = adders;
            shape.cell_luts = luts;
            all.push_back(shape);
          }
    }
  return all;
}

Plan plan_shape(const Workload& work, const EngineShape& shape, const PlanOptions& options) {
  Plan plan = time_shape(work, shape, options);
  plan.resources = estimate_resources(work, plan.shape, plan.map, plan.program, options.family);
  plan.roofline_cycles = static_cast<double>(work.multiplications) / plan.resources.dsp;
  plan.form_roofline_cycles =
      static_cast<double>(multiplications_per_frame(work.graph, plan.shape.form)) / plan.resources.dsp;
  return plan;
}

Plan time_shape(const Workload& work, const EngineShape& wanted, const PlanOptions& options) {
  const int A = work.formats.activation_width;
  if (work.shortcut() && wanted.readout > wanted.columns)
    throw wrong_option(fmt::format("readout is {} with {} columns, but a projection's readout rows need a column each",
                                   wanted.readout, wanted.columns),
                       "take at least as many columns as rows that are read out together");
  EngineShape shape = wanted;
  const int out_ports = output_ports(work, shape);
  const int element_bits = axis_element_bits(A, options.bytes);
  const int input_beat = beat_elements(options.input_beat, options, element_bits, shape.words * entry_ports(shape));
  const int output_beat = beat_elements(options.output_beat, options, element_bits, shape.words * out_ports);
  shape.input_ports = std::clamp(input_beat / shape.words, 1, entry_ports(shape));
  Plan plan;
  plan.clock_mhz = options.clock_mhz;
  plan.latencies = engine_latencies(work, shape);
  plan.map = map_memory(work, shape);
  const auto stream = [&](int size, Format format, int beat) {
    return StreamShape{size, format.width, format.fraction, element_bits, beat};
  };
  plan.input = stream(work.graph.input_size(), work.network.input_format(), input_beat);
  plan.output = stream(work.graph.output_size(), work.network.output_format(), output_beat);
  plan.protocol = options.protocol;
  const Network& structure = work.network.structure;
  if (structure.needs_whole_sequences()) plan.passes = structure.passes();
  if (options.ends_only.value_or(false) && structure.needs_whole_sequences() && !structure.last_step_suffices())
    throw Error(ExitCode::usage,
                "--output-frames last: the results of this network need the outputs of other frames than the last",
                "leave the option out");
  plan.protocol.ends_only = options.ends_only.value_or(structure.last_step_suffices());
  const int input_words = shape.words * shape.input_ports, output_words = shape.words * out_ports;
  const int input_blocks = ceil_div(plan.input.size, input_words),
            output_blocks = ceil_div(plan.output.size, output_words);
  plan.bound_by_stream = shape.contexts * std::max(std::max(plan.input.beats(), input_blocks),
                                                   std::max(plan.output.beats(), output_blocks));
  plan.program = schedule(work, shape, plan.latencies, plan.map, plan.bound_by_stream);
  if (plan.program.segments.front().start > 0) {  // the first pass has nothing to do before the input is there
    shape.early = false;
    plan.program = schedule(work, shape, plan.latencies, plan.map, plan.bound_by_stream);
  }
  plan.shape = shape;

  // A stream has two input banks; each is taken from its frame's first block to the last step that reads it. Only short
  // runs notice.
  const int filling = axis_in_block_cycle(input_words, plan.input.beat_elements, plan.input.size, input_blocks - 1) -
                      axis_in_block_cycle(input_words, plan.input.beat_elements, plan.input.size, 0);
  const auto bank_cycles = [&] {
    int released = 0;
    for (const Segment& segment : plan.program.segments)
      if (segment.release && segment.context == 0) released = segment.start + segment.steps - 1;
    return filling + plan.latencies.admission(shape) + released + 1;
  };
  // A run that begins without a new frame because that is a cycle late costs a whole run.
  while (shape.frames > 1 && bank_cycles() > 2 * plan.program.run_cycles)
    plan.program = schedule(work, shape, plan.latencies, plan.map, ceil_div(bank_cycles(), 2));
  const double bound_by_banks = bank_cycles() / 2.0;
  plan.output_capacity = axis_out_capacity(output_words, plan.output.size, output_frames(shape, plan.program));
  plan.cycles_per_frame =
      std::max<double>({1.0 * plan.program.run_cycles, 1.0 * plan.bound_by_stream, bound_by_banks}) / shape.contexts;
  const int start = axis_in_block_cycle(input_words, plan.input.beat_elements, plan.input.size, input_blocks - 1) +
                    plan.latencies.admission(shape);
  for (std::vector<int> arrivals : plan.program.output_blocks) {
    for (int& cycle : arrivals) cycle += start;
    plan.stream_latency_cycles.push_back(
        axis_out_last_beat(output_words, plan.output.beat_elements, plan.output.size, arrivals));
  }
  plan.latency_cycles = plan.stream_latency_cycles.front();
  return plan;
}

bool fits(const Resources& need, const DeviceLimits& limits) {
  return need.dsp <= limits.dsp && need.bram36 <= limits.bram36 && need.lut <= limits.lut && need.ff <= limits.ff &&
         need.cells <= limits.lut;
}

namespace {

/// Shares of a device.
struct Shares {
  double logic = 0, dsp = 0, ram = 0;

  Shares(const Resources& need, const DeviceLimits& device) {
    const auto share = [](double used, double limit) { return used > 0 ? used / limit : 0; };
    logic = std::max({share(need.lut, device.lut), share(need.ff, device.ff), share(need.cells, device.lut)});
    dsp = share(need.dsp, device.dsp);
    ram = share(need.bram36, device.bram36);
  }
};

}  // namespace

double device_share(const Resources& need, const DeviceLimits& device) {
  const Shares shares(need, device);
  return (2 * shares.logic + shares.dsp + shares.ram) / 4;
}

double design_size(const Resources& need, const DeviceLimits& device) {
  const Shares shares(need, device);
  const double excess = std::max({shares.logic - crowded_logic, shares.dsp - 1, shares.ram - 1});
  return excess > 0 ? 1 + excess : device_share(need, device);
}

Plan make_plan(const QuantNetwork& network, const DeviceLimits& device, const PlanOptions& wanted) {
  const Workload work(network);
  PlanOptions options = wanted;
  options.family = device.family;
  check_network(work);
  check_range("streams", options.contexts, 1, 64);
  if (options.frames && options.contexts > 1 && options.frames->least > 1)
    throw wrong_option(fmt::format("overlap of frames with {} streams", options.contexts),
                       "streams fill the time that overlap would; take one stream or no overlap");
  if (options.frames && options.frames->least > most_frames(work.graph))
    throw wrong_option(fmt::format("{} frames overlap, but the network's layers allow {}", options.frames->least,
                                   most_frames(work.graph)),
                       "take fewer, or no overlap");
  check_range("rows", options.rows, 1, 4096);
  check_range("columns", options.columns, 1, 255);
  if (options.readout && *options.readout != 1 && *options.readout != 2 && *options.readout != 4 &&
      *options.readout != work.max_readout())
    throw wrong_option(fmt::format("readout is {}", *options.readout),
                       "choose 1, 2 or 4 rows, or 8 for a GRU with reset after the product");
  if (options.ports && *options.ports != 1 && *options.ports != 2 && *options.ports != 4)
    throw wrong_option(fmt::format("ports is {}", *options.ports), "choose 1, 2 or 4 tiles");
  if (options.folding && (!is_power_of_two(*options.folding) ||
                          *options.folding > options.words.value_or(std::max(2, work.formats.max_block))))
    throw wrong_option(fmt::format("folding is {}", *options.folding),
                       "choose a power of two of at most the words of a block row");
  const int least_words = std::max(2, work.formats.max_block);
  if (options.words && (!is_power_of_two(*options.words) || *options.words < least_words || *options.words > 64))
    throw wrong_option(fmt::format("words is {}", *options.words),
                       fmt::format("choose a power of two from {} to 64", least_words));
  if (options.form && !form_fits(work, options, *options.form, options.words.value_or(least_words))) {
    const int port = dsp_type(options.family).narrow, limit = lane_form_limit(*options.form, port);
    throw wrong_option(
        fmt::format(
            "lane form {}: spectra of {} bits, weights of {} and {} words a block row; it needs at most {} bits, the "
            "multipliers of {} having a port of {}, and at least 4 words",
            name_of(*options.form), work.formats.spectrum_width(), work.formats.weight_width,
            options.words.value_or(least_words), limit, device.name, port),
        fmt::format("quantise with --spectra {}, or take --lane-form plain", limit));
  }
  if (!(options.clock_mhz > 0 && options.clock_mhz <= highest_clock_mhz))
    throw wrong_option(fmt::format("clock is {} MHz", options.clock_mhz));
  check_streams(options, work.formats.activation_width);
  require_consistent(options.protocol, options.contexts);
  const int max_dsp = options.max_dsp.value_or(device.dsp);
  DeviceLimits limits = device;
  limits.dsp = max_dsp;

  check_bound("rate", options.min_rate, "frames per second");
  check_bound("latency", options.max_latency_us, "us");

  const Planner planner{work, options, device, limits};
  const Goal goal = goal_of(options);
  const SpeedLimits speed(options);
  std::optional<Plan> best;
  if (goal != Goal::area) best = planner.fastest(goal == Goal::latency ? Goal::latency : Goal::rate, speed);
  if (best && goal == Goal::knee) {
    SpeedLimits enough = speed;
    enough.cycles_per_frame = std::min(enough.cycles_per_frame, knee_slack * best->cycles_per_frame);
    best = planner.smallest(enough, best);
  }
  if (!best) best = planner.smallest(speed);  // the goal, or all that fits
  if (!best) throw planner.refusal(speed);
  best->device = device.name;
  return *best;
}

Goal goal_of(const PlanOptions& options) {
  return options.goal.value_or(options.min_rate || options.max_latency_us ? Goal::area : Goal::knee);
}

size_t preferred_plan(std::span<const Plan> plans, const DeviceLimits& device, Goal goal) {
  double fewest = plans.front().cycles_per_frame;
  for (const Plan& plan : plans) fewest = std::min(fewest, plan.cycles_per_frame);
  const auto key = [&](const Plan& plan) {
    const bool slow = goal == Goal::knee && plan.cycles_per_frame > knee_slack * fewest;
    const bool speed = goal == Goal::rate || goal == Goal::latency;
    return std::pair(slow, speed ? speed_key(plan, goal, device) : size_key(plan, device));
  };
  const auto best =
      std::min_element(plans.begin(), plans.end(), [&](const Plan& a, const Plan& b) { return key(a) < key(b); });
  return static_cast<size_t>(best - plans.begin());
}

}  // namespace erngen
