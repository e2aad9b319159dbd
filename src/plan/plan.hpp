// The plan: every number of a design, decided before a line of Verilog is written.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "bench/bench_files.hpp"
#include "device/device.hpp"
#include "plan/cost.hpp"
#include "plan/memory_map.hpp"
#include "plan/program.hpp"

namespace erngen {

/// What the planner makes small: cycles a frame or the latency, as far as the device allows; or the design itself
/// (design_size()), of those within `knee_slack` of the fewest cycles a frame, or of all that keep the bounds.
enum class Goal { rate, latency, knee, area };
/// A knee design has at most so many times the cycles of the fastest.
inline constexpr double knee_slack = 1.05;

inline constexpr double highest_clock_mhz = 2000;

/// Neighbouring frames of a stream that may be in one run, see Overlap.
struct FrameRange {
  int least = 1, most = 1;
};
inline constexpr int most_overlapped = 16;
inline constexpr FrameRange no_overlap{1, 1}, some_overlap{2, most_overlapped}, any_overlap{1, most_overlapped};

/// What the user fixes; the planner chooses the rest.
struct PlanOptions {
  int contexts = 1;  ///< streams, 1..64
  double clock_mhz = 200;
  std::optional<int> max_dsp;                  ///< default: the device's
  std::optional<int> words;                    ///< K
  std::optional<int> rows;                     ///< R
  std::optional<int> columns;                  ///< C
  std::optional<int> readout;                  ///< D
  std::optional<int> ports;                    ///< U
  std::optional<int> folding;                  ///< of the elements of the cells
  std::optional<bool> adders;                  ///< rotations in LUTs
  std::optional<bool> cell_luts;               ///< products of the cells in LUTs
  std::optional<bool> early;                   ///< admission of frames, see EngineShape
  std::optional<FrameRange> frames;            ///< default: any, where it pays; one with several streams
  bool dsp_activations = false;                ///< see EngineShape
  Loadable loadable = Loadable::weights;       ///< the same
  int pipeline = 0;                            ///< the same
  std::optional<Goal> goal;                    ///< default: knee, or with a bound area
  std::optional<double> min_rate;              ///< frames a second, all streams together
  std::optional<double> max_latency_us;        ///< of one frame, see Plan::latency_cycles
  Family family = Family::series7;             ///< whose blocks resources are counted in; make_plan takes the device's
  std::optional<int> input_beat, output_beat;  ///< elements of a stream beat
  std::optional<int> stream_bits;              ///< bits of a beat on both sides, where a beat is not given
  bool bytes = false;                          ///< stream elements of up to 8 bits lie in bytes
  StreamProtocol protocol;
  std::optional<bool> ends_only;  ///< as in the protocol; default: if the network gives its last frame only

  std::optional<LaneForm> form = LaneForm::plain;  ///< of the lanes; none: the planner's choice among those that fit
};

/// What a device offers, as far as the planner cares.
struct DeviceLimits {
  std::string name;
  Family family = Family::series7;
  int dsp = 0;
  double bram36 = 0;
  int lut = 0;
  int ff = 0;
};

/// Every need is within its limit.
bool fits(const Resources& need, const DeviceLimits& limits);

/// The size of a design: the mean of its shares of the device's logic (LUTs, flip-flops or logic cells, whichever is
/// largest), DSP blocks and block RAM; 0..1 for what fits. Logic counts twice: all that shares the device needs it, and
/// it decides how hard a design is to route. Less of anything, and no more of the rest, is never larger.
double device_share(const Resources& need, const DeviceLimits& device);

/// What the goals knee and area make small: device_share(), which is below 1 for what fits. A design that fills more of
/// the logic than `crowded_logic` is hard to route: it counts as larger than all that do not, by what it has beyond.
double design_size(const Resources& need, const DeviceLimits& device);
inline constexpr double crowded_logic = 0.75;

struct Plan {
  EngineShape shape;
  EngineLatencies latencies;
  MemoryMap map;
  Program program;
  StreamShape input, output;
  StreamProtocol protocol;
  int output_capacity = 0;  ///< blocks that the output FIFO holds
  Resources resources;
  std::string device;
  double clock_mhz = 200;

  // Predictions; the simulation compares them.
  double cycles_per_frame = 0;  ///< steady state, all streams together
  double frames_per_second() const { return clock_mhz * 1e6 / cycles_per_frame; }
  double latency_us() const { return latency_cycles / clock_mhz; }
  int latency_cycles = 0;  ///< first input beat to last output beat, idle engine; of the first stream
  /// The same of each stream: a run works on the frame of one before that of another.
  std::vector<int> stream_latency_cycles;
  double roofline_cycles = 0;       ///< multiplications of a frame over all multipliers, in the form of plain lanes
  double form_roofline_cycles = 0;  ///< the same in the form of these lanes
  int bound_by_stream = 0;          ///< cycles per run that the input or output stream alone needs
  /// Of a network that needs whole sequences: how often each goes through the engine; else 0.
  int passes = 0;
  /// Cycles from the first input beat of a sequence of `frames` frames, alone in the engine, to its last result.
  double sequence_cycles(int frames) const {
    return std::max(passes, 1) * ((frames - 1) * cycles_per_frame * shape.contexts + latency_cycles);
  }
};

/// What the planner looks at: the shapes that the options allow and `max_dsp` blocks hold, each with the least folding,
/// rotations in DSP blocks and, where those are short, also with the cells' products in LUTs. `too_large`: the least of
/// those that need more.
struct ShapeChoice {
  std::vector<EngineShape> shapes;
  std::optional<EngineShape> too_large;
};
ShapeChoice choose_shapes(const Workload& work, const PlanOptions& options, int max_dsp);
/// The same shapes with every folding and every place of the rotations and the cells' products.
std::vector<EngineShape> all_shapes(const Workload& work, const PlanOptions& options, int max_dsp);
/// Cycles a frame that no schedule can do without; costs nothing.
int least_steps(const Workload& work, const EngineShape& shape);

/// The best plan within the device that keeps the bounds. For the rate: fewest cycles a frame, then shortest latency,
/// then fewest DSP blocks; for the latency the reverse of the first two; for knee and area see smallest_plan(). Throws
/// Error(capacity) naming the resource, the need and the limit if nothing fits, or the fastest design if none keeps the
/// bounds; Error(usage) for options outside their ranges; Error(unsupported) for networks that one engine cannot run.
Plan make_plan(const QuantNetwork& network, const DeviceLimits& device, const PlanOptions& options);
/// The goal of the options, or its default.
Goal goal_of(const PlanOptions& options);
/// The index of that of `plans`, made by make_plan() for the goal, which the goal prefers: plans of one network in
/// other number formats, for one device. At least one.
size_t preferred_plan(std::span<const Plan> plans, const DeviceLimits& device, Goal goal);

/// The plan of one given shape. Does not look at any device.
Plan plan_shape(const Workload& work, const EngineShape& shape, const PlanOptions& options);
/// The same without resources and roofline.
Plan time_shape(const Workload& work, const EngineShape& shape, const PlanOptions& options);

}  // namespace erngen
