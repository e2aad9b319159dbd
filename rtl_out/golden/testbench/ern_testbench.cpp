// The Verilator bench of a generated accelerator: sends frames, compares every word that comes back, and measures
// cycles. The exit status is 0 only without a mismatch. Options and files: docs/reference/interfaces.md.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <verilated.h>
#if VM_TRACE_FST
#include <verilated_fst_c.h>
using Trace = VerilatedFstC;
#elif VM_TRACE
#include <verilated_vcd_c.h>
using Trace = VerilatedVcdC;
#endif

#include "Vern_top.h"
#include "ern_control.hpp"
#include "ern_report.hpp"
#include "ern_script.hpp"
#include "ern_stalls.hpp"
#include "ern_stimulus.hpp"
#include "ern_streams.hpp"

namespace ern {
namespace {

struct Options {
  std::string stimulus, expected, outputs, report, script, waves;
  bool stalls = false;
  std::uint64_t seed = 1;
  std::int64_t watchdog = 200000;  ///< cycles without any transfer
};

Options parse(int argc, char** argv) {
  Options o;
  for (int n = 1; n < argc; ++n) {
    const std::string name = argv[n];
    if (name[0] == '+') continue;  // Verilator's
    if (n + 1 == argc) throw std::runtime_error(name + ": unknown option, or its value is missing");
    const std::string value = argv[++n];
    if (name == "--stimulus")
      o.stimulus = value;
    else if (name == "--expected")
      o.expected = value;
    else if (name == "--outputs")
      o.outputs = value;
    else if (name == "--report")
      o.report = value;
    else if (name == "--script")
      o.script = value;
    else if (name == "--waves")
      o.waves = value;
    else if (name == "--watchdog")
      o.watchdog = std::stoll(value);
    else if (name == "--stalls")
      o.stalls = true, o.seed = std::stoull(value);
    else
      throw std::runtime_error(name + ": unknown option");
  }
  if (o.stimulus.empty() || o.expected.empty()) throw std::runtime_error("--stimulus and --expected are required");
  return o;
}

class Bench {
 public:
  Bench(const Options& options, VerilatedContext& context, const Stimulus& stimulus, const Words& expected)
      : options_(options),
        context_(context),
        stimulus_(stimulus),
        frames_(stimulus.frames.size()),
        top_(std::make_unique<Vern_top>(&context)),
        driver_(stimulus, options.stalls, options.seed),
        monitor_(stimulus, expected, options.stalls, options.seed, report_),
        control_(options.stalls, options.seed, report_) {
    std::vector<bool> used(parameters::streams);
    for (const Frame& frame : stimulus.frames) used[static_cast<size_t>(frame.stream)] = true;
    for (const bool u : used) report_.streams += u;
    for (const Frame& frame : stimulus.frames) streams_.push_back(frame.stream);
    open_waves();
  }
  ~Bench() {
#if VM_TRACE
    if (trace_) trace_->close();
#endif
    top_->final();
  }

  const Report& run(const std::vector<Command>& script) {
    try {
      reset();
      for (const Command& command : script) execute(command);
      wait_for([] { return false; }, "", settle_cycles);  // an output too many shows here
    } catch (const std::runtime_error& stop) {
      report_.end = stop.what();
      report_.mismatch(stop.what());
    }
    monitor_.close();
    report_.cycles = cycle_;
    return report_;
  }

  const Words& outputs() const { return monitor_.outputs(); }

 private:
  static constexpr int reset_cycles = 16;
  static constexpr int settle_cycles = 1024;

  void open_waves() {
#if VM_TRACE
    if (options_.waves.empty()) return;
    context_.traceEverOn(true);
    trace_ = std::make_unique<Trace>();
    top_->trace(trace_.get(), 99);
    trace_->open(options_.waves.c_str());
#else
    if (!options_.waves.empty()) throw std::runtime_error("--waves needs a model built with --trace or --trace-fst");
#endif
  }

  void dump() {
#if VM_TRACE
    if (trace_) trace_->dump(static_cast<std::uint64_t>(time_));
#endif
    time_ += 5;
  }

  void edge() {
    top_->aclk = 1;
    top_->eval();
    dump();
  }

  void reset() {
    top_->aclk = 0;
    top_->aresetn = 0;
    top_->s_axis_tvalid = 0;
    top_->s_axi_awvalid = top_->s_axi_wvalid = top_->s_axi_arvalid = 0;
    top_->s_axi_bready = top_->s_axi_rready = top_->m_axis_tready = 0;
    for (int n = 0; n < reset_cycles; ++n) {
      top_->aclk = 0;
      top_->eval();
      dump();
      edge();
    }
    top_->aresetn = 1;
    idle(settle_cycles);
  }

  /// Resets the running design. The first edge with aresetn 0 may still end a cycle in which beats move; from then to
  /// the first edge with aresetn 1 no ready or valid may be 1. All frames let go are lost.
  void reset_again(std::uint32_t cycles) {
    let_bus_go();
    top_->aclk = 0;
    top_->aresetn = 0;
    step();
    driver_.reset();
    monitor_.forget(driver_.released());
    for (std::uint32_t n = 1; n <= cycles; ++n) {
      top_->aclk = 0;
      top_->aresetn = n == cycles;
      top_->s_axis_tvalid = top_->s_axi_awvalid = top_->s_axi_wvalid = top_->s_axi_arvalid = n % 2;  // not to be taken
      top_->s_axi_bready = top_->s_axi_rready = top_->m_axis_tready = 1;
      top_->eval();
      dump();
      if (top_->m_axis_tvalid || top_->s_axis_tready || top_->s_axi_awready || top_->s_axi_wready ||
          top_->s_axi_arready || top_->s_axi_bvalid || top_->s_axi_rvalid || top_->irq)
        report_.mismatch("cycle " + std::to_string(cycle_) + ": a valid, a ready or the interrupt is 1 in a reset");
      edge();
      ++cycle_;
    }
    top_->s_axis_tvalid = 0;
    bus_held_ = false;
  }

  /// Waits for the answer to a register's write for the driver, and begins no other.
  void let_bus_go() {
    bus_held_ = true;
    wait_for([this] { return !control_.busy(); }, "the answer to a register's write");
    if (register_write_) driver_.written(*register_write_);
    register_write_.reset();
  }

  /// One clock cycle: inputs change after the rising edge, everything is sampled just before the next.
  void step() {
    top_->aclk = 0;
    driver_.drive(*top_);
    monitor_.drive(*top_);
    control_.drive(*top_);
    top_->eval();
    dump();
    write_for_driver();
    bool moved = driver_.sample(*top_, cycle_);
    moved |= monitor_.sample(*top_, cycle_, driver_.begun());
    moved |= control_.sample(*top_, cycle_);
    if (moved) last_moved_ = cycle_;
    edge();
    ++cycle_;
    if (context_.gotFinish()) throw std::runtime_error("the design stopped the simulation");
    if (report_.mismatches > 1000000) throw std::runtime_error("given up after a million mismatches");
    if (cycle_ % 1024 == 0) progress();
  }

  /// Writes the registers that the next frame needs, between the script's accesses.
  void write_for_driver() {
    if (control_.busy() || bus_held_) return;
    if (register_write_) driver_.written(*register_write_);
    register_write_ = driver_.wanted_write();
    if (register_write_) control_.begin({Verb::write, register_write_->address, register_write_->data});
  }

  void progress() {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::milliseconds(50)) return;
    shown_ = now;
    std::printf("progress %zu %zu\n", monitor_.received(), frames_);
    std::fflush(stdout);
  }

  /// Steps until done() or, if limit >= 0, for `limit` cycles. Without a limit the watchdog watches.
  void wait_for(const std::function<bool()>& done, const std::string& what, std::int64_t limit = -1) {
    last_moved_ = cycle_;
    for (const std::int64_t start = cycle_; !done() && (limit < 0 || cycle_ < start + limit);) {
      step();
      if (limit < 0 && cycle_ - last_moved_ > options_.watchdog)
        throw std::runtime_error("deadlock: nothing moved for " + std::to_string(options_.watchdog) +
                                 " cycles, to cycle " + std::to_string(cycle_) + ", waiting for " + what + "; " +
                                 std::to_string(driver_.accepted()) + " frames were taken and " +
                                 std::to_string(monitor_.received()) + " came out" +
                                 (top_->s_axis_tvalid && !top_->s_axis_tready ? "; s_axis_tready is 0" : ""));
    }
  }
  void idle(std::int64_t cycles) {
    wait_for([] { return false; }, "", cycles);
  }

  void finish() {
    wait_for([this] { return driver_.accepted() >= driver_.released() && !monitor_.waits_for(driver_.released()); },
             "frame " + std::to_string(monitor_.received()) + " to come out");
  }

  void execute(const Command& command) {
    switch (command.verb) {
      case Verb::idle: return idle(command.address);
      case Verb::start: return driver_.release(command.address);
      case Verb::finish: return finish();
      case Verb::measure: return measure();
      case Verb::reset: return reset_again(command.address);
      case Verb::forget:
        driver_.forget();
        monitor_.forget(driver_.released());
        return monitor_.deaf(true);
      case Verb::listen: return monitor_.deaf(false);
      case Verb::sink: return monitor_.shut(command.address == 0);
      case Verb::interrupt:
        if (bool(top_->irq) != (command.address != 0))
          report_.mismatch("cycle " + std::to_string(cycle_) + ": script line " + std::to_string(command.line) +
                           ": irq is " + (top_->irq ? "1" : "0"));
        return;
      default:
        let_bus_go();
        control_.begin(command);
        wait_for([this] { return !control_.busy(); }, "the answer to script line " + std::to_string(command.line));
        driver_.written_by_host(command.address);
        bus_held_ = false;
    }
  }

  void measure() {
    size_t alone = driver_.released();
    if (alone == frames_) return;
    wait_for([this] { return bool(top_->s_axis_tready); }, "s_axis_tready");
    if (parameters::ends_only)  // what comes before the first frame that comes out
      while (alone + 1 < frames_ && !stimulus_.frames[alone].end) ++alone;
    if (parameters::rounds) {
      // A frame does not go alone: its latency says nothing.
      driver_.release(alone / parameters::streams * parameters::streams + parameters::streams - driver_.released());
      finish();
    } else {
      driver_.release(alone - driver_.released());
      if (parameters::ends_only) settle();
      driver_.release(1);
      finish();
      const std::int64_t end = monitor_.end(alone);
      if (end >= 0) report_.latency = end - driver_.first_accept(alone);
      report_.latency_stream = streams_[alone];
    }
    const size_t next = driver_.released();
    idle(std::max<std::int64_t>(settle_cycles, 2 * report_.latency));
    driver_.release(frames_);
    finish();
    measure_distances(next);
  }

  /// Waits until all frames let go are computed, whether they come out or not.
  void settle() {
    finish();
    idle(settle_cycles);
    execute({Verb::poll, 0x08, 0, 1});  // STATUS: not busy
    idle(settle_cycles);
  }

  /// Distances between the output ends of neighbouring frames of one stream, over the second half of the frames
  /// from `first` on that are sent while every stream has more to send; the first half fills the buffers. A stream's
  /// last frame may meet a run that others have left.
  void measure_distances(size_t first) {
    struct Output {
      std::int64_t end = -1;
      int number = 0;  ///< of the frame in its stream
      bool steady = true;
    };
    std::vector<Output> previous(parameters::streams);
    std::vector<int> numbers(parameters::streams, 0);
    std::vector<size_t> last(parameters::streams, 0);
    for (size_t n = first; n < frames_; ++n) last[static_cast<size_t>(streams_[n])] = n;
    size_t end_of_steady = frames_, senders = 0;
    for (const size_t n : last)
      if (n > 0) {
        end_of_steady = std::min(end_of_steady, n);
        ++senders;
      }
    size_t half = first + (std::min(frames_, end_of_steady + senders) - first) / 2;
    if (driver_.last_write() > first)
      half = std::max(half, driver_.last_write() + 2 * senders);  // it held up the input
    for (size_t n = first; n < frames_; ++n) {
      const auto stream = static_cast<size_t>(streams_[n]);
      Output& before = previous[stream];
      const int number = numbers[stream]++;
      const std::int64_t end = monitor_.end(n);
      if (end < 0) continue;  // it does not come out
      const int frames = number - before.number;
      if (before.end >= 0 && n >= half && n < end_of_steady && (frames == 1 || before.steady)) {
        const std::int64_t distance = end - before.end;
        const std::int64_t least = distance / frames, most = (distance + frames - 1) / frames;
        report_.distance_min = report_.distance_count == 0 ? least : std::min(report_.distance_min, least);
        report_.distance_max = std::max(report_.distance_max, most);
        report_.distance_sum += distance;
        report_.distance_count += frames;
      }
      before = {end, number, n >= half};
    }
  }

  const Options& options_;
  VerilatedContext& context_;
  const Stimulus& stimulus_;
  size_t frames_;
  std::vector<int> streams_;  ///< of each frame
  Report report_;
  std::unique_ptr<Vern_top> top_;
#if VM_TRACE
  std::unique_ptr<Trace> trace_;
#endif
  StreamDriver driver_;
  StreamMonitor monitor_;
  ControlMaster control_;
  std::optional<RegisterWrite> register_write_;  ///< for the driver, on its way
  bool bus_held_ = false;                        ///< by the script, or a reset
  std::int64_t cycle_ = 0;
  std::int64_t time_ = 0;
  std::int64_t last_moved_ = 0;
  std::chrono::steady_clock::time_point shown_;
};

void check_shapes(const Stimulus& stimulus, const Words& expected) {
  if (stimulus.size != parameters::input_size)
    throw std::runtime_error("the stimulus has frames of " + std::to_string(stimulus.size) +
                             " elements, the design takes " + std::to_string(parameters::input_size));
  if (expected.columns != parameters::output_size || static_cast<size_t>(expected.rows) != stimulus.frames.size())
    throw std::runtime_error("the expected outputs do not fit the stimulus and the design");
  for (const Frame& frame : stimulus.frames)
    if (frame.stream < 0 || frame.stream >= parameters::streams)
      throw std::runtime_error("a frame of stream " + std::to_string(frame.stream) + ", the design has " +
                               std::to_string(parameters::streams));
  if (!parameters::rounds) return;
  for (size_t n = 0; n < stimulus.frames.size(); ++n)
    if (stimulus.frames[n].stream != static_cast<int>(n % parameters::streams))
      throw std::runtime_error("frame " + std::to_string(n) + " is not of the stream whose turn it is");
  if (stimulus.frames.size() % parameters::streams != 0)
    throw std::runtime_error("the last round of frames has not one for each stream");
}

int run(int argc, char** argv) {
  const Options options = parse(argc, argv);
  const Stimulus stimulus = read_stimulus(options.stimulus);
  const Words expected = read_words(options.expected);
  check_shapes(stimulus, expected);
  // Without a script: cycles are measured unless random stalls would falsify them.
  std::vector<Command> script;
  if (!options.script.empty())
    script = read_script(options.script);
  else if (options.stalls)
    script = {{Verb::start, all_frames}, {Verb::finish}};
  else
    script = {{Verb::measure}};

  VerilatedContext context;
  context.commandArgs(argc, argv);
  Bench bench(options, context, stimulus, expected);
  const Report& report = bench.run(script);
  if (!options.outputs.empty()) write_words(options.outputs, bench.outputs());
  if (!options.report.empty()) write_report(options.report, report);
  std::printf("%lld frames, %lld words compared, %lld mismatches, %lld cycles\n", static_cast<long long>(report.frames),
              static_cast<long long>(report.outputs_checked), static_cast<long long>(report.mismatches),
              static_cast<long long>(report.cycles));
  if (report.latency >= 0) std::printf("latency %lld cycles\n", static_cast<long long>(report.latency));
  if (report.distance_count > 0)
    std::printf("%.6g cycles per frame (%lld to %lld between frames of one of %d streams)\n",
                double(report.distance_sum) / double(report.distance_count) / report.streams,
                static_cast<long long>(report.distance_min), static_cast<long long>(report.distance_max),
                report.streams);
  if (report.mismatches != 0) std::printf("first mismatch: %s\n", report.first_mismatch.c_str());
  return report.mismatches == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ern

int main(int argc, char** argv) {
  try {
    return ern::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}
